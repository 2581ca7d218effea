#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""Makes SmartOS-shaped platform images around our own kernel, whole ones and broken ones.

    lab/image.py /tmp/x                                platform-20260101T000000Z.tgz in /tmp/x
    lab/image.py /tmp/x --as iso --stamp 20260102T000000Z
    lab/image.py /tmp/x --size 4M --broken archive-cut

The boot archive is no file system: numbered sectors with islands of noise, and the marks the kernel
and an importer look for (UFS magic, build stamp). The same arguments give the same bytes.
"""

import argparse
import gzip
import hashlib
import json
import random
import re
import shutil
import struct
import sys
import tarfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from rack import run  # noqa: E402

STAMP = "20260101T000000Z"
ARCHIVE_SIZE = 358_400_000  # as in real images; 361,472,000 in debug builds
SECTOR = 512
UFS_MAGIC, UFS_MAGIC_AT = 0x00011954, 9564  # in a superblock at 8192; so are the next two
UFS_SIZE_AT, UFS_FRAGMENT_SIZE_AT, UFS_FRAGMENT = 8228, 8244, 1024
MARK, ARCHIVE_STAMP_AT = b"slipway-stamp:", 512
KERNEL = "i86pc/kernel/amd64/unix"
ARCHIVE = "i86pc/amd64/boot_archive"
BROKEN = {
    "archive-cut": "the boot archive ends in the middle",
    "wrong-hash": "boot_archive.hash is of another archive",
    "unix-text": "unix is a text file",
    "stamp-folder": "a served tree that kept platform-STAMP as the folder's name (folder only)",
}


def build_kernel(directory):
    """Compiles lab/unix into `directory`; returns its bytes."""
    source = Path(__file__).resolve().parent / "unix"
    run("make", "-C", source, f"BUILD={Path(directory).resolve()}", limit=120)
    return (Path(directory) / "unix").read_bytes()


def stamped(kernel, stamp):
    at = kernel.index(MARK)
    field = (MARK + stamp.encode()).ljust(64, b"\0")
    return kernel[:at] + field + kernel[at + 64:]


def boot_archive(size, stamp):
    """Every sector carries its number, so no two are alike; noise so that it does not all compress away."""
    rest = bytes(SECTOR - 8)
    content = bytearray(b"".join(struct.pack("<Q", n) + rest for n in range(size // SECTOR + 1)))
    noise = random.Random(stamp)
    for start in range(1 << 20, size, 32 << 20):
        content[start:start + (1 << 20)] = noise.randbytes(1 << 20)
    field = (MARK + stamp.encode()).ljust(64, b"\0")
    content[ARCHIVE_STAMP_AT:ARCHIVE_STAMP_AT + 64] = field
    struct.pack_into("<I", content, UFS_MAGIC_AT, UFS_MAGIC)
    struct.pack_into("<I", content, UFS_SIZE_AT, size // UFS_FRAGMENT)
    struct.pack_into("<I", content, UFS_FRAGMENT_SIZE_AT, UFS_FRAGMENT)
    del content[size:]
    return content


def write_platform(top, stamp, size, kernel, broken=None):
    """The tree below `platform/`."""
    archive = boot_archive(size, stamp)
    digest = hashlib.sha1(archive).hexdigest()
    if broken == "wrong-hash":
        digest = hashlib.sha1(digest.encode()).hexdigest()
    if broken == "archive-cut":
        del archive[size // 3 * 2:]
    unix = b"this is no kernel\n" if broken == "unix-text" else stamped(kernel, stamp)
    files = {
        KERNEL: unix,
        ARCHIVE: archive,
        f"{ARCHIVE}.hash": f"{digest}\n",
        f"{ARCHIVE}.manifest": "d platform 0755 root sys\nf platform/i86pc/kernel/amd64/unix 0755 root sys\n",
        f"{ARCHIVE}.gitstatus": json.dumps([{"repo": "slipway-lab", "branch": "main", "rev": digest[:12]}]),
        "etc/version/platform": f"{stamp}\n",
        "root.password": "not-to-be-served\n",
    }
    for name, content in files.items():
        path = Path(top) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


def make_image(directory, form="tgz", stamp=STAMP, size=ARCHIVE_SIZE, broken=None, kernel=None):
    """Makes one image in `directory` (which must exist) and returns its path: a file or a folder."""
    directory = Path(directory)
    work = directory / f".work-{stamp}-{form}"
    shutil.rmtree(work, ignore_errors=True)
    kernel = kernel or build_kernel(work / "kernel")
    try:
        if broken == "stamp-folder":
            form = "folder"
        makers = {"tgz": _tgz, "iso": _iso, "folder": _folder, "usb": _usb, "usb.gz": _usb_gz, "zip": _zip}
        return makers[form](directory, work, stamp, broken,
                            lambda top: write_platform(top, stamp, size, kernel, broken))
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _tgz(directory, work, stamp, broken, fill):
    name = f"platform-{stamp}"
    fill(work / name)
    target = directory / f"{name}.tgz"
    # Fixed times and owners, fastest compression: the same bytes every time, and soon.
    with target.open("wb") as raw, gzip.GzipFile("", "wb", 1, raw, mtime=0) as packed, \
            tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        tar.add(work / name, name, filter=_anonymous)
    return target


def _anonymous(entry):
    entry.uid = entry.gid = entry.mtime = 0
    entry.uname = entry.gname = "root"
    return entry


def _iso(directory, work, stamp, broken, fill):
    fill(work / "iso" / "platform")
    target = directory / f"smartos-{stamp}.iso"
    target.unlink(missing_ok=True)
    run("xorriso", "-as", "mkisofs", "-quiet", "-R", "-iso-level", "3", "-V", "SMARTOS",
        "-o", target, work / "iso", limit=120)
    return target


def _zip(directory, work, stamp, broken, fill):
    fill(work / f"platform-{stamp}")
    return Path(shutil.make_archive(directory / f"platform-{stamp}", "zip", work, f"platform-{stamp}"))


SECTORS_BEFORE, ESP_SECTORS, LEAST_FAT32 = 2048, 8192, 80_000


def _usb(directory, work, stamp, broken, fill):
    """As old SmartOS sticks were: an MBR with one partition, FAT16."""
    fill(work / "usb" / "platform")
    sectors = sum(path.stat().st_size for path in (work / "usb").rglob("*") if path.is_file()) // SECTOR + 20_000
    target = directory / f"smartos-{stamp}-USB.img"
    table = bytearray(512)
    struct.pack_into("<BxxxBxxxII", table, 446, 0x80, 0x0e, SECTORS_BEFORE, sectors)
    table[510:] = b"\x55\xaa"
    _disk(target, table, SECTORS_BEFORE + sectors)
    _fat(target, SECTORS_BEFORE, sectors, work / "usb" / "platform")
    return target


def _usb_gz(directory, work, stamp, broken, fill):
    """As they are now: a GPT with an EFI system partition and a larger FAT32, packed."""
    fill(work / "usb" / "platform")
    (work / "EFI").mkdir()
    (work / "EFI" / "readme").write_text("not this one\n")
    sectors = LEAST_FAT32 + sum(path.stat().st_size for path in (work / "usb").rglob("*") if path.is_file()) // SECTOR
    root = SECTORS_BEFORE + ESP_SECTORS
    table = bytearray(3 * 512)
    struct.pack_into("<BxxxBxxxII", table, 446, 0, 0xee, 1, root + sectors)
    table[510:512] = b"\x55\xaa"
    struct.pack_into("<8s64xQII", table, 512, b"EFI PART", 2, 4, 128)
    for number, (first, count) in enumerate([(SECTORS_BEFORE, ESP_SECTORS), (root, sectors)]):
        struct.pack_into("<16s16sQQ", table, 1024 + 128 * number, b"\1" * 16, b"\2" * 16, first, first + count - 1)
    disk = work / "usb.img"
    _disk(disk, table, root + sectors)
    _fat(disk, SECTORS_BEFORE, ESP_SECTORS, work / "EFI")
    _fat(disk, root, sectors, work / "usb" / "platform", "-F", "-c", "1")
    target = directory / f"smartos-{stamp}-USB.img.gz"
    with disk.open("rb") as raw, gzip.open(target, "wb", 1) as packed:
        shutil.copyfileobj(raw, packed, 1 << 20)
    return target


def _disk(path, beginning, sectors):
    with path.open("wb") as file:
        file.write(beginning)
        file.truncate(sectors * SECTOR)


def _fat(disk, first, sectors, tree, *how):
    where = ("-i", f"{disk}@@{first * SECTOR}")
    run("mformat", *where, "-T", str(sectors), "-h", "64", "-s", "32", *how, "::", limit=60)
    run("mcopy", *where, "-s", tree, "::", limit=60)


def _folder(directory, work, stamp, broken, fill):
    target = directory / f"smartos-{stamp}"
    shutil.rmtree(target, ignore_errors=True)
    inside = f"smartos/{stamp}/platform-{stamp}" if broken == "stamp-folder" else "platform"
    fill(target / inside)
    return target


def size_from(text):
    number, unit = re.fullmatch(r"(\d+)([KMG]?)", text).groups()
    return int(number) << {"": 0, "K": 10, "M": 20, "G": 30}[unit]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0],
                                     epilog="broken kinds: " + "; ".join(f"{k}: {v}" for k, v in BROKEN.items()))
    parser.add_argument("directory", help="where the image goes")
    parser.add_argument("--as", dest="form", choices=("tgz", "zip", "iso", "usb", "usb.gz", "folder"), default="tgz")
    parser.add_argument("--stamp", default=STAMP)
    parser.add_argument("--size", type=size_from, default=ARCHIVE_SIZE, help="of the boot archive; K, M, G allowed")
    parser.add_argument("--broken", choices=BROKEN)
    options = parser.parse_args()
    Path(options.directory).mkdir(parents=True, exist_ok=True)
    print(make_image(options.directory, options.form, options.stamp, options.size, options.broken))


if __name__ == "__main__":
    main()
