# SPDX-License-Identifier: MPL-2.0
"""Boots that fail, each for one reason that docs/diagnoses.md lists: a real server, and around it what breaks.

    ward = Ward(rack, tmp_path, images)          # the server and everything around it
    mac = CASES["loader-loop"](ward)             # a machine that fails in this way
"""

import contextlib
import itertools
import os
import time

from bad_cable import BadCable, udp_ports
from dhcp_message import DISCOVER, REQUEST, DECLINE, REQUESTED_ADDRESS, SERVER_ID, packed
from other_server import OTHER, OtherServer
from rack import SERVER, Rack
from relay import Agent
from scripted_node import HTTP, MULTIBOOT2, UEFI, NodeError, ScriptedNode, as_ipxe, as_rom
from server import Server

RELAY = "10.77.0.2"
STAMP = "20260101T000000Z"
KERNEL = f"/os/{STAMP}/platform/i86pc/kernel/amd64/unix"
ARCHIVE = f"/os/{STAMP}/platform/i86pc/amd64/boot_archive"
ABSENT = "/os/20990101T000000Z/platform/i86pc"
PEOPLE = 64  # machines that the configuration names

CONFIG = """
[profile.smartos]
image = "smartos@latest"

[profile.absent]
image = "smartos@20990101T000000Z"

[profile.probed]
image = "smartos@latest"
probe = "tcp:22"
up-within = "3s"

[profile.guarded]
image = "smartos@latest"
networking = true

[profile.crowded]
image = "smartos@latest"
properties = { note = "%(long)s" }

[[class]]
name = "ignored"
answer = false

[[class]]
name = "wrong-file"
boot-file = "ipxe.efi"

[[class]]
name = "no-file"
boot-file = "absent.kpxe"

[boot]
default = "smartos"
unknown = "ignore"

[[subnet]]
network = "10.78.0.0/24"
range = "10.78.0.10-10.78.0.10"
probe = false

[[subnet]]
network = "10.79.0.0/24"
range = "10.79.0.10-10.79.0.90"
identify = "client-id"
probe = false

[[subnet]]
network = "10.80.0.0/24"
mode = "proxy"

[[subnet]]
network = "10.81.0.0/24"
mode = "off"
""" % {"long": "x" * 400}


def mac_of(number):
    return f"52:54:00:66:00:{number:02x}"


class Ward:
    """One server, a host for the machines that need no wire of their own, relays, and a second site that has another
    DHCP server. `node(**config)` gives a new machine that the configuration names."""

    def __init__(self, rack, folder, image):
        self.rack, self.folder, self.image = rack, folder, image
        self.special = {}
        machines = "".join(f'[[machine]]\nmac = "{mac_of(number)}"\n{self._extra(number)}\n'
                           for number in range(PEOPLE))
        self.server = Server(rack, more=CONFIG + machines, subnet="probe = false")
        self._numbers = itertools.count(len(EXTRAS))
        self._strangers = itertools.count(0x80)
        self.host = rack.host("crowd")
        self.relay_host = rack.host("relay", address=f"{RELAY}/16")
        for network in (78, 79, 80):
            self.relay_host.run("ip", "address", "add", f"10.{network}.0.1/24", "dev", "eth0")
            rack.server.run("ip", "route", "add", f"10.{network}.0.0/24", "via", RELAY)
        rack.server.run("ip", "route", "add", "10.81.0.0/24", "dev", rack.server.interface)

    @staticmethod
    def _extra(number):
        return list(EXTRAS.values())[number] if number < len(EXTRAS) else ""

    def __enter__(self):
        self.server.__enter__()
        self.server.import_image(self.image)
        self.unwell = Rack()
        self.unwell.__enter__()
        return self

    def __exit__(self, *_):
        self.unwell.__exit__(None, None, None)
        self.server.__exit__(None, None, None)

    def node(self, extra=None, host=None):
        """`extra`: which of EXTRAS its [[machine]] has."""
        number = list(EXTRAS).index(extra) if extra else next(self._numbers)
        return ScriptedNode(host or self.host, mac_of(number))

    def stranger(self):
        return ScriptedNode(self.host, mac_of(next(self._strangers)))


EXTRAS = {
    "ignored": 'classes = ["ignored"]',
    "wrong-file": 'classes = ["wrong-file"]',
    "no-file": 'classes = ["no-file"]',
    "absent": 'profile = "absent"',
    "probed": 'profile = "probed"',
    "crowded": 'profile = "crowded"',
    "guarded": 'profile = "guarded"',
}


# DHCP

def unknown_machine(ward):
    node = ward.stranger()
    node.say(DISCOVER, *as_rom())
    return node.mac


def pool_exhausted(ward):
    first, second = ward.node(), ward.node()
    with Agent(ward.relay_host, "10.78.0.1") as agent:
        for node in (first, second):
            offer = agent.ask(DISCOVER, _bytes(node.mac), *as_rom(), giaddr="10.78.0.1", limit=3)
            if offer:
                agent.select(_bytes(node.mac), offer, giaddr="10.78.0.1")
    return second.mac


def no_boot_file(ward):
    node = ward.node()
    with Agent(ward.relay_host, "10.80.0.1") as agent:
        agent.ask(DISCOVER, _bytes(node.mac), *as_rom(99), giaddr="10.80.0.1", limit=1)
    return node.mac


def packet_ignored(ward):
    node = ward.node("ignored")
    node.say(DISCOVER, *as_rom())
    return node.mac


def offered_by_relay(ward):
    node = ward.node()
    with Agent(ward.relay_host, "10.79.0.1") as agent:  # hears our offers and keeps them to itself
        for _ in range(2):
            agent.ask(DISCOVER, _bytes(node.mac), *as_rom(), giaddr="10.79.0.1")
    return node.mac


def offered_late(ward):
    node = ward.node()
    node.discover(secs=28)
    return node.mac


def offered_not_requested(ward):
    node = ward.node()
    for _ in range(3):
        node.discover()
        time.sleep(0.2)
    return node.mac


def address_refused(ward):
    node = ward.node()
    node.ask(REQUEST, (REQUESTED_ADDRESS, packed("192.168.5.5")), *as_rom())
    return node.mac


def address_in_use(ward):
    node = ward.node()
    address, _ = node.discover()
    node.request(address)
    node.say(DECLINE, (REQUESTED_ADDRESS, packed(address)), (SERVER_ID, packed(SERVER)), *as_rom())
    return node.mac


def identity_changed(ward):
    node = ward.node()
    with Agent(ward.relay_host, "10.79.0.1") as agent:
        for name, program in ((b"\xffrom", as_rom()), (b"\xffipxe", as_ipxe())):
            how = {"giaddr": "10.79.0.1"}
            offer = agent.ask(DISCOVER, _bytes(node.mac), (61, name), *program, **how)
            agent.ask(REQUEST, _bytes(node.mac), (REQUESTED_ADDRESS, packed(offer.address)),
                      (SERVER_ID, offer.options[SERVER_ID]), (61, name), *program, **how)
    return node.mac


# Another DHCP server

def _beside_another(ward):
    """A site with dnsmasq on its segment, and our server there; made once."""
    if "other" not in ward.special:
        OtherServer(ward.unwell, ward.folder, "dnsmasq")
        server = Server(ward.unwell)
        server.start()
        server.wait_log(f"another DHCP server, {OTHER} ")
        ward.special["other"] = (server, ward.unwell.host("crowd"))
    return ward.special["other"]


def foreign_server(ward):
    server, host = _beside_another(ward)
    node = ScriptedNode(host, mac_of(0xF0))
    node.say(DISCOVER, *as_rom())
    return node.mac, server


def offered_other_server(ward):
    server, host = _beside_another(ward)
    node = ScriptedNode(host, mac_of(0xF1))
    address, options = node.discover()
    node.request(address, OTHER)
    return node.mac, server


# The loader

def loader_not_requested(ward):
    node = ward.node()
    node.exchange()
    return node.mac


def loader_refused(ward):
    node = ward.node("no-file")
    node.exchange()
    with contextlib.suppress(NodeError):
        node.tftp("absent.kpxe")
    return node.mac


def loader_unheard(ward):
    """A firewall that lets the request to port 69 out and nothing from our high ports in."""
    cable = BadCable(ward.rack, "wall", lambda frame, to_node: not (to_node and udp_ports(frame)[0] > 1023))
    node = ward.node(host=cable.host)
    node.exchange()
    node.tftp_request("undionly.kpxe")
    return node.mac


def loader_block_lost(ward):
    """A link with an MTU of 1000 that tells nobody."""
    cable = BadCable(ward.rack, "hole", lambda frame, to_node: len(frame) <= 1000)
    node = ward.node(host=cable.host)
    node.exchange()
    with contextlib.suppress(TimeoutError):
        node.tftp("undionly.kpxe", timeout=5)
    return node.mac


def loader_cut(ward):
    node = ward.node()
    node.exchange()
    node.tftp("undionly.kpxe", until=20_000, error=(3, "no memory"))
    return node.mac


def loader_wrong_architecture(ward):
    node = ward.node("wrong-file")
    node.exchange()
    node.tftp("ipxe.efi")
    return node.mac


def loader_loop(ward):
    node = ward.node()
    for _ in range(2):
        node.exchange()
        node.tftp("undionly.kpxe")
    return node.mac


def loader_silent(ward):
    node = ward.node()
    node.exchange()
    node.tftp("undionly.kpxe")
    return node.mac


# The script

def script_not_requested(ward):
    node = ward.node()
    node.exchange(as_ipxe())
    return node.mac


def refused_by_lint(ward):
    node = ward.node("crowded")
    node.to_script()
    return node.mac


def refused_no_image(ward):
    node = ward.node("absent")
    node.to_script()
    return node.mac


def refused_machine(ward):
    node = ward.node()
    node.to_script(as_ipxe(UEFI, HTTP))
    return node.mac


def script_refused(ward):
    node = ward.node()
    node.exchange(as_ipxe())
    node.http("/own/menu.ipxe")
    return node.mac


def script_silent(ward):
    node = ward.node()
    node.to_script()
    node.discover()  # reset by hand, before the menu's patience ended
    return node.mac


# Kernel, modules, archive

def kernel_refused(ward):
    node = ward.node()
    node.to_script()
    node.http(f"{ABSENT}/kernel/amd64/unix")
    return node.mac


def kernel_cut(ward):
    node = ward.node()
    node.to_script()
    node.tftp(KERNEL, until=4000, error=(3, "no memory"))
    return node.mac


def kernel_silent(ward):
    node = ward.node()
    node.to_script()
    node.http(KERNEL)
    node.discover()
    return node.mac


def kernel_no_multiboot(ward):
    node = ward.node()
    node.to_script(as_ipxe(UEFI, HTTP, MULTIBOOT2))
    node.http(KERNEL)
    node.discover(as_rom(UEFI))
    return node.mac


def module_missing(ward):
    """The hash beside the archive is gone from the disk."""
    node = ward.node()
    node.to_script()
    node.http(KERNEL)
    node.http(ARCHIVE)
    stored = ward.server.stored("platform/i86pc/amd64/boot_archive.hash")
    kept = stored.rename(stored.with_suffix(".away"))
    try:
        node.http(f"{ARCHIVE}.hash")
    finally:
        kept.rename(stored)
    return node.mac


def withheld(ward):
    """Its address is nobody's as far as the server knows: none is given there, and none reserved."""
    node = ward.node("guarded")
    node.address = "10.81.0.9"
    node.host.run("ip", "address", "replace", f"{node.address}/32", "dev", node.host.interface)
    node.host.run("ip", "route", "replace", SERVER, "dev", node.host.interface)
    node.script()
    node.http(KERNEL)
    node.http(ARCHIVE)
    node.http(f"/bootfs/{node.mac.replace(':', '')}/networking.json")
    return node.mac


def _to_archive(ward, host=None):
    node = ward.node(host=host)
    node.to_script()
    node.http(KERNEL)
    return node


def archive_refused(ward):
    node = _to_archive(ward)
    node.http(f"{ABSENT}/amd64/boot_archive")
    return node.mac


def archive_unreadable(ward):
    """The disk lost the end of the archive after it was imported."""
    node = _to_archive(ward)
    stored = ward.server.stored("platform/i86pc/amd64/boot_archive")
    whole = stored.read_bytes()
    os.truncate(stored, len(whole) // 2)
    try:
        with contextlib.suppress(ConnectionResetError):  # where others read it at the same time, it breaks off
            node.http(ARCHIVE)
    finally:
        stored.write_bytes(whole)
    return node.mac


def archive_stalled(ward):
    """The link dies in mid-transfer."""
    cable = BadCable(ward.rack, "axe", lambda frame, to_node: True)
    node = _to_archive(ward, host=cable.host)

    def cut(line):
        line.settimeout(1)
        cable.likes = lambda frame, to_node: False

    with contextlib.suppress(TimeoutError):
        node.http(ARCHIVE, on_open=cut)
    return node.mac


def archive_given_up(ward):
    node = _to_archive(ward)
    node.http(ARCHIVE, part=100_000)
    return node.mac


def archive_cut(ward):
    node = _to_archive(ward)
    node.tftp(ARCHIVE, until=100_000, error=(3, "disk full"))
    return node.mac


def _whole(node):
    node.to_script()
    for path in (KERNEL, ARCHIVE, f"{ARCHIVE}.hash"):
        node.http(path)


# Afterwards

def kernel_not_started(ward):
    node = ward.node()
    _whole(node)
    node.script()  # "Exec format error", say: its script fetches the next try
    return node.mac


def started_never_up(ward):
    node = ward.node("probed")
    _whole(node)
    return node.mac


def came_back(ward):
    node = ward.node()
    _whole(node)
    node.discover()
    return node.mac


def panic_loop(ward):
    node = ward.node()
    for _ in range(3):
        _whole(node)
    return node.mac


def _bytes(mac):
    return bytes.fromhex(mac.replace(":", ""))


CASES = {case.__name__.replace("_", "-"): case for case in (
    unknown_machine, foreign_server, pool_exhausted, no_boot_file, packet_ignored, offered_other_server,
    offered_by_relay, offered_late, offered_not_requested, address_refused, address_in_use, loader_not_requested,
    loader_refused, loader_unheard, loader_block_lost, loader_cut, loader_wrong_architecture, loader_loop,
    loader_silent, script_not_requested, refused_by_lint, refused_no_image, refused_machine, script_refused,
    script_silent, kernel_refused, kernel_cut, module_missing, withheld, kernel_no_multiboot, kernel_silent, archive_refused,
    archive_unreadable, archive_stalled, archive_given_up, archive_cut, kernel_not_started, started_never_up,
    came_back, panic_loop, identity_changed)}
