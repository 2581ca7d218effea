# SPDX-License-Identifier: MPL-2.0
"""An address that somebody uses without a lease is found before it is offered, on the link and behind a
relay; it goes into quarantine, and the client gets another one without asking again."""

import itertools
import socket
import struct

import pytest
from dhcp_client import Client
from dhcp_message import DISCOVER, OFFER, answer_fields, mac_of, mac_text, message, packed
from patience import until
from rack import SERVER, Rack
from server import Server

NEAR, FAR = "10.77.0.100", "10.88.0.100"
RELAY = "10.88.0.1"  # on the far side of a router that is 10.77.0.2 here
FAR_SUBNETS = """
[[subnet]]
network = "10.88.0.0/24"
range = ["10.88.0.100-10.88.0.149"]

[[subnet]]
network = "10.89.0.0/24"
range = ["10.89.0.100-10.89.0.149"]
"""
QUIET_SUBNET = 'probe = false\n'
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def rack():
    with Rack() as rack:
        yield rack


@pytest.fixture(scope="module")
def squatter(rack):
    """A host that somebody gave the lowest address of the range by hand; its MAC address."""
    host = rack.host("squatter", address=NEAR + "/16")
    return host.run("cat", "/sys/class/net/eth0/address").stdout.strip()


@pytest.fixture(scope="module")
def router(rack):
    """The way to 10.88.0.0/24, where a host has the lowest address of that range, and to 10.89.0.0/24, where
    something answers for all of them."""
    host = rack.host("router", address="10.77.0.2/16")
    for network in (RELAY + "/32", FAR + "/32", "10.89.0.1/24"):
        host.run("ip", "address", "add", network, "dev", "lo")
    rack.server.run("ip", "route", "add", "10.88.0.0/15", "via", "10.77.0.2")
    return host


@pytest.fixture(scope="module")
def server(rack):
    with Server(rack, more=FAR_SUBNETS) as server:
        yield server


@pytest.fixture
def client(rack, server):
    with Client(rack.host(f"client{next(_numbers)}")) as client:
        yield client


def lease_of(server, address):
    return next((lease for lease in server.leases() if lease["address"] == address), None)


def test_an_address_in_use_is_not_offered_and_the_next_one_is_at_once(server, squatter, client):
    offer = client.discover()  # it asks once, so it is answered without asking again
    assert (offer.kind, offer.address) == (OFFER, "10.77.0.101")

    told = server.wait_event(mac_text(client.mac), "address_in_use", address=NEAR)
    assert squatter in told["detail"]
    kept = until(lambda: lease_of(server, NEAR), says=server.leases)
    assert (kept["state"], kept["mac"]) == ("declined", squatter)
    assert server.metrics()['slipway_dhcp_probes_total{result="in_use"}'] == 1
    assert "in use elsewhere" in server.cli("events", "--machine", mac_text(client.mac)).stdout


def test_the_quarantine_outlives_the_server(server, squatter, client, rack):
    assert client.discover().address != NEAR
    until(lambda: lease_of(server, NEAR), says=server.leases)
    server.kill()
    server.start()
    assert lease_of(server, NEAR)["state"] == "declined"
    with Client(rack.host(f"client{next(_numbers)}")) as client:
        offer = client.discover()
        assert offer.kind == OFFER and NEAR not in (offer.address, *offer.arps), "it is not even asked for"


def test_a_client_that_asks_twice_waits_once(server, client):
    before, dropped = server.metrics(), server.drops()["superseded"]
    client.say(DISCOVER)
    offer = client.discover()
    assert offer.kind == OFFER and offer.arps[1:] in ([], [offer.address])
    after = server.metrics()
    silent = 'slipway_dhcp_probes_total{result="silent"}'
    assert after[silent] == before[silent] + 1
    assert server.drops()["superseded"] == dropped + 1


def discover_through_relay(router, number, agent=RELAY):
    """The address offered to a client behind the router."""
    with router.socket(socket.AF_INET, socket.SOCK_DGRAM) as relay:
        relay.bind((agent, 67))
        relay.settimeout(15)
        packet = bytearray(message(DISCOVER, number, mac_of(number)))
        packet[3] = 1
        struct.pack_into("!4s", packet, 24, packed(agent))
        relay.sendto(packet, (SERVER, 67))
        xid, _, address, _ = answer_fields(relay.recv(4096))
        assert xid == number
        return address


def test_behind_a_relay_a_ping_finds_who_uses_an_address(server, router):
    number = 0x880001
    assert discover_through_relay(router, number) == "10.88.0.101"
    assert "ping" in server.wait_event(mac_text(mac_of(number)), "address_in_use", address=FAR)["detail"]
    kept = until(lambda: lease_of(server, FAR), says=server.leases)
    assert (kept["state"], kept["subnet"]) == ("declined", "10.88.0.0/24")


def test_a_network_that_answers_every_ping_does_not_empty_the_pool(server, router):
    assert discover_through_relay(router, 0x890001, "10.89.0.1") == "10.89.0.108"
    server.wait_log("answers for 10.89.0.108 and for every address before it")
    kept = [lease for lease in server.leases() if lease["subnet"] == "10.89.0.0/24"]
    assert len(kept) == 8


def test_where_the_subnet_says_so_nobody_is_asked(rack, server, squatter):
    server.stop()
    with Server(rack, subnet=QUIET_SUBNET) as server, Client(rack.host(f"client{next(_numbers)}")) as client:
        offer = client.discover()
        assert (offer.kind, offer.address, offer.arps) == (OFFER, NEAR, [])
        assert server.metrics()['slipway_dhcp_probes_total{result="silent"}'] == 0
