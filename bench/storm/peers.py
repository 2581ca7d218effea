# SPDX-License-Identifier: MPL-2.0
"""Whole netboot servers, each from the programs that people put together: the same loaders, the same kernel and
archive, leases of 12 hours, no probe of an address before it is offered, logs quiet, limits out of the way.

The peers' machines all get one plain script, a file; Slipway renders one for each and keeps its story.
"""

import json
import os
import resource
import shutil
from pathlib import Path

from stand import FIRST, INTERFACE, LAST, LOADERS, NETWORK, ROOT, SERVER, Process, run, wait_until

HOURS = 12
DESCRIPTORS = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
SCRIPT_URL = f"http://{SERVER}/boot.ipxe"
SCRIPT = f"""#!ipxe
kernel http://{SERVER}/unix -B console=text || goto failed
module http://{SERVER}/boot_archive type=rootfs name=ramdisk || goto failed
module http://{SERVER}/boot_archive.hash type=hash name=ramdisk || goto failed
boot || goto failed
:failed
shell
"""
ATFTPD = ("atftpd", str(ROOT / "build/bench/peers/usr/sbin/atftpd"))  # unpacked: as a package it shuts tftpd-hpa out


class Peer:
    """`with peer.start():` starts its programs afresh, all on the server's core."""

    name = None

    def __init__(self, stand):
        self.stand = stand
        self.folder = stand.folder / type(self).__name__.lower()
        self.processes = []

    def start(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(mode=0o777)
        self.folder.chmod(0o777)
        self.bring()
        for command, environment in self.programs():
            # Descriptors for every machine: whoever has too few as delivered is not what is measured.
            self.processes.append(Process(self.stand, ["prlimit", f"--nofile={DESCRIPTORS}", *command], environment))
        wait_until(self.ready, 20, lambda: f"{self.name} does not boot a machine:\n"
                   + (self.stand.folder / "server.log").read_text(errors="replace")[-2000:])
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in self.processes:
            process.stop()
        self.processes = []

    def ready(self):
        if not all(process.lives() for process in self.processes):
            log = (self.stand.folder / "server.log").read_text(errors="replace")[-2000:]
            raise RuntimeError(f"{self.name} ended:\n{log}")
        return self.stand.storm(1, "bios", limit=3)["booted"] == 1

    def cpu(self):
        """Seconds of all programs; threads that have ended count, atftpd has one for each transfer."""
        ticks = 0
        for process in self.processes:
            for pid in process.tree():
                fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                ticks += int(fields[11]) + int(fields[12])  # proc(5): utime, stime
        return ticks / os.sysconf("SC_CLK_TCK")

    def memory(self):
        return sum(process.memory() for process in self.processes)

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return path

    def bring(self):
        """What plain servers serve."""
        root = self.folder / "root"
        root.mkdir()
        root.chmod(0o755)
        for name in ("undionly.kpxe", "ipxe.efi"):
            shutil.copy(LOADERS / name, root / name)
        shutil.copy(self.stand.tree / "i86pc/kernel/amd64/unix", root / "unix")
        for name in ("boot_archive", "boot_archive.hash"):
            shutil.copy(self.stand.tree / "i86pc/amd64" / name, root / name)
        (root / "boot.ipxe").write_text(SCRIPT)

    def nginx(self):
        config = self.write("nginx.conf", f"""
user root;
daemon off;
worker_processes 1;
worker_rlimit_nofile 16384;
pid {self.folder}/pid;
error_log {self.folder}/error.log error;
events {{ worker_connections 8192; multi_accept on; use epoll; }}
http {{
  access_log off;
  sendfile on;
  tcp_nopush on;
  tcp_nodelay on;
  open_file_cache max=100 inactive=10m;
  open_file_cache_valid 10m;
  server {{ listen {SERVER}:80 backlog=4096; root {self.folder}/root; }}
}}
""")
        return ["nginx", "-e", f"{self.folder}/error.log", "-p", self.folder, "-c", config], None


class Slipway(Peer):
    name = "Slipway"

    def bring(self):
        config = self.write("slipway.toml", f"""
[server]
interfaces = ["{INTERFACE}"]
state = "{self.folder}/state"
socket = "{self.folder}/api.sock"
user = "nobody"
log-level = "error"

[[subnet]]
network = "{NETWORK}"
range = ["{FIRST}-{LAST}"]
lease-time = "{HOURS}h"
probe = false
other-servers = "ignore"

[profile.smartos]
image = "smartos@latest"

[boot]
default = "smartos"
""")
        run(self.stand.build / "src/cli/slipway", "--config", config, "image", "import", self.image(), limit=120)

    def image(self):
        return self.stand.image

    def programs(self):
        yield [self.stand.build / "src/server/slipwayd", "--config", self.folder / "slipway.toml"], None


class SlipwaySmall(Slipway):
    """With an archive that costs next to nothing."""

    def image(self):
        return self.stand.small_image


class DnsmasqNginx(Peer):
    name = "dnsmasq + nginx"

    def programs(self):
        config = self.write("dnsmasq.conf", f"""
port=0
interface={INTERFACE}
bind-interfaces
dhcp-range={FIRST},{LAST},255.0.0.0,{HOURS}h
dhcp-match=set:ipxe,175
dhcp-match=set:efi,option:client-arch,7
dhcp-boot=tag:!ipxe,tag:!efi,undionly.kpxe
dhcp-boot=tag:!ipxe,tag:efi,ipxe.efi
dhcp-boot=tag:ipxe,{SCRIPT_URL}
enable-tftp
tftp-root={self.folder}/root
tftp-max=4096
dhcp-lease-max=65536
dhcp-leasefile={self.folder}/leases
dhcp-authoritative
no-ping
quiet-dhcp
quiet-tftp
log-facility=/dev/null
pid-file=
user=root
""")
        yield ["dnsmasq", "--keep-in-foreground", f"--conf-file={config}"], None
        yield self.nginx()


class KeaAtftpdNginx(Peer):
    name = "Kea + atftpd + nginx"

    def programs(self):
        classes = [
            {"name": "ipxe", "test": "option[175].exists", "boot-file-name": SCRIPT_URL},
            {"name": "efi", "test": "not option[175].exists and option[93].hex == 0x0007", "boot-file-name": "ipxe.efi"},
            {"name": "bios", "test": "not option[175].exists and option[93].hex == 0x0000",
             "boot-file-name": "undionly.kpxe"},
        ]
        config = {"Dhcp4": {
            "interfaces-config": {"interfaces": [INTERFACE], "dhcp-socket-type": "udp"},
            "lease-database": {"type": "memfile", "persist": True, "lfc-interval": 0, "name": f"{self.folder}/leases.csv"},
            "valid-lifetime": HOURS * 3600,
            "authoritative": True,
            "next-server": SERVER,
            "client-classes": classes,
            "subnet4": [{"subnet": NETWORK, "pools": [{"pool": f"{FIRST} - {LAST}"}]}],
            "loggers": [{"name": "kea-dhcp4", "severity": "ERROR", "output_options": [{"output": "/dev/null"}]}],
        }}
        folder = str(self.folder)
        yield ["kea-dhcp4", "-c", self.write("kea.json", json.dumps(config, indent=1))], {
            "KEA_PIDFILE_DIR": folder, "KEA_LOCKFILE_DIR": folder}
        atftpd = next((path for path in ATFTPD if shutil.which(path)), None)
        if not atftpd:
            raise RuntimeError("atftpd is not here: run tools/install-packages --bench")
        yield [atftpd, "--daemon", "--no-fork", "--user", "root", "--group", "root", "--maxthread", "4096",
               "--verbose=0", "--logfile", "/dev/null", "--bind-address", SERVER, self.folder / "root"], None
        yield self.nginx()


ALL = {"slipway": Slipway, "dnsmasq": DnsmasqNginx, "kea": KeaAtftpdNginx}
