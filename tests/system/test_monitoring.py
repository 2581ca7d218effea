# SPDX-License-Identifier: MPL-2.0
"""What Prometheus, Grafana and receivers of webhooks are given is what they take."""

import hashlib
import hmac
import http.server
import json
import re
import shutil
import socket
import ssl
import threading
from pathlib import Path

import pytest
from certificate import make_pair
from dhcp_client import Client
from dhcp_message import DISCOVER, NAK, REQUEST, REQUESTED_ADDRESS, mac_text, packed
from patience import until
from rack import SERVER, run
from server import Server

PACKAGING = Path(__file__).resolve().parents[2] / "packaging"
SECRET = "0123456789abcdef0123456789abcdef"


class Receiver(http.server.ThreadingHTTPServer):
    """In the server's namespace; refuses the first `refusals` deliveries. With the folder of a certificate by TLS."""

    def __init__(self, host, refusals=0, certificate=None):
        self.refusals, self.got, self.paths = refusals, [], set()
        super().__init__((SERVER if certificate else "127.0.0.1", 0), Answer, bind_and_activate=False)
        self.socket.close()
        self.socket = host.socket(socket.AF_INET, socket.SOCK_STREAM)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.socket.listen(5)
        if certificate:
            tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            tls.load_cert_chain(certificate / "server.crt", certificate / "server.key")
            self.socket = tls.wrap_socket(self.socket, server_side=True)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, *_):
        """A client that trusts us not."""

    def taken(self):
        return [one for one in self.got if one[0] == 204]


class Answer(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        receiver = self.server
        status = 503 if len(receiver.got) < receiver.refusals else 204
        receiver.got.append((status, dict(self.headers), body))
        receiver.paths.add(self.path)
        self.send_response(status)
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def receiver(rack):
    receiver = Receiver(rack.server, refusals=2)
    yield receiver
    receiver.shutdown()
    receiver.server_close()


@pytest.fixture(scope="module")
def secure(rack, tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    receiver = Receiver(rack.server, certificate=make_pair(folder, "hooks"))
    receiver.folder = folder
    yield receiver
    receiver.shutdown()
    receiver.server_close()


@pytest.fixture(scope="module")
def server(rack, receiver, secure):
    with Server(rack) as server:
        authority = server.directory / "authority.crt"
        shutil.copy(secure.folder / "server.crt", authority)
        authority.chmod(0o644)
        secret = server.directory / "secret"
        secret.write_text(SECRET + "\n")
        secret.chmod(0o600)  # of root: read before the daemon gives it up
        port = receiver.server_address[1]
        with server.config.open("a") as config:
            config.write(f'\n[[webhook]]\nurl = "http://127.0.0.1:{port}/hook?key=1"\nsecret-file = "{secret}"\n')
            port = secure.server_address[1]
            config.write(f'[[webhook]]\nurl = "https://{SERVER}:{port}/known"\nsecret-file = "{secret}"\n'
                         f'authority = "{authority}"\n')
            config.write(f'[[webhook]]\nurl = "https://{SERVER}:{port}/unknown"\nsecret-file = "{secret}"\n')
        server.stop()
        server.start()
        yield server


def families(text):
    """Names of samples that a scrape may hold."""
    names = set()
    for name, kind in re.findall(r"^# TYPE (\S+) (\S+)$", text, re.M):
        names |= {f"{name}_{end}" for end in ("bucket", "sum", "count")} if kind == "histogram" else {name}
    return names


def queries():
    for rule in re.findall(r"expr: (.*)", (PACKAGING / "prometheus/slipway.rules.yml").read_text()):
        yield rule
    for panel in json.loads((PACKAGING / "grafana/slipway.json").read_text())["panels"]:
        for target in panel["targets"]:
            yield target["expr"]


def test_every_query_of_the_rules_and_the_dashboard_names_a_metric_there_is(server):
    known = families(server.get("/metrics")[1])
    asked = {name for query in queries() for name in re.findall(r"\bslipway_\w+", query)}
    assert len(asked) > 20
    assert asked - known == set()


def test_the_metrics_and_the_rules_are_in_order_for_promtool(server):
    checked = run("promtool", "check", "metrics", stdin=None, input=server.get("/metrics")[1], check=False)
    assert (checked.returncode, checked.stderr) == (0, "")
    run("promtool", "check", "rules", PACKAGING / "prometheus/slipway.rules.yml")
    run("promtool", "test", "rules", "slipway.rules.test.yml", cwd=PACKAGING / "prometheus")


ROM = (60, b"PXEClient:Arch:00000:UNDI:002001"), (93, b"\0\0")


def test_a_verdict_is_sent_signed_until_it_is_taken(rack, server, receiver):
    with Client(rack.host("rom")) as client:
        assert client.ask(DISCOVER, *ROM)
        assert client.ask(REQUEST, *ROM, (REQUESTED_ADDRESS, packed("10.99.0.1"))).kind == NAK
        mac = mac_text(client.mac)
    until(receiver.taken, limit=30, says=lambda: receiver.got)
    assert [status for status, _, _ in receiver.got] == [503, 503, 204]
    assert len({(headers["Slipway-Delivery"], body) for _, headers, body in receiver.got}) == 1
    _, headers, body = receiver.got[-1]
    time, signature = re.fullmatch(r"t=(\d+),v1=(\w{64})", headers["Slipway-Signature"]).groups()
    assert hmac.new(SECRET.encode(), f"{time}.".encode() + body, hashlib.sha256).hexdigest() == signature
    notice = json.loads(body)
    assert (notice["event"], notice["boot"]["verdict"], notice["boot"]["machine"]) == ("boot.failed", "nak", mac)
    metrics = server.metrics()
    assert metrics['slipway_boots_failed_total{verdict="nak"}'] == 1
    assert next(value for name, value in metrics.items() if name.startswith('slipway_webhook_sent_total{receiver="127.0.0.1')) == 1
    server.wait_log(rf"{mac} boot {notice['boot']['id']}: ")
    assert "key=1" not in server.log.read_text()


def test_only_a_receiver_whose_certificate_is_vouched_for_is_told_anything(server, secure):
    until(secure.taken, limit=30, says=lambda: server.last_log())
    server.wait_log("webhook .* not taken.* certificate")
    assert secure.paths == {"/known"}


def test_what_was_not_taken_is_sent_after_a_restart(rack, server, receiver):
    receiver.refusals = len(receiver.got) + 1000
    with Client(rack.host("other")) as client:
        assert client.ask(DISCOVER, *ROM)
        assert client.ask(REQUEST, *ROM, (REQUESTED_ADDRESS, packed("10.99.0.1"))).kind == NAK
        mac = mac_text(client.mac)
    before = len(receiver.taken())
    until(lambda: len(receiver.got) > 3, says=lambda: receiver.got)
    server.kill()
    receiver.refusals = 0
    server.start()
    until(lambda: len(receiver.taken()) > before, limit=30, says=lambda: receiver.got)
    assert json.loads(receiver.taken()[-1][2])["boot"]["machine"] == mac
