# SPDX-License-Identifier: MPL-2.0
"""A site that keeps its own servers: Debian's ISC dhcpd, Kea or dnsmasq, tftpd-hpa and nginx, on one host of the rack, with
what `slipway export` wrote for them."""

import os
import subprocess

from patience import until
from rack import end

ADDRESS = "10.77.0.5"


class Site:
    """`with Site(host, folder, tree) as site: site.dhcpd(text); site.tftpd(); site.nginx()`"""

    def __init__(self, host, folder, tree):
        self.host, self.folder, self.tree = host, folder, tree
        folder.mkdir()
        self.processes = []
        folder.chmod(0o755)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in self.processes:
            end(process)

    def _start(self, name, *command, ready):
        log = self.folder / f"{name}.log"
        # Kea keeps its lock and pid files where these say.
        environment = {**os.environ, "KEA_PIDFILE_DIR": str(self.folder), "KEA_LOCKFILE_DIR": str(self.folder)}
        with log.open("w") as words:
            self.processes.append(self.host.start(*command, stdout=words, stderr=subprocess.STDOUT, env=environment))
        until(lambda: ready(log.read_text(errors="replace")), says=lambda: log.read_text(errors="replace"))

    def _listens(self, port, kind):
        return f":{port} " in self.host.run("ss", "-H", "-n", "-l", f"--{kind}").stdout

    def dhcpd(self, configuration):
        (self.folder / "dhcpd.conf").write_text(configuration)
        (self.folder / "dhcpd.leases").touch()
        self._start("dhcpd", "dhcpd", "-4", "-f", "-d", "-cf", self.folder / "dhcpd.conf", "-lf",
                    self.folder / "dhcpd.leases", "-pf", self.folder / "dhcpd.pid", self.host.interface,
                    ready=lambda said: "Server starting service" in said)

    def kea(self, configuration):
        """What a site would do: its interface, its own place for leases."""
        inner = (f'"lease-database": {{ "type": "memfile", "persist": true, "name": "{self.folder}/leases.csv" }},\n'
                 '    "loggers": [{ "name": "kea-dhcp4", "severity": "INFO", "output_options": [{ "output": "stdout" }] }],\n    "client-classes"')
        (self.folder / "kea.conf").write_text(configuration.replace('"client-classes"', inner, 1))
        self._start("kea", "kea-dhcp4", "-c", self.folder / "kea.conf", ready=lambda said: "DHCP4_STARTED" in said)

    def dnsmasq(self, configuration, tftp=False):
        (self.folder / "dnsmasq.conf").write_text(configuration)
        files = ("--enable-tftp", f"--tftp-root={self.tree}") if tftp else ()
        self._start("dnsmasq", "dnsmasq", "--keep-in-foreground", "--log-facility=-", "--user=root", "--port=0",
                    "--no-ping", "--dhcp-authoritative", f"--interface={self.host.interface}",
                    f"--conf-file={self.folder / 'dnsmasq.conf'}", f"--dhcp-leasefile={self.folder / 'dnsmasq.leases'}",
                    f"--pid-file={self.folder / 'dnsmasq.pid'}", *files, ready=lambda said: "DHCP, IP range" in said)

    def tftpd(self):
        self._start("tftpd", "in.tftpd", "--foreground", "--address", f"{ADDRESS}:69", "--secure", self.tree,
                    ready=lambda _: self._listens(69, "udp"))

    def nginx(self):
        configuration = self.folder / "nginx.conf"
        configuration.write_text(
            f"daemon off; user root; worker_processes 1; pid {self.folder}/nginx.pid; error_log stderr;\n"
            "events {}\n"
            f"http {{ access_log off; server {{ listen {ADDRESS}:80; root {self.tree}; }} }}\n")
        self._start("nginx", "/usr/sbin/nginx", "-c", configuration, "-p", self.folder,
                    ready=lambda _: self._listens(80, "tcp"))
