# SPDX-License-Identifier: MPL-2.0
"""The stand-in kernel refuses what illumos refuses, each with its own sentence.

No network here: QEMU's own multiboot loader starts it, as iPXE does, with the address as first word.
"""

import shutil
import subprocess

import image
import node
import pytest

ROOTFS = "{archive} type=rootfs name=ramdisk"
HASH = "{archive}.hash type=hash name=ramdisk"


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """os/STAMP/platform as it is served, with a small archive."""
    directory = tmp_path_factory.mktemp("unix")
    platform = directory / "os" / image.STAMP / "platform"
    image.write_platform(platform, image.STAMP, 1 << 20, image.build_kernel(directory / "kernel"))
    return platform


def start(kernel, arguments, *modules):
    archive = kernel
    while archive.name != "i86pc":
        archive = archive.parent
    archive = archive / "amd64" / "boot_archive"
    command = ["qemu-system-x86_64", "-accel", "tcg,thread=single", "-m", "64", "-nodefaults",
               "-display", "none", "-serial", "stdio", "-no-reboot",
               "-device", "isa-debug-exit,iobase=0xf4,iosize=0x04",
               "-kernel", str(kernel), "-append", arguments]
    if modules:
        command += ["-initrd", ",".join(m.format(archive=archive) for m in modules)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout + done.stderr


def kernel_in(tree):
    return tree / "i86pc" / "kernel" / "amd64" / "unix"


def test_it_starts_with_typed_modules_and_says_what_it_got(tree):
    code, said = start(kernel_in(tree), "-v -B smartos=true,ttya-mode=\"9600,,8\"", ROOTFS, HASH)
    assert code == node.STARTED, said
    assert "slipway-unix: started" in said
    assert "type=rootfs name=ramdisk size=1048576 sha1=" in said
    assert "slipway-unix: verified: ramdisk" in said
    assert "slipway-unix: property: smartos=true" in said


def test_it_starts_with_a_single_untyped_module_as_old_entries_do(tree):
    code, said = start(kernel_in(tree), "", "{archive}")
    assert code == node.STARTED, said
    assert "ramdisk has no hash" not in said and "has no hash: not verified" in said


@pytest.mark.parametrize("arguments, modules, sentence", [
    ("", (), "no module of type rootfs among 0"),
    ("", ("{archive} type=environment",), "no module of type rootfs among 1"),
    ("", ("{archive}", "{archive}.manifest"), "hash mismatch!"),
    ("", ("{archive}", "{archive}.hash", "{archive}.manifest"), "no module of type rootfs among 3"),
    ("", (ROOTFS, "{archive}.manifest type=hash name=ramdisk"), "hash mismatch!"),
    ("-B note=multiboot", (ROOTFS, HASH), "the word stands in the command line"),
    ("-B " + "a" * 600 + "=1", (ROOTFS, HASH), "command line truncated"),
], ids=["no modules", "no rootfs", "two untyped", "three untyped", "wrong hash", "multiboot", "truncated"])
def test_it_panics_on(tree, arguments, modules, sentence):
    code, said = start(kernel_in(tree), arguments, *modules)
    assert code == node.PANICKED, said
    assert "slipway-unix: panic:" in said and sentence in said


def test_it_ignores_a_short_hash_with_a_warning(tree):
    short = tree / "i86pc" / "amd64" / "boot_archive.short"
    short.write_text("0123456789\n")
    code, said = start(kernel_in(tree), "", ROOTFS, "{archive}.short type=hash name=ramdisk")
    assert code == node.STARTED, said
    assert "hash of ramdisk has 11 bytes instead of 40: ignored" in said


@pytest.mark.parametrize("folder, sentence", [
    ("platform-20260101T000000Z", "no /platform/ in the kernel path"),
    ("platform/os/platform", "more than one /platform/"),
], ids=["stamp kept", "twice"])
def test_it_panics_on_a_path_with_the_folder(tree, tmp_path, folder, sentence):
    shutil.copytree(tree, tmp_path / folder)
    code, said = start(kernel_in(tmp_path / folder), "", ROOTFS, HASH)
    assert code == node.PANICKED, said
    assert "krtld: error during initial load/link phase" in said and sentence in said


def test_it_panics_on_anything_after_the_name_unix(tree, tmp_path):
    shutil.copytree(tree, tmp_path / "platform")
    kernel = kernel_in(tmp_path / "platform")
    code, said = start(kernel.rename(kernel.with_name("unix?token=1")), "", ROOTFS, HASH)
    assert code == node.PANICKED, said
    assert "'?token=1' follows the kernel's name" in said


def test_it_panics_when_kernel_and_archive_are_of_different_builds(tree, tmp_path):
    shutil.copytree(tree, tmp_path / "platform")
    kernel = kernel_in(tmp_path / "platform")
    kernel.write_bytes(image.stamped(kernel.read_bytes(), "20991231T000000Z"))
    code, said = start(kernel, "", ROOTFS, HASH)
    assert code == node.PANICKED, said
    assert "unix is of build 20991231T000000Z" in said


def test_it_panics_on_an_archive_that_is_no_file_system(tree):
    noise = tree / "i86pc" / "amd64" / "boot_archive.noise"
    noise.write_bytes(bytes(1 << 20))
    code, said = start(kernel_in(tree), "", "{archive}.noise type=rootfs name=ramdisk")
    assert code == node.PANICKED, said
    assert "no UFS file system" in said
