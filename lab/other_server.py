# SPDX-License-Identifier: MPL-2.0
"""A DHCP server that gives addresses and knows nothing of booting: dnsmasq, or ISC's dhcpd, on a host of its own."""

from patience import until

OTHER = "10.77.0.5"
ADDRESSES = ("10.77.2.1", "10.77.2.99")  # what it gives

_DHCPD = f"""
authoritative;
default-lease-time 600;
subnet 10.77.0.0 netmask 255.255.0.0 {{ range {ADDRESSES[0]} {ADDRESSES[1]}; option routers {OTHER}; }}
"""


class OtherServer:
    """Started with the object and ended with the rack; `log` is what it says."""

    def __init__(self, rack, folder, program):
        self.rack, self.host = rack, rack.host("other", address=f"{OTHER}/16")
        self.log = folder / f"{program}.log"
        leases = folder / f"{program}.leases"
        leases.touch()
        if program == "dnsmasq":
            command = ("dnsmasq", "--keep-in-foreground", "--log-facility=-", "--conf-file=/dev/null", "--user=root",
                       "--port=0", "--interface=eth0", "--no-ping", "--log-dhcp", "--dhcp-authoritative",
                       f"--dhcp-leasefile={leases}", f"--pid-file={folder / 'dnsmasq.pid'}",
                       f"--dhcp-range={ADDRESSES[0]},{ADDRESSES[1]},255.255.0.0,10m")
            ready = "DHCP, IP range"
        else:
            (folder / "dhcpd.conf").write_text(_DHCPD)
            command = ("dhcpd", "-4", "-f", "-d", "-cf", folder / "dhcpd.conf", "-lf", leases,
                       "-pf", folder / "dhcpd.pid", "eth0")
            ready = "Server starting service"
        with self.log.open("w") as words:
            self.process = self.host.start(*command, stdout=words, stderr=words)
        until(lambda: ready in self.said(), says=self.said)

    def said(self):
        return self.log.read_text(errors="replace")
