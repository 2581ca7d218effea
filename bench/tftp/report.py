# SPDX-License-Identifier: MPL-2.0
"""From figures to the tables of docs/performance.md: medians, ratios, and for each target yes or no."""

import works
from tables import cells, median, number, ratio, verdicts

PEERS = {"slipway": "Slipway", "single": "Slipway, single port", "atftpd": "atftpd", "hpa": "tftpd-hpa",
         "dnsmasq": "dnsmasq"}
NO_WINDOW = ("atftpd", "hpa", "dnsmasq")


def cell(runs, work):
    if not any(work.key in found for found in runs):
        return "-"
    rate = median(runs, work.key, "files_s" if work.files else "mb_s")
    cpu = median(runs, work.key, "cpu_gb")
    late = median(runs, work.key, "timeouts") + median(runs, work.key, "failed")
    text = f"{number(rate, '{:,.1f}' if rate < 100 else '{:,.0f}')} ({number(cpu, '{:.2f}')})"
    return text + (f", {late:.0f} late" if late else "")


def table(figures):
    peers = list(figures["peers"])
    runs = {peer: figures["peers"][peer] for peer in peers}
    lines = [cells("work: MB/s, or files/s (server CPU seconds per GB)", [PEERS[peer] for peer in peers]),
             "|---" * (len(peers) + 1) + "|"]
    lines += [cells(work.says, [cell(runs[peer], work) for peer in peers]) for work in works.ALL]
    lines.append(cells("in that mix, a 100 kB file takes at most (99 of 100), ms",
                       [number(median(runs[peer], works.MIXED.key, "p99_ms"), "{:.0f}") for peer in peers]))
    lines.append(cells("memory of its own for 500 transfers, MB",
                       [number(megabytes(runs[peer]), "{:.2f}") for peer in peers]))
    return lines


def megabytes(runs):
    more = median(runs, "memory", "more")
    return None if more is None else more / 1e6


def rate(figures, peer, work):
    return median(figures["peers"].get(peer, []), work.key, "files_s" if work.files else "mb_s")


def best(figures, work):
    return max((rate(figures, peer, work) or 0 for peer in NO_WINDOW), default=0)


def against(figures, work, times, peer="atftpd"):
    value = ratio(rate(figures, "slipway", work), rate(figures, peer, work))
    return f"{work.says}: rate against {PEERS[peer]}", value, f"at least {times}", value is not None and value >= times


def targets(figures):
    """(what, measured, wanted, met) of issue 4; what was not measured is not met."""
    ours, atftpd = (figures["peers"].get(peer, []) for peer in ("slipway", "atftpd"))
    for work in works.ALL:
        if work is works.MIXED:
            late = median(ours, work.key, "timeouts")
            yield f"{work.says}: time-outs", late, "0", late == 0
        elif work.wire:
            yield against(figures, work, 4)
        elif work.windows:
            yield against(figures, work, 3)
            if not work.files:
                value = ratio(median(ours, work.key, "cpu_gb"), median(atftpd, work.key, "cpu_gb"))
                yield (f"{work.says}: CPU per GB against atftpd", value, "at most 0.33",
                       value is not None and value <= 1 / 3)
        else:
            value = ratio(rate(figures, "slipway", work), best(figures, work))
            yield f"{work.says}: rate against the best peer", value, "at least 1 (0.95: noise)", value is not None and value >= 0.95
    late = median(ours, works.big(500, 1).key, "timeouts")
    yield "500 clients without window: time-outs", late, "0", late == 0
    value = megabytes(ours)
    yield "memory for 500 transfers, MB", value, "below 4", value is not None and value < 4


def text(figures):
    repetitions = max(len(runs) for runs in figures["peers"].values())
    how = (f"Medians of {repetitions}, {figures['seconds']:g} s each. late: a client waited a second for an answer, or got none.")
    return "\n\n".join(["\n".join(figures["machine"]), "\n".join(table(figures)), how,
                        "\n".join(verdicts(targets(figures)))])
