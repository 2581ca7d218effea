# SPDX-License-Identifier: MPL-2.0
"""Watches a host's interface: `with Wire(host, file) as wire:` writes every packet to a pcap file."""

import dataclasses
import ipaddress
import socket
import struct
import time
from pathlib import Path

from rack import RackError, end, run


class Wire:
    def __init__(self, host, file, expression="", snap=0):
        self.host, self.file, self.expression, self.snap = host, file, expression, snap

    def __enter__(self):
        self._log = open(f"{self.file}.log", "w+")
        # Immediate mode and -U: without them short captures end empty.
        self._process = self.host.start(
            "tcpdump", "--immediate-mode", "-U", "-n", "-s", self.snap, "-Z", "root",
            "-i", self.host.interface, "-w", self.file, *self.expression.split(),
            stdout=self._log, stderr=self._log)
        deadline = time.monotonic() + 10
        while "listening on" not in self._said():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RackError(f"tcpdump does not listen: {self._said()}")
            time.sleep(0.02)
        return self

    def __exit__(self, *_):
        end(self._process)
        self._log.close()

    def text(self, *options):
        """The capture as tcpdump prints it."""
        return run("tcpdump", "-n", *options, "-r", self.file).stdout

    def _said(self):
        self._log.seek(0)
        return self._log.read()


def udp_payloads(file, port):
    """The UDP payloads sent to `port` in a pcap file."""
    return (datagram.payload for datagram in datagrams(file) if datagram.to[1] == port)


def datagrams(file):
    """The UDP datagrams in a pcap file of Ethernet and IPv4 packets."""
    data = Path(file).read_bytes()
    order = "<" if data[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
    at = 24
    while at + 16 <= len(data):
        length = struct.unpack_from(order + "I", data, at + 8)[0]
        frame = data[at + 16:at + 16 + length]
        at += 16 + length
        if frame[12:14] != b"\x08\x00" or len(frame) < 42 or frame[23] != socket.IPPROTO_UDP:
            continue
        udp = 14 + (frame[14] & 15) * 4
        ports = struct.unpack_from("!HH", frame, udp)
        yield Datagram((_address(frame[26:30]), ports[0]), (_address(frame[30:34]), ports[1]), frame[udp + 8:])


@dataclasses.dataclass
class Datagram:
    source: tuple  # address and port
    to: tuple
    payload: bytes


def _address(four):
    return str(ipaddress.ip_address(four))
