# SPDX-License-Identifier: MPL-2.0
"""From figures to tables: medians over repetitions, ratios, for each target yes or no, and the paper they go into."""

import re
import statistics


def median(runs, *path):
    """Of one figure over all repetitions; None where it was never measured."""
    values = []
    for found in runs:
        for name in path:
            found = found.get(name) if found else None
        if found is not None:
            values.append(found)
    return statistics.median(values) if values else None


def number(value, form="{:,.0f}"):
    return "-" if value is None else form.format(value)


def cells(name, values):
    return f"| {name} | " + " | ".join(values) + " |"


def ratio(one, other):
    return None if one is None or not other else one / other


def verdicts(targets):
    """`targets` are (what, measured, wanted, met)."""
    lines = ["| target | measured | wanted | met |", "|---|---|---|---|"]
    for what, value, wanted, met in targets:
        lines.append(cells(what, [number(value, "{:.3g}"), wanted, "yes" if met else "**no**"]))
    return lines


def put_into(paper, name, text):
    """Between the two marks of bench NAME in a file."""
    marks = re.compile(rf"(<!-- bench/{name} begins -->\n).*(<!-- bench/{name} ends -->)", re.S)
    paper.write_text(marks.sub(lambda found: f"{found[1]}{text}\n{found[2]}", paper.read_text()))
