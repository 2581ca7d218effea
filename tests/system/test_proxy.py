# SPDX-License-Identifier: MPL-2.0
"""Slipway beside a DHCP server that gives the addresses: each firmware gets its address there, its boot here."""

import contextlib
import ipaddress

import node as machines
import pytest
from client_program import ClientProgram
from dhcp_client import Client
from dhcp_message import ACK, DISCOVER, KIND, OFFER, REQUEST, SERVER_ID, mac_text, options_of, packed
from other_server import ADDRESSES, OTHER, OtherServer
from patience import until
from rack import SERVER, Rack
from server import Server
from wire import Wire, datagrams

LIMIT = 300  # seconds; a tenth of it on an idle machine
VENDOR_OPTIONS, VENDOR_CLASS, CLIENT_ARCH = 43, 60, 93
# Each firmware, the loader it gets, and how far it comes: iPXE cannot start SmartOS from UEFI, and says so.
FIRMWARE = {
    "quiet": ("undionly.kpxe", "handed_over"),
    "ipxe": (None, "handed_over"),
    "uefi": ("ipxe.efi", "script_refused"),
    "uefi-http": ("ipxe.efi", "script_refused"),
}
MACS = {name: f"52:54:00:77:01:{number:02x}" for number, name in enumerate(FIRMWARE, 1)}


@pytest.fixture(scope="module", params=["dnsmasq", "dhcpd"])
def other(request, tmp_path_factory):
    with Rack() as rack:
        yield OtherServer(rack, tmp_path_factory.mktemp(request.param), request.param)


@pytest.fixture(scope="module")
def rack(other):
    return other.rack


@pytest.fixture(scope="module")
def server(rack, images):
    with Server(rack, subnet='mode = "proxy"') as server:
        server.import_image(images())
        yield server


@pytest.fixture(scope="module")
def capture(rack, tmp_path_factory):
    """All DHCP on the segment, as it is written."""
    file = tmp_path_factory.mktemp("wire") / "proxy.pcap"
    with Wire(rack.server, file, "udp port 67 or udp port 4011"):
        yield file


@pytest.fixture(scope="module")
def nodes(rack, server, capture, tmp_path_factory):
    """A machine of each firmware, all switched on at once."""
    folder = tmp_path_factory.mktemp("nodes")
    with contextlib.ExitStack() as power:
        yield {firmware: power.enter_context(machines.Node(rack, folder, firmware, mac, firmware=firmware, memory=768))
               for firmware, mac in MACS.items()}


def theirs(address):
    low, high = map(ipaddress.ip_address, ADDRESSES)
    return low <= ipaddress.ip_address(address) <= high


def ours(capture):
    """Our answers; what we ask to find other servers is none."""
    return [datagram for datagram in datagrams(capture) if datagram.source[0] == SERVER and datagram.payload[0] == 2]


@pytest.mark.parametrize("firmware", FIRMWARE)
def test_it_has_its_address_from_there_and_boots_from_here(server, nodes, firmware):
    loader, verdict = FIRMWARE[firmware]
    mac, node = MACS[firmware], nodes[firmware]

    def boot():
        boots = server.explain(mac)["boots"] if server.events(mac) else []
        return boots[0] if boots and boots[0]["verdict"] == verdict else None

    until(boot, LIMIT, says=lambda: f"{server.cli('explain', mac, check=False).stdout}\n{node.screen()}")
    stages = {stage["name"]: stage for stage in boot()["stages"]}
    assert theirs(boot()["address"])
    assert stages["loader"]["state"] == stages["ipxe"]["state"] == ("done" if loader else "skipped")
    if loader:
        named = {event["name"].rsplit("/")[-1] for event in server.events(mac) if event["kind"] == "proxy_offer"}
        assert loader in named


def test_uefi_asks_again_on_port_4011_and_is_answered_there(server, nodes, capture):
    server.wait_event(MACS["uefi"], "proxy_ack")
    asked = [datagram for datagram in datagrams(capture) if datagram.to == (SERVER, 4011)]
    assert asked and asked[0].source[1] == 4011
    answers = [datagram for datagram in ours(capture) if datagram.source[1] == 4011]
    assert [answer.to for answer in answers] == [question.source for question in asked]
    assert all(options_of(answer.payload)[KIND][0] == ACK for answer in answers)


def test_a_client_that_does_not_boot_hears_only_the_other_server(rack, server, tmp_path):
    client = ClientProgram(rack, server, tmp_path, "dhclient", 1)
    with Wire(client.host, tmp_path / "client.pcap", "udp port 68"):
        client.start()
        assert theirs(client.address())
        server.wait_event(client.mac, "dhcp_dropped", detail="no_pxe_client")
    client.end()
    assert {datagram.source[0] for datagram in datagrams(tmp_path / "client.pcap")} <= {"0.0.0.0", OTHER}
    assert server.drops()["no_pxe_client"] >= 2


def test_no_answer_of_ours_gives_an_address_or_says_nak(server, nodes, capture):
    answers = ours(capture)
    assert answers
    for answer in answers:
        options = options_of(answer.payload)
        assert answer.payload[16:20] == bytes(4), "yiaddr"
        assert options[KIND][0] == (ACK if answer.source[1] == 4011 else OFFER)
        assert options[SERVER_ID] == packed(SERVER)
        assert options[VENDOR_CLASS] in (b"PXEClient", b"HTTPClient")
        assert 51 not in options and 1 not in options
    assert server.leases() == []


def test_one_segment_is_proxied_and_another_is_served(tmp_path):
    served = '[[subnet]]\nnetwork = "10.78.0.0/24"\nrange = "10.78.0.100-10.78.0.199"\n'
    with Rack() as rack:
        far = rack.segment("far")
        rack.plug(rack.server, "eth2", "10.78.0.1/24", segment=far)
        rom = ((VENDOR_CLASS, b"PXEClient:Arch:00000:UNDI:002001"), (CLIENT_ARCH, b"\0\0"))
        with Server(rack, subnet='mode = "proxy"', more=served, interfaces=["eth1", "eth2"]) as server, \
                Client(rack.host("near")) as near, Client(rack.host("far1", segment=far)) as away:
            assert away.discover().address == "10.78.0.100"
            offer = away.ask(DISCOVER, *rom)
            assert offer.address == "10.78.0.100" and VENDOR_OPTIONS not in offer.options
            proxied = near.ask(DISCOVER, *rom)
            assert (proxied.address, proxied.options[VENDOR_CLASS]) == ("0.0.0.0", b"PXEClient")
            near.say(DISCOVER)
            server.wait_event(mac_text(near.mac), "dhcp_dropped", detail="no_pxe_client")
            near.say(REQUEST, (50, packed("10.77.0.150")), (SERVER_ID, packed(SERVER)), *rom)
            server.wait_event(mac_text(near.mac), "dhcp_dropped", detail="proxy_gives_no_address")
