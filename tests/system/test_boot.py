# SPDX-License-Identifier: MPL-2.0
"""Machines with real firmware boot, and Slipway tells each one's story."""

import hashlib
from pathlib import Path

import image
import node as machines
import pytest
from dhcp_message import options_of
from serial import read_report
from server import Server
from wire import Wire, udp_payloads

LIMIT = 300  # seconds; a tenth of it on an idle machine
CONFIG = """
[profile.smartos]
image = "smartos@latest"
console = "ttya"
properties = { smartos = true }

[[machine]]
name = "chain"
mac = "52:54:00:77:00:01"
address = "10.77.0.31"
properties = { hostname = "chain" }
"""


@pytest.fixture
def server(rack):
    """One of its own for each test: the images differ."""
    with Server(rack, more=CONFIG) as server:
        yield server


def expect_started(server, node):
    """The kernel started with exactly the modules that were imported."""
    report = read_report(line.text for line in node.lines)
    assert node.exit_code == machines.STARTED, node.screen()
    assert report.started and not report.panic
    for type_, path in (("rootfs", image.ARCHIVE), ("hash", image.ARCHIVE + ".hash")):
        stored = server.stored("platform/" + path).read_bytes()
        module = report.module(type_)
        assert (module.size, module.sha1) == (len(stored), hashlib.sha1(stored).hexdigest())
    return report


def stages(server, mac):
    boot = server.explain(mac)["boots"][0]
    return boot, {stage["name"]: stage for stage in boot["stages"]}


def says_ipxe(packet):
    """User class "iPXE" or option 175: either is enough for a server."""
    options = options_of(packet)
    return options.get(77) == b"iPXE" or 175 in options


def test_the_whole_chain_from_a_rom_that_is_not_ipxe(rack, server, images, tmp_path):
    server.import_image(images())
    capture = tmp_path / "chain.pcap"
    with Wire(rack.server, capture, "udp port 67"), machines.Node(rack, tmp_path) as node:
        node.wait(LIMIT)
    report = expect_started(server, node)
    assert report.properties["smartos"] == "true"
    assert report.properties["hostname"] == "chain"
    assert report.command_line.startswith("http://10.77.0.1/")

    asked = [says_ipxe(packet) for packet in udp_payloads(capture, 67)]
    assert asked[0] is False and asked[-1] is True, "the chain over undionly.kpxe was not walked"

    boot, stage = stages(server, node.mac)
    assert boot["verdict"] == "handed_over" and not boot["failed"]
    assert boot["address"] == "10.77.0.31"
    assert {name: s["state"] for name, s in stage.items()} == dict.fromkeys(stage, "done")
    assert stage["script"]["count"] == stage["kernel"]["count"] == stage["archive"]["count"] == 1
    assert stage["archive"]["bytes"] == server.stored("platform/" + image.ARCHIVE).stat().st_size
    assert stage["loader"]["bytes"] == Path("/usr/lib/ipxe/undionly.kpxe").stat().st_size
    story = server.cli("explain", "chain").stdout
    for word in ("discover", "offer", "ack", "loader", "ipxe", "script", "kernel", "archive"):
        assert word in story.lower()


def test_firmware_that_is_ipxe_boots_the_archive_at_its_real_size(rack, server, images, tmp_path):
    server.import_image(images(image.ARCHIVE_SIZE))
    with machines.Node(rack, tmp_path, mac="52:54:00:77:00:02", firmware="ipxe") as node:
        node.wait(LIMIT)
    report = expect_started(server, node)
    assert report.module("rootfs").size == 358_400_000
    boot, stage = stages(server, node.mac)
    assert boot["verdict"] == "handed_over"
    assert stage["loader"]["state"] == "skipped"
    assert stage["archive"]["state"] == "done"


def test_a_machine_without_an_image_is_told_why_and_boots_once_there_is_one(rack, server, images, tmp_path):
    with machines.Node(rack, tmp_path, mac="52:54:00:77:00:03", firmware="ipxe") as node:
        assert node.wait_for("did not boot: there is no smartos image in the store", LIMIT), node.screen()
        boot, _ = stages(server, node.mac)
        assert boot["failed"] and boot["verdict"] == "script_refused"
        told = server.cli("explain", node.mac, check=False)
        assert told.returncode == 3
        assert "It was given no boot" in told.stdout and "slipway image import FILE" in told.stdout
        server.import_image(images())
        node.wait(LIMIT)
    expect_started(server, node)
    boot, stage = stages(server, node.mac)
    assert boot["verdict"] == "handed_over" and not boot["failed"]
    assert stage["script"]["count"] == sum(".ipxe... ok" in line.text for line in node.lines)
    assert server.cli("explain", node.mac).returncode == 0


def test_two_machines_boot_at_once_with_addresses_of_their_own(rack, server, images, tmp_path):
    server.import_image(images())
    with machines.Node(rack, tmp_path, "a", "52:54:00:77:00:0a", firmware="ipxe") as one, \
            machines.Node(rack, tmp_path, "b", "52:54:00:77:00:0b", firmware="ipxe") as two:
        one.wait(LIMIT)
        two.wait(LIMIT)
    for node in (one, two):
        expect_started(server, node)
    assert stages(server, one.mac)[0]["address"] != stages(server, two.mac)[0]["address"]
