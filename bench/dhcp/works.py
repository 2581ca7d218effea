# SPDX-License-Identifier: MPL-2.0
"""The works of the bench: each starts a peer as it needs it, loads it and gives figures by name."""

import dataclasses
import random
import re
import signal
import threading
import time


@dataclasses.dataclass
class Scale:
    """How much of everything."""
    clients: int = 50_000
    patience: float = 10.0  # seconds that a slow server gets for a work it cannot end
    single: int = 1_000
    storms: tuple = (1_000, 10_000)
    growth: tuple = (5_000, 500_000)
    kills: int = 3


def measured(peer, mode, clients, **options):
    """One load with what the server spent on it."""
    before = peer.process.cpu()
    found = peer.stand.load(mode, clients, busy=peer.fast or mode == "single", **options)
    spent = peer.process.cpu() - before
    found["cpu_us"] = spent * 1e6 / found["acked"] if found["acked"] else None
    found["ended"] = found["acked"] == found["started"] and found["open"] == 0
    return found


def holding(peer, scale, leases):
    """With so many leases in the server: DORA of the same clients, renewals, memory."""
    kept = {"read": leases, "limit": scale.patience}
    loaded = measured(peer, "loaded", scale.clients, write=leases, **kept)
    renew = measured(peer, "renew", scale.clients, **kept)
    return {"loaded": loaded, "renew": renew, "memory": peer.process.memory()}


def crowds(peer, scale):
    """New clients, then the same again. Who cannot end it in time is given its leases as a file."""
    leases = peer.folder.with_suffix(".leases")
    leases.unlink(missing_ok=True)
    with peer.start():
        syncs = peer.syncs() if hasattr(peer, "syncs") else None
        found = {"new": measured(peer, "new", scale.clients, limit=scale.patience, write=leases)}
        if syncs is not None:
            found["syncs"] = (peer.syncs() - syncs) / max(1, found["new"]["acked"])
        if not found["new"]["ended"] and peer.can_preload:
            try:
                peer.preload(scale.clients)
            except TimeoutError:  # so many are too many for it
                return found
            leases.write_text(peer.preloaded(scale.clients))
        return {**found, **holding(peer, scale, leases)}


def storms(peer, scale):
    """Everybody in the same millisecond: without a second try, then with."""
    found = {}
    for clients in scale.storms:
        with peer.start():
            found[f"storm {clients}"] = measured(peer, "burst", clients)
    with peer.start():
        found["storm with retries"] = measured(peer, "burst-retry", scale.storms[0], limit=15)
    return found


def one_by_one(peer_of, stand, scale):
    """New clients, one at a time, from a pool just large enough: so each is stored."""
    with peer_of(stand, pool=2 * scale.single).start() as peer:
        return {"single": measured(peer, "single", scale.single, limit=scale.patience)}


def ceiling(peer, scale):
    """What the generator, the wire and the kernel reach with a responder that costs next to nothing."""
    leases = peer.stand.folder / "null.leases"
    with peer.start():
        return {"new": measured(peer, "new", scale.clients, write=leases),
                "renew": measured(peer, "renew", scale.clients, read=leases),
                "single": measured(peer, "single", scale.single)}


def syncs_of(peer, clients=1_000):
    """Syncs per exchange of new clients as strace counts them; it slows the server, so nothing else is measured."""
    with peer.start():
        log = peer.stand.folder / "syncs"
        tracer = peer.stand.start(["strace", "-qq", "-f", "-c", "-e", "trace=fsync,fdatasync,sync_file_range,msync",
                                   "-o", log, "-p", peer.process.pid])
        time.sleep(1)
        found = peer.stand.load("new", clients, limit=10, busy=False)
        tracer.send_signal(signal.SIGINT)
        tracer.wait(10)
        counts = re.findall(r"^\s*[\d.]+\s+[\d.]+\s+\d+\s+(\d+)\s+(?:\d+\s+)?\w*sync\w*$", log.read_text(), re.M)
        return sum(map(int, counts)) / max(1, found["acked"])


def growth(peer_of, stand, scale):
    """Microseconds of an exchange with few and with many leases: as many exchanges, all over the leases."""
    found = {}
    for clients in scale.growth:
        with peer_of(stand, pool=1 << 19).start() as peer:
            filled = peer.stand.load("new", clients, limit=120)
            found[clients] = measured(peer, "loaded", clients, exchanges=scale.clients, limit=60)
            found[clients] |= {"held": filled["acked"], "fill": filled["rate"], "memory": peer.process.memory()}
    return found


def kills(peer_of, stand, scale):
    """kill -9 under load, started again: how many ACKed leases the store has, and how many it has lost."""
    kept = lost = 0
    for _ in range(scale.kills):
        with peer_of(stand, pool=1 << 19).start() as peer:
            acked = stand.folder / "acked"
            timer = threading.Timer(random.uniform(0.4, 1.2), peer.process.kill)
            timer.start()
            stand.load("new", 400_000, limit=3, write=acked)  # more than it can end by then
            timer.join()
            peer.process = None
            peer.start(keep=True)
            stored = peer.leases()
            for line in acked.read_text().splitlines():
                mac, address, _server = line.split()
                kept += stored.get(mac) == address
                lost += stored.get(mac) != address
    return {"kept": kept, "lost": lost}
