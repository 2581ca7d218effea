# SPDX-License-Identifier: MPL-2.0
"""What the stand-in kernel said on the serial line, as values."""

import dataclasses
import re

SAYS = "slipway-unix: "
_MODULE = re.compile(r"module (\d+): type=(\S+) name=(\S+) size=(\d+) sha1=([0-9a-f]{40}) from=(\S*)")


@dataclasses.dataclass
class Module:
    type: str
    name: str
    size: int
    sha1: str
    source: str


@dataclasses.dataclass
class Report:
    build: str = ""
    loader: str = ""
    command_line: str = ""
    properties: dict = dataclasses.field(default_factory=dict)
    modules: list = dataclasses.field(default_factory=list)
    warnings: list = dataclasses.field(default_factory=list)
    started: bool = False
    panic: str = ""

    def module(self, type_):
        return next((m for m in self.modules if m.type == type_), None)


def read_report(lines):
    """`lines`: texts from the console, the firmware's included."""
    report = Report()
    for text in lines:
        # A progress display may stand before the kernel's first word on the same line.
        _, found, said = text.partition(SAYS)
        if not found:
            continue
        word, _, value = said.partition(": ")
        if match := _MODULE.match(said):
            number, type_, name, size, sha1, source = match.groups()
            report.modules.append(Module(type_, name, int(size), sha1, source))
        elif word == "property":
            name, _, content = value.partition("=")
            report.properties[name] = content
        elif word == "warning":
            report.warnings.append(value)
        elif word == "panic":
            report.panic = value
        elif word in ("loader", "command line"):
            setattr(report, word.replace(" ", "_"), value)
        elif said.startswith("stand-in"):
            report.build = said.rpartition("build ")[2]
        elif said == "started":
            report.started = True
    return report
