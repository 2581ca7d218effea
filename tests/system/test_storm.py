# SPDX-License-Identifier: MPL-2.0
"""The whole rack is switched on at once. Counts only: how fast it goes is bench/dhcp's to say."""

import json
import socket
import threading

import pytest

from dhcp_client import Client
from dhcp_message import ACK, DISCOVER, KIND, OFFER, SERVER_ID, options_of, packed
from rack import SERVER
from server import Server, program

RELAY = "10.77.0.2"


@pytest.fixture(scope="module")
def crowd(rack):
    return rack.host("crowd", "eth0", RELAY + "/16")


@pytest.fixture
def server(rack):
    with Server(rack, pool=("10.77.16.0", "10.77.63.255")) as server:
        yield server


def load(crowd, mode, clients, *more):
    """What the generator says; `more` may make it a relay agent."""
    generator = program("slipwayd").parents[2] / "bench/dhcp/dhcp_load"
    done = crowd.run(generator, mode, "--server", SERVER, "--device", "eth0", "--clients", clients, *more, limit=90)
    return json.loads(done.stdout)


BY_RELAY = ("--relay", RELAY)


def test_a_thousand_clients_in_the_same_millisecond_all_get_a_lease_without_asking_twice(server, crowd):
    found = load(crowd, "burst", 1_000, *BY_RELAY)
    assert (found["acked"], found["shared"], found["wrong"], found["naks"]) == (1_000, 0, 0, 0), found


def test_a_thousand_roms_on_the_wire_itself_get_theirs(rack, server, crowd):
    with Client(rack.host("first")) as client:
        assert client.ask(DISCOVER), "it has looked for other servers by now, and answers at once"
    found = load(crowd, "burst", 1_000, "--firmware")
    assert (found["acked"], found["shared"], found["wrong"], found["naks"]) == (1_000, 0, 0, 0), found


def test_who_comes_again_or_renews_keeps_its_address(server, crowd, tmp_path):
    leases = tmp_path / "leases"
    load(crowd, "new", 500, *BY_RELAY, "--write", leases)
    before = leases.read_text()
    again = load(crowd, "loaded", 500, *BY_RELAY, "--turn", 100, "--write", leases)
    renewed = load(crowd, "renew", 500, *BY_RELAY, "--turn", 200, "--read", leases)
    assert again["acked"] == renewed["acked"] == 500
    assert renewed["wrong"] == 0
    assert leases.read_text() == before


def test_what_was_acknowledged_is_in_the_store_though_the_server_died_under_load(server, crowd, tmp_path):
    acked = tmp_path / "acked"
    threading.Timer(0.5, server.kill).start()
    load(crowd, "new", 10_000, *BY_RELAY, "--seconds", 3, "--write", acked)
    server.process.wait(10)
    server.start()
    stored = {lease["mac"]: lease["address"] for lease in server.leases()}
    promised = [line.split()[:2] for line in acked.read_text().splitlines()]
    assert promised
    assert [(mac, address) for mac, address in promised if stored.get(mac) != address] == []


def lie(sock, stop):
    """A server that gives everybody the same address."""
    sock.settimeout(0.1)
    while not stop.is_set():
        try:
            packet, peer = sock.recvfrom(2048)
        except TimeoutError:
            continue
        kind = OFFER if options_of(packet)[KIND][0] == DISCOVER else ACK
        reply = bytearray(packet[:240])
        reply[0], reply[16:20] = 2, packed("10.77.16.1")
        options = b"".join(bytes((code, len(value))) + value for code, value in ((KIND, bytes((kind,))), (SERVER_ID, packed(SERVER))))
        sock.sendto((bytes(reply) + options + b"\xff").ljust(300, b"\0"), peer)


def test_the_generator_tells_when_two_clients_are_given_one_address(rack, crowd):
    stop = threading.Event()
    with rack.server.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind((SERVER, 67))
        liar = threading.Thread(target=lie, args=(sock, stop))
        liar.start()
        try:
            found = load(crowd, "new", 3, *BY_RELAY)
        finally:
            stop.set()
            liar.join()
    assert (found["acked"], found["shared"]) == (3, 2)
