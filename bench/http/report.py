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
    lines.append(cells(f"resident memory after {scale.crowds[-1]:,} connections, MB",
                       [number(megabytes(runs[peer]), "{:.1f}") for peer in peers]))
    lines.append(cells("what they added to it, MB", [number(grown(runs[peer]), "{:.1f}") for peer in peers]))
    return lines


def evenness(runs, scale):
    work = f"files {scale.crowds[-1]}"
    least, whole = median(runs, work, "least"), median(runs, work, "bytes")
    return None if least is None else ratio(least * scale.crowds[-1], whole)


def milliseconds(runs, part):
    found = median(runs, "mixed", f"small_{part}_us")
    return found and found / 1e3


def megabytes(runs):
    memory = median(runs, "memory")
    return memory and memory / 1e6


def grown(runs):
    memory, idle = median(runs, "memory"), median(runs, "idle")
    return memory and (memory - idle) / 1e6


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
    value = ratio(median(ours, "memory"), median(figures["peers"].get("lighttpd", []), "memory"))
    yield "memory against lighttpd", value, "below 1", value is not None and value < 1


def text(figures, scale, repetitions):
    how = f"Medians of {repetitions}, each work {scale.seconds} s long. * with failed requests."
    return "\n\n".join(["\n".join(figures["machine"]), "\n".join(table(figures, scale)), how,
                        "\n".join(verdicts(targets(figures, scale)))])
