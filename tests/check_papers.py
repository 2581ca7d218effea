#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""Holds the papers to the code: what they name in backticks has to be there.

`src/dhcp/drop.h`, or below src/ `dhcp/drop`: the file. `src/x.cc: one, two`: functions of it. `Suite.Name`: a test.
Links lead somewhere, every room stands in ARCHITECTURE.md, and no file names a place outside the repository.
"""
import itertools
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
ROOMS = sorted(path.name for path in (ROOT / "src").iterdir() if path.is_dir())
TOPS = ("src", "tests", "lab", "bench", "tools", "packaging", "docs", "cmake", "fuzz", "web")
PLACE = re.compile(rf"(?P<path>(?:{'|'.join(TOPS)}|{'|'.join(ROOMS)})/[\w./{{}},-]*)(?:: (?P<names>[\w, ]+))?$")
TEST = re.compile(r"(?P<suite>[A-Z]\w+)\.(?P<name>[A-Z]\w+)$")
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")
# The first bracket keeps the patterns from finding themselves.
OUTSIDE = re.compile(r"(?<![\w.])/(?:[w]ork|[h]ome/\w+|[t]mp/slip)\b|\b[s]hared/(?:design|reference|pcaps|hooks)")


def tracked():
    names = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True,
                           text=True, check=True).stdout
    return [ROOT / name for name in names.split("\0") if name and (ROOT / name).is_file()]


def expand(path):
    """a.{h,cc} to a.h and a.cc."""
    parts = [part.split(",") for part in re.split(r"[{}]", path)]
    parts[::2] = [[",".join(part)] for part in parts[::2]]
    return ["".join(parts) for parts in itertools.product(*parts)]


def find(path):
    """The file of a name that may lack src/ in front and .h or .cc behind."""
    tops = [ROOT] if path.split("/")[0] in TOPS else [ROOT / "src"]
    return next((found for top in tops for end in ("", ".h", ".cc") if (found := top / (path + end)).exists()), None)


def wrong_in(text, tests):
    prose = re.sub(r"^```.*?^```", "", text, flags=re.S | re.M)
    for code in re.findall(r"`([^`\n]+)`", prose):
        if "NAME" in code:  # to be filled in by the reader
            continue
        if place := PLACE.match(code):
            for path in expand(place["path"]):
                found = find(path)
                if not found:
                    yield f"{path} is not there"
                elif place["names"]:
                    body = found.read_text()
                    yield from (f"{path} has no {name}" for name in place["names"].split(", ")
                                if not re.search(rf"\b{name}\(", body))
        elif (test := TEST.match(code)) and (test["suite"], test["name"]) not in tests:
            yield f"there is no test {code}"


def main():
    files = tracked()
    tests = {found for path in files if path.name.endswith("_test.cc")
             for found in re.findall(r"^TEST(?:_[FP])?\((\w+), (\w+)\)", path.read_text(), re.M)}
    faults = []
    for path in files:
        if path.suffix in (".pcap", ".pyc") or ROOT / "fuzz/corpus" in path.parents:
            continue
        text, name = path.read_text(errors="replace"), path.relative_to(ROOT)
        faults += [f"{name}: names {found[0]}, which is outside the repository" for found in OUTSIDE.finditer(text)]
        if path.suffix == ".md":
            faults += [f"{name}: {fault}" for fault in wrong_in(text, tests)]
            faults += [f"{name}: the link to {link} leads nowhere" for link in LINK.findall(text)
                       if not (path.parent / link).exists()]
    plan = (ROOT / "docs/ARCHITECTURE.md").read_text()
    faults += [f"docs/ARCHITECTURE.md does not name src/{room}" for room in ROOMS if f"`src/{room}`" not in plan]
    print("\n".join(faults) or "papers: everything they name is there")
    return 1 if faults else 0


sys.exit(main())
