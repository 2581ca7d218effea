# SPDX-License-Identifier: MPL-2.0
"""The works of the bench: each loads one running server and gives figures by name."""

import dataclasses
import threading

from stand import BIG, SCRIPT, START


@dataclasses.dataclass
class Scale:
    """How much of everything."""
    crowds: tuple = (1, 10, 100, 1_000)
    seconds: int = 2
    script_crowd: int = 60  # below the 64 connections that an address may have here


def measured(peer, load, *arguments, **options):
    """One load with what the server spent on it."""
    before = peer.process.cpu()
    found = load(*arguments, **options)
    found["cpu"] = peer.process.cpu() - before
    return found


def files(peer, scale):
    """The big file by ever more connections; with each crowd one client that asks for the script."""
    found = {"idle": peer.process.own_memory()}
    for crowd in scale.crowds:
        looker = threading.Timer(scale.seconds * 0.6, lambda: found.update(own=peer.process.own_memory(),
                                                                           memory=peer.process.memory()))
        looker.start()
        load = measured(peer, peer.stand.files, BIG, crowd, scale.seconds)
        looker.join()
        load["rate"] = load["bytes"] / load["seconds"] / 1e6
        load["cpu_gb"] = load["cpu"] / (load["bytes"] / 1e9) if load["bytes"] else None
        found[f"files {crowd}"] = load
    found["mixed"] = measured(peer, peer.stand.files, BIG, scale.crowds[-1], scale.seconds, small=SCRIPT)
    return found


def scripts(peer, scale):
    """The small one that all machines get, and that of one machine."""
    found = {}
    for work, path in (("start script", START), ("script", SCRIPT)):
        found[work] = requests(peer, path, scale)
    return found


def requests(peer, path, scale):
    load = measured(peer, peer.stand.scripts, path, scale.script_crowd, scale.seconds)
    load["rate"] = load["answers"] / load["seconds"]
    load["cpu_us"] = load["cpu"] * 1e6 / load["answers"]
    return load


def ceiling(peer, scale):
    """What generator, wire and kernel reach by themselves."""
    return {"start script": requests(peer, START, scale)}
