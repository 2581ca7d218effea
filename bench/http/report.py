# SPDX-License-Identifier: MPL-2.0
"""From figures to the tables of docs/performance.md."""

from peers import ALL
from tables import cells, median, number, ratio, verdicts

NAMES = {key: peer.name for key, peer in ALL.items()}


def rate_and_cpu(runs, work, cpu, form):
    rate = median(runs, work, "rate")
    if rate is None:
        return "-"
    failed = any(found[work]["failed"] for found in runs if work in found)
    return f"{number(rate)} ({number(median(runs, work, cpu), form)}){' *' if failed else ''}"


def table(figures, scale):
    peers = list(figures["peers"])
    runs = {peer: figures["peers"][peer] for peer in peers}
    lines = [cells("work", [NAMES[peer] for peer in peers]), "|---" * (len(peers) + 1) + "|"]
    for crowd in scale.crowds:
        lines.append(cells(f"file of 300 MB, {crowd:,} connection{'s'[:crowd > 1]}: MB/s (server CPU s per GB)",
                           [rate_and_cpu(runs[peer], f"files {crowd}", "cpu_gb", "{:.3f}") for peer in peers]))
    lines.append(cells(f"slowest connection of {scale.crowds[-1]:,}: share of the mean",
                       [number(evenness(runs[peer], scale), "{:.0%}") for peer in peers]))
    for part in ("p50", "p99"):
        lines.append(cells(f"script beside {scale.crowds[-1]:,} such transfers: {part}, ms",
                           [number(milliseconds(runs[peer], part), "{:.2f}") for peer in peers]))
    for work, size in sorted(figures["sizes"].items(), reverse=True):
        lines.append(cells(f"{work} of {size} bytes, {scale.script_crowd} connections: requests/s (server CPU us each)",
                           [rate_and_cpu(runs[peer], work, "cpu_us", "{:.1f}") for peer in peers]))
    crowd = f"{scale.crowds[-1]:,} connections"
    for what, found in ((f"memory of its own with {crowd}, MB", own), ("what they added to it, MB", grown),
                        ("with programs and libraries, MB", resident)):
        lines.append(cells(what, [number(found(runs[peer]), "{:.1f}") for peer in peers]))
    return lines


def evenness(runs, scale):
    work = f"files {scale.crowds[-1]}"
    least, whole = median(runs, work, "least"), median(runs, work, "bytes")
    return None if least is None else ratio(least * scale.crowds[-1], whole)


def milliseconds(runs, part):
    found = median(runs, "mixed", f"small_{part}_us")
    return found and found / 1e3


def own(runs):
    memory = median(runs, "own")
    return memory and memory / 1e6


def grown(runs):
    memory, idle = median(runs, "own"), median(runs, "idle")
    return memory and (memory - idle) / 1e6


def resident(runs):
    memory = median(runs, "memory")
    return memory and memory / 1e6


def best(figures, choose, *path):
    """Of the peers."""
    values = [median(runs, *path) for peer, runs in figures["peers"].items() if peer != "slipway"]
    return choose((value for value in values if value is not None), default=None)


def targets(figures, scale):
    """(what, measured, wanted, met) of issue 4; what was not measured is not met."""
    ours = figures["peers"].get("slipway", [])
    for crowd in scale.crowds:
        work = f"files {crowd}"
        value = ratio(median(ours, work, "rate"), best(figures, max, work, "rate"))
        yield f"file, {crowd:,}: rate against the best peer", value, "at least 1 (0.95: noise)", value is not None and value >= 0.95
        value = ratio(median(ours, work, "cpu_gb"), best(figures, min, work, "cpu_gb"))
        yield f"file, {crowd:,}: CPU per GB against the best peer", value, "at most 1 (1.05: noise)", value is not None and value <= 1.05
    value = ratio(median(ours, "start script", "rate"), best(figures, max, "start script", "rate"))
    yield "start script: rate against the best peer", value, "at least 1.3", value is not None and value >= 1.3
    lighttpd = figures["peers"].get("lighttpd", [])
    for what, found in (("what 1,000 connections add to memory", grown), ("memory as a whole", own)):
        value = ratio(found(ours), found(lighttpd))
        yield f"{what}, against lighttpd", value, "below 1", value is not None and value < 1


def text(figures, scale, repetitions):
    how = f"Medians of {repetitions}, each work {scale.seconds} s long. * with failed requests."
    return "\n\n".join(["\n".join(figures["machine"]), "\n".join(table(figures, scale)), how,
                        "\n".join(verdicts(targets(figures, scale))), ceiling(figures)])


def ceiling(figures):
    none = figures["null"]
    return (f"Ceiling, no server but one recv and one send for each start script: {number(median(none, 'start script', 'rate'))} "
            f"requests/s ({number(median(none, 'start script', 'cpu_us'), '{:.1f}')} us each), "
            f"{number(ratio(median(none, 'start script', 'rate'), best(figures, max, 'start script', 'rate')), '{:.2f}')} "
            "of the best peer.")
