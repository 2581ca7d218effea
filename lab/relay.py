# SPDX-License-Identifier: MPL-2.0
"""Relay agents: the one of ISC, which people run, and one that says what the test tells it to.

    far = rack.segment("far")
    start_dhcrelay(rack, far, "10.78.0.1/24", log)   # clients on `far` are 10.78.0.0/24
"""

import dataclasses
import itertools
import random
import socket
import time

from dhcp_message import KIND, REQUEST, RELAY_AGENT, REQUESTED_ADDRESS, SERVER_ID, answer_fields, message, packed, tlvs
from rack import SERVER

RELAY = "10.77.0.2"  # its card on the server's segment


def start_dhcrelay(rack, segment, address, log, *arguments):
    """A router between the server's segment and another one, with ISC's dhcrelay on it. The server knows the way."""
    router = rack.host("relay", address=f"{RELAY}/16")
    rack.plug(router, "eth1", address, segment=segment)
    router.run("sysctl", "-qw", "net.ipv4.ip_forward=1")
    inside = address.split("/")[0]
    rack.server.run("ip", "route", "add", f"{inside.rsplit('.', 1)[0]}.0/{address.split('/')[1]}", "via", RELAY)
    with open(log, "w") as words:
        router.start("dhcrelay", "-4", "-d", "--no-pid", "-iu", "eth0", "-id", "eth1", *arguments, SERVER,
                     stdout=words, stderr=words)
    return router


@dataclasses.dataclass
class Answer:
    """What the server told the relay agent."""
    source: tuple  # address and port it came from
    address: str  # yiaddr
    options: dict

    @property
    def kind(self):
        return self.options[KIND][0]


class Agent:
    """A relay agent on `host`, which speaks and listens at `port` of the address it is given."""

    def __init__(self, host, address, port=67):
        self._numbers = itertools.count(random.getrandbits(31))
        self._socket = host.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((address, port))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._socket.close()

    def ask(self, kind, mac, *options, giaddr, sub_options=(), limit=15.0, **fields):
        """Passes a client's message on; the server's answer to it, or None after `limit` seconds."""
        number = next(self._numbers)
        relayed = (*options, (RELAY_AGENT, tlvs(sub_options))) if sub_options else options
        self._socket.sendto(message(kind, number, mac, relayed, giaddr=giaddr, **fields), (SERVER, 67))
        deadline = time.monotonic() + limit
        while (left := deadline - time.monotonic()) > 0:
            self._socket.settimeout(left)
            try:
                packet, source = self._socket.recvfrom(4096)
            except TimeoutError:
                return None
            fields = answer_fields(packet)
            if fields and fields[0] == number:
                return Answer(source, fields[2], fields[3])
        return None

    def select(self, mac, offer, **how):
        """The REQUEST that takes an offer, and the answer to it."""
        return self.ask(REQUEST, mac, (REQUESTED_ADDRESS, packed(offer.address)),
                        (SERVER_ID, offer.options[SERVER_ID]), **how)
