# SPDX-License-Identifier: MPL-2.0
"""From figures to the tables of docs/performance.md: medians, ratios, and for each target yes or no."""

from tables import cells, median, number, ratio, verdicts

PEERS = {"slipway": "Slipway", "dnsmasq": "dnsmasq + nginx", "kea": "Kea + atftpd + nginx"}
KINDS = {"bios": "BIOS", "uefi": "UEFI"}
STAGES = ("ack", "loader", "script", "kernel", "archive")


def stage_of(runs, stage, *path):
    """One figure of one stage, over the repetitions that came so far."""
    picked = [next((each for each in found["stages"] if each["stage"] == stage), None) for found in runs]
    return median([each for each in picked if each], *path)


def all_of(figures, peer, kind):
    return [found[kind] for found in figures["peers"].get(peer, [])]


def seconds(value):
    return number(value, "{:.2f}" if value is not None and value < 100 else "{:,.0f}")


def table(figures, machines, kind, says):
    peers = list(figures["peers"])
    runs = {peer: all_of(figures, peer, kind) for peer in peers}
    lines = [cells(f"{machines:,} {says} machines at once", [PEERS[peer] for peer in peers]), "|---" * (len(peers) + 1) + "|"]

    def row(name, value):
        lines.append(cells(name, [value(runs[peer]) for peer in peers]))

    row("machines that did not boot", lambda found: number(median(found, "machines") - median(found, "booted")))
    row("where they failed", where_failed)
    row("the last has booted, s", lambda found: seconds(median(found, "seconds")))
    for stage in STAGES:
        row(f"{stage}: p50, p99, s", lambda found, stage=stage: f"{seconds(stage_of(found, stage, 'seconds', 'p50'))}, "
            f"{seconds(stage_of(found, stage, 'seconds', 'p99'))}")
    row("said again by machines", lambda found: number(again(found)))
    row("server CPU, s", lambda found: seconds(median(found, "cpu")))
    row("server memory, MB", lambda found: number(median(found, "memory") / 1e6))
    return lines


def where_failed(runs):
    """Stages and counts over all repetitions, the largest first."""
    counts = {}
    for found in runs:
        for failure in found["failures"]:
            counts[failure["stage"]] = counts.get(failure["stage"], 0) + failure["machines"]
    ranked = sorted(counts.items(), key=lambda item: -item[1])
    return ", ".join(f"{stage} {count / len(runs):,.0f}" for stage, count in ranked) or "-"


def again(runs):
    return median([{"again": sum(stage["again"] for stage in found["stages"])} for found in runs], "again")


def targets(figures):
    """(what, measured, wanted, met) of issue 4; what was not measured is not met."""
    for kind, says in KINDS.items():
        ours = all_of(figures, "slipway", kind)
        failed = max((found["machines"] - found["booted"] for found in ours), default=None)
        yield f"{says}: machines of ours that did not boot, any run", failed, "0", failed == 0
        for peer in ("dnsmasq", "kea"):
            theirs = all_of(figures, peer, kind)
            value = ratio(median(ours, "seconds"), median(theirs, "seconds"))
            yield f"{says}: total time against {PEERS[peer]}", value, "below 1", value is not None and value < 1
            value = ratio(stage_of(ours, "archive", "seconds", "p99"), stage_of(theirs, "archive", "seconds", "p99"))
            yield f"{says}: p99 against {PEERS[peer]}", value, "below 1", value is not None and value < 1


def asides(figures):
    """What stands below the tables, a sentence each."""
    runs = figures["model"]
    if not runs:
        return
    yield (f"With an archive of 2 MiB: one machine alone in {median(runs, 'alone', 'seconds') * 1e3:.0f} ms; "
           f"{number(median(runs, 'small', 'machines'))} in {seconds(median(runs, 'small', 'seconds'))} s and "
           f"{seconds(median(runs, 'small', 'cpu'))} s of the server's CPU; {number(median(runs, 'many', 'machines'))} in "
           f"{seconds(median(runs, 'many', 'seconds'))} s and {seconds(median(runs, 'many', 'cpu'))} s, "
           f"{number(median(runs, 'many', 'machines') - median(runs, 'many', 'booted'))} of them did not boot, "
           f"{number(median(runs, 'many', 'memory') / 1e6)} MB.")


def text(figures, machines):
    paragraphs = ["\n".join(figures["machine"])]
    paragraphs += ["\n".join(table(figures, machines, kind, says)) for kind, says in KINDS.items()]
    paragraphs += [f"Medians of {min(map(len, figures['peers'].values()))}. Times are seconds since power-on.", "\n".join(verdicts(targets(figures))),
                   *asides(figures)]
    return "\n\n".join(paragraphs)
