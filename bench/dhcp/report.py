# SPDX-License-Identifier: MPL-2.0
"""From figures to the tables of docs/performance.md: medians, ratios, and for each target yes or no."""

from tables import cells, median, number, ratio, verdicts

PEERS = {"slipway": "Slipway", "kea": "Kea memfile", "dhcpd": "ISC dhcpd", "dnsmasq": "dnsmasq"}
WORKS = {"new": "new clients, DORA", "loaded": "leases loaded, DORA", "renew": "leases loaded, renew"}


def rate_and_cpu(runs, work):
    rate, cpu = median(runs, work, "rate"), median(runs, work, "cpu_us")
    if rate is None or median(runs, work, "acked") < 50:
        return "fails"
    note = "" if all(found[work]["ended"] for found in runs if work in found) else " *"
    return f"{number(rate)} ({number(cpu, '{:.1f}' if cpu < 100 else '{:,.0f}')}){note}"


def lost(runs, work):
    acked, started = median(runs, work, "acked"), median(runs, work, "started")
    return None if started is None else 1 - acked / started


def table(figures, scale):
    """Every peer's medians; `figures` is {peer: {"runs": [...], "syncs": ...}}."""
    peers = list(figures["peers"])
    runs = {peer: figures["peers"][peer]["runs"] for peer in peers}
    lines = [cells("work", [PEERS[peer] for peer in peers]), "|---" * (len(peers) + 1) + "|"]
    for work, says in WORKS.items():
        lines.append(cells(f"{scale.clients:,} {says}: exchanges/s (server CPU us each)",
                           [rate_and_cpu(runs[peer], work) for peer in peers]))
    for clients in scale.storms:
        lines.append(cells(f"{clients:,} clients in the same millisecond, no retry: share lost",
                           [number(lost(runs[peer], f"storm {clients}"), "{:.1%}") for peer in peers]))
    lines.append(cells(f"{scale.storms[0]:,} clients at once with back-off: seconds until all have a lease",
                       [until_all(runs[peer]) for peer in peers]))
    for share in ("p50", "p99"):
        lines.append(cells(f"one exchange at a time, new clients: {share}, us",
                           [number(median(runs[peer], "single", f"{share}_us")) for peer in peers]))
    lines.append(cells(f"resident memory with {scale.clients:,} leases, MB",
                       [number(megabytes(runs[peer]), "{:.1f}") for peer in peers]))
    lines.append(cells("syncs per exchange, 64 under way",
                       [number(syncs(figures["peers"][peer]), "{:.3f}") for peer in peers]))
    return lines


def until_all(runs):
    if any(found["storm with retries"]["acked"] < found["storm with retries"]["started"] for found in runs):
        return "not in 15 s"
    return number(median(runs, "storm with retries", "seconds"), "{:.2f}")


def syncs(peer):
    """As it counts them itself under load, or as strace did."""
    counted = median(peer["runs"], "syncs")
    return peer.get("syncs") if counted is None else counted


def megabytes(runs):
    memory = median(runs, "memory")
    return memory and memory / 1e6


def targets(figures, scale):
    """(what, measured, wanted, met) of issue 3; what was not measured is not met."""
    peers = figures["peers"]
    runs = {peer: peers.get(peer, {}).get("runs", []) for peer in PEERS}
    ours = runs["slipway"]
    for work, says in WORKS.items():
        for peer, times in (("kea", 3), ("dhcpd", 20)):
            value = ratio(median(ours, work, "rate"), median(runs[peer], work, "rate"))
            yield f"{says}: rate against {PEERS[peer]}", value, f"at least {times}", value is not None and value >= times
        value = ratio(median(ours, work, "cpu_us"), median(runs["kea"], work, "cpu_us"))
        yield f"{says}: CPU per exchange against Kea memfile", value, "at most 0.33", value is not None and value <= 1 / 3
    for clients in scale.storms:
        value = lost(ours, f"storm {clients}")
        yield f"{clients:,} in the same millisecond: share lost", value, "0", value == 0
    value = ratio(median(ours, "single", "p50_us"), median(runs["dhcpd"], "single", "p50_us"))
    yield "one at a time: p50 against ISC dhcpd", value, "at most 1", value is not None and value <= 1
    value = median(ours, "syncs")
    yield "syncs per exchange under load", value, "below 0.1", value is not None and value < 0.1
    killed = figures.get("kills")
    whole = bool(killed and killed["kept"] and not killed["lost"])
    yield f"after kill -9: lost of {killed['kept'] if killed else 0:,} ACKed leases", killed and killed["lost"], "0", whole
    value = ratio(median(ours, "memory"), median(runs["kea"], "memory"))
    yield "memory against Kea memfile", value, "below 1", value is not None and value < 1
    value = growth_ratio(figures, scale)
    few, many = scale.growth
    yield f"CPU per exchange at {many:,} leases against {few:,}", value, "at most 1.5", value is not None and value <= 1.5


def growth_ratio(figures, scale):
    if "growth" not in figures:
        return None
    few, many = (figures["growth"][clients]["cpu_us"] for clients in scale.growth)
    return ratio(many, few)


def asides(figures, scale):
    """What stands below the tables, a sentence each."""
    for found in (figures["growth"][clients] for clients in scale.growth if "growth" in figures):
        yield (f"With {found['held']:,} leases, got at {found['fill']:,.0f}/s: {found['cpu_us']:.1f} us an exchange, "
               f"{found['rate']:,.0f}/s, {found['memory'] / 1e6:.0f} MB.")
    if "dhcpd as shipped" in figures:
        found = [figures["dhcpd as shipped"]]
        yield (f"ISC dhcpd as shipped, which answers from memory who comes again so soon: DORA "
               f"{rate_and_cpu(found, 'loaded')}, renew {rate_and_cpu(found, 'renew')}, and stores neither.")
    new, renew, single = (figures["null"][work] for work in ("new", "renew", "single"))
    yield (f"Ceiling, a responder without state: {new['rate']:,.0f} exchanges/s ({new['cpu_us']:.1f} us), renew "
           f"{renew['rate']:,.0f} ({renew['cpu_us']:.1f} us), one at a time p50 {single['p50_us']:.0f} us.")


def text(figures, scale, repetitions):
    how = f"Medians of {repetitions}. * given {scale.patience:.0f} s, not to its end."
    paragraphs = ["\n".join(figures["machine"]), "\n".join(table(figures, scale)), how,
                  "\n".join(verdicts(targets(figures, scale))), *asides(figures, scale)]
    return "\n\n".join(paragraphs)
