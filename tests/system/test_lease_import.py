# SPDX-License-Identifier: MPL-2.0
"""A site moves over: another server gave the addresses, Slipway takes its lease file, nobody is renumbered."""

import json
import signal
import time

import pytest
from client_program import ClientProgram
from dhcp_client import Client
from dhcp_message import ACK, REQUEST
from other_server import OtherServer
from rack import Rack
from server import POOL, Server


@pytest.fixture(params=["dnsmasq", "dhcpd", "kea"])
def moved(request, tmp_path):
    """A server of another kind has given leases and is gone; its file, and who has what."""
    with Rack() as rack:
        other = OtherServer(rack, tmp_path, request.param, host=rack.server, addresses=("10.77.0.150", "10.77.0.160"),
                            lease_time=3600)
        clients = [Client(rack.host(f"c{number}")) for number in range(3)]
        given = {client: client.get_lease().address for client in clients}
        other.stop()
        yield rack, other.leases, given
        for client in clients:
            client.__exit__()


def renew(client, address):
    return client.ask(REQUEST, to="10.77.0.1", ciaddr=address)


def test_every_client_keeps_its_address_when_the_daemon_takes_the_file(moved):
    rack, leases, given = moved
    with Server(rack) as server:
        done = server.cli("lease", "import", leases)
        assert "imported: 3" in done.stdout
        for client, address in given.items():
            answer = renew(client, address)
            assert (answer.kind, answer.address) == (ACK, address)
        again = server.cli("lease", "import", leases)
        assert "imported: 0" in again.stdout and "it is here already: 3" in again.stdout


def test_every_client_keeps_its_address_when_the_store_takes_the_file_before_the_daemon_runs(moved):
    rack, leases, given = moved
    server = Server(rack)
    try:
        assert "would be imported: 3" in server.cli("lease", "import", "--dry-run", leases).stdout
        assert not list(server.state.iterdir()), "a dry run wrote something"
        assert "imported: 3" in server.cli("lease", "import", leases).stdout
        server.start()
        assert {lease["address"] for lease in server.leases()} == set(given.values())
        for client, address in given.items():
            assert renew(client, address).address == address
    finally:
        server.__exit__()


def test_udhcpc_got_its_address_from_dnsmasq_and_renews_it_here(tmp_path):
    with Rack() as rack:
        other = OtherServer(rack, tmp_path, "dnsmasq", host=rack.server, addresses=POOL, lease_time=3600)
        machine = ClientProgram(rack, None, tmp_path, "udhcpc", 1)
        machine.start()
        address = machine.address()
        other.stop()
        with Server(rack) as server:
            server.cli("lease", "import", other.leases)
            before = server.leases()[0]["expires"]
            machine.log.write_text("")
            machine.process.send_signal(signal.SIGUSR1)  # renew now
            assert machine.address() == address
            machine.server = server
            assert machine.lease()["address"] == address and machine.lease()["expires"] > before


@pytest.fixture(scope="module")
def rack():
    with Rack() as rack:
        yield rack


@pytest.fixture(scope="module")
def server(rack):
    with Server(rack) as server:
        yield server


def dnsmasq_file(folder, *leases, left=3600):
    """(address, MAC address) as dnsmasq writes them."""
    path = folder / "leases"
    end = int(time.time()) + left
    path.write_text("".join(f"{end} {mac} {address} node *\n" for address, mac in leases))
    return path


def test_what_another_client_has_here_is_a_conflict_with_both_sides_and_stays(rack, server, tmp_path):
    with Client(rack.host("holder")) as client:
        address = client.get_lease().address
        file = dnsmasq_file(tmp_path, (address, "52:54:00:aa:00:01"), ("10.77.0.190", "52:54:00:aa:00:02"))
        done = server.cli("lease", "import", file, check=False)
        assert done.returncode == 1
        assert f"{address} of mac 52:54:00:aa:00:01 (node): another client has the address here: mac " in done.stdout
        assert "imported: 1" in done.stdout
        assert renew(client, address).address == address


def test_what_is_left_out_is_told_line_by_line_as_json_too(server, tmp_path):
    file = dnsmasq_file(tmp_path, ("10.77.9.9", "52:54:00:aa:00:03"), ("192.0.2.1", "52:54:00:aa:00:04"))
    with file.open("a") as more:
        more.write("nonsense\n")
    done = server.cli("lease", "import", file, "--json", check=False)
    assert done.returncode == 1
    told = json.loads(done.stdout)
    assert {lease["address"]: (lease["outcome"], lease["line"]) for lease in told["leases"]} == {
        "10.77.9.9": ("outside_pools", 1), "192.0.2.1": ("no_subnet", 2)}
    assert told["problems"] == [f"{file}:3:1: error: a lease has five words, this line has 1"]
    assert (told["complete"], told["imported"], told["unread"]) == (False, 0, 1)


def test_a_row_that_cannot_be_read_may_be_a_lease_that_runs(server, tmp_path):
    head = "address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context\n"
    file = tmp_path / "kea-leases4.csv"
    file.write_text(f"{head}10.77.0.300,52:54:00:aa:00:09,,3600,{int(time.time()) + 3600},1,0,0,,0,\nbroken\n")
    done = server.cli("lease", "import", file, check=False)
    assert done.returncode == 1
    assert f"{file}:2:1: error: '10.77.0.300' is no IPv4 address" in done.stderr
    assert f"imported: 0\ncould not be read: 2 ({file} line 2, 3)\n" in done.stdout


def test_leases_that_ran_out_are_left_behind_and_all_is_well(server, tmp_path):
    done = server.cli("lease", "import", dnsmasq_file(tmp_path, ("10.77.0.120", "52:54:00:aa:00:05"), left=-60))
    assert "skipped, it has run out: 1" in done.stdout


def test_a_file_of_no_server_we_know_is_refused_with_the_way_out(server, tmp_path):
    file = tmp_path / "notes"
    file.write_text("hello\n")
    done = server.cli("lease", "import", file, check=False)
    assert done.returncode == 1
    assert "is no lease file of ISC dhcpd, Kea or dnsmasq; say which it is with --from" in done.stderr


def test_kea_files_are_read_with_what_its_clean_up_left_beside_them(server, tmp_path):
    head = "address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context\n"
    end = int(time.time()) + 3600
    file = tmp_path / "kea-leases4.csv"
    file.write_text(head)
    (tmp_path / "kea-leases4.csv.2").write_text(f"{head}10.77.0.121,52:54:00:aa:00:06,,3600,{end},1,0,0,,0,\n")
    (tmp_path / "kea-leases4.csv.1").write_text(f"{head}10.77.0.121,52:54:00:aa:00:07,,3600,{end},1,0,0,,0,\n")
    assert "imported: 1" in server.cli("lease", "import", file).stdout
    assert [lease["mac"] for lease in server.leases() if lease["address"] == "10.77.0.121"] == ["52:54:00:aa:00:07"]


def test_leases_are_listed_as_asked_for_and_taken_back_by_name(rack, server):
    with Client(rack.host("listed")) as client:
        address = client.get_lease().address
        mac = client.mac.hex(":")
        table = server.cli("lease", "list", "--mac", mac, "--state", "active", "--subnet", "10.77.0.0/16").stdout
        assert table.splitlines()[0].split() == ["ADDRESS", "MAC", "MACHINE", "STATE", "LEFT", "UNTIL", "CLIENT", "ID"]
        assert len(table.splitlines()) == 2 and table.splitlines()[1].startswith(address)
        assert server.cli("lease", "list", "--subnet", "192.0.2.0/24").stdout == "no leases\n"
        assert server.cli("lease", "list", "--subnet", "x", check=False).returncode == 2
        assert server.cli("lease", "release", mac).stdout == f"{address} is free for others\n"
        assert "no machine of this name" in server.cli("lease", "release", mac, check=False).stderr
