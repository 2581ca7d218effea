# SPDX-License-Identifier: MPL-2.0
"""An iSCSI target, Debian's tgt, on a host of the rack; and a disk that says on the serial line that it started."""

import itertools
from pathlib import Path

from patience import until
from rack import RackError

_control_ports = itertools.count(20)
# xor ax,ax; mov ds,ax; mov si,0x7c19; mov dx,0x3f8; lodsb; or al,al; jz +3; out dx,al; jmp -8;
# mov al,0x10; out 0xf4,al (node.STARTED); hlt; jmp -3
_CODE = bytes.fromhex("31c0 8ed8 be197c baf803 ac 08c0 7403 ee ebf8 b010 e6f4 f4 ebfd")


def marked_disk(path, mark, size=16 << 20):
    """A disk whose boot sector writes `mark` to the serial line and ends the machine. A BIOS reads none that is smaller
    than a cylinder, 8 MB."""
    sector = (_CODE + mark.encode() + b"\r\n\0").ljust(510, b"\0") + b"\x55\xaa"
    Path(path).write_bytes(sector.ljust(size, b"\0"))
    return path


class Target:
    """One target with one disk as LUN 1; `chap` is a name and a secret, `chap_out` those it proves itself with."""

    def __init__(self, host, name, disk, chap=None, chap_out=None):
        self.host, self.control = host, str(next(_control_ports))
        self.process = host.start("tgtd", "-f", "-C", self.control, "--iscsi", f"portal={host.address}:3260")
        until(lambda: self._run("--op", "show", "--mode", "sys", check=False).returncode == 0)
        self._run("--op", "new", "--mode", "target", "--tid", "1", "-T", name)
        self._run("--op", "new", "--mode", "logicalunit", "--tid", "1", "--lun", "1", "-b", disk)
        for account, way in ((chap, ()), (chap_out, ("--outgoing",))):
            if account:
                self._run("--op", "new", "--mode", "account", "--user", account[0], "--password", account[1])
                self._run("--op", "bind", "--mode", "account", "--tid", "1", "--user", account[0], *way)
        self._run("--op", "bind", "--mode", "target", "--tid", "1", "-I", "ALL")

    def sessions(self):
        return self._run("--op", "show", "--mode", "target").stdout

    def _run(self, *words, **options):
        done = self.host.run("tgtadm", "-C", self.control, "--lld", "iscsi", *words, **options)
        if options.get("check", True) and done.returncode != 0:
            raise RackError(done.stderr)
        return done
