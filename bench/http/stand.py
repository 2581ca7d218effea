# SPDX-License-Identifier: MPL-2.0
"""The test stand with clients of HTTP: our own generator for files, wrk for scripts."""

import json
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "common"))

from two_hosts import (CLIENT, INTERFACE, LOAD_CORE, NETWORK, ROOT, SERVER, Process, TwoHosts,  # noqa: E402
                       on_core, run, wait_until)

import image  # noqa: E402, of lab/, which the stand names

BIG_SIZE = 300_000_256  # whole sectors, as in a boot archive
SOURCES = 32  # addresses of the clients, as a rack has them
MAC = "52:54:00:00:00:01"
BIG = f"/os/{image.STAMP}/platform/i86pc/amd64/boot_archive"
START = "/boot.ipxe"  # of half a kilobyte, the same for every machine
SCRIPT = "/boot/52-54-00-00-00-01.ipxe"  # of this machine


class Stand(TwoHosts):
    """Clients at 10.0.0.2 and the addresses behind it."""

    def __enter__(self):
        super().__enter__()
        for number in range(1, SOURCES):
            self._ip(self.crowd, "address", "add", f"10.0.0.{2 + number}/8", "dev", "eth0")
        for host in (self.server, self.crowd):
            host.run("sysctl", "-qw", "net.core.somaxconn=4096")
        self.image = image.make_image(self.folder, size=BIG_SIZE)
        self.root = self.folder / "root"  # what the peers serve: the same names, the same bytes
        return self

    def get(self, path, to):
        """One file from whoever serves; False when nobody does."""
        done = self.crowd.run("curl", "-sf", "-m", "20", "-o", to, f"http://{SERVER}{path}", check=False)
        return done.returncode == 0

    def files(self, path, connections, seconds, small=None):
        words = [self.build / "bench/http/http_load", "--server", SERVER, "--from", CLIENT, "--sources", SOURCES,
                 "--connections", connections, "--path", path, "--seconds", seconds]
        done = self.crowd.run(*words, *(["--small", small] if small else []), limit=seconds + 60, **on_core(LOAD_CORE))
        return json.loads(done.stdout)

    def scripts(self, path, connections, seconds):
        """Requests a second as wrk counts them."""
        done = self.crowd.run("wrk", "-t1", "-c", connections, "-d", f"{seconds}s", f"http://{SERVER}{path}",
                              limit=seconds + 60, **on_core(LOAD_CORE))
        found = re.search(r"(\d+) requests in ([\d.]+)s", done.stdout)
        bad = re.search(r"Non-2xx or 3xx responses: (\d+)|Socket errors: (.*)", done.stdout)
        return {"answers": int(found[1]), "seconds": float(found[2]), "failed": bad[0] if bad else ""}


__all__ = ["BIG", "INTERFACE", "MAC", "NETWORK", "ROOT", "SCRIPT", "SERVER", "START", "Process", "Stand", "run",
           "wait_until"]
