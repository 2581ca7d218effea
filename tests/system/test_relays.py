# SPDX-License-Identifier: MPL-2.0
"""Clients behind relay agents: the one of ISC with real clients, and scripted ones for what it cannot say."""

import re
import struct

import pytest
from client_program import ClientProgram
from dhcp_client import Client
from dhcp_message import (ACK, DISCOVER, KIND, NAK, OFFER, RELAY_AGENT, REQUEST, REQUESTED_ADDRESS, SERVER_ID, mac_of,
                          mac_text, options_of, packed, tlvs)
from patience import until
from rack import SERVER
from relay import RELAY, Agent, start_dhcrelay
from server import Server
from wire import Wire, udp_payloads

GATEWAY = "10.78.0.1"  # the relay's card on the clients' segment
FAR = f"""
[[subnet]]
network = "10.78.0.0/24"
range = "10.78.0.100-10.78.0.101"
router = "{GATEWAY}"
relay = "{GATEWAY}"
shared-network = "far"

[[subnet]]
network = "10.79.0.0/24"
range = "10.79.0.100-10.79.0.150"
router = "10.79.0.1"
relay = "10.79.0.1"
shared-network = "far"

[[subnet]]
network = "10.80.0.0/24"
range = "10.80.0.100-10.80.0.150"
relay = "10.80.0.1"

[[subnet]]
network = "10.82.0.0/24"
range = "10.82.0.100-10.82.0.150"
relay = "10.82.0.1"
reply-to = "source"
"""
CIRCUIT, REMOTE, LINK_SELECTION, SERVER_OVERRIDE = 1, 2, 5, 11


@pytest.fixture(scope="module")
def far(rack):
    return rack.segment("far")


@pytest.fixture(scope="module")
def router(rack, far, tmp_path_factory):
    """ISC's relay agent, which adds option 82 and takes it out again."""
    return start_dhcrelay(rack, far, f"{GATEWAY}/24", tmp_path_factory.mktemp("relay") / "dhcrelay.log",
                          "-a", "-m", "replace")


@pytest.fixture
def server(rack):
    """One of its own for each test: its pool is small."""
    with Server(rack, more=FAR) as server:
        yield server


@pytest.fixture
def machine(rack, server, far, router, tmp_path):
    """machine(program, number): a client program behind the relay, ended with the test."""
    machines = []

    def make(program, number):
        machines.append(ClientProgram(rack, server, tmp_path, program, number, segment=far))
        return machines[-1]

    yield make
    for made in machines:
        made.end()
        made.drop_address()  # the next test's server asks on the wire who has it


@pytest.fixture(scope="module")
def outpost(rack):
    """A host on the server's segment for scripted relay agents; the server knows which networks lie behind it."""
    host = rack.host("outpost", address="10.77.0.3/16")
    for address in ("10.79.0.1", "10.80.0.1", "10.81.0.1"):
        host.run("ip", "address", "add", f"{address}/24", "dev", "lo")
        rack.server.run("ip", "route", "add", f"{address}/32", "via", "10.77.0.3")
    return host


def packets_of(client, capture, port):
    """What was sent from or to the client; the server asks for other servers, too."""
    return [packet for packet in udp_payloads(capture, port) if mac_text(packet[28:34]) == client.mac]


@pytest.mark.parametrize("program, number", [("dhclient", 1), ("udhcpc", 2)])
def test_a_client_behind_a_relay_gets_an_address_of_its_own_segment(machine, router, tmp_path, program, number):
    client = machine(program, number)
    with Wire(router, tmp_path / "up.pcap", "udp port 67") as up, \
            Wire(client.host, tmp_path / "down.pcap", "udp port 68"):
        client.start()
        address = client.address()
        assert address == "10.78.0.100"
    assert (client.lease()["address"], client.lease()["state"]) == (address, "active")
    client.wait_router(GATEWAY)

    # Option 82 comes back as it went out, the last of all; the relay takes it out for the client.
    relayed = packets_of(client, tmp_path / "up.pcap", 67)
    circuits = {options_of(packet)[RELAY_AGENT] for packet in relayed}
    assert circuits == {tlvs([(CIRCUIT, b"eth1")])}, up.text("-v")
    assert all(list(options_of(packet))[-1] == RELAY_AGENT for packet in relayed if packet[0] == 2)
    heard = packets_of(client, tmp_path / "down.pcap", 68)
    assert heard and all(RELAY_AGENT not in options_of(packet) for packet in heard)


def test_a_renewal_goes_past_the_relay_to_the_server_itself(machine, router, tmp_path):
    client = machine("dhclient", 3)
    client.start(configuration="supersede dhcp-renewal-time 2;")
    address = client.address()
    with Wire(router, tmp_path / "up.pcap", "udp port 67 or udp port 68") as up:
        client.wait_kinds("dhcp_ack", 2)
        until(lambda: f"{SERVER}.67 > {address}.68" in up.text(), says=up.text)
    assert re.search(rf"DHCPREQUEST for {address} on eth0 to {SERVER} ", client.said()), client.said()
    renewal = packets_of(client, tmp_path / "up.pcap", 67)[0]
    assert renewal[24:28] == bytes(4), "giaddr is set: the relay was involved"
    assert client.kinds().count("dhcp_discover") == 1


def test_a_client_with_the_lease_of_another_network_hears_the_nak_through_the_relay(machine):
    client = machine("dhclient", 4)
    client.leases.write_text("""lease {
  interface "eth0";
  fixed-address 192.168.5.5;
  option dhcp-lease-time 86400;
  option dhcp-server-identifier 192.168.5.1;
  renew 1 2037/01/05 00:00:00;
  rebind 2 2037/01/06 00:00:00;
  expire 3 2037/01/07 00:00:00;
}
""")
    client.start()
    client.wait_said(r"DHCPNAK from " + re.escape(GATEWAY))
    assert client.address() == "10.78.0.100"


def test_when_one_subnet_of_the_wire_is_full_clients_get_addresses_of_the_next(machine):
    addresses = []
    for number, program in enumerate(("dhclient", "udhcpc", "udhcpc"), 5):
        client = machine(program, number)
        client.start()
        addresses.append(client.address())
    assert addresses == ["10.78.0.100", "10.78.0.101", "10.79.0.100"]
    # Mask and router are those of the subnet in which the address was found.
    client.wait_router("10.79.0.1")


def test_the_relays_word_for_the_clients_link_goes_before_its_own_address(server, outpost):
    mac, link = mac_of(1), (LINK_SELECTION, packed("10.80.0.0"))
    with Agent(outpost, "10.79.0.1") as agent:
        offer = agent.ask(DISCOVER, mac, giaddr="10.79.0.1", sub_options=(link,))
        assert (offer.kind, offer.address, offer.source) == (OFFER, "10.80.0.100", (SERVER, 67))
        assert offer.options[RELAY_AGENT] == tlvs([link])
        ack = agent.select(mac, offer, giaddr="10.79.0.1", sub_options=(link,))
        assert (ack.kind, ack.address) == (ACK, "10.80.0.100")


def test_a_relay_can_stand_in_for_the_server_so_that_renewals_come_to_it(server, outpost):
    mac, override = mac_of(2), (SERVER_OVERRIDE, packed("10.80.0.1"))
    with Agent(outpost, "10.80.0.1") as agent:
        offer = agent.ask(DISCOVER, mac, giaddr="10.80.0.1", sub_options=(override,))
        assert offer.options[SERVER_ID] == packed("10.80.0.1")
        ack = agent.select(mac, offer, giaddr="10.80.0.1", sub_options=(override,))
        assert (ack.kind, ack.options[SERVER_ID]) == (ACK, packed("10.80.0.1"))
        renewed = agent.ask(REQUEST, mac, giaddr="10.80.0.1", sub_options=(override,), ciaddr=ack.address)
        assert (renewed.kind, renewed.address) == (ACK, ack.address)


def test_option_82_comes_back_byte_by_byte_whatever_is_in_it(server, outpost):
    odd = ((CIRCUIT, bytes(range(40))), (REMOTE, b"\xff\x00"), (151, b"\0vpn"), (9, struct.pack("!IB", 311, 0)))
    with Agent(outpost, "10.80.0.1") as agent:
        offer = agent.ask(DISCOVER, mac_of(3), giaddr="10.80.0.1", sub_options=odd)
        assert offer.options[RELAY_AGENT] == tlvs(odd)
        nak = agent.ask(REQUEST, mac_of(3), (REQUESTED_ADDRESS, packed("192.168.5.5")), giaddr="10.80.0.1",
                        sub_options=odd)
        assert (nak.kind, nak.options[RELAY_AGENT]) == (NAK, tlvs(odd))


def test_a_relay_that_hears_only_where_it_spoke_from_is_answered_there_if_the_subnet_says_so(server, outpost):
    # No way leads to this giaddr, as where relays are behind a translator of addresses.
    with Agent(outpost, "10.77.0.3", port=1067) as agent:
        offer = agent.ask(DISCOVER, mac_of(5), giaddr="10.82.0.1")
        assert (offer.kind, offer.address) == (OFFER, "10.82.0.100")
        assert agent.select(mac_of(5), offer, giaddr="10.82.0.1").kind == ACK
        # Where it does not say so the answer goes to giaddr, and nobody is there.
        assert agent.ask(DISCOVER, mac_of(6), giaddr="10.80.0.1", limit=2) is None


def test_a_relay_in_no_subnet_of_ours_is_dropped_by_name_and_its_clients_are_refused(server, outpost):
    with Agent(outpost, "10.81.0.1") as agent:
        assert agent.ask(DISCOVER, mac_of(4), giaddr="10.81.0.1", limit=2) is None
        assert server.drops()["no_subnet"] == 1
        taking = ((REQUESTED_ADDRESS, packed("10.81.0.100")), (SERVER_ID, packed(SERVER)))
        assert agent.ask(REQUEST, mac_of(4), *taking, giaddr="10.81.0.1").kind == NAK


def test_dhcping_hears_an_ack_about_a_lease_gives_it_back_and_hears_a_nak_about_no_lease(server, rack):
    host = rack.host("ping")
    with Client(host) as client:
        address, mac = client.get_lease().address, mac_text(client.mac)

    def ping(address, *how):
        with Wire(host, server.directory / "ping.pcap", "udp dst port 68"):
            assert f"Got answer from: {SERVER}" in host.run("dhcping", "-t", "10", "-c", address, "-s", SERVER,
                                                             "-h", mac, *how).stdout
        return [options_of(packet)[KIND][0] for packet in udp_payloads(server.directory / "ping.pcap", 68)]

    assert ping(address, "-i") == [ACK]
    assert ping(address) == [ACK]
    until(lambda: [lease["state"] for lease in server.leases() if lease["mac"] == mac] == ["released"])
    assert ping("10.77.0.150") == [NAK]


def test_perfdhcp_misses_no_answer(server, rack):
    host = rack.host("perf", address="10.77.0.4/16")
    # As a relay: 90 clients, 30 exchanges a second, five seconds.
    done = host.run("perfdhcp", "-4", "-R", "90", "-r", "30", "-p", "5", "-d", "5", "-W", "5000000", "-l", "eth0", SERVER)
    sent = [int(count) for count in re.findall(r"sent packets: (\d+)", done.stdout)]
    lost = [int(count) for count in re.findall(r"drops: (\d+)", done.stdout)]
    assert len(sent) == 2 and min(sent) > 100, done.stdout
    assert lost == [0, 0], done.stdout
    assert not any(server.drops().values()), server.drops()
