# SPDX-License-Identifier: MPL-2.0
"""A disk as firmware finds it: a partition with a FAT file system, and GRUB in front of it, which shows a file of it."""

import struct
import subprocess
from pathlib import Path

GRUB = Path("/usr/lib/grub/i386-pc")
SECTOR, SIZE = 512, 16 << 20
FIRST = 2048  # sector of the partition; what stands before it is GRUB's
TABLE = slice(446, 510)
_MODULES = ("biosdisk", "part_msdos", "fat", "serial", "terminal", "cat", "normal")
_CONFIG = """serial --unit=0 --speed=115200
terminal_output serial
set root=(hd0,msdos1)
cat /mark
"""


def bootable_drive(path, mark):
    """Started by a BIOS it writes `mark`, which is in a file of its partition, to the serial line."""
    path, sectors = Path(path), SIZE // SECTOR - FIRST
    config, core, text = (path.with_suffix(end) for end in (".cfg", ".core", ".mark"))
    config.write_text(_CONFIG)
    text.write_text(mark + "\n")
    subprocess.run(["grub-mkimage", "-O", "i386-pc", "-p", "(hd0,msdos1)/", "-c", config, "-o", core, *_MODULES], check=True)
    boot = bytearray((GRUB / "boot.img").read_bytes())
    active, fat16 = 0x80, 0x0e
    boot[TABLE] = struct.pack("<B3xB3xII", active, fat16, FIRST, sectors).ljust(64, b"\0")
    disk = boot + core.read_bytes()
    assert len(disk) <= FIRST * SECTOR, "GRUB reaches into the partition"
    path.write_bytes(disk.ljust(SIZE, b"\0"))
    partition = f"{path}@@{FIRST * SECTOR}"
    subprocess.run(["mformat", "-i", partition, "-T", str(sectors), "-h", "16", "-s", "63", "::"], check=True)
    subprocess.run(["mcopy", "-i", partition, text, "::/mark"], check=True)
    return path
