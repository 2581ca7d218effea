# SPDX-License-Identifier: MPL-2.0
"""What an operator is told of machines that are known by no MAC address, never boot or send what is broken."""

import uuid

import pytest
from dhcp_client import Client
from dhcp_message import COOKIE, DISCOVER, INFORM, REQUEST, mac_text, message, packed
from patience import until
from rack import SERVER, Rack
from server import Server

UUID = "564d7f5c-8f05-4a7e-9a10-0cc47aabcdef"
BOARD = (97, b"\0" + uuid.UUID(UUID).bytes)  # RFC 4578 section 2.3
MACHINES = f"""
[[machine]]
name = "m-uuid"
uuid = "{UUID}"
address = "10.77.0.51"

[[machine]]
name = "m-later"
uuid = "564d7f5c-8f05-4a7e-9a10-000000000001"
"""


@pytest.fixture(scope="module")
def server(rack):
    with Server(rack, more=MACHINES) as server:
        yield server


def told(server, machine):
    return server.cli("explain", machine, check=False).stdout


def test_a_machine_configured_by_uuid_is_found_by_name_address_uuid_and_mac(rack, server):
    rom = (BOARD, (60, b"PXEClient:Arch:00000:UNDI:002001"), (93, b"\0\0"))
    with Client(rack.host("board")) as client:
        offer = client.ask(DISCOVER, *rom)
        client.ask(REQUEST, (50, packed(offer.address)), (54, offer.options[54]), *rom)
        mac = mac_text(client.mac)
        for name in ("m-uuid", "10.77.0.51", UUID, mac):
            assert f"m-uuid  {mac}" in told(server, name), name
            assert "boot 1" in told(server, name), name
        listed = server.cli("machine", "list").stdout
        assert [line.split()[:3] for line in listed.splitlines() if "m-" in line] == [
            ["m-uuid", mac, "10.77.0.51"], ["m-later", "-", "-"]]
        assert listed.count(mac) == 1
        assert "not seen" in told(server, "m-later")
        assert "m-uuid" in server.cli("lease", "list").stdout

        server.stop()
        server.start()
        assert "m-uuid" in server.cli("lease", "list").stdout
        server.cli("lease", "release", "m-uuid")


def test_a_boots_number_is_no_other_boots_after_a_restart(rack, server):
    numbers = []
    for _ in range(2):
        with Client(rack.host(f"again{len(numbers)}")) as client:
            client.ask(DISCOVER, (60, b"PXEClient:Arch:00000:UNDI:002001"), (93, b"\0\0"))
            boots = until(lambda mac=mac_text(client.mac): server.explain(mac)["boots"])
            numbers.append(boots[0]["id"])
        server.stop()
        server.start()
    assert numbers[1] > numbers[0] > 10**15
    assert numbers[1] < 2**53, "every reader of JSON must hold it exactly"


def test_a_machine_with_an_address_set_by_hand_is_told_how_to_get_a_story(rack, server):
    by_hand = "10.77.0.240"
    host = rack.host("byhand", address=f"{by_hand}/16", mac="52:54:00:66:00:40")
    fetch = ("curl", "-sf", "-o", "/dev/null", f"tftp://{SERVER}/undionly.kpxe")
    host.run(*fetch)
    until(lambda: "undionly.kpxe" in server.cli("explain", by_hand, check=False).stderr)
    done = server.cli("explain", by_hand, check=False)
    assert done.returncode == 1
    assert f"no machine holds {by_hand} and none was seen with it" in done.stderr
    assert f'reserve it, with mac and address = "{by_hand}" in a [[machine]]' in done.stderr

    before = server.config.read_text()
    server.config.write_text(f'{before}\n[[machine]]\nname = "byhand"\nmac = "52:54:00:66:00:40"\naddress = "{by_hand}"\n')
    server.cli("reload")
    host.run(*fetch)
    until(lambda: "✓ loader" in told(server, by_hand), says=lambda: told(server, by_hand))
    server.config.write_text(before)
    server.cli("reload")


def test_what_never_boots_is_explained_from_what_was_heard(rack, server):
    with Client(rack.host("idle")) as client:
        client.ask(DISCOVER, (55, b"\1\3\6"))
        assert "was offered 10.77.0." in told(server, mac_text(client.mac))
        assert "waiting: offered" in server.cli("machine", "list").stdout
    with Client(rack.host("naked")) as client:
        client.ask(REQUEST, (50, packed("192.168.5.5")), (55, b"\1\3\6"))
        assert "was refused (DHCPNAK)" in told(server, mac_text(client.mac))
    with Client(rack.host("outside")) as client:
        client.say(REQUEST, (50, packed("10.77.3.3")), (54, packed("10.77.0.1")), (55, b"\1\3\6"))
        server.wait_event(mac_text(client.mac), "dhcp_dropped")
        assert "in no range of ours" in told(server, mac_text(client.mac))


def test_the_reason_and_remedy_of_a_drop_are_told_of_who_never_boots():
    with Rack() as rack, Server(rack, more='[boot]\nunknown = "ignore"\n') as server, \
            Client(rack.host("stranger")) as client:
        for kind, name in ((REQUEST, "DHCPREQUEST"), (INFORM, "DHCPINFORM")):
            client.say(kind, (50, packed("10.77.0.150")), (55, b"\1\3\6"))
            server.wait_event(mac_text(client.mac), "dhcp_dropped", name=name)
            story = told(server, mac_text(client.mac))
            assert f"Its {name} " in story and "unknown_policy_ignore" in story and "add a [[machine]]" in story


def test_bootp_that_is_not_served_is_told_so(rack, server):
    with Client(rack.host("bootp")) as client:
        dhcp = message(DISCOVER, 7, client.mac)
        client.send(dhcp[:236] + bytes(64))
        server.wait_event(mac_text(client.mac), "dhcp_dropped")
        story = told(server, mac_text(client.mac))
        assert "Its BOOTP request was not answered" in story and "bootp = true" in story


@pytest.mark.parametrize("name, options, reason, words", [
    ("cut", b"\x35\x01\x01\x0c\xffshort", "option_past_end", "runs past the end of the packet"),
    ("type99", b"\x35\x01\x63\xff", "bad_message_type", "option 53 is 99"),
])
def test_broken_packets_are_in_the_story_of_who_sent_them(rack, server, name, options, reason, words):
    with Client(rack.host(name)) as client:
        client.send(message(DISCOVER, 7, client.mac)[:236] + COOKIE + options)
        mac = mac_text(client.mac)
        server.wait_event(mac, "dhcp_dropped")
        assert not [event for event in server.events(mac) if event["kind"] == "bootp_request"]
        assert reason in told(server, mac) and words in told(server, mac)


def test_who_does_not_name_itself_is_called_neither_ipxe_nor_grub(rack, server):
    with Client(rack.host("bare")) as client:
        client.ask(DISCOVER)
        story = told(server, mac_text(client.mac))
        assert "It did not name itself (option 53 alone; it may be GRUB)" in story
        assert "ipxe" not in story.lower()


def test_grub_is_called_grub(rack, server):
    with Client(rack.host("grub")) as client:
        offer = client.ask(DISCOVER)
        grubs = (55, bytes((1, 3, 6, 15, 12, 17, 18)))
        client.ask(REQUEST, (54, offer.options[54]), (50, packed(offer.address)), grubs)
        story = told(server, mac_text(client.mac))
        assert "GRUB was given" in story and "ipxe" not in story.lower()


def test_options_that_do_not_fit_are_named():
    long = "[options]\n" + "".join(f'{code} = "{"x" * 200}"\n' for code in ("root-path", "merit-dump", "domain-name"))
    with Rack() as rack, Server(rack, more=long) as server, Client(rack.host("small")) as client:
        rom = ((57, b"\2\x40"), (55, bytes((1, 3, 6, 14, 15, 17))), (60, b"PXEClient"), (93, b"\0\0"))
        offer = client.ask(DISCOVER, *rom)
        assert offer
        server.wait_log(r"options did not fit the answer to .*: [a-z-]+ \(1[457]\)")
        assert "these options did not fit: " in told(server, mac_text(client.mac))
