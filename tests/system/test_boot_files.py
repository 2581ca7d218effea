# SPDX-License-Identifier: MPL-2.0
"""A machine's own files reach its kernel, whole and proven, and nobody else."""

import hashlib
import json

import node as machines
import pytest
from serial import read_report
from server import Server

LIMIT = 150
MAC = "52:54:00:77:06:01"
CONFIG = f"""
[profile.smartos]
image = "smartos@latest"
console = "ttya"
properties = {{ smartos = true }}
networking = true

[[machine]]
name = "node6"
mac = "{MAC}"
address = "10.77.0.46"
# With two files and their hashes a stock iPXE's 512 bytes would be full: the hashes stand in the files' lines.
modules = {{ "etc/system" = "system.txt" }}

[[machine]]
name = "node7"
mac = "52:54:00:77:06:02"
modules = {{ "etc/system" = "system.txt" }}
networking = false
"""
AT = "http://10.77.0.1/bootfs/525400770601/"


@pytest.fixture(scope="module")
def server(rack):
    server = Server(rack, more=CONFIG)
    (server.directory / "system.txt").write_text("set kmem_flags = 0xf\n")
    with server:
        yield server


def test_the_kernel_finds_its_files_and_their_hashes(rack, server, images, tmp_path):
    server.import_image(images())
    with machines.Node(rack, tmp_path, mac=MAC, firmware="ipxe") as node:
        node.wait(LIMIT)
    report = read_report(line.text for line in node.lines)
    assert node.exit_code == machines.STARTED and not report.panic, node.screen()
    files = {module.name: module for module in report.modules if module.type == "file"}
    assert set(files) == {"networking.json", "etc/system"} and not [one for one in report.modules if one.type == "hash"]
    # What another would be given is nothing, and the machine's own address is all it takes.
    other = rack.host("other", address="10.77.0.60/16")
    refused = other.run("curl", "-s", "-w", " %{http_code}", AT + "networking.json").stdout
    assert refused.endswith(" 403") and "for that machine alone" in refused
    own = rack.host("own", address="10.77.0.46/16")
    networking = own.run("curl", "-sf", AT + "networking.json").stdout
    assert files["networking.json"].sha1 == hashlib.sha1(networking.encode()).hexdigest()
    assert own.run("curl", "-sf", AT + "networking.json.hash").stdout == files["networking.json"].sha1
    assert json.loads(networking)["vnics"] == [{
        "nic_tag": "admin", "mac": MAC, "ip": "10.77.0.46", "netmask": "255.255.0.0", "gateway": "10.77.0.1"}]


def test_an_export_holds_them(server, tmp_path):
    server.cli("export", "tftpboot", tmp_path / "tree", "--server", "10.77.0.1")
    folder = tmp_path / "tree/bootfs/525400770602"
    text = (folder / "etc/system").read_bytes()
    assert (folder / "etc/system.hash").read_text() == hashlib.sha1(text).hexdigest()


def test_a_file_that_is_gone_is_named_before_a_machine_asks(server):
    gone = server.directory / "gone.toml"
    gone.write_text(server.config.read_text().replace("system.txt", "no-such-file"))
    checked = server.cli("check", gone, check=False)
    assert checked.returncode == 1
    assert "no-such-file cannot be read: No such file or directory (boot-file-unread)" in checked.stdout
