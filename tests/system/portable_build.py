# SPDX-License-Identifier: MPL-2.0
"""What the build for POSIX alone does its own way. Not one of the test_*.py: `tests/run --only portable` names it."""

import itertools
import json
from pathlib import Path

import node as machines
import pytest
from dhcp_client import EVERYBODY, Client
from dhcp_message import ACK, OFFER, REQUEST, mac_text
from patience import until
from rack import SERVER, Rack
from server import ROOT, Server
from test_boot import CONFIG, LIMIT, expect_started, stages

EVERY_CARD = b"\xff" * 6
TAKEN = "10.77.0.100"  # the lowest of the pool
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def rack():
    with Rack() as rack:
        rack.host("squatter", address=TAKEN + "/16")
        yield rack


@pytest.fixture(scope="module")
def server(rack):
    with Server(rack, settings="http-port = 8080") as server:  # one that needs no right
        yield server


@pytest.fixture
def client(rack, server):
    with Client(rack.host(f"portable{next(_numbers)}")) as client:
        yield client


def test_it_says_at_the_start_what_is_missing(server):
    server.wait_log("no Ethernet frames: machines without an address are answered by broadcast")


def test_so_does_check_and_the_file_for_a_zone_is_in_order(server):
    told = json.loads(server.cli("check", ROOT / "packaging/smartos/slipway.toml", "--json", check=False).stdout)
    assert not [problem for problem in told["problems"] if problem["severity"] == "error"], told
    assert any("other DHCP servers are not looked for" in problem["what"] for problem in told["problems"])


def test_an_address_that_answers_a_ping_is_not_offered_and_the_answer_is_a_broadcast(server, client):
    offer = client.discover()
    assert (offer.kind, offer.address) == (OFFER, "10.77.0.101")
    assert (offer.to_mac, offer.to_ip, offer.from_ip, offer.ports) == (EVERY_CARD, EVERYBODY, SERVER, (67, 68))
    server.wait_event(mac_text(client.mac), "address_in_use", address=TAKEN)
    ack = client.select(offer)
    assert (ack.kind, ack.to_mac, ack.to_ip) == (ACK, EVERY_CARD, EVERYBODY)


def test_a_renewal_is_answered_at_the_clients_address(client):
    first = client.get_lease()
    renewed = client.ask(REQUEST, to=SERVER, ciaddr=first.address)
    assert (renewed.kind, renewed.to_mac, renewed.to_ip) == (ACK, client.mac, first.address)


def test_it_runs_as_the_named_account_and_nothing_of_root_is_left(server):
    for thread in Path(f"/proc/{server.process.pid}/task").iterdir():
        status = dict(line.split(":", 1) for line in (thread / "status").read_text().splitlines())
        assert status["Uid"].split() == status["Gid"].split() == ["65534"] * 4
        assert status["Groups"].split() == ["65534"]  # its own alone: no group of root
        assert int(status["CapEff"], 16) == int(status["CapPrm"], 16) == 0
    assert (server.state / "slipway.db").owner() == "nobody"


def test_an_address_that_comes_later_is_served_when_it_was_looked_for(rack, server):
    server.host.run("ip", "address", "add", "10.77.0.3/16", "dev", "eth1")
    host = rack.host("late", address="10.77.0.23/16")
    fetch = ("curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", "--max-time", "5", "http://10.77.0.3:8080/boot.ipxe")
    until(lambda: host.run(*fetch, check=False).stdout == "200")


def test_a_signal_reloads_it_and_another_ends_it(server):
    server.process.send_signal(1)
    server.wait_log("configuration read again")
    assert server.stop() == 0


def test_a_machine_boots_from_a_rom_that_is_not_ipxe_to_its_kernel(rack, images, tmp_path):
    with Server(rack, more=CONFIG) as server:
        server.cli("image", "import", images(), check=False)
        server.stop()  # Linux tells this build not who it was that called: only a start finds the image
        server.start()
        with machines.Node(rack, tmp_path) as node:
            node.wait(LIMIT)
        expect_started(server, node)
        boot, stage = stages(server, node.mac)
        assert boot["verdict"] == "handed_over"
        assert {name: s["state"] for name, s in stage.items()} == dict.fromkeys(stage, "done")
