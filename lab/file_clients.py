# SPDX-License-Identifier: MPL-2.0
"""Programs that fetch files, as tests of TFTP and HTTP start them: each takes the path of what it got."""

from rack import SERVER
from server import program

NAME = "initrd.img"  # what they ask for
TFTP_CLIENTS = {
    "tftp-hpa": lambda got: ("tftp", "-m", "binary", SERVER, "-c", "get", NAME, got),
    "curl": lambda got: ("curl", "-sS", "--tftp-blksize", "1432", "-o", got, f"tftp://{SERVER}/{NAME}"),
    "busybox": lambda got: ("busybox", "tftp", "-g", "-b", "1024", "-r", NAME, "-l", got, SERVER),
    "atftp": lambda got: ("atftp", "--option", "blksize 1428", "-g", "-r", NAME, "-l", got, SERVER),
    "atftp with a window": lambda got: ("atftp", "--option", "blksize 1428", "--option", "windowsize 16", "-g",
                                        "-r", NAME, "-l", got, SERVER),
}


def tool(name):
    """A program of bench/tftp, in the same build as the daemon."""
    return program("slipwayd").parents[2] / "bench/tftp" / name
