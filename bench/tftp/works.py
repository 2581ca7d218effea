# SPDX-License-Identifier: MPL-2.0
"""The works of the bench: what the clients do, and the figures of it by name."""

import dataclasses
import threading

from stand import BIG, LOADER, SIZES


@dataclasses.dataclass(frozen=True)
class Work:
    says: str
    groups: tuple  # of (clients, file, block, window)
    windows: bool  # only for servers that know RFC 7440
    files: bool = False  # what counts is whole files
    wire: tuple = ()  # options of a bad one

    @property
    def key(self):
        return self.says


CROWDS = (1, 10, 100, 500)
WINDOWS = (1, 16, 64)
FAIR = (500, 100)


def plural(clients):
    return f"{clients} client" + ("s" if clients > 1 else "")


def big(clients, window):
    says = f"300 MB, {plural(clients)}" + (f", windowsize {window}" if window > 1 else "")
    return Work(says, ((clients, BIG, 1468, window),), window > 1)


def loaders(clients, window):
    says = f"100 kB files, {plural(clients)}" + (f", windowsize {window}" if window > 1 else "")
    return Work(says, ((clients, LOADER, 1468, window),), window > 1, files=True)


def lossy(share):
    return Work(f"300 MB, 1 client, windowsize 64, 0.2 ms, {share:.1%} loss", ((1, BIG, 1468, 64),), True,
                wire=(("loss", share), ("delay", 100), ("seed", 7)))


MIXED = Work(f"{FAIR[1]} clients of 100 kB files (windowsize 16) beside {FAIR[0]} of 300 MB (64)",
             ((FAIR[1], LOADER, 1468, 16), (FAIR[0], BIG, 1468, 64)), True, files=True)
ALL = (*(big(clients, window) for window in WINDOWS for clients in CROWDS),
       *(loaders(clients, window) for window in (1, 16) for clients in (100, 500)), MIXED, lossy(0.001), lossy(0.01))


def measured(peer, work, seconds):
    """Rates over the time of the load, CPU per GB of all, and who waited in vain."""
    before = peer.process.cpu()
    found = peer.stand.load(*work.groups, seconds=seconds)
    spent = peer.process.cpu() - before
    groups = found["groups"]
    bytes_ = sum(group["bytes"] for group in groups)
    # Who began together ends together: whole files alone would count two or three rounds, and nothing between.
    files = groups[0]["bytes"] / SIZES[work.groups[0][1]]
    return {"mb_s": bytes_ / found["seconds"] / 1e6, "files_s": files / found["seconds"],
            "cpu_gb": spent / (bytes_ / 1e9) if bytes_ else None,
            "timeouts": sum(group["timeouts"] for group in groups),
            "failed": sum(group["failed"] for group in groups), "reasons": groups[0]["reasons"],
            "least": groups[-1]["least"], "most": groups[-1]["most"], "p99_ms": groups[0]["p99_ms"]}


def memory(peer, clients=500, seconds=2.0):
    """Bytes of its own that the server has more while so many transfers run."""
    idle = peer.process.own_memory()
    found = []
    looker = threading.Timer(seconds * 0.6, lambda: found.append(peer.process.own_memory()))
    looker.start()
    peer.stand.load((clients, BIG, 1468, 1), seconds=seconds)
    looker.join()
    return {"idle": idle, "more": found[0] - idle}
