# SPDX-License-Identifier: MPL-2.0
"""A host with a DHCP client program that people use, dhclient or udhcpc, and what it says while it works."""

import re

from patience import until

# What the clients call to set their interface; Debian's own scripts would touch files of this machine.
_SCRIPTS = {
    "udhcpc": """#!/bin/sh
case "$1" in
  bound|renew)
    ip address replace "$ip/$mask" dev "$interface"
    [ -z "$router" ] || ip route replace default via "${router%% *}" ;;
  deconfig) ip address flush dev "$interface" ;;
esac
""",
    "dhclient": """#!/bin/sh
case "$reason" in
  BOUND|RENEW|REBIND|REBOOT)
    ip address replace "$new_ip_address/$new_subnet_mask" dev "$interface"
    [ -z "$new_routers" ] || ip route replace default via "${new_routers%% *}" ;;
  EXPIRE|FAIL|RELEASE|STOP) ip address flush dev "$interface" ;;
esac
""",
}


class ClientProgram:
    """Power-cut ended and started anew as often as a test likes; `segment` is where its host is plugged in."""

    def __init__(self, rack, server, folder, program, number, segment=None):
        self.server, self.folder, self.program = server, folder, program
        self.mac = f"52:54:00:00:01:{number:02x}"
        self.host = rack.host(f"{program}{number}", mac=self.mac, segment=segment)
        self.script = folder / f"{program}{number}.script"
        self.log = folder / f"{program}{number}.log"
        self.leases = folder / f"{program}{number}.leases"

    def start(self, *arguments, configuration=""):
        """The client in the foreground; its words go to `log`."""
        self.script.write_text(_SCRIPTS[self.program])
        self.script.chmod(0o755)
        if self.program == "udhcpc":
            command = ("udhcpc", "-i", "eth0", "-f", "-s", self.script)
        else:
            (self.folder / "conf").write_text(f"timeout 40;\n{configuration}\n")
            command = ("dhclient", "-d", "-4", "-v", "-cf", self.folder / "conf", "-lf", self.leases,
                       "-pf", self.folder / "pid", "-sf", self.script)
        with self.log.open("a") as log:
            interface = () if self.program == "udhcpc" else ("eth0",)
            self.process = self.host.start(*command, *arguments, *interface, stdout=log, stderr=log)
        return self.process

    def end(self):
        """As a power cut ends it: nothing is given back."""
        self.process.kill()
        self.process.wait(10)
        self.log.unlink(missing_ok=True)

    def drop_address(self):
        self.host.run("ip", "address", "flush", "dev", "eth0")

    def said(self):
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def wait_said(self, pattern):
        return until(lambda: re.search(pattern, self.said()), says=self.said)

    def address(self):
        """The lease the client has, by its own words."""
        return self.wait_said(r"(?:lease of|bound to) ([0-9.]+)")[1]

    def wait_router(self, address):
        """Until the default route is what the lease says; the script is not done when the client has spoken."""
        until(lambda: f"default via {address} " in self.host.run("ip", "route").stdout, says=self.said)

    def lease(self):
        """The lease the server has for it, which is there before the client hears of it."""
        return next(lease for lease in self.server.leases() if lease["mac"] == self.mac)

    def kinds(self):
        return [event["kind"] for event in self.server.events(self.mac)]

    def wait_kinds(self, kind, count):
        until(lambda: self.kinds().count(kind) >= count, says=self.kinds)
