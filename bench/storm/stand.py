# SPDX-License-Identifier: MPL-2.0
"""The stand with a rack of simulated machines: slipway-storm as their relay agent, on a core of its own."""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "common"))

from two_hosts import (CLIENT, INTERFACE, LOAD_CORE, NETWORK, ROOT, SERVER, Process, TwoHosts,  # noqa: E402
                       on_core, run, wait_until)

import image  # noqa: E402, of lab/

ARCHIVE_SIZE = 16 << 20
SMALL_SIZE = 2 << 20  # of an archive that costs next to nothing: what is left is the rest of the way
LOADERS = Path("/usr/lib/ipxe")
FIRST, LAST = "10.16.0.0", "10.16.255.255"  # of the pool
NEIGHBOURS = 65536
THRESHOLDS = [f"net.ipv4.neigh.default.gc_thresh{number}" for number in (3, 2, 1)]
SETTLE = 2.0  # seconds in which a server that was just asked comes to rest


class Stand(TwoHosts):
    def __enter__(self):
        super().__enter__()
        # The table of neighbours is one for the whole machine, all namespaces, and ends at 1024 as delivered.
        self.thresholds = [(name, run("sysctl", "-n", name).stdout.strip()) for name in reversed(THRESHOLDS)]
        for name in THRESHOLDS:
            run("sysctl", "-qw", f"{name}={NEIGHBOURS}")
        self.image = image.make_image(self.folder, size=ARCHIVE_SIZE)
        self.small_image = image.make_image(self.folder, stamp="20260102T000000Z", size=SMALL_SIZE)
        self.tree = image.make_image(self.folder, form="folder", size=ARCHIVE_SIZE) / "platform"
        return self

    def __exit__(self, *_):
        super().__exit__()
        for name, value in getattr(self, "thresholds", ()):
            run("sysctl", "-qw", f"{name}={value}")

    def storm(self, machines, firmware, limit=120):
        """What the machines say of it; MAC addresses are those of no run before."""
        self.first = getattr(self, "first", 0) + 100_000
        done = self.crowd.run(self.build / "src/storm/slipway-storm", "--relay", CLIENT, "--server", SERVER,
                              "--machines", machines, "--firmware", firmware, "--first", self.first % (1 << 24),
                              "--eager", "--limit", limit, "--json", check=False, limit=limit + 60, **on_core(LOAD_CORE))
        if not done.stdout:
            raise RuntimeError(f"slipway-storm: {done.stderr}")
        return json.loads(done.stdout)


__all__ = ["ARCHIVE_SIZE", "SMALL_SIZE", "FIRST", "INTERFACE", "LAST", "LOADERS", "NETWORK", "ROOT", "SERVER", "SETTLE", "Process",
           "Stand", "run", "wait_until"]
