# SPDX-License-Identifier: MPL-2.0
"""A machine starts from a disk on an iSCSI target."""

import node as machines
import pytest
from drive import efi_drive
from iscsi import Target, marked_disk
from server import Server

LIMIT = 150  # seconds; a tenth of it on an idle machine
TARGET = "iqn.2024-01.example.rack:chap"
CHAP, PROOF = ("chap", "machine-secret"), ("target", "target-secret1")
CONFIG = f"""
[profile.san]

[profile.san.san]
target = "iqn.2024-01.example.rack:{{name}}"
portal = "10.77.0.5"
lun = 1
initiator = "iqn.2024-01.example.rack:initiator-{{mac}}"
credentials = "chap.txt"

[[machine]]
name = "chap"
mac = "52:54:00:77:05:01"
profile = "san"

[[machine]]
name = "uefi"
mac = "52:54:00:77:05:11"
profile = "san"
san = {{ portal = "10.77.0.6" }}
"""


@pytest.fixture(scope="module")
def server(rack):
    server = Server(rack, more=CONFIG)
    (server.directory / "chap.txt").write_text("\n".join(CHAP + PROOF) + "\n")
    with server:
        yield server


def test_a_machine_starts_from_an_iscsi_disk_with_its_credentials(rack, server, tmp_path):
    host = rack.host("target", address="10.77.0.5/16")
    target = Target(host, TARGET, marked_disk(tmp_path / "san.img", "MARK of the iSCSI disk"), CHAP, PROOF)
    with machines.Node(rack, tmp_path, mac="52:54:00:77:05:01", firmware="ipxe", memory=256) as node:
        assert node.wait_for("MARK of the iSCSI disk", LIMIT), f"{node.screen()}\n{target.sessions()}"
        node.wait(10)
    assert node.exit_code == machines.STARTED
    told = server.cli("explain", "chap", check=False).stdout + server.log.read_text(errors="replace")
    told += server.cli("boot", "preview", "--mac", "chap", check=False).stdout
    told += server.get("/api/v1/events?machine=chap&limit=4000")[1]
    assert CHAP[1] not in told and PROOF[1] not in told
    # The script is for the machine alone.
    asked = host.run("curl", "-s", "-w", "%{http_code}", "http://10.77.0.1/boot/52-54-00-77-05-01.ipxe")
    assert asked.stdout.endswith("403") and CHAP[1] not in asked.stdout, asked.stdout


def test_a_uefi_machine_starts_from_an_iscsi_disk(rack, server, tmp_path):
    host = rack.host("target2", address="10.77.0.6/16")
    disk = efi_drive(tmp_path / "san.img", "MARK of the EFI system partition")
    target = Target(host, TARGET.replace("chap", "uefi"), disk, CHAP, PROOF)
    with machines.Node(rack, tmp_path, mac="52:54:00:77:05:11", firmware="uefi", memory=512) as node:
        seen = machines.until_seen(node, "MARK of the EFI system partition", LIMIT)
    assert seen, f"{node.screen()}\n{target.sessions()}"
    assert not server.explain("uefi")["boots"][0]["failed"]
