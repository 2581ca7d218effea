# SPDX-License-Identifier: MPL-2.0
"""Answers IPv6 router solicitations with "no router here", so that firmware stops waiting for one.

iPXE configures IPv4 and IPv6 together and waits some thirteen seconds per stage for a router
advertisement on a segment that has none. An advertisement of lifetime 0, no prefix and no flags
(RFC 4861 section 4.2) says there is no default router and ends the wait; nothing gets an IPv6 address.

Runs as a program inside a namespace: neighbour.py INTERFACE. Ends when it is told to.
"""

import ipaddress
import socket
import struct
import sys

ROUTER_SOLICITATION, ROUTER_ADVERTISEMENT = 133, 134
ALL_NODES, ALL_ROUTERS = "ff02::1", "ff02::2"


def advertisement():
    """Type, code, checksum (the kernel fills it), hop limit 64, no flags, lifetime and timers 0."""
    return struct.pack("!BBHBBHII", ROUTER_ADVERTISEMENT, 0, 0, 64, 0, 0, 0, 0)


def answer(interface):
    index = socket.if_nametoindex(interface)
    icmp = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
    icmp.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, interface.encode())
    icmp.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 255)  # RFC 4861 section 6.1.2
    icmp.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, index)
    group = ipaddress.ip_address(ALL_ROUTERS).packed + struct.pack("@I", index)
    icmp.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, group)
    while True:
        packet, _ = icmp.recvfrom(2048)
        if packet and packet[0] == ROUTER_SOLICITATION:
            icmp.sendto(advertisement(), (ALL_NODES, 0, 0, index))


if __name__ == "__main__":
    answer(sys.argv[1])
