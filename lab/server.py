# SPDX-License-Identifier: MPL-2.0
"""slipwayd in the rack's server namespace, with a configuration and a state folder of its own.

    with Rack() as rack, Server(rack) as server:
        server.cli("image", "import", "platform-....tgz")
        server.explain("52:54:00:77:00:01")

SLIPWAY_BUILD names the build folder; otherwise build/release, then build/dev.
"""

import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path

from patience import until
from rack import NETWORK, SERVER, RackError, end, run

ROOT = Path(__file__).resolve().parents[1]
POOL = ("10.77.0.100", "10.77.0.199")
READY_LIMIT = 45.0
# Runs a program where the loaders' package is not installed: a mount namespace of its own.
HIDDEN_LOADERS = ("unshare", "--mount", "--propagation", "private", "sh", "-c",
                  'mount -t tmpfs none /usr/lib/ipxe && mount -t tmpfs none /boot && exec "$@"', "sh")


def program(name):
    """The built `slipwayd`, `slipway` or `slipway-storm`."""
    named = os.environ.get("SLIPWAY_BUILD")
    builds = [Path(named)] if named else [ROOT / "build" / "release", ROOT / "build" / "dev"]
    folder = {"slipwayd": "server", "slipway": "cli", "slipway-storm": "storm"}[name]
    for build in builds:
        for path in (build / name, build / "bin" / name, build / "src" / folder / name):
            if path.is_file():
                return path
    raise RackError(f"{name} is not built in {' or '.join(map(str, builds))}: run `make build`")


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=10)
        self.path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Server:
    """One daemon. `subnet` and `more` are TOML text for its configuration, `interfaces` the names it serves
    on; `settings` more lines of [server]; `prefix` is a command that runs the daemon, for example in a namespace of its own. Without
    `no_ipv6_router` iPXE waits thirteen seconds a stage."""

    def __init__(self, rack, pool=POOL, subnet="", more="", interfaces=None, prefix=(), no_ipv6_router=True,
                 settings=""):
        self.rack, self.host, self.prefix = rack, rack.server, prefix
        # Not below a private folder: the daemon reads its state as the user nobody.
        self.directory = Path(tempfile.mkdtemp(prefix=f"slw{os.getpid()}-", dir="/tmp"))
        self.directory.chmod(0o755)
        self.state = self.directory / "state"
        self.socket = self.directory / "run" / "api.sock"
        self.config = self.directory / "slipway.toml"
        self.log = self.directory / "slipwayd.log"
        self.state.mkdir()
        self.config.write_text(
            f'[server]\ninterfaces = {json.dumps(interfaces or [self.host.interface])}\nstate = "{self.state}"\n'
            f'socket = "{self.socket}"\nuser = "nobody"\n{settings}\n\n'
            f'[[subnet]]\nnetwork = "{NETWORK}"\nrange = ["{pool[0]}-{pool[1]}"]\nrouter = "{SERVER}"\n'
            f"{'no-ipv6-router = true' if no_ipv6_router else ''}\n{subnet}\n{more}\n")
        self.process = None

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, *_):
        if self.process:
            end(self.process)
        shutil.rmtree(self.directory, ignore_errors=True)

    def start(self):
        with self.log.open("a") as log:
            self.process = self.host.start(*self.prefix, program("slipwayd"), "--config", self.config,
                                           stdout=log, stderr=log)
        deadline = time.monotonic() + READY_LIMIT
        while not self.ready():
            if self.process.poll() is not None:
                raise RackError(f"slipwayd ended with {self.process.returncode}:\n{self.last_log()}")
            if time.monotonic() > deadline:
                raise RackError(f"slipwayd is not ready after {READY_LIMIT:.0f} s:\n{self.last_log()}")
            time.sleep(0.05)

    def stop(self):
        return end(self.process)

    def kill(self):
        """As a power cut takes it: no signal handler runs."""
        self.process.kill()
        self.process.wait(10)

    def ready(self):
        try:
            return self.get("/readyz")[0] == 200
        except OSError:
            return False

    def get(self, path):
        """Status and body of a GET over the unix socket."""
        connection = _UnixConnection(self.socket)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except http.client.HTTPException as error:
            raise OSError(str(error)) from error
        finally:
            connection.close()

    def metrics(self):
        """Every sample of /metrics: {'name{label="x"}': value}."""
        status, text = self.get("/metrics")
        if status != 200:
            raise RackError(f"/metrics answered {status}")
        samples = (line.rsplit(" ", 1) for line in text.splitlines() if line and line[0] != "#")
        return {name: float(value) for name, value in samples}

    def drops(self):
        """{reason: count} of DHCP packets that were not answered."""
        found = {}
        for name, value in self.metrics().items():
            match = re.fullmatch(r'slipway_dhcp_drops_total\{.*?reason="([^"]*)".*\}', name)
            if match:
                found[match[1]] = found.get(match[1], 0) + int(value)
        return found

    def cli(self, *arguments, check=True, limit=120):
        return run(*self.host.within(program("slipway"), "--config", self.config, *arguments),
                   limit=limit, check=check)

    def import_image(self, path):
        return self.cli("image", "import", path).stdout

    def explain(self, mac):
        return json.loads(self.cli("explain", mac, "--json", check=False).stdout)

    def leases(self):
        """What `slipway lease list` knows, newest state of each address."""
        return json.loads(self.cli("lease", "list", "--json").stdout)["leases"]

    def events(self, machine):
        """What the timeline has of a machine, oldest first; nothing of one that was never heard."""
        status, text = self.get(f"/api/v1/events?machine={machine}&limit=4000")
        return json.loads(text)["events"] if status == 200 else []

    def wait_event(self, machine, kind, **fields):
        """The first event of this kind, and with these values, in a machine's timeline."""
        def found():
            for event in self.events(machine):
                if event["kind"] == kind and all(event.get(name) == value for name, value in fields.items()):
                    return event
            return None

        return until(found, says=lambda: f"no {kind} {fields} in {self.events(machine)}")

    def wait_log(self, pattern, since=0):
        """The first line of the log, from byte `since` on, that matches."""
        return until(lambda: re.search(pattern, self.log.read_text(errors="replace")[since:]),
                     says=lambda: f"no {pattern} in the log:\n{self.last_log()}")

    def stored(self, path):
        """A file of the imported images, by its path within the image; there must be exactly one."""
        found = [*self.state.glob(f"images/*/{path}"), *self.state.glob(f"images/*/files/{path}")]
        if len(found) != 1:
            raise RackError(f"{len(found)} stored files named {path}")
        return found[0]

    def follow(self, on_event):
        """Hands every event to `on_event` (a dict) as it happens, until the rack is taken down."""
        process = self.host.start(program("slipway"), "--config", self.config, "events", "--follow", "--json",
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)

        def read():
            for line in process.stdout:
                try:
                    on_event(json.loads(line))
                except json.JSONDecodeError:
                    continue

        threading.Thread(target=read, daemon=True).start()
        return process

    def last_log(self, lines=30):
        text = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return "\n".join(text[-lines:])
