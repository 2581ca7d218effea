#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""Holds every #include of src/ against docs/floors.txt, and the core libraries against what they may name.

check_floors.py [BUILD]  - with a build directory the libraries are checked, too.
"""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
# What a room that only decides has no business with.
FORBIDDEN = re.compile(
    r"^(socket|bind|connect|send|sendto|sendmsg|recv|recvfrom|recvmsg|open|open64|openat|read|pread|write|pwrite"
    r"|clock_gettime|gettimeofday|time|nanosleep|pthread_create|fopen|fopen64|unlink|rename|getrandom)$"
    r"|spdlog|_ZNSt6chrono3_V212(system|steady)_clock3now|_ZNSt6thread"
)


def read_floors():
    allowed, core = {}, []
    for line in (ROOT / "docs/floors.txt").read_text().splitlines():
        if line.startswith("#") or not line.strip():
            continue
        room, _, rest = line.partition(":")
        if room == "core":
            core = rest.split()
        else:
            allowed[room] = set(rest.split()) | {room}
    return allowed, core


def wrong_includes(allowed):
    for path in sorted((ROOT / "src").rglob("*.[ch]*")):
        room = path.relative_to(ROOT / "src").parts[0]
        for number, line in enumerate(path.read_text().splitlines(), 1):
            found = re.match(r'#include "([a-z_]+)/', line)
            if found and found[1] not in allowed.get(room, ()):
                yield f"{path.relative_to(ROOT)}:{number}: {room}/ may not include {found[1]}/"


def wrong_symbols(core, build):
    for room in core:
        library = build / "src" / room / f"libslipway_{room}.a"
        if not library.exists():
            yield f"{library} is not built"
            continue
        listing = subprocess.run(["nm", "-u", "--no-demangle", library], capture_output=True, text=True, check=True)
        names = {line.split()[-1].split("@")[0] for line in listing.stdout.splitlines() if " U " in line}
        for name in sorted(n for n in names if FORBIDDEN.search(n)):
            yield f"{room}/ decides and may not name {name}"


def main():
    allowed, core = read_floors()
    faults = list(wrong_includes(allowed))
    folders = {path.name for path in (ROOT / "src").iterdir() if path.is_dir()}
    faults += [f"src/{folder} is in no line of docs/floors.txt" for folder in sorted(folders - set(allowed))]
    if len(sys.argv) > 1:
        faults += wrong_symbols(core, pathlib.Path(sys.argv[1]))
    print("\n".join(faults) or "floors: every arrow points down")
    return 1 if faults else 0


sys.exit(main())
