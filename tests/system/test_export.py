# SPDX-License-Identifier: MPL-2.0
"""What `slipway export` writes, on the servers that a site has already: machines with real firmware boot from it."""

import hashlib
import json
import os
import stat

import image
import node as machines
import pytest
from own_servers import ADDRESS, Site
from rack import run
from serial import read_report
from server import program

LIMIT = 300  # seconds; iPXE waits for an IPv6 router in each of its stages here
CONFIG = """
[server]
interfaces = ["eth0"]
state = "{folder}/state"

[[subnet]]
network = "10.77.0.0/16"
range = ["10.77.3.1-10.77.3.50"]
next-server = "{address}"

[profile.smartos]
image = "smartos@latest"
console = "ttya"

[[machine]]
name = "chain"
mac = "52:54:00:77:00:01"
address = "10.77.3.77"
properties = {{ hostname = "chain" }}
"""


class Exporter:
    """A configuration and a store, no daemon."""

    def __init__(self, folder, archive):
        self.folder = folder
        folder.chmod(0o755)
        self.config = folder / "slipway.toml"
        self.config.write_text(CONFIG.format(folder=folder, address=ADDRESS))
        self.cli("image", "import", archive)

    def cli(self, *words, check=True):
        return run(program("slipway"), "--config", self.config, *words, check=check, limit=120)

    def export(self, *words, check=True):
        return self.cli("export", *words, check=check)


@pytest.fixture(scope="module")
def own(rack):
    """The host that the site's servers run on."""
    return rack.host("own", address=f"{ADDRESS}/16")


@pytest.fixture
def exporter(tmp_path, images):
    return Exporter(tmp_path, images())


@pytest.fixture
def tree(exporter, tmp_path):
    folder = tmp_path / "tftpboot"
    exporter.export("tftpboot", folder)
    return folder


def expect_started(node, tree, stamp=image.STAMP):
    """The kernel runs, and was given the modules that the tree holds."""
    report = read_report(line.text for line in node.lines)
    assert node.exit_code == machines.STARTED, node.screen()
    for type_, name in (("rootfs", image.ARCHIVE), ("hash", image.ARCHIVE + ".hash")):
        stored = (tree / "os" / stamp / "platform" / name).read_bytes()
        module = report.module(type_)
        assert (module.size, module.sha1) == (len(stored), hashlib.sha1(stored).hexdigest())
    return report


def boots(rack, tmp_path, **settings):
    with machines.Node(rack, tmp_path, **settings) as node:
        node.wait(LIMIT)
    return node


def test_dhcpd_tftpd_and_nginx_boot_a_named_machine(rack, own, exporter, tree, tmp_path):
    with Site(own, tmp_path / "site", tree) as site:
        site.dhcpd(exporter.export("dhcpd").stdout)
        site.tftpd()
        site.nginx()
        node = boots(rack, tmp_path)
    report = expect_started(node, tree)
    assert report.properties["hostname"] == "chain"
    assert report.command_line.startswith(f"http://{ADDRESS}/os/")


def test_kea_tftpd_and_nginx_boot_a_machine_nobody_named(rack, own, exporter, tree, tmp_path):
    with Site(own, tmp_path / "site", tree) as site:
        site.kea(exporter.export("kea").stdout)
        site.tftpd()
        site.nginx()
        node = boots(rack, tmp_path, mac="52:54:00:77:00:09")
    assert "hostname" not in expect_started(node, tree).properties


def test_dnsmasq_alone_boots_it_over_tftp(rack, own, exporter, tmp_path):
    tree = tmp_path / "tftpboot"
    exporter.export("tftpboot", tree, "--tftp")
    with Site(own, tmp_path / "site", tree) as site:
        site.dnsmasq(exporter.export("dnsmasq", "--tftp").stdout, tftp=True)
        node = boots(rack, tmp_path)
    assert expect_started(node, tree).command_line.startswith(f"tftp://{ADDRESS}/os/")


def test_pxelinux_boots_it_without_any_ipxe(rack, own, exporter, tree, tmp_path):
    snippet = exporter.export("dnsmasq").stdout.replace("undionly.kpxe", "pxelinux.0")
    with Site(own, tmp_path / "site", tree) as site:
        site.dnsmasq(snippet, tftp=True)
        node = boots(rack, tmp_path)
    report = expect_started(node, tree)
    assert report.properties["hostname"] == "chain"
    assert report.command_line.startswith(f"os/{image.STAMP}/platform/i86pc/kernel/amd64/unix ")
    assert node.screen().count("iPXE initialising") == 1, "the card's own ROM, and no other after it"


def test_what_is_written_can_be_read_by_any_server(tree):
    for path in [tree, *tree.rglob("*")]:
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o755 if path.is_dir() else 0o644), path


def test_again_after_an_upgrade_the_old_image_goes_and_what_others_put_there_stays(exporter, tree, images):
    (tree / "mine").write_text("keep")
    exporter.cli("image", "import", images(stamp="20260202T000000Z"))
    exporter.cli("image", "remove", image.STAMP)
    said = json.loads(exporter.export("tftpboot", tree, "--json").stdout)
    assert said["removed"] == 3
    assert [path.name for path in (tree / "os").iterdir()] == ["20260202T000000Z"]
    assert (tree / "mine").read_text() == "keep"
    again = json.loads(exporter.export("tftpboot", tree, "--json").stdout)
    assert (again["removed"], again["files"]) == (0, said["files"])
    assert again["written"] == said["written"] - 3, "images that are there are not written again"
    (archive,) = [file for file in tree.rglob("boot_archive") if file.is_file()][:1]
    whole = archive.read_bytes()
    archive.write_bytes(whole[:-1] + bytes((whole[-1] ^ 1,)))
    mended = json.loads(exporter.export("tftpboot", tree, "--json").stdout)
    assert archive.read_bytes() == whole and mended["written"] == again["written"] + 1


def test_files_of_others_are_not_overwritten_without_force(exporter, tmp_path):
    folder = tmp_path / "theirs"
    folder.mkdir()
    (folder / "menu.lst").write_text("theirs")
    refused = exporter.export("tftpboot", folder, check=False)
    assert refused.returncode == 1
    assert refused.stderr.strip().endswith(f"{folder}/menu.lst is there and was not exported by slipway; "
                                           "export into an empty folder, or say --force to replace it")
    assert os.listdir(folder) == ["menu.lst"]
    assert (folder / "menu.lst").read_text() == "theirs"
    exporter.export("tftpboot", folder, "--force")
    assert (folder / "menu.lst").read_text() != "theirs"


def test_a_damaged_image_is_not_handed_on(exporter, tmp_path):
    [stored] = (tmp_path / "state" / "images").glob(f"*/files/platform/{image.KERNEL}")
    stored.chmod(0o644)
    content = bytearray(stored.read_bytes())
    content[-1] ^= 1
    stored.write_bytes(content)
    refused = exporter.export("tftpboot", tmp_path / "out", check=False)
    assert refused.returncode == 1
    assert f"os/{image.STAMP}/platform/{image.KERNEL} in the image store is damaged" in refused.stderr
    assert not list((tmp_path / "out").rglob("unix*")), "neither it nor a part of it"


def test_a_wrong_address_is_said(exporter):
    refused = exporter.export("kea", "--server", "10.99", check=False)
    assert refused.returncode == 1
    assert "'10.99' is no IPv4 address" in refused.stderr
