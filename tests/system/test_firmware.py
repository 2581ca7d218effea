# SPDX-License-Identifier: MPL-2.0
"""Firmware that is not a BIOS, served addresses and boot files by Slipway alone; and one machine, one address."""

import contextlib

import node as machines
import pytest
from client_program import ClientProgram
from dhcp_message import ACK, KIND, OFFER, options_of
from patience import until
from server import Server
from wire import Wire, datagrams

LIMIT = 300  # seconds; a tenth of it on an idle machine
VENDOR_OPTIONS, VENDOR_CLASS, CLIENT_ID, BOOT_FILE = 43, 60, 61, 67
MACS = {
    "uefi": "52:54:00:77:02:01",
    "uefi-http": "52:54:00:77:02:02",
    "u-boot": "52:54:00:77:02:03",
    "uefi-snp": "52:54:00:77:02:04",
}
CLASS = f"""
[[class]]
name = "by-the-firmwares-own-driver"
when = {{ mac = "{MACS['uefi-snp']}", vendor-class = "PXEClient:Arch:00007:UNDI:003000" }}
boot-file = "snponly.efi"
"""


@pytest.fixture(scope="module")
def server(rack, images):
    with Server(rack, more=CLASS) as server:
        server.import_image(images())
        yield server


@pytest.fixture(scope="module")
def capture(rack, server, tmp_path_factory):
    file = tmp_path_factory.mktemp("wire") / "firmware.pcap"
    with Wire(rack.server, file, "udp port 67 or udp port 4011"):
        yield file


@pytest.fixture(scope="module")
def nodes(rack, server, capture, tmp_path_factory):
    """A machine of each firmware, all switched on at once."""
    folder = tmp_path_factory.mktemp("nodes")
    with contextlib.ExitStack() as power:
        yield {name: power.enter_context(machines.Node(rack, folder, name, mac, memory=768,
                                                       firmware=name.removesuffix("-snp")))
               for name, mac in MACS.items()}


def answers(capture, mac):
    """The options of what the server told this machine while its firmware asked, and not iPXE."""
    firmware_asks = True
    for packet in packets_of(capture, mac):
        options = options_of(packet)
        if packet[0] == 1:
            firmware_asks = 175 not in options and options.get(77) != b"iPXE"
        elif firmware_asks:
            yield options


def packets_of(capture, mac):
    """All DHCP from and to one machine."""
    chaddr = bytes.fromhex(mac.replace(":", ""))
    return [datagram.payload for datagram in datagrams(capture) if datagram.payload[28:34] == chaddr]


def refused_on_its_console(server, mac, node):
    """The last boot once it has its script: iPXE cannot start SmartOS from UEFI, and says so."""
    def boot():
        boots = server.explain(mac)["boots"] if server.events(mac) else []
        return boots[0] if boots and boots[0]["verdict"] == "script_refused" else None

    return until(boot, LIMIT, says=lambda: f"{server.cli('explain', mac, check=False).stdout}\n{node.screen()}")


@pytest.mark.parametrize("name, loader", [("uefi", "ipxe.efi"), ("uefi-snp", "snponly.efi")])
def test_uefi_boots_over_tftp_to_its_script(server, nodes, capture, name, loader):
    boot = refused_on_its_console(server, MACS[name], nodes[name])
    stages = {stage["name"]: stage for stage in boot["stages"]}
    assert (stages["loader"]["state"], stages["loader"]["detail"]) == ("done", loader)
    assert nodes[name].wait_for("boots by UEFI|this machine starts by UEFI", 30), nodes[name].screen()
    assert nodes[name].wait_for("slipway loader add FILE", 30), nodes[name].screen()
    told = list(answers(capture, MACS[name]))
    assert {options[KIND][0] for options in told} == {OFFER, ACK}
    # With option 60 and without 43 it would look for another server on port 4011 (EDK2, UefiPxeBcDxe).
    assert all(VENDOR_CLASS not in options and VENDOR_OPTIONS not in options for options in told)
    assert not [datagram for datagram in datagrams(capture) if datagram.to[1] == 4011]


def test_uefi_boots_over_http_to_its_script(server, nodes, capture):
    mac = MACS["uefi-http"]
    boot = refused_on_its_console(server, mac, nodes["uefi-http"])
    stages = {stage["name"]: stage for stage in boot["stages"]}
    assert stages["loader"]["state"] == stages["ipxe"]["state"] == "done"
    assert server.wait_event(mac, "http_finished", name="/ipxe.efi")
    assert not [event for event in server.events(mac) if event["kind"] == "tftp_finished"]
    for options in answers(capture, mac):
        assert (options[VENDOR_CLASS], options[BOOT_FILE]) == (b"HTTPClient", b"http://10.77.0.1/ipxe.efi")


def test_u_boot_is_told_where_its_own_script_would_be_and_starts_the_loader_of_an_efi_board(server, nodes, capture):
    mac, node = MACS["u-boot"], nodes["u-boot"]
    server.wait_event(mac, "tftp_finished", name="ipxe.efi")
    assert node.wait_for("iPXE 1", LIMIT), node.screen()
    # First it says "U-Boot" and asks for a script of its own; there is none here, and it goes on at once.
    assert [event["name"] for event in server.events(mac) if event["kind"] == "tftp_refused"][0] == "boot.scr.uimg"
    assert "serverip' not set" not in node.screen()


def test_one_machine_has_one_address_from_its_rom_to_its_operating_system(rack, server, tmp_path):
    with Wire(rack.server, tmp_path / "one.pcap", "udp port 67") as wire:
        with machines.Node(rack, tmp_path, "one", "52:54:00:00:01:77") as node:
            assert node.wait_for("Slipway: .* boots smartos", LIMIT), node.screen()
        system = ClientProgram(rack, server, tmp_path, "dhclient", 0x77)
        assert system.mac == node.mac
        system.start("-i")  # a client id of type 255 with a DUID (RFC 4361)
        address = system.address()
        system.end()
    theirs = packets_of(tmp_path / "one.pcap", node.mac)
    names = {options_of(packet).get(CLIENT_ID, b"")[:1] for packet in theirs if packet[0] == 1}
    assert names == {b"\x01", b"\xff"}, wire.text("-v")
    given = {packet[16:20] for packet in theirs if packet[0] == 2}
    assert len(given) == 1, wire.text("-v")
    assert [lease["address"] for lease in server.leases() if lease["mac"] == node.mac] == [address]
