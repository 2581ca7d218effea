# SPDX-License-Identifier: MPL-2.0
"""The rack: network namespaces joined by one switch, made for one run and gone after it.

    switch namespace:  bridge "sw" + one veth per host + one tap per virtual machine
    host namespaces:   one interface each (eth1 for the server, eth0 for clients)
    more segments:     each a switch of its own; a host with a card on two of them can be a relay

Names carry the process id and a number: neither two runs nor two racks of one run meet. Needs root.
Every command has a time limit, and only processes this rack started are ended, each by its id.
"""

import itertools
import os
import signal
import socket
import subprocess

NETWORK = "10.77.0.0/16"
SERVER = "10.77.0.1"
COMMAND_LIMIT = 30.0


class RackError(Exception):
    """The rack could not do what was asked; the text says which command and why."""


def run(*command, limit=COMMAND_LIMIT, check=True, **options):
    """One bounded command; its output as text. Fails with the command's own words."""
    options.setdefault("stdin", subprocess.DEVNULL)
    try:
        done = subprocess.run(command, text=True, capture_output=True, timeout=limit, **options)
    except subprocess.TimeoutExpired:
        raise RackError(f"{' '.join(map(str, command))}: no end after {limit:.0f} s") from None
    except FileNotFoundError:
        raise RackError(f"{command[0]}: not installed; run tools/install-packages") from None
    if check and done.returncode != 0:
        words = (done.stderr or done.stdout).strip()
        raise RackError(f"{' '.join(map(str, command))}: exit {done.returncode}: {words}")
    return done


class Host:
    """One network namespace; `interface` is its first network card."""

    def __init__(self, rack, name, interface, address):
        self.rack, self.name, self.interface, self.address = rack, name, interface, address
        self.namespace = rack.name + name

    def within(self, *command):
        """The command line that runs `command` inside this namespace (exec keeps the pid)."""
        return ("ip", "netns", "exec", self.namespace, *map(str, command))

    def run(self, *command, **options):
        return run(*self.within(*command), **options)

    def start(self, *command, **options):
        """A long-running process in this namespace, ended with the rack at the latest."""
        return self.rack.start(self.within(*command), **options)

    def socket(self, family, kind, protocol=0):
        """A socket that lives in this namespace though our process does not."""
        home = os.open("/proc/self/ns/net", os.O_RDONLY)
        there = os.open(f"/run/netns/{self.namespace}", os.O_RDONLY)
        try:
            _set_namespace(there)
            return socket.socket(family, kind, protocol)
        finally:
            _set_namespace(home)
            os.close(there)
            os.close(home)


def _set_namespace(descriptor):
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    clone_newnet = 0x40000000
    if libc.setns(descriptor, clone_newnet) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


class Rack:
    """`with Rack() as rack:` gives a switch and a server host at 10.77.0.1."""

    _numbers = itertools.count(1)

    def __init__(self):
        self.name = f"slw{os.getpid()}-{next(self._numbers)}-"
        self.hosts = {}
        self._processes = []
        self._taps = 0

    def __enter__(self):
        if os.geteuid() != 0:
            raise RackError("the virtual rack makes network namespaces: run it as root")
        try:
            self.switch = self.segment("sw")
            self.server = self.host("srv", "eth1", SERVER + "/16")
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, *_):
        for process in reversed(self._processes):
            end(process)
        for host in self.hosts.values():
            run("ip", "netns", "del", host.namespace, check=False)
        self.hosts.clear()

    def segment(self, name):
        """A switch: what is plugged into it hears each other."""
        switch = self._namespace(name)
        self._ip(switch, "link", "add", "sw", "type", "bridge", "stp_state", "0",
                 "forward_delay", "0", "mcast_snooping", "0")
        self._ip(switch, "link", "set", "sw", "up")
        return switch

    def host(self, name, interface="eth0", address=None, mac=None, segment=None):
        """A new host on a segment (the server's), with an address (CIDR) or without one."""
        host = self._namespace(name, interface, address)
        self.plug(host, interface, address, mac, segment)
        return host

    def plug(self, host, interface, address=None, mac=None, segment=None):
        """One more network card for a host; on each segment it can have one."""
        switch = segment or self.switch
        self._ip(host, "link", "add", interface, *(("address", mac) if mac else ()),
                 "type", "veth", "peer", "name", f"p-{host.name}", "netns", switch.namespace)
        self._ip(switch, "link", "set", f"p-{host.name}", "master", "sw", "up")
        # No wait for duplicate address detection: link-local works at once.
        host.run("sysctl", "-qw", f"net.ipv6.conf.{interface}.accept_dad=0", check=False)
        self._ip(host, "link", "set", interface, "up")
        if address:
            self._ip(host, "address", "add", address, "brd", "+", "dev", interface)

    def tap(self, segment=None):
        """A tap port on a switch for one virtual machine; returns its name."""
        switch = segment or self.switch
        self._taps += 1
        name = f"tap{self._taps}"
        self._ip(switch, "tuntap", "add", name, "mode", "tap")
        self._ip(switch, "link", "set", name, "master", "sw", "up")
        return name

    def start(self, command, **options):
        options.setdefault("stdin", subprocess.DEVNULL)
        options["start_new_session"] = True
        process = subprocess.Popen(list(map(str, command)), **options)
        self._processes.append(process)
        return process

    def _namespace(self, name, interface=None, address=None):
        host = Host(self, name, interface, address.split("/")[0] if address else None)
        run("ip", "netns", "add", host.namespace)
        self.hosts[name] = host
        self._ip(host, "link", "set", "lo", "up")
        return host

    @staticmethod
    def _ip(host, *arguments):
        run("ip", "-n", host.namespace, *arguments)


def end(process, grace=3.0):
    """Ends one process we started, politely, then not."""
    if process.poll() is not None:
        return process.returncode
    for number, patience in ((signal.SIGTERM, grace), (signal.SIGKILL, 5.0)):
        process.send_signal(number)
        try:
            return process.wait(patience)
        except subprocess.TimeoutExpired:
            continue
    raise RackError(f"process {process.pid} does not end")
