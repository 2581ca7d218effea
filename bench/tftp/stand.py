# SPDX-License-Identifier: MPL-2.0
"""The test stand with our TFTP clients, and one with a bad wire between them and the server."""

import contextlib
import json
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "common"))

from two_hosts import (CLIENT, INTERFACE, LOAD_CORE, NETWORK, ROOT, SERVER, Process, TwoHosts,  # noqa: E402
                       on_core, run, wait_until)

import bad_path  # noqa: E402, of lab/, which the stand names

BIG, LOADER, TINY = "big.bin", "loader.bin", "tiny.bin"
SOURCES = 64  # addresses of the clients, as a rack has them
POLLS = 500  # microseconds that a client looks for an answer before it sleeps; firmware never sleeps
SIZES = {BIG: 300_000_000, LOADER: 100_000, TINY: 10}


class Stand(TwoHosts):
    """Clients at 10.0.0.2 and the addresses behind it."""

    polls = POLLS

    def __enter__(self):
        super().__enter__()
        self.more_addresses()
        self.root = self.folder / "root"
        self.root.mkdir()
        for name, size in SIZES.items():
            (self.root / name).write_bytes(os.urandom(size))
        return self

    def more_addresses(self):
        for number in range(1, SOURCES):
            self._ip(self.crowd, "address", "add", f"10.0.0.{2 + number}/8", "dev", "eth0")

    def load(self, *groups, seconds=2.0, once=False):
        """What our clients say; a group is (clients, file, block, window)."""
        words = [self.build / "bench/tftp/tftp_load", "--server", SERVER, "--address", CLIENT,
                 "--sources", SOURCES, "--folder", self.root,
                 "--polls", self.polls, "--seconds", seconds, *(":".join(map(str, group)) for group in groups)]
        done = self.crowd.run(*words, *(["--once"] if once else []), limit=seconds + 60, **on_core(LOAD_CORE))
        return json.loads(done.stdout)


class BadStand(Stand):
    """The same with a third host in the middle that is a bad wire; it and the clients share a core."""

    polls = 0

    def __init__(self, build, **wishes):
        super().__init__(build)
        self.wishes = wishes

    def __enter__(self):
        super().__enter__()
        try:
            self.middle = self._namespace("mid")
            self._ip(self.server, "link", "del", INTERFACE)
            for host, card in ((self.server, "left"), (self.crowd, "right")):
                self._ip(host, "link", "add", host.interface, "type", "veth", "peer", "name", card,
                         "netns", self.middle.namespace)
                self._ip(host, "address", "add", f"{host.address}/8", "brd", "+", "dev", host.interface)
                for at, name in ((host, host.interface), (self.middle, card)):
                    self._ip(at, "link", "set", name, "up")
                    bad_path.plain_frames(at, name)
            self.more_addresses()
            bad_path.start(self.middle, self.build / "bench/tftp/bad_path", **self.wishes)
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self


class Server(Process):
    """A server that may work in processes that come and go; a control group counts for all of them."""

    def __init__(self, stand, command):
        root = Path("/sys/fs/cgroup")
        self.unified = (root / "cgroup.controllers").exists()
        self.group = (root if self.unified else root / "cpuacct") / f"slipway-bench-{os.getpid()}"
        self.group.mkdir(exist_ok=True)
        super().__init__(stand, command)
        (self.group / "cgroup.procs").write_text(str(self.pid))

    def cpu(self):
        """Seconds on a core, user and kernel."""
        if self.unified:
            return int((self.group / "cpu.stat").read_text().split()[1]) / 1e6
        return int((self.group / "cpuacct.usage").read_text()) / 1e9

    def tree(self):
        return (self.group / "cgroup.procs").read_text().split()

    def stop(self):
        super().stop()
        for _ in range(50):
            with contextlib.suppress(OSError):  # what it started ends a little later
                return self.group.rmdir()
            time.sleep(0.1)


__all__ = ["BIG", "CLIENT", "INTERFACE", "LOADER", "NETWORK", "ROOT", "SERVER", "SIZES", "TINY", "BadStand", "Server", "Stand",
           "run", "wait_until"]
