#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""Keeps what only Linux has in the folders linux/ below src/ (docs/adr/0021).

check_portable.py [BUILD]  - with a build of the preset `portable` its libraries and programs are checked, too.
"""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
# No part of a portable build: its machines' addresses are routes of Linux.
LINUX_ONLY_ROOMS = {"storm"}
# In a source. What stands in a comment or in a sentence for the operator is caught as well, and better said otherwise.
NAMES = re.compile(
    r"#include <(linux/|netpacket/|sys/(epoll|eventfd|signalfd|timerfd|inotify|sendfile|capability|prctl|syscall)\.h)"
    r"|\b(AF_PACKET|AF_NETLINK|SO_BINDTODEVICE|SO_REUSEPORT|SO_PEERCRED|SO_(RCV|SND)BUFFORCE|SO_MEMINFO|SO_TIMESTAMPNS"
    r"|SO_ATTACH_FILTER|SOL_RAW|MSG_MORE|UDP_SEGMENT|UDP_GRO|TCP_USER_TIMEOUT|TCP_CORK|SIOCOUTQ|IP_MTU|IP_FREEBIND"
    r"|O_PATH|O_TMPFILE|CLONE_NEW\w+)\b|\"/(proc|sys)/"
)
# In what was built: what the linker would look for in vain.
SYMBOLS = re.compile(
    r"^(epoll_\w+|eventfd|signalfd|timerfd_\w+|inotify_\w+|sendmmsg|recvmmsg|sendfile(64)?|splice|tee|prctl|cap_\w+"
    r"|syscall|unshare|setns|copy_file_range|renameat2|sync_file_range|fallocate(64)?|memfd_create|statx|getres[ug]id"
    r"|setres[ug]id|setfs[ug]id|process_vm_\w+|name_to_handle_at|sched_setaffinity|gettid|secure_getenv|strerrordesc_np)$"
)


def wrong_sources():
    for path in sorted((ROOT / "src").rglob("*.[ch]*")):
        parts = path.relative_to(ROOT / "src").parts
        if parts[0] in LINUX_ONLY_ROOMS or "linux" in parts or "test" in path.name:
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if found := NAMES.search(line):
                yield f"{path.relative_to(ROOT)}:{number}: only Linux has {found[0]}; it belongs into a folder linux/"


def unpaired_sources():
    """What one system has behind a header the other has, too, if under another name."""
    for folder in sorted((ROOT / "src").glob("*/linux")):
        twin = folder.parent / "portable"
        if not twin.is_dir():
            yield f"{folder.relative_to(ROOT)} has no twin portable/"


def wrong_symbols(build):
    built = [*build.glob("src/*/libslipway_*.a"), build / "src/server/slipwayd", build / "src/cli/slipway"]
    for path in built:
        if not path.exists():
            yield f"{path} is not built"
            continue
        listing = subprocess.run(["nm", "-u", "--no-demangle", path], capture_output=True, text=True, check=True)
        names = {line.split()[-1].split("@")[0] for line in listing.stdout.splitlines() if " U " in line or " w " in line}
        yield from (f"{path.name} names {name}, which only Linux has" for name in sorted(names) if SYMBOLS.match(name))


def main():
    faults = [*wrong_sources(), *unpaired_sources()]
    if len(sys.argv) > 1:
        faults += wrong_symbols(pathlib.Path(sys.argv[1]))
    print("\n".join(faults) or "portable: what only Linux has is in its place")
    return 1 if faults else 0


sys.exit(main())
