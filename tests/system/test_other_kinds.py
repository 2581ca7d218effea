# SPDX-License-Identifier: MPL-2.0
"""What is neither SmartOS nor Linux boots, too: memtest86+, Xen with its first guest, ISO images as CDs, disk images as
drives."""

import json
import shutil
from pathlib import Path

import node as machines
import pytest
from drive import bootable_drive, efi_drive
from rack import run
from server import Server

BOOT = Path("/boot")
INSTALLER = Path("/usr/lib/debian-installer/images/12/amd64/text/debian-installer/amd64")
IPXE = Path("/usr/lib/ipxe")
LIMIT = 150  # seconds; a fifth of it on an idle machine
MACS = {"memtest": "52:54:00:77:04:01", "xen": "52:54:00:77:04:02", "cd": "52:54:00:77:04:03",
        "uefi-memtest": "52:54:00:77:04:04", "uefi-cd": "52:54:00:77:04:05", "uefi-xen": "52:54:00:77:04:06",
        "drive": "52:54:00:77:04:07", "uefi-drive": "52:54:00:77:04:08"}
CONFIG = """
[profile.memtest]
image = "efi@memtest86+"
arguments = ["console=ttyS0,115200"]

[profile.xen]
image = "multiboot@xen"
arguments = ["com1=115200,8n1", "console=com1"]

[profile.cd]
image = "iso@ipxe"

[profile.drive]
image = "disk@drive"

[profile.uefi-cd]
image = "iso@uefi"

[profile.uefi-drive]
image = "disk@efi-drive"
""" + "".join(f"""
[[machine]]
name = "{name}"
mac = "{mac}"
profile = "{name if name in ('uefi-cd', 'uefi-drive') else name.removeprefix('uefi-')}"
""" for name, mac in MACS.items())


def uefi_iso(folder):
    """A CD whose El Torito image for UEFI holds iPXE as BOOTX64.EFI."""
    (folder / "cd").mkdir()
    image = folder / "cd/efi.img"
    with image.open("wb") as file:
        file.truncate(2880 << 10)
    run("mformat", "-i", image, "-f", "2880", "::")
    run("mmd", "-i", image, "::/EFI", "::/EFI/BOOT")
    run("mcopy", "-i", image, IPXE / "ipxe.efi", "::/EFI/BOOT/BOOTX64.EFI")
    run("xorriso", "-as", "mkisofs", "-quiet", "-R", "-V", "UEFI", "-e", "efi.img", "-no-emul-boot",
        "-o", folder / "uefi.iso", folder / "cd")
    return folder / "uefi.iso"


@pytest.fixture(scope="module")
def server(rack, tmp_path_factory):
    folder = tmp_path_factory.mktemp("sources")
    xen = folder / "xen"
    xen.mkdir()
    for file in (BOOT / "xen-4.17-amd64.gz", INSTALLER / "linux", INSTALLER / "initrd.gz"):
        shutil.copy(file, xen)
    with Server(rack, more=CONFIG) as server:
        server.cli("image", "import", BOOT, "--kind", "efi", "--kernel", "memtest86+x64.bin",
                   "--efi", "memtest86+x64.efi", "--version", "memtest86+")
        server.cli("image", "import", xen, "--kernel", "xen-4.17-amd64.gz", "--module", "linux console=hvc0",
                   "--module", "initrd.gz", "--version", "xen")
        server.cli("image", "import", IPXE / "ipxe.iso")
        server.cli("image", "import", uefi_iso(folder))
        server.cli("image", "import", bootable_drive(folder / "drive.img", "MARK of the drive"))
        server.cli("image", "import", efi_drive(folder / "efi-drive.img", "MARK of the EFI drive"), "--kind", "disk")
        yield server


def expect_screen(server, node, pattern):
    """On the serial line, drawn with or without line ends."""
    assert machines.until_seen(node, pattern, LIMIT), f"{node.screen()}\n{node.unfinished}"
    boot = server.explain(node.mac)["boots"][0]
    assert not boot["failed"], boot


@pytest.mark.parametrize("name, firmware", [("memtest", "ipxe"), ("uefi-memtest", "uefi")])
def test_memtest86_starts(rack, server, tmp_path, name, firmware):
    # On UEFI it wants a screen, though it writes to the serial line as well.
    screen = ("-device", "VGA") if firmware == "uefi" else ()
    with machines.Node(rack, tmp_path, mac=MACS[name], firmware=firmware, memory=512, devices=screen) as node:
        expect_screen(server, node, r"Memtest86\+")


def test_xen_starts_with_the_kernel_of_its_first_guest(rack, server, tmp_path):
    with machines.Node(rack, tmp_path, mac=MACS["xen"], firmware="ipxe") as node:
        expect_screen(server, node, r"Xen version 4\.17")
        expect_screen(server, node, r"Command line: com1=115200,8n1 console=com1")
        # Further Linux does not come as a guest under QEMU's emulation.
        expect_screen(server, node, r"Dom0 kernel: 64-bit")


def test_an_iso_is_a_cd_on_a_bios(rack, server, tmp_path):
    with machines.Node(rack, tmp_path, mac=MACS["cd"], firmware="ipxe", memory=512) as node:
        expect_screen(server, node, r"iPXE ISO boot image")


def test_a_disk_image_is_a_drive_on_a_bios(rack, server, tmp_path):
    with machines.Node(rack, tmp_path, mac=MACS["drive"], firmware="ipxe", memory=256) as node:
        expect_screen(server, node, r"MARK of the drive")


def test_a_disk_image_is_a_drive_on_uefi(rack, server, tmp_path):
    with machines.Node(rack, tmp_path, mac=MACS["uefi-drive"], firmware="uefi", memory=512) as node:
        expect_screen(server, node, r"MARK of the EFI drive")


def test_an_iso_is_a_cd_on_uefi(rack, server, tmp_path):
    with machines.Node(rack, tmp_path, mac=MACS["uefi-cd"], firmware="uefi", memory=512) as node:
        asked = r"iPXE initialising devices"
        assert machines.until_seen(node, rf"(?s){asked}.*{asked}", LIMIT), node.screen()


def test_xen_says_on_uefi_why_it_does_not_boot(rack, server, tmp_path):
    preview = server.cli("boot", "preview", "--mac", "uefi-xen", "--arch", "uefi", check=False)
    assert "lacks multiboot2" in preview.stdout + preview.stderr or "not_bios" in preview.stdout


def test_what_was_imported_is_listed_with_its_kind(server):
    listed = json.loads(server.cli("image", "list", "--json").stdout)["images"]
    assert sorted((image["kind"], image["version"]) for image in listed) == [
        ("disk", "drive"), ("disk", "efi-drive"), ("efi", "memtest86+"), ("iso", "ipxe"), ("iso", "uefi"), ("multiboot", "xen")]
    assert server.cli("image", "verify").stdout.count("is whole") == 6
