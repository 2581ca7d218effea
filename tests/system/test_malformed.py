# SPDX-License-Identifier: MPL-2.0
"""Bytes that are no packets: no crash, and each of them dropped or refused for a named, counted reason."""

import contextlib
import random
import socket
import time
from pathlib import Path

import pytest
from dhcp_client import Client
from dhcp_message import ACK, COOKIE, DISCOVER, INFORM, mac_of, message
from patience import until
from rack import SERVER
from server import Server
from wire import udp_payloads

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
MUTATIONS, BATCH = 10_000, 100
GOOD = message(DISCOVER, 0x1234, mac_of(7))


@pytest.fixture(scope="module")
def server(rack):
    with Server(rack, pool=("10.77.8.0", "10.77.15.255")) as server:
        yield server


@pytest.fixture(scope="module")
def wire(rack):
    host = rack.host("attacker", address="10.77.0.66/16")
    plug = host.socket(socket.AF_INET, socket.SOCK_DGRAM)
    plug.bind(("10.77.0.66", 0))

    def send(packet, port=67):
        plug.sendto(packet, (SERVER, port))

    send.host = host
    yield send
    plug.close()


def tally(server):
    """Received, sent, not sent, dropped."""
    metrics = server.metrics()
    return (metrics["slipway_dhcp_received_total"], metrics["slipway_dhcp_sent_total"],
            metrics["slipway_dhcp_send_failures_total"], sum(server.drops().values()))


def settle(server, received, limit=20):
    """Until the server has received that many and answered or dropped each of them; the last tally."""
    deadline = time.monotonic() + limit
    while True:
        now = tally(server)
        if (now[0] >= received and sum(now[1:]) >= now[0]) or time.monotonic() > deadline:
            return now
        time.sleep(0.01)


def options(*raw):
    """A DISCOVER's head with these bytes as its options."""
    return GOOD[:240] + b"".join(raw)


@pytest.mark.parametrize("reason, packet", [
    ("too_short", b""),
    ("too_short", GOOD[:1]),
    ("too_short", GOOD[:235]),
    ("too_long", options(b"\x35\x01\x01", bytes((250,)) + b"\xff" + bytes(255)) + bytes(20_000)),
    ("wrong_cookie", GOOD[:236] + b"\x63\x82\x53\x64" + GOOD[240:]),
    ("option_past_end", options(b"\x35\x01\x01", b"\x0c\xff", b"short")),
    ("option_past_end", options(b"\x35\x01\x01", b"\x0c")),
    ("bad_op", b"\x07" + GOOD[1:]),
    ("reply_packet", b"\x02" + GOOD[1:]),
    ("bad_hlen", GOOD[:2] + b"\xff" + GOOD[3:]),
    ("bad_overload", options(b"\x35\x01\x01", b"\x34\x01\x09", b"\xff")),
    ("bad_message_type", options(b"\x35\x01\xc8", b"\xff")),
], ids=lambda value: value if isinstance(value, str) else f"{len(value)}-bytes")
def test_it_is_dropped_as(server, wire, reason, packet):
    before, (received, *_) = server.drops()[reason], tally(server)
    wire(packet)
    settle(server, received + 1)
    assert server.drops()[reason] == before + 1
    assert server.process.poll() is None


def real_packets():
    """What firmware and clients sent to port 67, from the golden captures; no gifts (RELEASE, DECLINE)."""
    packets = [p for file in sorted(GOLDEN.glob("*.pcap")) for p in udp_payloads(file, 67)]
    packets = [p for p in packets if len(p) >= 240 and p[236:240] == COOKIE and p[0] == 1]
    assert len(packets) > 30
    return packets


def mutate(packet, chance):
    """One to four wounds: a byte, a bit, a length, a cut, a repetition."""
    body = bytearray(packet)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(body))
        kind = chance.randrange(6)
        if kind == 0:
            body[at] = chance.randrange(256)
        elif kind == 1:
            body[at] ^= 1 << chance.randrange(8)
        elif kind == 2:
            body[at] = chance.choice((0, 1, 0x7f, 0x80, 0xff))
        elif kind == 3 and len(body) > 300:
            del body[at:]
            if not body:
                body = bytearray(b"\0")
        elif kind == 4:
            body[at:at] = body[at:at + chance.randint(1, 32)]
        else:
            body[at:at] = chance.randbytes(chance.randint(1, 16))
    return bytes(body[:1400])


def ends_quietly(packet):
    """RELEASE and DECLINE need no answer, so they are neither answered nor dropped."""
    return b"\x35\x01\x04" in packet or b"\x35\x01\x07" in packet


def test_ten_thousand_mutations_are_each_answered_or_dropped_by_name(server, wire):
    chance, packets = random.Random(77), real_packets()
    before, drops = tally(server), server.drops()
    sent = 0
    while sent < MUTATIONS:
        for _ in range(BATCH):
            packet = mutate(chance.choice(packets), chance)
            while ends_quietly(packet):
                packet = mutate(chance.choice(packets), chance)
            wire(packet)
            sent += 1
        settle(server, before[0] + sent)
        assert server.process.poll() is None, server.last_log()
    after = settle(server, before[0] + sent)
    received, answered, failed, dropped = (b - a for a, b in zip(before, after))
    assert received == MUTATIONS
    assert answered > 500 and dropped > 500, "the mutations reach only one side of the server"
    grown = [reason for reason, count in server.drops().items() if count > drops[reason]]
    assert len(grown) >= 8, grown
    assert answered + failed + dropped == received, server.drops()
    assert set(server.drops()) == set(drops), "a reason appeared that was not known from the start"
    assert server.ready()


def tftp_tally(server):
    """Requests that were taken, packets that were dropped."""
    metrics = server.metrics()
    dropped = sum(value for name, value in metrics.items() if name.startswith("slipway_tftp_dropped_total"))
    return metrics["slipway_tftp_requests_total"] + dropped


def test_two_thousand_mutations_of_tftp_requests_are_each_taken_or_dropped(server, wire):
    chance, before = random.Random(69), tftp_tally(server)
    request = b"\0\1undionly.kpxe\0octet\0blksize\x001432\0tsize\x000\0windowsize\x004\0"
    for sent in range(BATCH, 2001, BATCH):
        for _ in range(BATCH):
            wire(mutate(request, chance), 69)
        until(lambda: tftp_tally(server) >= before + sent)
    assert tftp_tally(server) == before + 2000
    assert server.process.poll() is None, server.last_log()


def test_garbage_on_the_http_port_is_answered_or_cut_and_the_next_one_is_served(server, wire):
    chance = random.Random(80)
    request = b"GET /boot.ipxe HTTP/1.1\r\nHost: x\r\nRange: bytes=0-\r\n\r\n"
    for _ in range(200):
        with wire.host.socket(socket.AF_INET, socket.SOCK_STREAM) as plug:
            plug.settimeout(10)
            plug.connect((SERVER, 80))
            plug.sendall(mutate(request, chance))
            plug.shutdown(socket.SHUT_WR)
            with contextlib.suppress(ConnectionResetError):
                while plug.recv(65536):
                    pass
    fetched = wire.host.run("curl", "-sS", "--max-time", "10", f"http://{SERVER}/boot.ipxe")
    assert fetched.stdout.startswith("#!ipxe")


def test_who_names_addresses_that_nobody_has_keeps_no_answer_from_others(rack, server, wire):
    """For each of them the kernel would ask with ARP, and hold what waits for an answer in the socket's buffer."""
    with Client(rack.host("patient")) as client:
        ours = client.select(client.discover())
        for number in range(2000):
            wire(message(INFORM, number, mac_of(number), ciaddr=f"10.77.{100 + number // 250}.{1 + number % 250}"))
        # The switch floods the answers to all of them: one of ours may be lost on the client's side.
        asked = (client.ask(INFORM, ciaddr=ours.address, broadcast=True, limit=1) for _ in range(5))
        assert any(asked), "nobody is answered while the kernel looks for the made-up ones"


def test_who_names_us_as_its_relay_is_told_so_by_name(server, wire):
    def told():  # the log leaves events out for a second after a flood
        wire(message(DISCOVER, 9, mac_of(77), giaddr=SERVER))
        return "52:54:00:00:00:4d DHCPDISCOVER not answered: own_packet" in server.last_log()

    until(told, says=server.last_log)


def test_after_all_of_it_a_machine_gets_its_address(rack, server):
    with Client(rack.host("after")) as client:
        assert client.select(client.discover()).kind == ACK
