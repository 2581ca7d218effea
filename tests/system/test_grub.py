# SPDX-License-Identifier: MPL-2.0
"""GRUB 2 boots what Slipway tells it, on a BIOS and on UEFI, and reads the menu of GRUB legacy."""

import subprocess
from pathlib import Path

import node as machines
import pytest
from rack import run
from serial import read_report
from server import Server

INSTALLER = Path("/usr/lib/debian-installer/images/12/amd64/text")
LIMIT = 300  # seconds; a tenth of it on an idle machine
LINUX, SMARTOS, SERIAL, LEGACY, OWN = (f"52:54:00:77:05:0{number}" for number in range(1, 6))
CONFIG = """
[profile.smartos]
image = "smartos@latest"
console = "ttya"

[profile.screen]
image = "smartos@latest"
console = "text"

[profile.debian]
image = "linux@debian-12"
console = "ttya"
arguments = ["slipway.test=grub"]

[[class]]
name = "legacy"
when = {{ arch = [0], vendor-class = "PXEClient*", mac = "{legacy}" }}
boot-file = "legacy.0"

[[class]]
name = "legacy-by-address"
when = {{ arch = [0], vendor-class = "PXEClient*", mac = "{own}" }}
boot-file = "own.0"

[[class]]
name = "grub-bios"
when = {{ arch = [0], vendor-class = "PXEClient*" }}
boot-file = "boot/grub/i386-pc/core.0"

[[class]]
name = "grub-uefi"
when = {{ arch = [7], vendor-class = "PXEClient*" }}
boot-file = "boot/grub/x86_64-efi/core.efi"

[[machine]]
name = "linux"
mac = "{linux}"
profile = "debian"

[[machine]]
name = "smartos"
mac = "{smartos}"
profile = "screen"
properties = {{ hostname = "smartos" }}

[[machine]]
name = "serial"
mac = "{serial}"
profile = "smartos"

[[machine]]
name = "legacy"
mac = "{legacy}"
profile = "screen"

[[machine]]
name = "own"
mac = "{own}"
profile = "screen"
properties = {{ hostname = "own" }}
""".format(linux=LINUX, smartos=SMARTOS, serial=SERIAL, legacy=LEGACY, own=OWN)


@pytest.fixture(scope="module")
def server(rack, images):
    with Server(rack, more=CONFIG) as server:
        server.cli("image", "import", images())
        server.cli("image", "import", INSTALLER, "--version", "debian-12")
        files = server.state / "files"
        run("grub-mknetdir", f"--net-directory={files}", "--subdir=boot/grub", limit=120)
        legacy_core(files, "legacy", "menu.lst")
        legacy_core(files, "own", f"menu.lst.01{OWN.replace(':', '').upper()}")
        subprocess.run(["chmod", "-R", "a+rX", files], check=True)
        yield server


def legacy_core(files, name, menu):
    config = files / f"{name}.cfg"
    config.write_text(f"legacy_configfile (tftp)/{menu}\n")
    run("grub-mkimage", "-O", "i386-pc-pxe", "-o", files / f"{name}.0", "-p", "(tftp)/boot/grub", "-c", config, "pxe", "tftp", "legacycfg", "multiboot", "configfile", "normal", limit=60)


def booted(rack, tmp_path, mac, firmware="quiet"):
    with machines.Node(rack, tmp_path, mac=mac, firmware=firmware) as node:
        node.wait(LIMIT)
    assert node.exit_code == machines.STARTED, node.screen()
    return read_report(line.text for line in node.lines)


def test_a_bios_machine_starts_smartos(rack, server, tmp_path):
    report = booted(rack, tmp_path, SMARTOS)
    assert report.command_line.startswith("/os/"), "the kernel finds itself in the boot archive by this"
    assert report.properties["hostname"] == "smartos"
    assert report.module("rootfs") and report.module("hash")
    boot = server.explain(SMARTOS)["boots"][0]
    stages = {stage["name"]: stage["count"] for stage in boot["stages"]}
    assert stages["kernel"] == stages["archive"] == 1, boot


def test_a_uefi_machine_starts_linux(rack, server, tmp_path):
    with machines.Node(rack, tmp_path, mac=LINUX, firmware="uefi") as node:
        assert node.wait_for("slipway.test=grub", LIMIT), node.screen()


def test_a_console_with_a_mode_is_refused_in_one_sentence(rack, server, tmp_path):
    preview = server.cli("boot", "preview", "--mac", "serial", "--loader", "grub", check=False)
    assert preview.returncode == 1 and "grub-quotes" in preview.stderr
    with machines.Node(rack, tmp_path, mac=SERIAL) as node:
        assert node.wait_for("serial did not boot: GRUB 2 puts a backslash before quotes", LIMIT), node.screen()


def test_the_menu_of_grub_legacy_is_read_and_its_first_entry_started(rack, server, tmp_path):
    report = booted(rack, tmp_path, LEGACY)
    assert report.properties["console"] == "text"
    assert report.module("rootfs")


def test_the_menu_of_a_machines_own_is_read_by_its_address(rack, server, tmp_path):
    assert booted(rack, tmp_path, OWN).properties["hostname"] == "own"


@pytest.mark.parametrize("downs, expected", [(1, "-k -d -B "), (6, "smartos=false,noimport=true")], ids=["kmdb", "rescue"])
def test_an_entry_of_that_menu_is_chosen_with_the_arrows(rack, server, tmp_path, downs, expected):
    with machines.Node(rack, tmp_path, mac=LEGACY) as node:
        assert machines.until_seen(node, r"rescue \(imports no pool\)", LIMIT), node.screen()
        node.press("\x1b[B" * downs + "\r")
        node.wait(LIMIT)
    assert node.exit_code == machines.STARTED, node.screen()
    line = read_report(line.text for line in node.lines).command_line
    assert all(part in line for part in expected.split(",")), line
