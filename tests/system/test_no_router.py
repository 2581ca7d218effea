# SPDX-License-Identifier: MPL-2.0
"""Who asks for an IPv6 router is told that there is none, unless there is one."""

import itertools
import time

import pytest
from dhcp_client import Client
from dhcp_message import DISCOVER
from icmp6 import ADVERTISEMENT, ALL_NODES, SOLICITATION, RouterTalk, link_local
from patience import until
from server import Server

LOOKS_FOR = 4.0  # seconds from its start on, in which the server only listens
NOTHING_SAID = bytes([ADVERTISEMENT, 0])  # and the checksum; then hop limit, flags, lifetime, timers: all zero
OUTCOME = 'slipway_router_packets_total{outcome="%s"}'
_numbers = itertools.count(1)


@pytest.fixture
def server(rack):
    with Server(rack) as server:
        yield server


@pytest.fixture
def asker(rack):
    with RouterTalk(rack.host(f"asker{next(_numbers)}")) as talk:
        yield talk


@pytest.fixture
def router(rack):
    """Nothing is left of it afterwards: hosts hear that it ceased to be one."""
    with RouterTalk(rack.host(f"router{next(_numbers)}")) as talk:
        yield talk
        talk.advertise(0)


def outcome(server, name):
    return server.metrics()[OUTCOME % name]


def wait_until_it_answers(server, asker):
    def answered():
        asker.solicit()
        return asker.hear_advertisement(1.0)

    return until(answered, says=server.last_log)


def test_the_answer_says_nothing_that_a_host_could_take(server, asker):
    answer = wait_until_it_answers(server, asker)
    assert answer.body[:2] == NOTHING_SAID
    assert answer.body[4:] == bytes(12), "hop limit, flags, lifetime, timers; and no options"
    assert answer.hop_limit == 255
    assert answer.source == link_local(server.host)
    assert answer.to in (ALL_NODES, asker.address)


def test_it_looks_for_a_router_itself_before_it_answers(rack, asker):
    with Server(rack) as server:
        heard = asker.hear(1.0)
        begin = time.monotonic()
        own = link_local(server.host)
        assert any(h.kind == SOLICITATION and h.source == own and h.hop_limit == 255 for h in heard)
        while time.monotonic() - begin < LOOKS_FOR - 2:
            asker.solicit()
            assert asker.hear_advertisement(0.3) is None
        assert outcome(server, "looking") > 0 and outcome(server, "answered") == 0
        wait_until_it_answers(server, asker)


def test_advertisements_to_all_are_three_seconds_apart_and_others_are_answered_alone(server, asker):
    wait_until_it_answers(server, asker)
    heard, begin = [], time.monotonic()
    while time.monotonic() - begin < 7:
        asker.solicit()
        heard += [(time.monotonic(), h.to) for h in asker.hear(0.1) if h.kind == ADVERTISEMENT]
    to_all = [at for at, to in heard if to == ALL_NODES]
    assert 1 <= len(to_all) <= 3
    assert all(later - earlier > 2.8 for earlier, later in zip(to_all, to_all[1:]))
    assert any(to != ALL_NODES for _, to in heard), "in between it answers the one that asks"


def test_what_is_no_proper_solicitation_is_counted_and_not_answered(server, asker):
    wait_until_it_answers(server, asker)
    for _ in range(4):  # the kernel of another host on this link may ask at the same moment, and is answered
        asker.hear(3.5)
        before = server.metrics()
        asker.solicit(bytes([SOLICITATION, 1, 0, 0, 0, 0, 0, 0]))
        asker.solicit(bytes([SOLICITATION, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]))
        with RouterTalk(asker.host, hop_limit=64) as far:
            far.solicit()
            heard = far.hear_advertisement(1.5)
        after = server.metrics()
        for name, count in (("malformed", 2), ("wrong_hop_limit", 1)):
            assert after[OUTCOME % name] - before[OUTCOME % name] == count
        if heard is None and after[OUTCOME % "answered"] == before[OUTCOME % "answered"]:
            return
    pytest.fail("it was answered every time")


def test_a_linux_host_takes_neither_an_address_nor_a_route_from_it(rack, server, asker, router):
    wait_until_it_answers(server, asker)
    host = rack.host(f"linux{next(_numbers)}")

    def ask_anew():
        host.run("ip", "link", "set", host.interface, "down")
        host.run("ip", "link", "set", host.interface, "up")

    def taken():
        addresses = host.run("ip", "-6", "address", "show", "dev", host.interface, "scope", "global").stdout
        return addresses + host.run("ip", "-6", "route", "show", "default").stdout

    with RouterTalk(host) as ear:
        ask_anew()  # its kernel solicits
        assert ear.hear_advertisement(20) is not None
        time.sleep(0.5)
    assert taken() == ""
    # That it would have taken what a router says:
    router.advertise(60, "2001:db8:77::")
    until(lambda: "2001:db8:77:" in taken() and "default via" in taken(), says=taken)


def test_it_is_silent_beside_a_router_for_as_long_as_that_lives(server, asker, router):
    wait_until_it_answers(server, asker)
    router.advertise(4)
    router.hear(0.5)
    begin, before = time.monotonic(), outcome(server, "answered")
    while time.monotonic() - begin < 3:
        asker.solicit()
        assert asker.hear_advertisement(0.5, link_local(server.host)) is None
    assert outcome(server, "other_router") >= 3 and outcome(server, "answered") == before
    assert "advertises itself as an IPv6 router" in server.last_log(200)
    until(lambda: asker.solicit() or asker.hear_advertisement(1, link_local(server.host)))
    assert time.monotonic() - begin > LOOKS_FOR + 3, "it looked for another first"


def test_a_router_that_was_there_first_is_found_before_anybody_is_told_otherwise(rack, asker, router):
    with Server(rack) as server:
        solicited = until(lambda: [h for h in router.hear(0.2) if h.source == link_local(server.host)])
        assert solicited[0].kind == SOLICITATION
        router.advertise(60)
        begin = time.monotonic()
        while time.monotonic() - begin < LOOKS_FOR + 2:
            asker.solicit()
            assert asker.hear_advertisement(0.5, link_local(server.host)) is None
        assert outcome(server, "answered") == 0


def test_off_is_the_default_and_a_reload_turns_it_on(rack, asker):
    with Server(rack, no_ipv6_router=False) as server:
        time.sleep(LOOKS_FOR)
        asker.solicit()
        assert asker.hear_advertisement(2) is None
        assert OUTCOME % "answered" in server.metrics()
        text = server.config.read_text()
        server.config.write_text(text.replace("[[subnet]]", "[[subnet]]\nno-ipv6-router = true"))
        server.cli("reload")
        wait_until_it_answers(server, asker)


def test_an_interface_without_ipv6_is_named_by_check_and_in_the_log(rack):
    host = rack.server
    setting = f"net.ipv6.conf.{host.interface}.disable_ipv6"
    host.run("sysctl", "-qw", f"{setting}=1")
    try:
        with Server(rack) as server:
            assert "has no IPv6 link-local address" in server.cli("check").stdout
            assert "has no IPv6 link-local address" in server.last_log(100)
            host.run("sysctl", "-qw", f"{setting}=0")
            until(lambda: server.metrics()["slipway_router_answers_sent_total"] == 0)
            with RouterTalk(rack.host(f"asker{next(_numbers)}")) as talk:
                wait_until_it_answers(server, talk)
    finally:
        host.run("sysctl", "-qw", f"{setting}=0")


def test_the_timeline_of_a_machine_says_that_it_asked(server, asker):
    with Client(asker.host) as client:
        client.ask(DISCOVER)
    wait_until_it_answers(server, asker)
    event = server.wait_event(asker.mac, "router_solicited", detail="told that there is none")
    assert event["text"] == "asked for an IPv6 router: told that there is none"
