# SPDX-License-Identifier: MPL-2.0
"""The servers under test: the same two files under the same names, no log of requests, one process that works.

A peer has the script as a file; Slipway renders it for the machine at each request, and keeps its timeline.
"""

import json
import shutil

from stand import BIG, INTERFACE, MAC, NETWORK, SCRIPT, SERVER, START, Process, run, wait_until


class Peer:
    """`with peer.running():` starts it afresh."""

    name = None

    def __init__(self, stand):
        self.stand = stand
        self.folder = stand.folder / type(self).__name__.lower()
        self.folder.mkdir(mode=0o777, exist_ok=True)
        self.folder.chmod(0o777)

    def start(self):
        self.process = Process(self.stand, self.command())
        wait_until(self.ready, 60, lambda: f"{self.name} does not answer:\n"
                   + (self.stand.folder / "server.log").read_text(errors="replace")[-2000:])
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stop()

    def ready(self):
        return self.process.lives() and self.stand.get(SCRIPT, self.folder / "script")

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return path


class Slipway(Peer):
    name = "Slipway"

    def command(self):
        config = self.write("slipway.toml", f"""
[server]
interfaces = ["{INTERFACE}"]
state = "{self.folder}/state"
socket = "{self.folder}/api.sock"
user = "nobody"
log-level = "error"

[[subnet]]
network = "{NETWORK}"
range = "10.1.0.0-10.1.0.255"

[profile.smartos]
image = "smartos@latest"
console = "ttyb"
properties = {{ smartos = true }}

[[machine]]
name = "node1"
mac = "{MAC}"
address = "10.2.0.1"
properties = {{ "admin_nic" = "52:54:00:00:00:01", "root_shadow" = "$5$2HZHcNuE$0RLsMeAyZcQdmJHX0v3gMMFNsEDaq7qYSXYg.SMSL79" }}
""")
        return [self.stand.build / "src/server/slipwayd", "--config", config]

    def bring(self, image):
        """The image, and for the peers what it and its script are when served."""
        run(self.stand.build / "src/cli/slipway", "--config", self.folder / "slipway.toml", "image", "import", image,
            limit=120)

    def metrics(self):
        done = run("curl", "-sS", "--unix-socket", self.folder / "api.sock", "http://localhost/metrics")
        return {line.split()[0]: float(line.split()[-1]) for line in done.stdout.splitlines() if line[:1] != "#"}

    def events(self):
        return json.loads(run("curl", "-sS", "--unix-socket", self.folder / "api.sock",
                              "http://localhost/api/v1/events?limit=10").stdout)


class Nginx(Peer):
    name = "nginx"

    def command(self):
        config = self.write("nginx.conf", f"""
user root;
daemon off;
worker_processes 1;
worker_rlimit_nofile 8192;
pid {self.folder}/pid;
error_log {self.folder}/error.log error;
events {{ worker_connections 4096; multi_accept on; use epoll; }}
http {{
  access_log off;
  sendfile on;
  tcp_nopush on;
  tcp_nodelay on;
  keepalive_requests 1000000000;
  open_file_cache max=100 inactive=10m;
  open_file_cache_valid 10m;
  server {{ listen {SERVER}:80 backlog=4096; root {self.stand.root}; }}
}}
""")
        return ["nginx", "-e", f"{self.folder}/error.log", "-p", self.folder, "-c", config]


class Lighttpd(Peer):
    name = "lighttpd"

    def command(self):
        config = self.write("lighttpd.conf", f"""
server.document-root = "{self.stand.root}"
server.bind = "{SERVER}"
server.port = 80
server.event-handler = "linux-sysepoll"
server.network-backend = "sendfile"
server.max-keep-alive-requests = 65535
server.max-fds = 8192
server.max-connections = 4096
server.listen-backlog = 4096
server.errorlog = "{self.folder}/error.log"
""")
        return ["lighttpd", "-D", "-f", config]


class Microhttpd(Peer):
    name = "libmicrohttpd"

    def command(self):
        return [self.stand.build / "bench/http/http_microhttpd", "80", self.stand.root]


class Null(Peer):
    """No server: one answer to whatever comes."""

    name = "null"

    def command(self):
        return [self.stand.build / "bench/http/http_null", "80", self.stand.root / START[1:]]

    def ready(self):
        return self.process.lives() and self.stand.get(START, self.folder / "script")


ALL = {"slipway": Slipway, "nginx": Nginx, "lighttpd": Lighttpd, "microhttpd": Microhttpd}


def fill(stand):
    """Imports the image, and gives the peers the same names and bytes. The sizes of the scripts."""
    shutil.rmtree(stand.root, ignore_errors=True)
    with Slipway(stand).start() as slipway:
        slipway.bring(stand.image)
        for path in (BIG, SCRIPT, START):
            target = stand.root / path[1:]
            target.parent.mkdir(parents=True, exist_ok=True)
            if not stand.get(path, target):
                raise RuntimeError(f"Slipway does not serve {path}")
    return {"script": (stand.root / SCRIPT[1:]).stat().st_size, "start script": (stand.root / START[1:]).stat().st_size}
