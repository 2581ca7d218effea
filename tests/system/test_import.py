# SPDX-License-Identifier: MPL-2.0
"""Images come in from every layout; broken ones are refused, each with its own sentence."""

import json
import os

import image
import pytest
from conftest import TINY


@pytest.fixture
def make(tmp_path, kernel):
    def make(form="tgz", **options):
        return image.make_image(tmp_path, form, size=TINY, kernel=kernel, **options)

    return make


def listed(server):
    return json.loads(server.cli("image", "list", "--json").stdout)["images"]


def refuse(server, source):
    """The import fails; its words."""
    before = listed(server)
    done = server.cli("image", "import", source, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    assert listed(server) == before, "a refused image was listed"
    return done.stderr


def test_the_same_platform_is_the_same_image_from_every_layout(server, make):
    for form in ("tgz", "iso", "folder", "zip", "usb", "usb.gz"):
        server.import_image(make(form))
    (only,) = listed(server)
    assert only["version"] == image.STAMP


def test_an_archive_cut_short_is_refused(server, make):
    words = refuse(server, make(broken="archive-cut", stamp="20260201T000000Z"))
    assert "boot_archive is cut short" in words and "again" in words


def test_a_wrong_hash_is_refused(server, make):
    words = refuse(server, make(broken="wrong-hash", stamp="20260202T000000Z"))
    assert "boot_archive has the SHA-1" in words and "hash mismatch!" in words


def test_a_tree_that_kept_the_stamp_in_the_folders_name_is_refused(server, make):
    words = refuse(server, make(broken="stamp-folder", stamp="20260203T000000Z"))
    kept = "smartos/20260203T000000Z/platform-20260203T000000Z"
    assert f"the platform lies in the folder {kept}" in words
    assert f"rename {kept} to smartos/20260203T000000Z/platform" in words


def test_a_kernel_that_is_text_is_refused(server, make):
    words = refuse(server, make(broken="unix-text", stamp="20260204T000000Z"))
    assert "unix is not a 64-bit x86 kernel" in words and "it is text" in words


def test_a_download_that_broke_off_is_refused(server, make):
    whole = make(stamp="20260205T000000Z")
    with whole.open("r+b") as file:
        file.truncate(whole.stat().st_size // 2)
    words = refuse(server, whole)
    assert whole.name in words


def test_each_refusal_has_a_sentence_of_its_own_and_inspect_says_the_same(server, make):
    first_lines = set()
    for number, kind in enumerate(image.BROKEN):
        broken = make(broken=kind, stamp=f"2026030{number + 1}T000000Z")
        words = refuse(server, broken)
        inspected = server.cli("image", "inspect", broken, check=False)
        assert inspected.returncode == 1
        sentence = max(words.splitlines(), key=len)
        assert sentence.split(": ", 1)[-1][:60] in inspected.stdout + inspected.stderr
        first_lines.add(sentence)
    assert len(first_lines) == len(image.BROKEN)


def test_a_damaged_disk_image_is_refused(server, make):
    disk = make("usb", stamp="20260206T000000Z")
    whole = disk.read_bytes()
    disk.write_bytes(whole[:2 << 20])
    assert "behind the end of the image" in refuse(server, disk)
    disk.write_bytes(whole[:1 << 20] + bytes(1 << 20))
    assert "no partition of it is a FAT file system" in refuse(server, disk)
    packed = make("usb.gz", stamp="20260206T000000Z")
    packed.write_bytes(packed.read_bytes()[:-5000])
    assert "cannot be unpacked" in refuse(server, packed)


def test_the_root_password_stays_outside(server, make):
    server.import_image(make(stamp="20260401T000000Z"))
    assert not list(server.state.rglob("root.password"))


def test_what_is_assigned_and_damaged_is_told_as_that(server, make):
    source = make(stamp="20251201T000000Z")
    server.import_image(source)
    server.cli("image", "assign", "smartos@20251201T000000Z", "--default")
    try:
        (image_id,) = [one["id"] for one in listed(server) if one["version"] == "20251201T000000Z"]
        (kernel,) = (server.state / "images" / image_id).rglob("unix")
        kernel.write_bytes(kernel.read_bytes()[:-1] + b"\xa5")
        assert server.cli("image", "verify", "20251201T000000Z", check=False).returncode == 1
        assert "smartos@20251201T000000Z (damaged)" in server.cli("image", "assigned").stdout
        preview = server.cli("boot", "preview", "--mac", "52:54:00:00:00:99", check=False).stdout
        assert "everyone is to boot smartos@20251201T000000Z, which is damaged" in preview
    finally:
        server.cli("image", "unassign", "--default")
    gone = server.cli("image", "remove", "20251201T000000Z").stdout
    assert gone == f"removed the damaged image smartos@20251201T000000Z ({image_id[:12]})\n"


def test_what_is_damaged_is_not_booted_until_it_is_imported_again(server, make):
    source = make(stamp="20260501T000000Z")
    server.import_image(source)
    (image_id,) = [one["id"] for one in listed(server) if one["version"] == "20260501T000000Z"]
    (archive,) = (server.state / "images" / image_id).rglob("boot_archive")

    def damage():
        with archive.open("r+b") as file:
            file.seek(-1, os.SEEK_END)
            file.write(b"\xa5")

    def told(*arguments):
        done = server.cli(*arguments, check=False)
        return done.returncode, done.stdout + done.stderr

    damage()
    assert "was damaged and is replaced" in told("image", "import", source)[1], "an import reads what it finds"
    assert "was here already" in told("image", "import", source)[1]
    damage()
    code, words = told("image", "verify", "20260501T000000Z")
    assert code == 1 and "boot_archive of" in words and "import the image again, which replaces it" in words
    assert image_id not in [one["id"] for one in listed(server)]
    for command, ends in ((["image", "list"], 1), (["check"], 0), (["image", "verify"], 1)):
        code, words = told(*command)
        assert code == ends and "is not what was imported" in words, command
    for command in (["image", "show", image_id[:6]], ["image", "assign", "20260501T000000Z", "--default"]):
        code, words = told(*command)
        assert code == 1 and "is damaged; import it again" in words, words
    code, words = told("boot", "preview", "--mac", "52:54:00:00:00:99")
    assert "because 20260501T000000Z is damaged" in words and "image-passed-over" in words, words
    assert told("image", "remove", image_id[:6]) == (0, f"removed the broken image {image_id[:12]}\n")
    server.import_image(source)
    assert told("image", "verify")[0] == 0
    assert told("image", "verify", "")[0] == 1
