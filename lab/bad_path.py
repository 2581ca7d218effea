# SPDX-License-Identifier: MPL-2.0
"""A wire that loses, doubles, delays and reorders, for kernels without netem: a host with two cards and the
program `bad_path` between them (bench/tftp/main_bad_path.cc).
"""

import contextlib
import ctypes
import fcntl
import socket
import struct
import time

from rack import end

_SIOCETHTOOL = 0x8946
_OFFLOADS = (0x17, 0x1F, 0x24)  # set: TX checksums, TCP segmentation, generic segmentation


def plain_frames(host, interface):
    """Every frame leaves as it will be on a wire: whole, and with its checksum."""
    with host.socket(socket.AF_INET, socket.SOCK_DGRAM) as there:
        for command in _OFFLOADS:
            value = ctypes.create_string_buffer(struct.pack("II", command, 0))
            fcntl.ioctl(there, _SIOCETHTOOL, struct.pack("16sP16x", interface.encode(), ctypes.addressof(value)))


def start(host, program, left="left", right="right", **wishes):
    """Carries frames between two cards of a host; `wishes` are the program's options, loss=0.01 for example."""
    words = [word for name, value in wishes.items() for word in (f"--{name}", value)]
    process = host.start(program, left, right, *words)
    time.sleep(0.2)
    if process.poll() is not None:
        raise RuntimeError(f"{program} ended with {process.returncode}")
    return process


@contextlib.contextmanager
def between(host, program, **wishes):
    """The same for a while: before and after it nothing goes through."""
    process = start(host, program, **wishes)
    try:
        yield
    finally:
        end(process)
