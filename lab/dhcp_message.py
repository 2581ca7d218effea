# SPDX-License-Identifier: MPL-2.0
"""DHCP messages as clients write and read them (RFC 2131 section 2), built by hand: what the server says
is judged by other eyes than its own."""

import ipaddress
import struct

COOKIE = b"\x63\x82\x53\x63"
DISCOVER, OFFER, REQUEST, DECLINE, ACK, NAK, RELEASE, INFORM = range(1, 9)
KIND, REQUESTED_ADDRESS, LEASE_TIME, SERVER_ID, RELAY_AGENT = 53, 50, 51, 54, 82


def packed(address):
    return ipaddress.ip_address(address).packed


def mac_of(number):
    """A locally administered address, one per number."""
    return bytes((0x52, 0x54)) + struct.pack("!I", number)


def mac_text(mac):
    return ":".join(f"{byte:02x}" for byte in mac)


def message(kind, xid, mac, options=(), broadcast=True, ciaddr="0.0.0.0", giaddr="0.0.0.0"):
    """A DHCP message from a client, by way of a relay agent if `giaddr` says so; `options` are (code, bytes)."""
    hops = 0 if giaddr == "0.0.0.0" else 1
    head = struct.pack("!BBBBIHH", 1, 1, 6, hops, xid, 0, 0x8000 if broadcast else 0)
    head += packed(ciaddr) + bytes(8) + packed(giaddr) + mac.ljust(16, b"\0") + bytes(192) + COOKIE
    return (head + tlvs(((KIND, bytes((kind,))), *options)) + b"\xff").ljust(300, b"\0")


def tlvs(options):
    """(code, bytes) one after another; so are the sub-options of option 82."""
    return b"".join(bytes((code, len(value))) + value for code, value in options)


def options_of(packet):
    """{code: value} of a well-formed message."""
    options, at = {}, 240
    while at < len(packet) and packet[at] != 255:
        if packet[at] == 0:
            at += 1
            continue
        length = packet[at + 1]
        options[packet[at]] = packet[at + 2:at + 2 + length]
        at += 2 + length
    return options


def answer_fields(packet):
    """(xid, mac, yiaddr text, {code: value}) of a server's answer, or None."""
    if len(packet) < 240 or packet[0] != 2 or packet[236:240] != COOKIE:
        return None
    xid = struct.unpack_from("!I", packet, 4)[0]
    return xid, packet[28:34], str(ipaddress.ip_address(packet[16:20])), options_of(packet)
