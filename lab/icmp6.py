# SPDX-License-Identifier: MPL-2.0
"""Router messages of IPv6 (RFC 4861), said and heard by hand: a host that asks, a router that advertises."""

import dataclasses
import select
import socket
import struct
import time

from patience import until

SOLICITATION, ADVERTISEMENT = 133, 134
ALL_NODES, ALL_ROUTERS = "ff02::1", "ff02::2"
_FILTER, _HOP_LIMIT = 1, 52  # ICMP6_FILTER, IPV6_HOPLIMIT


def link_local(host):
    """Its link-local address; None while it has none."""
    words = host.run("ip", "-o", "-6", "address", "show", "dev", host.interface, "scope", "link").stdout.split()
    return words[words.index("inet6") + 1].split("/")[0] if words and "tentative" not in words else None


@dataclasses.dataclass
class Heard:
    kind: int
    body: bytes  # from the type on
    source: str
    to: str
    hop_limit: int


class RouterTalk:
    """`with RouterTalk(host) as talk: talk.solicit(); talk.hear(3)`; hears both kinds on the host's interface."""

    def __init__(self, host, hop_limit=255):
        self.host = host
        self.address = until(lambda: link_local(host))
        self.mac = host.run("cat", f"/sys/class/net/{host.interface}/address").stdout.strip()
        link = host.run("ip", "-o", "link", "show", "dev", host.interface).stdout
        self.index = int(link.split(":")[0])
        self.socket = host.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
        passing = bytearray(b"\xff" * 32)
        for kind in (SOLICITATION, ADVERTISEMENT):
            word, bit = divmod(kind, 32)
            mask = struct.unpack_from("=I", passing, 4 * word)[0] & ~(1 << bit)
            struct.pack_into("=I", passing, 4 * word, mask)
        self.socket.setsockopt(socket.IPPROTO_ICMPV6, _FILTER, bytes(passing))
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, host.interface.encode())
        for option in (socket.IPV6_RECVHOPLIMIT, socket.IPV6_RECVPKTINFO):
            self.socket.setsockopt(socket.IPPROTO_IPV6, option, 1)
        for option in (socket.IPV6_MULTICAST_HOPS, socket.IPV6_UNICAST_HOPS):
            self.socket.setsockopt(socket.IPPROTO_IPV6, option, hop_limit)
        self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_LOOP, 0)
        group = socket.inet_pton(socket.AF_INET6, ALL_ROUTERS) + struct.pack("@I", self.index)
        self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, group)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, body, to):
        self.socket.sendto(body, (to, 0, 0, self.index))

    def solicit(self, body=None):
        """As iPXE does, with its link-layer address; or whatever `body` is."""
        own = struct.pack("!BBHI", SOLICITATION, 0, 0, 0) + b"\x01\x01" + bytes.fromhex(self.mac.replace(":", ""))
        self.send(own if body is None else body, ALL_ROUTERS)

    def advertise(self, lifetime, prefix=None):
        body = struct.pack("!BBHBBHII", ADVERTISEMENT, 0, 0, 64, 0, lifetime, 0, 0)
        if prefix:  # on link, for autoconfiguration, valid and preferred for an hour
            body += struct.pack("!BBBBIII", 3, 4, 64, 0xc0, 3600, 3600, 0) + socket.inet_pton(socket.AF_INET6, prefix)
        self.send(body, ALL_NODES)

    def hear(self, within):
        """Everything that comes within so many seconds."""
        deadline, heard = time.monotonic() + within, []
        while (left := deadline - time.monotonic()) > 0:
            if select.select([self.socket], [], [], left)[0]:
                heard.append(self._receive())
        return heard

    def hear_advertisement(self, within, source=None):
        """The first advertisement, from `source` where that is said, or None."""
        deadline = time.monotonic() + within
        while (left := deadline - time.monotonic()) > 0:
            if select.select([self.socket], [], [], left)[0]:
                heard = self._receive()
                if heard.kind == ADVERTISEMENT and source in (None, heard.source):
                    return heard
        return None

    def _receive(self):
        body, told, _, source = self.socket.recvmsg(2048, 256)
        facts = {kind: data for _, kind, data in told}
        return Heard(body[0], body, source[0].split("%")[0],
                     socket.inet_ntop(socket.AF_INET6, facts[socket.IPV6_PKTINFO][:16]),
                     struct.unpack("=i", facts[_HOP_LIMIT])[0])
