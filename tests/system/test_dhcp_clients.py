# SPDX-License-Identifier: MPL-2.0
"""DHCP clients that people really use: they get, renew, refuse and give back their leases."""

import ipaddress
import re
import signal

import pytest
from client_program import ClientProgram
from patience import until
from rack import SERVER
from server import POOL


@pytest.fixture
def machine(rack, server, tmp_path):
    """machine(program, number): one of its own for each test, ended with it."""
    machines = []

    def make(program, number):
        machines.append(ClientProgram(rack, server, tmp_path, program, number))
        return machines[-1]

    yield make
    for made in machines:
        made.end()


def in_pool(address):
    low, high = map(ipaddress.ip_address, POOL)
    return low <= ipaddress.ip_address(address) <= high


def test_dhclient_gets_a_lease_and_the_server_knows_it(machine):
    client = machine("dhclient", 1)
    client.start()
    address = client.address()
    assert in_pool(address)
    lease = client.leases.read_text()
    assert f"dhcp-server-identifier {SERVER};" in lease
    assert f"option routers {SERVER};" in lease
    assert (client.lease()["address"], client.lease()["state"]) == (address, "active")


def test_dhclient_renews_before_its_lease_ends(machine):
    client = machine("dhclient", 2)
    client.start(configuration="supersede dhcp-renewal-time 2;")
    address = client.address()
    client.wait_kinds("dhcp_ack", 2)
    assert re.search(rf"DHCPREQUEST for {address} on eth0 to {SERVER} ", client.said()), client.said()
    assert client.kinds().count("dhcp_discover") == 1
    assert client.lease()["address"] == address


def test_dhclient_that_was_killed_asks_for_what_it_had_and_gives_it_back_in_the_end(machine):
    client = machine("dhclient", 3)
    client.start()
    address = client.address()
    client.end()

    client.start()
    assert client.address() == address
    assert "DHCPDISCOVER" not in client.said()
    client.end()

    client.start("-r")
    until(lambda: client.lease()["state"] == "released", says=client.said)


def test_dhclient_with_the_lease_of_another_network_is_refused_and_begins_anew(machine):
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
    client.wait_said("DHCPNAK from " + re.escape(SERVER))
    assert in_pool(client.address())
    assert client.kinds()[:3] == ["dhcp_request", "dhcp_nak", "dhcp_discover"]


def test_udhcpc_gets_a_lease_renews_it_and_gives_it_back(machine):
    client = machine("udhcpc", 5)
    client.start()
    address = client.address()
    assert in_pool(address)
    assert client.lease()["state"] == "active"

    client.process.send_signal(signal.SIGUSR1)
    client.wait_kinds("dhcp_ack", 2)
    assert client.kinds().count("dhcp_discover") == 1
    assert client.lease()["address"] == address

    client.process.send_signal(signal.SIGUSR2)
    until(lambda: client.lease()["state"] == "released", says=client.said)


def test_udhcpc_refuses_an_address_that_somebody_uses_and_gets_another(machine, rack):
    client = machine("udhcpc", 6)
    client.start()
    taken = client.address()
    client.end()
    client.drop_address()

    rack.host("squatter", address=f"{taken}/16")
    client.start("-a", "-A", "1")
    other = client.wait_said(r"(?s)offered address is in use.*lease of ([0-9.]+)")[1]
    assert other != taken
    assert "dhcp_decline" in client.kinds()
    states = {lease["address"]: lease["state"] for lease in client.server.leases()}
    assert (states[taken], states[other]) == ("declined", "active")


def test_two_client_programs_on_one_machine_get_one_address(machine):
    client = machine("udhcpc", 7)
    client.start()
    first = client.address()
    client.end()
    client.program = "dhclient"
    client.start()
    assert client.address() == first
