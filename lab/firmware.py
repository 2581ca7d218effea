# SPDX-License-Identifier: MPL-2.0
"""A PXE ROM that does not say it is iPXE, made from the one QEMU brings.

Every network ROM packaged for QEMU is iPXE: it announces itself with user class "iPXE" (option 77)
and its feature list (option 175), so a server gives it the script at once and the chain over
undionly.kpxe is never walked. A script in ipxe.lkrn can change the user class but not option 175.
So we take the ROM apart, silence those two announcements, and put it together again. What is left
behaves as a network card's own PXE ROM does: "PXEClient:Arch:00000:UNDI:002001", TFTP, UNDI below.

An iPXE ROM holds LZMA streams (lc=2, lp=0, pb=0), each as: length (4 bytes, stream + checksum),
stream, CRC-32 of the stream without the final inversion.
"""

import lzma
import struct
import zlib
from pathlib import Path

IPXE_ROMS = Path("/usr/lib/ipxe/qemu")
CHECKSUM_BYTE = 6

_FILTERS = [{"id": lzma.FILTER_LZMA1, "preset": 6 | lzma.PRESET_EXTREME, "lc": 2, "lp": 0, "pb": 0,
             "nice_len": 273, "depth": 1000}]
_SUCCESS = bytes.fromhex("5831c09090")  # pop %eax (the callee's duty), xor %eax,%eax, NOPs: in the place of a call
_PAD = bytes(6)

# What the ROM's DHCP client has in its memory -> what it has after us.
_SILENCED = {
    "user class": (b"\x4d\x04iPXE", _PAD),
    # mov $175,%edx; mov %esi,%eax; call dhcppkt_store: the feature list.
    "feature list": (bytes.fromhex("baaf00000089f0e8"), None),
    # The same with 175.177: the card's bus identity, inside the same option.
    "bus identity": (bytes.fromhex("bab1af000089f0e8"), None),
    # Parameter request list: not 175 and 203 (iPXE's own wishes), but vendor options twice.
    "requested options": (bytes.fromhex("8687afcb"), bytes.fromhex("86878787")),
}


class FirmwareError(Exception):
    """The ROM is not built as the one this file knows; the text says what was looked for."""


def quiet_rom(target, model="e1000"):
    """Writes the silenced ROM for a QEMU network card to `target`."""
    source = IPXE_ROMS / f"pxe-{model}.rom"
    if not source.exists():
        raise FirmwareError(f"{source} is missing: install ipxe-qemu")
    rom = bytearray(source.read_bytes())
    start, length = _largest_stream(rom, source)
    program = bytearray(_decompress(rom[start:start + length]))
    _silence(program, source)
    _replace_stream(rom, start, length, bytes(program), source)
    rom[CHECKSUM_BYTE] = 0
    rom[CHECKSUM_BYTE] = -sum(rom) & 0xFF  # PCI firmware: all bytes add up to zero
    Path(target).write_bytes(rom)
    return Path(target)


def kilobyte_rom(target):
    """Writes an option ROM that takes one KiB from the top of base memory, as boards' own extensions do.

    Without it undionly's stack and the PXE ROM's 16-bit code meet in one 4 KiB page; TCG then checks
    each push for self-modified code, and every packet costs six times as much.
    """
    code = bytes.fromhex("1e b84000 8ed8 ff0e1300 1f cb")  # push ds; ds = 0x40; dec word [0x13]; pop ds; retf
    rom = bytearray((b"\x55\xaa\x01" + code).ljust(512, b"\0"))
    rom[-1] = -sum(rom) & 0xFF
    Path(target).write_bytes(rom)
    return Path(target)


def _decompress(stream):
    return lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=_FILTERS).decompress(bytes(stream))


def _crc(stream):
    return zlib.crc32(stream) ^ 0xFFFFFFFF


def _largest_stream(rom, source):
    """Where the program lies: found by its own length and CRC, so by no fixed offset."""
    found = []
    for start in range(4, len(rom) - 8, 4):
        length = struct.unpack_from("<I", rom, start - 4)[0] - 4
        if not 1024 < length <= len(rom) - start - 4:
            continue
        if _crc(rom[start:start + length]) == struct.unpack_from("<I", rom, start + length)[0]:
            found.append((length, start))
    if not found:
        raise FirmwareError(f"{source}: no compressed program found; is this an iPXE ROM of 2018 or later?")
    length, start = max(found)
    return start, length


def _silence(program, source):
    for name, (pattern, instead) in _SILENCED.items():
        if program.count(pattern) != 1:
            raise FirmwareError(f"{source}: {name} found {program.count(pattern)} times, expected once; "
                                "this iPXE was built by another compiler: lab/firmware.py must learn it")
        at = program.index(pattern)
        if instead is None:  # the call is the pattern's last byte and the four after it
            at += len(pattern) - 1
            instead = _SUCCESS
        program[at:at + len(instead)] = instead


def _replace_stream(rom, start, length, program, source):
    stream = lzma.compress(program, format=lzma.FORMAT_RAW, filters=_FILTERS)
    if len(stream) > length:
        raise FirmwareError(f"{source}: the silenced program is {len(stream) - length} bytes too long")
    struct.pack_into("<I", rom, start - 4, len(stream) + 4)
    packed = stream + struct.pack("<I", _crc(stream))
    rom[start:start + length + 4] = packed.ljust(length + 4, b"\xff")
