# SPDX-License-Identifier: MPL-2.0
"""What counts as up: the sign a profile names, and nothing else; an image that was up is the last good one."""

import json
import socket

import pytest
from broken_boots import ARCHIVE, KERNEL
from dhcp_message import DISCOVER, REQUEST, REQUESTED_ADDRESS, SERVER_ID, packed
from patience import until
from rack import SERVER, Rack
from scripted_node import ScriptedNode
from server import Server

FIXED_MAC, FIXED_ADDRESS = "52:54:00:67:00:10", "10.77.0.60"
SIGNS = ("dhcp", "tcp:22", "call", "stay")
MACS = {sign: f"52:54:00:67:00:0{number}" for number, sign in enumerate(SIGNS)}
CONFIG = "".join(f"""
[profile.{sign.replace(":", "-")}]
image = "smartos@latest"
probe = "{sign}"
up-within = "{"2s" if sign == "stay" else "60s"}"

[[machine]]
mac = "{mac}"
profile = "{sign.replace(":", "-")}"
""" for sign, mac in MACS.items()) + f"""
[[machine]]
name = "fixed"
mac = "{FIXED_MAC}"
address = "{FIXED_ADDRESS}"
"""


@pytest.fixture(scope="module")
def server(images):
    with Rack() as rack, Server(rack, more=CONFIG, subnet="probe = false") as server:
        server.import_image(images())
        yield server


@pytest.fixture(scope="module")
def host(server):
    return server.rack.host("nodes")


def delivered(server, host, sign):
    node = ScriptedNode(host, MACS[sign])
    node.to_script()
    for path in (KERNEL, ARCHIVE, f"{ARCHIVE}.hash"):
        assert node.http(path)[0] == 200
    assert verdict(server, node) == "handed_over"
    return node


def verdict(server, node):
    return server.explain(node.mac)["boots"][0]["verdict"]


def last_good(server, node):
    return json.loads(server.cli("machine", "show", node.mac, "--json").stdout).get("last_good")


def comes_up(server, node):
    until(lambda: verdict(server, node) == "running", says=lambda: server.explain(node.mac))
    until(lambda: last_good(server, node), says=lambda: server.cli("machine", "show", node.mac).stdout)


def asks_as_a_system(node):
    address, _ = node.ask(DISCOVER, (60, b"SUNW.i86pc"))
    node.ask(REQUEST, (REQUESTED_ADDRESS, packed(address)), (SERVER_ID, packed(SERVER)), (60, b"SUNW.i86pc"))


def test_an_operating_system_that_asks_for_an_address_is_up(server, host):
    node = delivered(server, host, "dhcp")
    assert not last_good(server, node)
    asks_as_a_system(node)
    comes_up(server, node)


def test_a_port_that_answers_is_up_and_an_address_alone_is_not(server, host):
    node = delivered(server, host, "tcp:22")
    asks_as_a_system(node)
    assert verdict(server, node) == "handed_over"
    with host.socket(socket.AF_INET, socket.SOCK_STREAM) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind((node.address, 22))
        door.listen()
        comes_up(server, node)
    assert f"TCP port 22 of {node.address} answers" in server.cli("explain", node.mac).stdout


def test_a_call_is_believed_from_the_machine_alone(server, host):
    node, other = delivered(server, host, "call"), ScriptedNode(host, "52:54:00:67:00:7f")
    other.exchange()
    path = f"/up/{node.mac}"
    assert other.http(path)[0] == 403
    assert verdict(server, node) == "handed_over"
    assert node.http("/up/52:54:00:67:00:7f")[0] == 403
    assert node.http("/up/nonsense")[0] == 403
    assert node.http(path)[0] == 200
    comes_up(server, node)


def test_a_reserved_address_calls_before_its_machine_was_heard(server, host):
    host.run("ip", "address", "add", f"{FIXED_ADDRESS}/16", "dev", host.interface)
    call = f"http://{SERVER}/up/{FIXED_MAC}"
    code = ("-s", "-o", "/dev/null", "-w", "%{http_code}")
    assert host.run("curl", *code, "--interface", FIXED_ADDRESS, call).stdout == "200"
    assert host.run("curl", *code, "--interface", FIXED_ADDRESS, f"http://{SERVER}/up/{MACS['call']}").stdout == "403"


def test_who_asks_under_the_name_of_another_moves_no_story(server, host):
    node, other = delivered(server, host, "call"), ScriptedNode(host, "52:54:00:67:00:7e")
    other.exchange()
    before = server.explain(node.mac)["boots"][0]
    listed = server.cli("machine", "list").stdout
    assert other.http(f"/boot/{node.mac.replace(':', '-')}.ipxe")[0] == 200
    for number in range(20):
        assert other.http(f"/boot/02-00-00-00-00-{number:02x}.ipxe")[0] == 200
        assert other.http(f"/v1/boot/02:00:00:00:01:{number:02x}")[0] == 200
    told = server.wait_event(node.mac, "script_served", meant=node.mac)
    assert f"asked for by {other.address}, which is not the address of {node.mac}" in told["text"]
    after = server.explain(node.mac)["boots"][0]
    assert (after["id"], after["verdict"], after["last"]) == (before["id"], before["verdict"], before["last"])
    assert server.cli("machine", "list").stdout.count("\n") == listed.count("\n")


def test_who_does_not_come_back_is_up(server, host):
    comes_up(server, delivered(server, host, "stay"))
