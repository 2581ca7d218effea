# SPDX-License-Identifier: MPL-2.0
"""A disk as firmware finds it: a partition with a FAT file system and GRUB, which shows a file of it. For a BIOS GRUB stands in
front of the partition, for UEFI within it."""

import struct
import subprocess
from pathlib import Path

GRUB = Path("/usr/lib/grub/i386-pc")
SECTOR, SIZE = 512, 16 << 20
FIRST = 2048  # sector of the partition; what stands before it is GRUB's
TABLE = slice(446, 510)
_MODULES = ("part_msdos", "fat", "serial", "terminal", "cat", "normal")
_CONFIG = """serial --unit=0 --speed=115200
terminal_output serial
set root=(hd0,msdos1)
cat /mark
"""
_ACTIVE, _FAT16, _EFI_SYSTEM = 0x80, 0x0e, 0xef


def bootable_drive(path, mark):
    """Started by a BIOS it writes `mark`, which is in a file of its partition, to the serial line."""
    core = _grub(path, "i386-pc", "biosdisk")
    boot = (GRUB / "boot.img").read_bytes() + core.read_bytes()
    assert len(boot) <= FIRST * SECTOR, "GRUB reaches into the partition"
    return _drive(path, mark, _FAT16, boot)


def efi_drive(path, mark):
    """The same for UEFI."""
    return _drive(path, mark, _EFI_SYSTEM, bytes(SECTOR), {"::/EFI/BOOT/BOOTX64.EFI": _grub(path, "x86_64-efi")})


def _grub(path, platform, *modules):
    config, core = (Path(path).with_suffix(end) for end in (".cfg", ".core"))
    config.write_text(_CONFIG)
    subprocess.run(["grub-mkimage", "-O", platform, "-p", "(hd0,msdos1)/", "-c", config, "-o", core, *modules, *_MODULES],
                   check=True)
    return core


def _drive(path, mark, kind, boot, files=None):
    """`boot` and a partition of that kind, with the mark and these files in it."""
    path, sectors = Path(path), SIZE // SECTOR - FIRST
    text = path.with_suffix(".mark")
    text.write_text(mark + "\n")
    disk = bytearray(boot)
    disk[TABLE] = struct.pack("<B3xB3xII", _ACTIVE, kind, FIRST, sectors).ljust(64, b"\0")
    disk[510:512] = b"\x55\xaa"
    path.write_bytes(disk.ljust(SIZE, b"\0"))
    partition = f"{path}@@{FIRST * SECTOR}"
    subprocess.run(["mformat", "-i", partition, "-T", str(sectors), "-h", "16", "-s", "63", "::"], check=True)
    if files:
        subprocess.run(["mmd", "-i", partition, "::/EFI", "::/EFI/BOOT"], check=True)
    for name, file in {"::/mark": text, **(files or {})}.items():
        subprocess.run(["mcopy", "-i", partition, file, name], check=True)
    return path
