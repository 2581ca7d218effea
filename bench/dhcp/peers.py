# SPDX-License-Identifier: MPL-2.0
"""The servers under test, each started by hand from a configuration made here, same for same: one
subnet, one pool, leases of 12 hours, no probe of an address before it is offered, logs quiet.

A peer's `preload` writes the lease file of so many clients as the server itself would have left it.
"""

import ipaddress
import json
import shutil
import time

from stand import FIRST, INTERFACE, NETWORK, SERVER, Process, run, wait_until

HOURS = 12
MASK = "255.0.0.0"


def mac_of(number):
    """As bench/dhcp/population.cc: one vendor's prefix, scattered digits."""
    digits = number * 0x9E3779B1 & 0xFFFFFF
    return f"52:54:00:{digits >> 16:02x}:{digits >> 8 & 255:02x}:{digits & 255:02x}"


def address_of(number):
    return str(ipaddress.ip_address(FIRST) + number)


class Peer:
    """`with peer.running():` starts it afresh; it forgets all leases before, unless `keep`."""

    name = None
    fast = True  # the generator waits for it without sleep
    can_preload = False
    start_limit = 20  # seconds until it answers, a file of leases read

    def __init__(self, stand, pool=65_536):
        self.stand, self.pool = stand, pool
        self.folder = stand.folder / type(self).__name__.lower()
        self.process = None

    def start(self, keep=False):
        if not keep:
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder.mkdir(mode=0o777)
            self.folder.chmod(0o777)
        command, environment = self.prepare()
        self.process = Process(self.stand, command, environment)
        wait_until(self.ready, self.start_limit, lambda: f"{self.name} does not answer")
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        if self.process:
            self.process.stop()
            self.process = None

    def ready(self):
        if not self.process.lives():
            log = (self.stand.folder / "server.log").read_text(errors="replace")[-2000:]
            raise RuntimeError(f"{self.name} ended:\n{log}")
        return self.stand.load("single", 1, limit=1.5, busy=False)["acked"] == 1

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return path

    @property
    def last(self):
        return address_of(self.pool - 1)

    @staticmethod
    def preloaded(clients):
        """The generator's list of the leases that `preload` gives."""
        return "".join(f"{mac_of(number)} {address_of(number)} {SERVER}\n" for number in range(clients))

    def preload(self, clients):
        """Stops, and starts with so many leases."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(mode=0o777)
        self.write_leases(clients)
        self.start(keep=True)


class Null(Peer):
    name = "null"

    def prepare(self):
        return [self.stand.build / "bench/dhcp/dhcp_null", INTERFACE], None


class Slipway(Peer):
    name = "Slipway"

    def prepare(self):
        config = self.write("slipway.toml", f"""
[server]
interfaces = ["{INTERFACE}"]
state = "{self.folder}/state"
socket = "{self.folder}/api.sock"
user = "nobody"
log-level = "error"

[[subnet]]
network = "{NETWORK}"
range = ["{FIRST}-{self.last}"]
router = "{SERVER}"
dns = ["{SERVER}"]
domain = "bench.example"
lease-time = "{HOURS}h"
probe = false
other-servers = "ignore"
""")
        return [self.stand.build / "src/server/slipwayd", "--config", config], None

    def cli(self, config, *arguments, check=True):
        return run(self.stand.build / "src/cli/slipway", "--config", config, *arguments, check=check, limit=120)

    def syncs(self):
        """Transactions so far, one sync each."""
        return self.metric("slipway_lease_commits_total")

    def metric(self, name):
        done = run("curl", "-sS", "--unix-socket", self.folder / "api.sock", "http://localhost/metrics")
        return sum(float(line.split()[-1]) for line in done.stdout.splitlines() if line.startswith(name))

    def leases(self):
        """{mac: address} of what the store has."""
        listed = json.loads(self.cli(self.folder / "slipway.toml", "lease", "list", "--json").stdout)
        return {lease["mac"]: lease["address"] for lease in listed["leases"]}


class Kea(Peer):
    name = "Kea memfile"

    def prepare(self):
        options = [{"name": "routers", "data": SERVER}, {"name": "domain-name-servers", "data": SERVER},
                   {"name": "domain-name", "data": "bench.example"}]
        config = {"Dhcp4": {
            "interfaces-config": {"interfaces": [INTERFACE], "dhcp-socket-type": "udp"},
            "lease-database": {"type": "memfile", "persist": True, "lfc-interval": 0,
                               "name": str(self.folder / "leases.csv")},
            "valid-lifetime": HOURS * 3600,
            "authoritative": True,
            "subnet4": [{"subnet": NETWORK, "pools": [{"pool": f"{FIRST} - {self.last}"}], "option-data": options}],
            "loggers": [{"name": "kea-dhcp4", "severity": "ERROR", "output_options": [{"output": "/dev/null"}]}],
        }}
        path = self.write("kea.json", json.dumps(config, indent=1))
        folder = str(self.folder)
        return ["kea-dhcp4", "-c", path], {"KEA_PIDFILE_DIR": folder, "KEA_LOCKFILE_DIR": folder}


class Dhcpd(Peer):
    name, fast = "ISC dhcpd", False
    can_preload = True
    # Per cent of a lease in which a client that comes again is answered from memory. dhcpd's own default is 25;
    # real renewals come at 50 and are stored, as all others store them.
    remembered = 0

    def prepare(self):
        config = self.write("dhcpd.conf", f"""
authoritative;
ddns-update-style none;
ping-check false;
dhcp-cache-threshold {self.remembered};
default-lease-time {HOURS * 3600};
max-lease-time {HOURS * 3600};
subnet 10.0.0.0 netmask {MASK} {{
  range {FIRST} {self.last};
  option routers {SERVER};
  option domain-name-servers {SERVER};
  option domain-name "bench.example";
}}
""")
        leases = self.folder / "dhcpd.leases"
        leases.touch()
        return ["dhcpd", "-4", "-f", "-q", "--no-pid", "-user", "root", "-group", "root", "-cf", config,
                "-lf", leases, INTERFACE], None

    def write_leases(self, clients):
        form = "%w %Y/%m/%d %H:%M:%S"
        starts, ends = (time.strftime(form, time.gmtime(time.time() + more)) for more in (-60, HOURS * 3600))
        with open(self.folder / "dhcpd.leases", "w") as file:
            for number in range(clients):
                file.write(f"lease {address_of(number)} {{\n  starts {starts};\n  ends {ends};\n  cltt {starts};\n"
                           f"  binding state active;\n  next binding state free;\n  rewind binding state free;\n"
                           f"  hardware ethernet {mac_of(number)};\n}}\n")


class DhcpdAsShipped(Dhcpd):
    remembered = 25


class Dnsmasq(Peer):
    name, fast = "dnsmasq", False
    can_preload = True

    def prepare(self):
        config = self.write("dnsmasq.conf", f"""
port=0
interface={INTERFACE}
bind-interfaces
dhcp-range={FIRST},{self.last},{MASK},{HOURS}h
dhcp-option=option:router,{SERVER}
dhcp-option=option:dns-server,{SERVER}
domain=bench.example
dhcp-lease-max={self.pool}
dhcp-leasefile={self.folder}/leases
dhcp-authoritative
no-ping
quiet-dhcp
log-facility=/dev/null
pid-file=
user=root
""")
        return ["dnsmasq", "--keep-in-foreground", f"--conf-file={config}"], None

    def write_leases(self, clients):
        expires = int(time.time()) + HOURS * 3600
        with open(self.folder / "leases", "w") as file:
            for number in range(clients):
                file.write(f"{expires} {mac_of(number)} {address_of(number)} * *\n")


ALL = {"slipway": Slipway, "kea": Kea, "dhcpd": Dhcpd, "dnsmasq": Dnsmasq}
