# SPDX-License-Identifier: MPL-2.0
"""A machine as a script: what firmware and loaders say by DHCP, TFTP and HTTP, step by step, as a test wants it.

    node = ScriptedNode(host, "52:54:00:66:00:01")
    node.exchange(); node.tftp("undionly.kpxe"); node.exchange(as_ipxe())

Many share one host: each has a hardware address of its own in its packets, asks for broadcast answers, and puts
the address it is given on the host's card.
"""

import itertools
import random
import socket
import struct
import time

from dhcp_message import DISCOVER, REQUEST, REQUESTED_ADDRESS, SERVER_ID, answer_fields, message, packed
from rack import SERVER

BIOS, UEFI = 0, 7
MULTIBOOT, HTTP, MULTIBOOT2 = 0x19, 0x13, 0x2A
_xids = itertools.count(random.getrandbits(31))


class NodeError(Exception):
    """What the server answered is not what the script expects."""


def as_rom(arch=BIOS, *more):
    return ((60, b"PXEClient:Arch:%05d:UNDI:002001" % arch), (93, struct.pack("!H", arch)), *more)


def as_ipxe(arch=BIOS, *features):
    """With the features it says it has."""
    said = b"".join(bytes((feature, 1, 1)) for feature in features or (MULTIBOOT, HTTP))
    return (*as_rom(arch), (77, b"iPXE"), (175, said))


class ScriptedNode:
    def __init__(self, host, mac):
        self.host, self.mac, self.address = host, mac, None
        self._mouth = self._socket(socket.SOCK_DGRAM)
        self._mouth.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._mouth.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        self._mouth.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, host.interface.encode())
        self._mouth.bind(("", 68))

    # DHCP

    def say(self, kind, *options, secs=0):
        """Sends one message; its xid."""
        xid = next(_xids)
        packet = bytearray(message(kind, xid, bytes.fromhex(self.mac.replace(":", "")), options))
        struct.pack_into("!H", packet, 8, secs)
        self._mouth.sendto(bytes(packet), ("255.255.255.255", 67))
        return xid

    def ask(self, kind, *options, limit=20.0, **how):
        """(address, options) of the answer."""
        xid = self.say(kind, *options, **how)
        deadline = time.monotonic() + limit
        while (left := deadline - time.monotonic()) > 0:
            self._mouth.settimeout(left)
            try:
                fields = answer_fields(self._mouth.recv(4096))
            except TimeoutError:
                break
            if fields and fields[0] == xid:
                return fields[2], fields[3]
        raise NodeError(f"{self.mac}: no answer to message type {kind}")

    def discover(self, options=None, **how):
        return self.ask(DISCOVER, *(options or as_rom()), **how)

    def request(self, address, server=SERVER, options=None, **how):
        return self.ask(REQUEST, (REQUESTED_ADDRESS, packed(address)), (SERVER_ID, packed(server)),
                        *(options or as_rom()), **how)

    def exchange(self, options=None):
        """From DISCOVER to ACK; the address is on the host's card then."""
        address, _ = self.discover(options)
        self.request(address, options=options)
        if address != self.address:
            self.host.run("ip", "address", "replace", f"{address}/16", "dev", self.host.interface)
        self.address = address

    # TFTP

    def tftp(self, name, block=1432, until=None, error=None, timeout=20.0):
        """Fetches a file; how many bytes came. `until`: goes dumb after so many, or says this ERROR there."""
        with self._socket(socket.SOCK_DGRAM) as line:
            line.bind((self.address, 0))
            line.settimeout(timeout)
            line.sendto(b"\0\1" + name.encode() + b"\0octet\0blksize\0%d\0tsize\0" % block + b"0\0", (SERVER, 69))
            got = 0
            while True:
                packet, peer = line.recvfrom(65536)
                kind, number = struct.unpack_from("!HH", packet)
                if kind == 5:
                    raise NodeError(packet[4:].rstrip(b"\0").decode())
                if kind == 3:
                    got += len(packet) - 4
                if until is not None and got >= until:
                    if error:
                        line.sendto(struct.pack("!HH", 5, error[0]) + error[1].encode() + b"\0", peer)
                    return got
                line.sendto(struct.pack("!HH", 4, number if kind == 3 else 0), peer)
                if kind == 3 and len(packet) - 4 < block:
                    return got

    def tftp_request(self, name, block=1432):
        """Asks and listens to nothing that comes back; the socket stays open as long as the node."""
        line = self._socket(socket.SOCK_DGRAM)
        line.bind((self.address, 0))
        line.sendto(b"\0\1" + name.encode() + b"\0octet\0blksize\0%d\0" % block, (SERVER, 69))
        self._keep = line

    # HTTP

    def http(self, path, on_open=None, part=None):
        """Fetches a file; (status, bytes that came). `part`: closes after so many; `on_open` is called with the
        connection after the head came."""
        with self._socket(socket.SOCK_STREAM) as line:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
            line.bind((self.address, 0))
            line.settimeout(60)
            line.connect((SERVER, 80))
            line.sendall(f"GET {path} HTTP/1.1\r\nHost: {SERVER}\r\nConnection: close\r\n\r\n".encode())
            data = b""
            while b"\r\n\r\n" not in data:
                if not (piece := line.recv(4096)):
                    raise NodeError(f"{path}: no answer")
                data += piece
            head, _, body = data.partition(b"\r\n\r\n")
            if on_open:
                on_open(line)
            got = len(body)
            while part is None or got < part:
                if not (piece := line.recv(65536)):
                    break
                got += len(piece)
            return int(head.split()[1]), got

    def script(self):
        return self.http(f"/boot/{self.mac.replace(':', '-')}.ipxe")

    def to_script(self, options=None):
        """As firmware that is iPXE, until it has its script."""
        self.exchange(options or as_ipxe())
        self.script()

    def _socket(self, kind):
        return self.host.socket(socket.AF_INET, kind)
