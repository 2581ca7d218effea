# SPDX-License-Identifier: MPL-2.0
"""The machine and the versions that the figures belong to."""

import os
import platform
import re
import statistics
import sys
import time
from pathlib import Path

from two_hosts import ROOT, SERVER_CORE, on_core, run


def one_sync(folder, times=300):
    """Microseconds until a record written into space that is there already is on the disk: the median."""
    path = Path(folder) / "sync"
    record, took = bytes(4096), []
    with open(path, "wb", buffering=0) as file:
        file.write(bytes(4096 * times))
        os.fsync(file.fileno())
        for at in range(times):
            begun = time.perf_counter()
            os.pwrite(file.fileno(), record, 4096 * at)
            os.fdatasync(file.fileno())
            took.append(time.perf_counter() - begun)
    return statistics.median(took) * 1e6


def describe(stand, packages):
    """Lines of text; `packages` are the peers'."""
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    disk = run("findmnt", "-nT", stand.folder, "-o", "FSTYPE,SOURCE").stdout.split()
    commit = run("git", "-C", ROOT, "describe", "--always", "--dirty", check=False).stdout.strip() or "unknown"
    versions = run("dpkg-query", "-W", "-f", "${Package} ${Version}, ", *packages).stdout.rstrip(", ")
    sync = float(run(sys.executable, __file__, stand.folder, **on_core(SERVER_CORE)).stdout)
    load = ", ".join(f"{value:.0f}" for value in os.getloadavg())
    return [f"{time.strftime('%Y-%m-%d %H:%M', time.gmtime())} UTC, Slipway {commit}; {versions}.",
            f"{model[1] if model else platform.machine()}, {os.cpu_count()} cores, Linux {platform.release()}, "
            f"state on {' '.join(disk)}, where one write and sync of 4 KiB takes {sync:.0f} us; "
            f"load average at the start {load}."]


if __name__ == "__main__":
    print(one_sync(sys.argv[1]))
