# SPDX-License-Identifier: MPL-2.0
"""Linux boots on every road: Debian's own installer, on a BIOS and on UEFI, to its first screen."""

import json
import tarfile
from pathlib import Path

import node as machines
import pytest
from server import Server

INSTALLER = Path("/usr/lib/debian-installer/images/12/amd64/text")
LIMIT = 300  # seconds; a fifth of it on an idle machine
# The installer asks its first question once the kernel ran, the initrd was unpacked and its menu started.
FIRST_SCREEN = r"Select a language|Choose the language"
CONFIG = """
[profile.debian]
image = "linux@debian-12"
console = "ttya"
arguments = ["vga=none", "DEBIAN_FRONTEND=text", "theme={name}"]

[[machine]]
name = "node1"
mac = "52:54:00:77:03:01"
profile = "debian"
arguments = ["slipway.test=1"]

[profile.choice]
image = "linux@debian-12"
console = "ttya"
variants = ["single-user", "debug"]

[[machine]]
name = "node2"
mac = "52:54:00:77:03:12"
profile = "choice"
"""
MACS = {"ipxe": "52:54:00:77:03:01", "quiet": "52:54:00:77:03:02", "uefi": "52:54:00:77:03:03"}


@pytest.fixture(scope="module")
def server(rack):
    with Server(rack, more=CONFIG) as server:
        server.cli("image", "import", INSTALLER, "--version", "debian-12")
        yield server


@pytest.mark.parametrize("firmware", MACS)
def test_debians_installer_comes_to_its_first_screen(rack, server, tmp_path, firmware):
    with machines.Node(rack, tmp_path, mac=MACS[firmware], firmware=firmware) as node:
        assert node.wait_for(FIRST_SCREEN, LIMIT), node.screen()
        told = "\n".join(line.text for line in node.lines)
    assert "console=ttyS0,115200n8" in told and "DEBIAN_FRONTEND=text" in told
    assert ("slipway.test=1" in told) == (firmware == "ipxe"), "a machine's own arguments are its own"
    boot = server.explain(MACS[firmware])["boots"][0]
    assert not boot["failed"] and boot["verdict"] == "handed_over", boot
    stages = {stage["name"]: stage for stage in boot["stages"]}
    assert stages["kernel"]["count"] == stages["archive"]["count"] == 1


def test_the_menu_is_driven_on_uefi_too(rack, server, tmp_path):
    with machines.Node(rack, tmp_path, mac="52:54:00:77:03:12", firmware="uefi-http") as node:
        assert machines.until_seen(node, "Boot from the local disk", LIMIT), node.screen()
        node.press("\x1b[B\r")
        assert node.wait_for("Kernel command line: .* single( |$)", LIMIT), node.screen()


def test_what_was_imported_is_listed_shown_and_verified(server):
    listed = json.loads(server.cli("image", "list", "--json").stdout)["images"]
    assert [(image["kind"], image["version"], image["used_by"]) for image in listed] == [
        ("linux", "debian-12", ["debian", "choice"])]
    shown = server.cli("image", "show", "linux@debian-12").stdout
    assert "debian-installer/amd64/linux" in shown and "boot-screens" not in shown
    assert "is whole" in server.cli("image", "verify").stdout


def test_an_archive_is_the_same_image_as_the_folder_it_was_made_from(server, tmp_path):
    archive = tmp_path / "netboot.tar.gz"
    with tarfile.open(archive, "w:gz", compresslevel=1) as tar:
        for name in ("linux", "initrd.gz"):
            tar.add(INSTALLER / "debian-installer/amd64" / name, f"./debian-installer/amd64/{name}")
    done = server.cli("image", "import", archive, "--version", "debian-12")
    assert "was here already: linux@debian-12" in done.stdout


def test_a_preview_shows_what_each_loader_is_served(server):
    for arch in ("bios", "uefi"):
        preview = server.cli("boot", "preview", "--mac", "node1", "--arch", arch)
        assert "initrd=initrd.gz" in preview.stdout and preview.stderr.count("error") == 0
    for loader in ("pxelinux", "menu.lst"):
        preview = server.cli("boot", "preview", "--mac", "node1", "--loader", loader)
        assert "theme=node1" in preview.stdout


def test_files_with_other_names_are_named_on_the_command_line(server, tmp_path):
    for name, of in (("bzImage", "linux"), ("ram.cpio.gz", "initrd.gz")):
        (tmp_path / name).write_bytes((INSTALLER / "debian-installer/amd64" / of).read_bytes())
    unknown = server.cli("image", "inspect", tmp_path, check=False)
    assert unknown.returncode == 1 and "--kernel and --initrd" in unknown.stdout
    named = ("--kernel", "bzImage", "--initrd", "ram.cpio.gz", "--kind", "linux", "--version", "own-1")
    found = json.loads(server.cli("image", "inspect", tmp_path, *named, "--json").stdout)
    assert (found["importable"], found["kind"], found["version"]) == (True, "linux", "own-1")
