# SPDX-License-Identifier: MPL-2.0
"""SmartOS on real UEFI firmware, with an iPXE of the operator's own: as far as it goes where no package has one with multiboot2.

test_loaders.py has what such a file changes on the server.
"""

from pathlib import Path

import node as machines
import pytest
from conftest import TINY

LIMIT = 300  # seconds; a tenth of it on an idle machine
DEBIANS = Path("/usr/lib/ipxe/ipxe.efi")


@pytest.fixture(scope="module", autouse=True)
def platform(server, images):
    server.import_image(images(TINY))


@pytest.fixture
def capable(tmp_path):
    """Debian's iPXE for UEFI, with the name of one more feature in it."""
    path = tmp_path / "own.efi"
    path.write_bytes(DEBIANS.read_bytes() + b"\0MBOOT2\0")
    return path


def says_multiboot2(path):
    """Debian's iPXE for UEFI, which now tells DHCP servers, too, that it has multiboot2 (feature 0x2a of option 175)."""
    program = path.read_bytes()
    efi, another = bytes.fromhex("240101"), bytes.fromhex("290101")
    assert program.count(efi) == 1, "that of UEFI, among the other features"
    at = program.index(another, program.index(efi))
    path.write_bytes(program[:at] + bytes.fromhex("2a0101") + program[at + len(another):])
    return path


def test_real_firmware_that_is_given_one_gets_kernel_and_modules(rack, server, capable, tmp_path):
    """As far as it goes without such an iPXE: Debian's takes the script, asks for the kernel, and cannot start it."""
    server.cli("loader", "add", says_multiboot2(capable))
    with machines.Node(rack, tmp_path, mac="52:54:00:77:01:32", firmware="uefi-http", memory=768) as node:
        assert node.wait_for(r"unix\.\.\. ", LIMIT), node.screen()
        assert node.wait_for("did not boot: the kernel", LIMIT), node.screen()
        assert "multiboot2" not in node.screen()
    server.wait_event(node.mac, "http_finished", name="/ipxe.efi", bytes=capable.stat().st_size)
    server.cli("loader", "remove", "ipxe.efi")


def test_real_firmware_whose_loader_only_looks_capable_is_told_so_and_does_not_load_it_for_ever(rack, server, capable, tmp_path):
    server.cli("loader", "add", capable)
    with machines.Node(rack, tmp_path, mac="52:54:00:77:01:33", firmware="uefi-http", memory=768) as node:
        assert node.wait_for("this iPXE cannot start SmartOS from there|boots by UEFI|starts by UEFI", LIMIT), node.screen()
        assert node.wait_for("slipway loader add FILE", 30), node.screen()
    loaded = [event for event in server.events(node.mac) if event.get("name") == "/ipxe.efi" and event.get("bytes")]
    assert 1 <= len(loaded) <= 2, "once by the firmware, once by what that loaded"
    server.cli("loader", "remove", "ipxe.efi")
