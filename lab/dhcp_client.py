# SPDX-License-Identifier: MPL-2.0
"""One scripted DHCP client that says what the test tells it to and sees every frame on its wire.

What it hears comes from a packet socket, so an answer to a client without an address is seen as it
came: to which card, to which address, and whether somebody asked with ARP before.
"""

import dataclasses
import ipaddress
import itertools
import random
import select
import socket
import struct
import time

from dhcp_message import (KIND, LEASE_TIME, REQUEST, REQUESTED_ADDRESS, SERVER_ID, DISCOVER, answer_fields,
                          message, packed)

EVERYBODY = "255.255.255.255"
_IPV4, _ARP, _ALL = 0x0800, 0x0806, 0x0003


@dataclasses.dataclass
class Answer:
    """A server's message with the frame and the packet it came in."""
    to_mac: bytes
    from_ip: str
    to_ip: str
    ports: tuple  # (from, to)
    address: str  # yiaddr
    options: dict
    arps: list  # addresses that the server asked for with ARP since the client spoke

    @property
    def kind(self):
        return self.options[KIND][0]

    @property
    def lease_time(self):
        return struct.unpack("!I", self.options[LEASE_TIME])[0]


class Client:
    """`host` is a rack host of its own, made without an address."""

    def __init__(self, host):
        self.host = host
        text = host.run("cat", f"/sys/class/net/{host.interface}/address").stdout
        self.mac = bytes.fromhex(text.strip().replace(":", ""))
        self._xids = itertools.count(random.getrandbits(31))
        self._wire = host.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_ALL))
        self._wire.bind((host.interface, 0))
        self._mouth = host.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._mouth.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        self._mouth.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, host.interface.encode())
        self._mouth.bind(("", 68))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._wire.close()
        self._mouth.close()

    def say(self, kind, *options, to=EVERYBODY, broadcast=False, ciaddr="0.0.0.0"):
        """Sends one message; returns its xid."""
        xid = next(self._xids)
        self._mouth.sendto(message(kind, xid, self.mac, options, broadcast, ciaddr), (to, 67))
        return xid

    def send(self, packet):
        """These bytes as they are."""
        self._mouth.sendto(packet, (EVERYBODY, 67))

    def ask(self, kind, *options, limit=15.0, **how):
        """Sends one message; the Answer to it, or None after `limit` seconds."""
        self._forget()
        xid = self.say(kind, *options, **how)
        arps, deadline = [], time.monotonic() + limit
        while (left := deadline - time.monotonic()) > 0:
            if not select.select([self._wire], [], [], left)[0]:
                break
            frame, sender = self._wire.recvfrom(4096)
            if sender[2] == socket.PACKET_OUTGOING:
                continue
            if wanted := _arp_question(frame):
                arps.append(wanted)
            elif answer := _answer(frame, xid, arps):
                return answer
        return None

    def discover(self, **how):
        return self.ask(DISCOVER, **how)

    def select(self, offer, **how):
        """The REQUEST that takes an offer, and the answer to it."""
        return self.ask(REQUEST, *_taking(offer), **how)

    def say_select(self, offer):
        """The same without waiting for an answer."""
        self.say(REQUEST, *_taking(offer))

    def get_lease(self):
        """From DISCOVER to ACK; the address is put on the interface, as a client does."""
        ack = self.select(self.discover())
        self.host.run("ip", "address", "replace", f"{ack.address}/16", "dev", self.host.interface)
        return ack

    def drop_address(self):
        self.host.run("ip", "address", "flush", "dev", self.host.interface)

    def _forget(self):
        """What came before is no answer."""
        while select.select([self._wire], [], [], 0)[0]:
            self._wire.recv(4096)


def _taking(offer):
    return (REQUESTED_ADDRESS, packed(offer.address)), (SERVER_ID, offer.options[SERVER_ID])


def _arp_question(frame):
    if frame[12:14] == _ARP.to_bytes(2, "big") and frame[20:22] == b"\x00\x01":
        return str(ipaddress.ip_address(frame[38:42]))
    return None


def _answer(frame, xid, arps):
    if frame[12:14] != _IPV4.to_bytes(2, "big") or frame[23] != socket.IPPROTO_UDP:
        return None
    udp = 14 + (frame[14] & 15) * 4
    fields = answer_fields(frame[udp + 8:])
    if not fields or fields[0] != xid:
        return None
    addresses = [str(ipaddress.ip_address(frame[at:at + 4])) for at in (26, 30)]
    return Answer(frame[:6], *addresses, struct.unpack_from("!HH", frame, udp), fields[2], fields[3], arps)
