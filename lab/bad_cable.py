# SPDX-License-Identifier: MPL-2.0
"""A cable with a will: a host between a switch and another host that lets only those frames through that a test
likes. For kernels without a packet filter; what it does is what a firewall, a small MTU or an axe does.

    cable = BadCable(rack, "far", lambda frame, to_node: len(frame) <= 1000)
    node = ScriptedNode(cable.host, ...)
"""

import contextlib
import select
import socket
import struct
import threading

from bad_path import plain_frames

_ALL = 0x0003


class BadCable:
    """`host` is the one at its end; `likes(frame, to_node)` may be replaced while it carries."""

    def __init__(self, rack, name, likes):
        self.likes = likes
        segment = rack.segment(f"{name}-s")
        self.host = rack.host(name, segment=segment)
        between = rack.host(f"{name}-b", interface="near")
        rack.plug(between, "far", segment=segment)
        self._ends = [self._end(between, card) for card in ("near", "far")]
        plain_frames(self.host, self.host.interface)
        plain_frames(rack.server, rack.server.interface)
        threading.Thread(target=self._carry, daemon=True).start()

    @staticmethod
    def _end(host, card):
        host.run("ip", "link", "set", card, "promisc", "on")
        end = host.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_ALL))
        end.bind((card, _ALL))
        return end

    def _carry(self):
        with contextlib.suppress(OSError):  # until the rack is taken down
            while True:
                for end in select.select(self._ends, [], [])[0]:
                    frame, sender = end.recvfrom(65536)
                    to_node = end is self._ends[0]
                    if sender[2] != socket.PACKET_OUTGOING and self.likes(frame, to_node):
                        self._ends[1 if to_node else 0].send(frame)


def udp_ports(frame):
    """(from, to) of a UDP packet over IPv4, or (0, 0)."""
    if frame[12:14] != b"\x08\x00" or frame[23] != socket.IPPROTO_UDP:
        return 0, 0
    return struct.unpack_from("!HH", frame, 14 + (frame[14] & 15) * 4)
