# SPDX-License-Identifier: MPL-2.0
"""DHCP on the wire: which frame each answer is, and every kind of request from RFC 2131 section 4.3."""

import itertools

import pytest
from dhcp_client import EVERYBODY, Client
from dhcp_message import (ACK, DECLINE, INFORM, LEASE_TIME, NAK, OFFER, RELEASE, REQUEST, REQUESTED_ADDRESS,
                          SERVER_ID, mac_text, packed)
from patience import until
from rack import SERVER

EVERY_CARD = b"\xff" * 6
_numbers = itertools.count(1)


@pytest.fixture
def client(rack, server):
    with Client(rack.host(f"client{next(_numbers)}")) as client:
        yield client


def state_of(server, address):
    return next((lease["state"] for lease in server.leases() if lease["address"] == address), "unknown")


def wait_state(server, address, state):
    until(lambda: state_of(server, address) == state, says=server.leases)


def wait_drop(server, reason, before):
    """The server has dropped one more packet for this reason."""
    until(lambda: server.drops()[reason] > before, says=server.drops)


# To a client without an address


def test_an_offer_goes_as_one_frame_to_the_card_that_asked(client):
    offer = client.discover()
    assert offer.kind == OFFER
    assert (offer.to_mac, offer.to_ip) == (client.mac, offer.address)
    assert (offer.from_ip, offer.ports) == (SERVER, (67, 68))
    assert offer.arps == [offer.address] * 2, "whether somebody uses it is asked twice, and then it is said"
    again = client.discover()
    assert (again.address, again.arps) == (offer.address, []), "nobody is asked where the client is"


def test_an_ack_goes_the_same_way(client):
    ack = client.select(client.discover())
    assert ack.kind == ACK
    assert (ack.to_mac, ack.to_ip) == (client.mac, ack.address)
    assert ack.arps == []


def test_whoever_asks_for_a_broadcast_gets_one(client):
    offer = client.discover(broadcast=True)
    ack = client.select(offer, broadcast=True)
    for answer in (offer, ack):
        assert (answer.to_mac, answer.to_ip) == (EVERY_CARD, EVERYBODY)
        assert answer.from_ip == SERVER
    assert (offer.kind, ack.kind) == (OFFER, ACK)


# The four kinds of REQUEST


def test_renewing_asks_one_server_and_keeps_the_address(client):
    first = client.get_lease()
    renewed = client.ask(REQUEST, to=SERVER, ciaddr=first.address)
    assert (renewed.kind, renewed.address) == (ACK, first.address)
    assert (renewed.to_mac, renewed.to_ip) == (client.mac, first.address)
    assert renewed.lease_time == first.lease_time


def test_rebinding_asks_every_server_and_is_answered_at_its_address(client):
    first = client.get_lease()
    rebound = client.ask(REQUEST, to=EVERYBODY, ciaddr=first.address)
    assert (rebound.kind, rebound.address, rebound.to_ip) == (ACK, first.address, first.address)


def test_a_client_that_starts_again_keeps_its_address(client):
    first = client.get_lease()
    client.drop_address()
    again = client.ask(REQUEST, (REQUESTED_ADDRESS, packed(first.address)))
    assert (again.kind, again.address, again.to_mac) == (ACK, first.address, client.mac)


def test_a_client_from_another_network_is_told_no_and_everybody_hears_it(client):
    refused = client.ask(REQUEST, (REQUESTED_ADDRESS, packed("192.168.5.5")))
    assert (refused.kind, refused.to_mac, refused.to_ip) == (NAK, EVERY_CARD, EVERYBODY)
    assert LEASE_TIME not in refused.options
    assert client.discover().kind == OFFER


def test_a_request_for_another_server_is_left_to_that_one(server, client):
    offer = client.discover()
    before = server.drops()["not_for_us"]
    client.say(REQUEST, (REQUESTED_ADDRESS, packed(offer.address)), (SERVER_ID, packed("10.77.0.2")))
    wait_drop(server, "not_for_us", before)
    assert state_of(server, offer.address) != "active"


# DECLINE, RELEASE, INFORM


def test_a_declined_address_is_not_given_out_again(server, client, rack):
    first = client.get_lease()
    client.drop_address()
    client.say(DECLINE, (REQUESTED_ADDRESS, packed(first.address)), (SERVER_ID, packed(SERVER)))
    wait_state(server, first.address, "declined")
    assert client.discover().address != first.address
    with Client(rack.host(f"client{next(_numbers)}")) as other:
        wish = (REQUESTED_ADDRESS, packed(first.address))
        assert other.ask(REQUEST, wish, (SERVER_ID, packed(SERVER))).kind == NAK


def test_a_released_address_is_free_and_waits_for_its_old_holder(server, client):
    first = client.get_lease()
    client.say(RELEASE, (SERVER_ID, packed(SERVER)), to=SERVER, ciaddr=first.address)
    wait_state(server, first.address, "released")
    client.drop_address()
    assert client.discover().address == first.address


def test_nobody_can_release_the_address_of_another(server, client, rack):
    held = client.get_lease()
    before = server.drops()["nothing_to_release"]
    with Client(rack.host(f"client{next(_numbers)}")) as other:
        other.say(RELEASE, (SERVER_ID, packed(SERVER)), ciaddr=held.address)
        wait_drop(server, "nothing_to_release", before)
    assert state_of(server, held.address) == "active"


def test_inform_is_answered_with_options_and_no_lease(server, rack):
    with Client(rack.host("informer", address="10.77.0.21/16")) as client:
        told = client.ask(INFORM, to=SERVER, ciaddr="10.77.0.21")
    assert (told.kind, told.address, told.to_ip) == (ACK, "0.0.0.0", "10.77.0.21")
    assert told.options[3] == packed(SERVER)
    assert LEASE_TIME not in told.options
    assert state_of(server, "10.77.0.21") == "unknown"


def test_every_message_is_in_the_timeline_of_its_machine(server, client):
    client.get_lease()
    kinds = [event["kind"] for event in server.events(mac_text(client.mac))]
    assert kinds == ["dhcp_discover", "dhcp_offer", "dhcp_request", "dhcp_ack"]
