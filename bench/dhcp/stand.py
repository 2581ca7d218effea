# SPDX-License-Identifier: MPL-2.0
"""The test stand with the generator of DHCP clients.

    with Stand(builds) as stand:
        stand.load("new", clients=50_000)
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "common"))

from two_hosts import (CLIENT, INTERFACE, LOAD_CORE, NETWORK, ROOT, SERVER, Process, TwoHosts,  # noqa: E402
                       on_core, run, wait_until)

FIRST = "10.16.0.0"  # of the pool, which is at the end of the network's first million addresses
RELAY = CLIENT


class Stand(TwoHosts):
    turn = 0

    def load(self, mode, clients, limit=60.0, busy=True, **options):
        """What the generator says of one load; it speaks as a relay agent."""
        self.turn += 16
        words = [self.build / "bench/dhcp/dhcp_load", mode, "--server", SERVER, "--relay", RELAY, "--device", "eth0",
                 "--clients", clients, "--turn", self.turn % 4096, "--seconds", limit]
        for name, value in options.items():
            words += [f"--{name}"] if value is True else [f"--{name}", value]
        done = self.crowd.run(*words, *(["--busy"] if busy else []), limit=limit + 60, **on_core(LOAD_CORE))
        return json.loads(done.stdout)


__all__ = ["FIRST", "INTERFACE", "NETWORK", "RELAY", "ROOT", "SERVER", "Process", "Stand", "run", "wait_until"]
