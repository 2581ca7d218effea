# SPDX-License-Identifier: MPL-2.0
"""Another DHCP server on the segment: dnsmasq and ISC's dhcpd as sites run them. Found before addresses are
given out it is yielded to, by name and with the way out; found later it is told of and stops nothing."""

import itertools
import json

import pytest
from dhcp_client import Client
from dhcp_message import ACK, DISCOVER, OFFER, REQUEST, SERVER_ID, mac_text, packed
from other_server import OTHER, OtherServer
from patience import until
from rack import SERVER, Rack, end
from scripted_node import ScriptedNode, as_rom
from server import Server

PROGRAMS = ("dnsmasq", "dhcpd")
AS_A_ROM = (60, b"PXEClient:Arch:00000:UNDI:002001"), (93, b"\0\0")
FOUND = f"another DHCP server, {OTHER} "
_numbers = itertools.count(1)


@pytest.fixture
def rack():
    with Rack() as rack:
        yield rack


@pytest.fixture
def client(rack):
    with Client(rack.host(f"client{next(_numbers)}")) as client:
        yield client


@pytest.fixture
def start_other(rack, tmp_path):
    return lambda program, **how: OtherServer(rack, tmp_path, program, **how)


def status_of(server):
    return json.loads(server.cli("status", "--json").stdout)


def wait_settled(server):
    """Until it knows whether it is alone."""
    server.wait_log(r"another DHCP server, .* gives addresses|no other DHCP server answers on")


@pytest.mark.parametrize("program", PROGRAMS)
def test_addresses_are_kept_back_beside_a_server_that_was_there_before(rack, client, start_other, program):
    other = start_other(program, ping=True)  # as they come: seconds pass before they offer
    with Server(rack) as server:
        server.wait_log(FOUND)
        offer = client.discover()
        assert offer.options[SERVER_ID] == packed(OTHER), "the other one serves"
        drop = server.wait_event(mac_text(client.mac), "dhcp_dropped")
        assert drop["detail"] == f"foreign_server: {OTHER} ({other.mac})"
        assert server.leases() == []

        words = server.last_log(200)
        for part in (OTHER, other.mac, "it offered 10.77.2.", 'mode = "proxy"', 'mode = "off"',
                     'other-servers = "ignore"'):
            assert part in words
        client.ask(DISCOVER, *AS_A_ROM)
        boot = until(lambda: next(iter(server.explain(mac_text(client.mac))["boots"]), None))
        assert boot["verdict"] == "no_offer"
        assert 'mode = "proxy"' in boot["sentence"] and OTHER in boot["sentence"]
        found = status_of(server)["foreign_servers"]
        assert [(one["address"], one["mac"], one["yielded_to"]) for one in found] == [(OTHER, other.mac, True)]
        assert OTHER in server.cli("status", check=False).stdout
        assert server.metrics()["slipway_foreign_servers"] == 1


@pytest.mark.parametrize("program", PROGRAMS)
def test_told_to_ignore_it_both_serve(rack, client, start_other, program):
    start_other(program)
    with Server(rack, subnet='other-servers = "ignore"') as server:
        server.wait_log(FOUND)
        client.discover()
        server.wait_event(mac_text(client.mac), "dhcp_offer")
        assert status_of(server)["foreign_servers"][0]["yielded_to"] is False


def test_one_that_appears_later_is_told_of_and_stops_nothing(rack, client, start_other):
    with Server(rack) as server:
        server.wait_log("no other DHCP server answers on eth1")
        other = start_other("dhcpd")
        # It is heard answering another: no question of ours is needed.
        assert client.discover(broadcast=True).kind == OFFER
        server.wait_log(f"{FOUND}.*{other.mac}.*appeared")
        with Client(rack.host("second")) as second:
            second.discover()
            server.wait_event(mac_text(second.mac), "dhcp_offer")


def test_a_proxied_subnet_goes_on_beside_it(rack, client, start_other):
    start_other("dnsmasq")
    with Server(rack, subnet='mode = "proxy"') as server:
        server.wait_log(FOUND)
        assert "none beside it" not in server.last_log(200)
        assert status_of(server)["foreign_servers"][0]["yielded_to"] is False
        offer = client.discover()
        assert offer.options[SERVER_ID] == packed(OTHER)
        assert server.drops()["foreign_server"] == 0


def test_a_lease_given_before_is_renewed_beside_it(rack, client, start_other):
    with Server(rack) as server:
        held = client.get_lease()
        server.stop()
        start_other("dhcpd")
        server.start()
        server.wait_log(FOUND)
        renewed = client.ask(REQUEST, to=SERVER, ciaddr=held.address)
        assert (renewed.kind, renewed.address) == (ACK, held.address)


def test_when_it_is_switched_off_a_reload_takes_over(rack, client, start_other):
    other = start_other("dhcpd")
    with Server(rack) as server:
        server.wait_log(FOUND)
        end(other.process)
        server.cli("reload")
        server.wait_log(f"{OTHER} .* is not heard any more")
        offer = client.discover()
        assert (offer.kind, offer.from_ip) == (OFFER, SERVER)
        assert status_of(server)["foreign_servers"] == []


def test_a_machine_switched_on_with_the_server_is_not_lost(rack, client):
    with Server(rack) as server:
        offer = client.discover()
        assert offer is not None and offer.kind == OFFER, "it asked once, and that is enough"
        wait_settled(server)
        assert server.metrics()["slipway_foreign_servers"] == 0


def test_one_is_not_blamed_for_a_machine_on_another_link(rack, start_other):
    far = rack.segment("far")
    rack.plug(rack.server, "eth2", "10.78.0.1/16", segment=far)
    there = '[[subnet]]\nnetwork = "10.78.0.0/16"\nrange = ["10.78.0.100-10.78.0.199"]\n'
    start_other("dhcpd")
    with Server(rack, subnet='other-servers = "ignore"', more=there, interfaces=["eth1", "eth2"]) as server:
        server.wait_log(FOUND)
        server.wait_log("no other DHCP server answers on eth2")
        macs = {"near": "52:54:00:66:00:01", "far": "52:54:00:66:00:02"}
        ScriptedNode(rack.host("near"), macs["near"]).say(DISCOVER, *as_rom())
        ScriptedNode(rack.host("away", segment=far), macs["far"]).say(DISCOVER, *as_rom())

        for mac in macs.values():
            server.wait_event(mac, "dhcp_offer")

        def causes(mac):
            boots = server.explain(mac)["boots"]
            return [each["id"] for boot in boots for each in boot["diagnoses"]]

        until(lambda: causes(macs["near"]) == ["offered-other-server"], limit=30)
        until(lambda: causes(macs["far"]) == ["offered-not-requested"], limit=30, says=lambda: causes(macs["far"]))
        assert OTHER not in server.cli("explain", macs["far"], check=False).stdout
