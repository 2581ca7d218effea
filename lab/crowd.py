# SPDX-License-Identifier: MPL-2.0
"""Scripted DHCP clients: many machines on one socket in one namespace, each walking DISCOVER to ACK.

They set the broadcast flag (RFC 2131 section 4.1), so one UDP socket without an address hears every
answer. Answers to clients that do not set it are what dhcp_client.py looks at.
"""

import dataclasses
import select
import socket
import time

from dhcp_message import (ACK, DISCOVER, KIND, NAK, OFFER, REQUEST, REQUESTED_ADDRESS, SERVER_ID,
                          answer_fields, mac_of, message, packed)


@dataclasses.dataclass
class Machine:
    mac: bytes
    xid: int
    offer: tuple = None  # (address, server id)
    due: float = 0.0
    tries: int = 0


class Crowd:
    """`machines` clients, `at_once` of them under way; `granted` is {mac: address} of every ACK heard."""

    def __init__(self, host, machines, at_once=50, retry=1.0):
        self.retry, self.at_once = retry, at_once
        self.waiting = [Machine(mac_of(n), 0x51000000 + n) for n in range(machines, 0, -1)]
        self.active, self.granted, self.naks = {}, {}, 0
        self.moved = []  # (mac, first address, second address): must stay empty
        self._socket = host.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, host.interface.encode())
        self._socket.bind(("", 68))

    def run(self, until, limit):
        """Until `until(self)` is true or everybody is served; False when `limit` seconds were not enough."""
        deadline = time.monotonic() + limit
        while not until(self):
            if not self.waiting and not self.active:
                return True
            if time.monotonic() > deadline:
                return False
            self._start_more()
            self._hear()
            self._repeat()
        return True

    def close(self):
        self._socket.close()

    def _start_more(self):
        while self.waiting and len(self.active) < self.at_once:
            machine = self.waiting.pop()
            self.active[machine.xid] = machine
            self._speak(machine)

    def _speak(self, machine):
        if machine.offer:
            address, server = machine.offer
            options = ((REQUESTED_ADDRESS, packed(address)), (SERVER_ID, server))
            packet = message(REQUEST, machine.xid, machine.mac, options)
        else:
            packet = message(DISCOVER, machine.xid, machine.mac)
        machine.due = time.monotonic() + self.retry
        machine.tries += 1
        try:
            self._socket.sendto(packet, ("255.255.255.255", 67))
        except OSError:
            pass  # as lost on the wire: asked again in a moment

    def _hear(self):
        readable, _, _ = select.select([self._socket], [], [], 0.02)
        while readable:
            try:
                packet = self._socket.recv(2048, socket.MSG_DONTWAIT)
            except BlockingIOError:
                return
            if fields := answer_fields(packet):
                self._take(*fields)

    def _take(self, xid, mac, address, options):
        kind = options.get(KIND, b"\0")[0]
        if kind == ACK:
            before = self.granted.setdefault(mac, address)
            if before != address:
                self.moved.append((mac, before, address))
            self.active.pop(xid, None)
            return
        machine = self.active.get(xid)
        if not machine or machine.mac != mac:
            return
        if kind == OFFER and not machine.offer:
            machine.offer = (address, options[SERVER_ID])
            self._speak(machine)
        elif kind == NAK:
            self.naks += 1
            machine.offer = None
            self._speak(machine)

    def _repeat(self):
        """Again after a second; after three silent REQUESTs from the beginning, as real clients do."""
        now = time.monotonic()
        for machine in self.active.values():
            if machine.due > now:
                continue
            if machine.offer and machine.tries % 4 == 0:
                machine.offer = None
            self._speak(machine)
