# SPDX-License-Identifier: MPL-2.0
"""The servers under test, each started by hand on the same folder, logs quiet, as many transfers as come."""

import os
import shutil

from stand import INTERFACE, NETWORK, ROOT, SERVER, SIZES, TINY, Server, wait_until

UNPACKED = ROOT / "build/bench/peers/usr/sbin"  # tools/install-packages --bench: as packages they shut each other out


def program(name):
    found = shutil.which(name) or (UNPACKED / name if (UNPACKED / name).exists() else None)
    if not found:
        raise RuntimeError(f"{name} is not here: run tools/install-packages --bench")
    return found


class Peer:
    """`with peer:` starts it afresh."""

    name, windows = None, False

    def __init__(self, stand):
        self.stand = stand
        self.folder = stand.folder / type(self).__name__.lower()

    def __enter__(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        self.folder.chmod(0o777)
        self.process = Server(self.stand, self.prepare())
        wait_until(self.ready, 30, lambda: f"{self.name} does not answer")
        return self

    def __exit__(self, *_):
        self.process.stop()

    def ready(self):
        if not self.process.lives():
            raise RuntimeError(f"{self.name} ended:\n" + (self.stand.folder / "server.log").read_text()[-2000:])
        return self.stand.load((1, TINY, 512, 1), seconds=0.3, once=True)["groups"][0]["files"] == 1


class Slipway(Peer):
    name, windows = "Slipway", True
    more = ""

    def prepare(self):
        files = self.folder / "state/files"
        files.mkdir(parents=True)
        for name in SIZES:
            os.link(self.stand.root / name, files / name)
        config = self.folder / "slipway.toml"
        config.write_text(f"""
[server]
interfaces = ["{INTERFACE}"]
state = "{self.folder}/state"
socket = "{self.folder}/api.sock"
user = "nobody"
log-level = "error"
{self.more}
[[subnet]]
network = "{NETWORK}"
other-servers = "ignore"
""")
        return [self.stand.build / "src/server/slipwayd", "--config", config]


class SlipwaySinglePort(Slipway):
    name, more = "Slipway, single port", "tftp-single-port = true\n"


class Atftpd(Peer):
    name, windows = "atftpd", True

    def prepare(self):
        return [program("atftpd"), "--daemon", "--no-fork", "--bind-address", SERVER, "--maxthread", 4000, "--user",
                "nobody.nogroup", "--logfile", "/dev/null", "--verbose=0", self.stand.root]


class Hpa(Peer):
    name = "tftpd-hpa"

    def prepare(self):
        return [program("in.tftpd"), "-L", "-u", "nobody", "-s", "--address", f"{SERVER}:69", self.stand.root]


class Dnsmasq(Peer):
    name = "dnsmasq"

    def prepare(self):
        return ["dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--port=0", f"--interface={INTERFACE}",
                "--bind-interfaces", "--enable-tftp", f"--tftp-root={self.stand.root}", "--tftp-max=4000",
                "--log-facility=/dev/null", "--pid-file=", "--user=root"]


ALL = {"slipway": Slipway, "atftpd": Atftpd, "hpa": Hpa, "dnsmasq": Dnsmasq, "single": SlipwaySinglePort}
