# SPDX-License-Identifier: MPL-2.0
"""Debian's other DHCP servers, which give addresses and know nothing of booting: dnsmasq, ISC's dhcpd, Kea."""

import json
import os

from patience import until
from rack import end

OTHER = "10.77.0.5"
ADDRESSES = ("10.77.2.1", "10.77.2.99")  # what it gives


class OtherServer:
    """Started with the object, on a host of its own or on `host`, and ended with the rack; `log` is what it says,
    `leases` the file it writes."""

    def __init__(self, rack, folder, program, host=None, addresses=ADDRESSES, lease_time=600, ping=False):
        self.rack, self.host = rack, host or rack.host("other", address=f"{OTHER}/16")
        self.folder, self.addresses, self.lease_time, self.ping = folder, addresses, lease_time, ping
        self.mac = self.host.run("cat", f"/sys/class/net/{self.host.interface}/address").stdout.strip()
        self.log = folder / f"{program}.log"
        self.leases = folder / f"{program}.leases"
        command, ready = getattr(self, f"_{program}")()
        # Kea keeps its lock and pid files where these say.
        environment = {**os.environ, "KEA_PIDFILE_DIR": str(folder), "KEA_LOCKFILE_DIR": str(folder)}
        with self.log.open("w") as words:
            self.process = self.host.start(*command, stdout=words, stderr=words, env=environment)
        until(lambda: ready in self.said(), says=self.said)

    def said(self):
        return self.log.read_text(errors="replace")

    def stop(self):
        end(self.process)

    def _dnsmasq(self):
        first, last = self.addresses
        return ("dnsmasq", "--keep-in-foreground", "--log-facility=-", "--conf-file=/dev/null", "--user=root",
                "--port=0", f"--interface={self.host.interface}", *(() if self.ping else ("--no-ping",)), "--log-dhcp",
                "--dhcp-authoritative",
                f"--dhcp-leasefile={self.leases}", f"--pid-file={self.folder / 'dnsmasq.pid'}",
                f"--dhcp-range={first},{last},255.255.0.0,{self.lease_time}s"), "DHCP, IP range"

    def _dhcpd(self):
        first, last = self.addresses
        configuration = self.folder / "dhcpd.conf"
        configuration.write_text(
            f"authoritative; default-lease-time {self.lease_time};\n"
            f"subnet 10.77.0.0 netmask 255.255.0.0 {{ range {first} {last}; option routers {OTHER}; }}\n")
        self.leases.touch()
        return ("dhcpd", "-4", "-f", "-d", "-cf", configuration, "-lf", self.leases,
                "-pf", self.folder / "dhcpd.pid", self.host.interface), "Server starting service"

    def _kea(self):
        configuration = self.folder / "kea.json"
        configuration.write_text(json.dumps({"Dhcp4": {
            "interfaces-config": {"interfaces": [self.host.interface]}, "valid-lifetime": self.lease_time,
            "lease-database": {"type": "memfile", "persist": True, "name": str(self.leases), "lfc-interval": 0},
            "subnet4": [{"subnet": "10.77.0.0/16", "pools": [{"pool": " - ".join(self.addresses)}]}],
            "loggers": [{"name": "kea-dhcp4", "severity": "INFO", "output_options": [{"output": "stdout"}]}],
        }}))
        return ("kea-dhcp4", "-c", configuration), "DHCP4_STARTED"
