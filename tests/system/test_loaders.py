# SPDX-License-Identifier: MPL-2.0
"""Boot loaders of the operator's own: served whole, known by what they can do, and taken away again."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest
from conftest import TINY
from rack import SERVER

MAC = "52:54:00:77:01:31"
DEBIANS = Path("/usr/lib/ipxe/ipxe.efi")


@pytest.fixture(scope="module", autouse=True)
def platform(server, images):
    server.import_image(images(TINY))


@pytest.fixture(scope="module")
def client(rack):
    return rack.host("client", address="10.77.0.60/16")


@pytest.fixture
def capable(tmp_path):
    """Debian's iPXE for UEFI, with the name of one more feature in it."""
    path = tmp_path / "own.efi"
    path.write_bytes(DEBIANS.read_bytes() + b"\0MBOOT2\0")
    return path


def served(client, name):
    """SHA-256 of what HTTP gives under this name."""
    return client.run("sh", "-c", f"curl -sf http://{SERVER}/{name} | sha256sum").stdout.split()[0]


def digest(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def preview(server, **options):
    done = server.cli("boot", "preview", "--mac", MAC, "--arch", "uefi", check=False)
    return done.returncode, done.stdout + done.stderr


def told(server, *options):
    return server.cli("simulate", "--mac", MAC, "--arch", "uefi", *options, check=False).stdout


def test_without_one_uefi_is_told_what_helps(server):
    code, words = preview(server)
    assert code == 1 and "it lacks multiboot2" in words and "slipway loader add FILE" in words
    assert "no iPXE here starts SmartOS from UEFI" in server.cli("loader", "list").stdout


def test_an_ipxe_with_multiboot2_is_served_at_once_and_starts_smartos(server, client, capable):
    (server.state / "loaders" / ".ipxe.efi.new").write_bytes(b"what a killed command left")
    added = json.loads(server.cli("loader", "add", capable, "--json").stdout)
    assert added["loader"] == "ipxe.efi" and added["multiboot2"] and "x86-64 UEFI" in added["arch"]
    assert served(client, "ipxe.efi") == digest(capable) and not list((server.state / "loaders").glob(".*"))
    code, script = preview(server)
    assert code == 0 and "\nkernel http" in script and "not_bios" not in script
    assert "ipxe.efi" in told(server, "--message", "discover")
    assert "ipxe.efi" in told(server, "--as", "ipxe", "--message", "discover"), "one that cannot gets the one that can"
    listed = {one["loader"]: one for one in json.loads(server.cli("loader", "list", "--json").stdout)["loaders"]}
    assert listed["ipxe.efi"]["own"] and not listed["snponly.efi"]["own"] and not listed["snponly.efi"]["multiboot2"]

    server.cli("loader", "remove", "ipxe.efi")
    assert served(client, "ipxe.efi") == digest(DEBIANS) and preview(server)[0] == 1


def test_one_under_another_name_comes_before_one_that_cannot(server, capable):
    assert "snponly" not in told(server, "--message", "discover")
    server.cli("loader", "add", capable, "--as", "snponly.efi")
    assert "snponly.efi" in told(server, "--message", "discover") and preview(server)[0] == 0
    server.cli("loader", "remove", "snponly.efi")


def test_what_is_no_loader_or_for_other_machines_is_refused(server, capable, tmp_path):
    before = sorted((server.state / "loaders").iterdir())
    text = tmp_path / "text"
    text.write_text("#!/bin/sh\n")

    def words(*arguments):
        done = server.cli("loader", *arguments, check=False)
        assert done.returncode == 1
        return done.stderr

    assert "has the head of no EFI program" in words("add", text)
    assert "is for x86-64 UEFI" in words("add", capable, "--as", "undionly.kpxe")
    assert "no loader is served as mine.efi" in words("add", capable, "--as", "mine.efi")
    assert "--as undionly.kpxe" in words("add", shutil.copy("/usr/lib/ipxe/undionly.kpxe", tmp_path / "bios.bin"))
    assert "cannot read" in words("add", tmp_path / "nothing")
    assert "text is text, and no boot loader" in words("add", text, "--as", "pxelinux.0")
    code = tmp_path / "code"
    code.write_bytes(bytes(range(256)) * 4)
    assert "code is no EFI program, and ipxe.efi is one" in words("add", code, "--as", "ipxe.efi")
    code.write_bytes(capable.read_bytes()[:100_000])
    assert "code is cut short" in words("add", code)
    code.write_bytes(b"\xea\x05\x00")
    assert "no boot loader is so short" in words("add", code, "--as", "pxelinux.0")
    code.write_bytes(b"")
    assert "code is empty" in words("add", code, "--as", "pxegrub")
    assert "no loader pxelinux.0 of your own" in words("remove", "pxelinux.0")
    assert "did you mean ipxe.efi?" in words("remove", "ipxe.ef")
    assert sorted((server.state / "loaders").iterdir()) == before
