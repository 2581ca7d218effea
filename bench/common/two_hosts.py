# SPDX-License-Identifier: MPL-2.0
"""What every stand is made of: two namespaces and one veth pair, the server on one core, the load on the other.

    with TwoHosts(build) as stand:
        server = Process(stand, [program])      # in stand.server, measured
        stand.crowd.run(load, **on_core(LOAD_CORE))
"""

import contextlib
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "lab"))

from rack import Rack, end, run  # noqa: E402

NETWORK, SERVER, CLIENT = "10.0.0.0/8", "10.0.0.1", "10.0.0.2"
INTERFACE = "eth1"
SERVER_CORE, LOAD_CORE = 0, 1


class TwoHosts(Rack):
    """A rack without a switch: the server's host and the load's host on one wire."""

    def __init__(self, build):
        super().__init__()
        self.build = Path(build)
        # On a real disk: what a sync costs there is a part of what is measured.
        self.folder = Path(tempfile.mkdtemp(prefix="slipway-bench-", dir="/var/tmp"))
        self.folder.chmod(0o755)

    def __enter__(self):
        try:
            self.server = self._namespace("srv", INTERFACE, SERVER + "/8")
            self.crowd = self._namespace("crowd", "eth0", CLIENT + "/8")
            self._ip(self.server, "link", "add", INTERFACE, "type", "veth", "peer", "name", "eth0",
                     "netns", self.crowd.namespace)
            for host in (self.server, self.crowd):
                self._ip(host, "address", "add", f"{host.address}/8", "brd", "+", "dev", host.interface)
                self._ip(host, "link", "set", host.interface, "up")
                # As Debian's cubic on a wire that loses nothing, and unlike BBR it paces nothing: every host has it.
                host.run("sysctl", "-qw", "net.ipv4.tcp_congestion_control=reno")
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, *_):
        super().__exit__()
        shutil.rmtree(self.folder, ignore_errors=True)


def on_core(core):
    """How to start a process there, and ahead of all other work on the machine: both sides alike. Without the
    right to that it runs as it may."""
    def prepare():
        os.sched_setaffinity(0, {core})
        with contextlib.suppress(PermissionError):
            os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))

    return {"start_new_session": True, "preexec_fn": prepare}


class Process:
    """One server process and what it has used."""

    def __init__(self, stand, command, environment=None):
        with open(stand.folder / "server.log", "ab") as log:
            self.popen = stand.server.start(*command, stdout=log, stderr=log, **on_core(SERVER_CORE),
                                            env={**os.environ, **(environment or {})})
        self.pid = self.popen.pid

    def tree(self):
        """Our process and those it started, nginx's workers for example."""
        found = [self.pid]
        for pid in found:
            for task in Path(f"/proc/{pid}/task").iterdir():
                found += map(int, (task / "children").read_text().split())
        return found

    def cpu(self):
        """Seconds on a core, all threads that live; the kernel's work for them included."""
        total = 0
        for pid in self.tree():
            for task in Path(f"/proc/{pid}/task").iterdir():
                with contextlib.suppress(OSError):  # a thread that has just ended
                    total += int((task / "schedstat").read_text().split()[0])
        return total / 1e9

    def memory(self):
        """Resident bytes."""
        pages = sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in self.tree())
        return pages * os.sysconf("SC_PAGE_SIZE")

    def own_memory(self):
        """Resident bytes without pages of files: programs and libraries are pages of files, too."""
        total = 0
        for pid in self.tree():
            with contextlib.suppress(OSError):  # it has just ended
                for line in Path(f"/proc/{pid}/status").read_text().splitlines():
                    if line.startswith("RssAnon:"):
                        total += 1024 * int(line.split()[1])
        return total

    def lives(self):
        return self.popen.poll() is None

    def stop(self):
        end(self.popen, grace=10.0)

    def kill(self):
        self.popen.kill()
        self.popen.wait(10)


def wait_until(true, limit, says):
    deadline = time.monotonic() + limit
    while not true():
        if time.monotonic() > deadline:
            raise TimeoutError(says())
        time.sleep(0.05)


__all__ = ["CLIENT", "INTERFACE", "LOAD_CORE", "NETWORK", "ROOT", "SERVER", "SERVER_CORE", "Process", "TwoHosts",
           "on_core", "run", "wait_until"]
