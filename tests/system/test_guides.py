# SPDX-License-Identifier: MPL-2.0
"""What the guides tell people to type works: their configuration as it stands, their commands word for word.

Folders of the installed system become folders of the test. Guides to what needs a running daemon are
test_guides_live's, and test_upgrade's.
"""

import gzip
import os
import re
import shutil
import subprocess
import tarfile
from pathlib import Path

import image
import pytest
from drive import bootable_drive
from rack import run
from server import ROOT, program

GUIDES = ROOT / "docs/guide"
ROADS = ("boot-modules.md", "existing-servers.md", "grub.md", "illumos-loader.md", "ipxe-menu.md", "linux.md", "other-systems.md",
         "pxelinux.md", "san.md", "uefi-http-boot.md", "uefi-smartos.md")
INSTALLER = Path("/usr/lib/debian-installer/images/12/amd64/text/debian-installer/amd64")
ELSEWHERE = ("/var/lib/slipway", "/srv/tftp", "/etc/slipway")
# What needs a running daemon (test_menu runs those of its guide), an account of the package, or files of a system that is not here.
NOT_HERE = ("slipway reload", "slipway boot once", "slipway image assigned", "chown ", "cp ")


def sources(folder, kernel, images):
    """Everything that the commands name."""
    (folder / "folder").mkdir()
    for name in ("bzImage", "vmlinuz"):
        shutil.copy(INSTALLER / "linux", folder / "folder" / name)
    for name in ("ram.cpio.gz", "initrd.gz"):
        shutil.copy(INSTALLER / "initrd.gz", folder / "folder" / name)
    shutil.copy("/boot/xen-4.17-amd64.gz", folder / "folder")
    platform = folder / "platform"
    image.write_platform(platform, image.STAMP, 2 << 20, kernel, None)
    shutil.copy(platform / image.KERNEL, folder / "folder/unix")
    with gzip.open(folder / "folder/miniroot.gz", "wb", 1) as packed:
        packed.write((platform / image.ARCHIVE).read_bytes())
    with tarfile.open(folder / "netboot.tar.gz", "w:gz", compresslevel=1) as tar:
        for name in ("linux", "initrd.gz"):
            tar.add(INSTALLER / name, f"debian-installer/amd64/{name}")
    for name in ("tool.iso", "debian-live.iso"):
        (folder / f"content-{name}").mkdir()
        (folder / f"content-{name}/readme").write_text(name)
        run("xorriso", "-as", "mkisofs", "-quiet", "-R", "-o", folder / name, folder / f"content-{name}")
    with gzip.open(folder / "tool.img.gz", "wb", 1) as packed:
        packed.write(bootable_drive(folder / "tool.img", "a tool").read_bytes())
    shutil.copy(images(2 << 20, "20240102T030405Z"), folder / "platform-20240102T030405Z.tgz")
    (folder / "legacy.cfg").write_text("legacy_configfile (tftp)/menu.lst\n")
    (folder / "ipxe.efi").write_bytes(Path("/usr/lib/ipxe/ipxe.efi").read_bytes() + b"\0MBOOT2\0")
    (folder / "etc/slipway").mkdir(parents=True)
    for name in ("node2.system", "chap", "etc/slipway/chap"):
        (folder / name).write_text("node1\nnode1-secret-of-chap\n")


@pytest.fixture(scope="module")
def place(tmp_path_factory, kernel, images):
    folder = tmp_path_factory.mktemp("guides")
    sources(folder, kernel, images)
    return folder


def blocks(page):
    """Languages and texts of what stands between fences."""
    return re.findall(r"^```(\w*)\n(.*?)^```", page, re.M | re.S)


def here(text, place):
    for path in ELSEWHERE:
        text = text.replace(path, f"{place}{path}")
    return text


@pytest.mark.parametrize("page", ROADS)
def test_the_commands_of_a_guide_do_what_it_says(place, page):
    text = (GUIDES / page).read_text()
    shutil.rmtree(place / "var", ignore_errors=True)
    for name in ("files", "loaders"):
        (place / "var/lib/slipway" / name).mkdir(parents=True)
    config = place / "slipway.toml"
    tables = [body for language, body in blocks(text) if language == "toml" and "[server]" in body]
    assert tables, "a guide shows a whole configuration"
    body = re.sub(r"^state = .*\n", "", tables[0], flags=re.M)
    config.write_text(here(body.replace("[server]\n", '[server]\nstate = "/var/lib/slipway"\n', 1), place))
    environment = dict(os.environ, SLIPWAY_CONFIG=str(config), PATH=f"{program('slipway').parent}:{os.environ['PATH']}")
    commands = [line for language, body in blocks(text) if not language for line in body.splitlines()]
    ours = [line for line in commands if line.strip() and not line.startswith(NOT_HERE)]
    assert any(line.startswith("slipway ") for line in ours)
    # Imports first, and that of the first image, which most guides take for granted.
    ours.sort(key=lambda line: not line.startswith("slipway image import"))
    first = "slipway image import platform-20240102T030405Z.tgz"
    if "smartos@latest" in body and first not in ours:
        ours.insert(0, first)
    for line in ours:
        done = subprocess.run(["sh", "-c", here(line, place)], cwd=place, env=environment, text=True,
                              capture_output=True, timeout=120)
        refused = page == "uefi-smartos.md" and "--arch uefi" in line or done.returncode == 1 and "grub-quotes" in done.stderr
        assert done.returncode == 0 or refused, f"{line}\n{done.stdout}{done.stderr}"
