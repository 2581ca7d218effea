# SPDX-License-Identifier: MPL-2.0
"""HTTP and HTTPS: several ranges, two versions of TLS, a certificate that is changed while it runs, clients that
go in the middle ten thousand times, a limit on a subnet's bandwidth."""

import contextlib
import hashlib
import os
import re
import socket
import ssl
import struct
import threading
import time
from email.parser import BytesParser

import pytest
from certificate import make_pair
from patience import until
from rack import SERVER, run
from scapy.layers.inet import IP, TCP
from server import Server

BIG, BIG_SIZE = "/big", 64 << 20
LIMIT = 80_000_000  # bits per second


@pytest.fixture(scope="module")
def server(rack):
    with Server(rack) as server:
        folder = server.directory / "tls"
        folder.mkdir(mode=0o755)
        make_pair(folder, "first")
        server.config.write_text(server.config.read_text().replace(
            "[server]", f'[server]\ntls-certificate = "{folder}/server.crt"\ntls-key = "{folder}/server.key"'))
        server.stop()
        server.start()
        block = bytes(i * 31 % 251 for i in range(1 << 20))
        (server.state / "files" / "big").write_bytes(b"".join(block[i:] + block[:i] for i in range(BIG_SIZE >> 20)))
        yield server


@pytest.fixture(scope="module")
def pair(server):
    return lambda name: make_pair(server.directory / "tls", name)


@pytest.fixture(scope="module")
def big(server):
    return (server.state / "files" / "big").read_bytes()


@pytest.fixture(scope="module")
def host(rack):
    return rack.host("http", address="10.77.0.20/16")


def curl(host, *arguments, check=True):
    return host.run("curl", "-sS", "--max-time", "60", *arguments, limit=65, check=check)


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("client", [("wget", "-q", "-O"), ("busybox", "wget", "-q", "-O"), ("curl", "-s", "-0", "-o")],
                         ids=["wget", "busybox", "curl-1.0"])
def test_a_client_gets_the_file_byte_for_byte(server, host, big, tmp_path, client):
    host.run(*client, tmp_path / "got", f"http://{SERVER}{BIG}", limit=60)
    assert digest(tmp_path / "got") == hashlib.sha256(big).hexdigest()


def test_a_broken_download_is_taken_up_where_it_ended(server, host, big, tmp_path):
    (tmp_path / "big").write_bytes(big[:12_345_678])
    host.run("wget", "-q", "-c", "-P", tmp_path, f"http://{SERVER}{BIG}", limit=60)
    assert (tmp_path / "big").read_bytes() == big


def test_several_ranges_come_as_parts(server, host, big, tmp_path):
    ranges = [(0, 0), (1_000_000, 1_999_999), (BIG_SIZE - 5, BIG_SIZE - 1)]
    curl(host, "-r", ",".join(f"{first}-{last}" for first, last in ranges), "-D", tmp_path / "head",
         "-o", tmp_path / "got", f"http://{SERVER}{BIG}")
    head, body = (tmp_path / "head").read_bytes(), (tmp_path / "got").read_bytes()
    status, _, fields = head.partition(b"\r\n")
    assert b" 206 " in status
    assert int(re.search(rb"Content-Length: (\d+)", fields)[1]) == len(body)
    message = BytesParser().parsebytes(fields.rstrip() + b"\r\n\r\n")
    boundary = b"--" + message.get_boundary().encode()
    pieces = body.split(b"\r\n" + boundary)
    pieces[0] = pieces[0].removeprefix(boundary)
    assert pieces.pop() == b"--\r\n"
    for (first, last), piece in zip(ranges, pieces, strict=True):
        about, _, content = piece.partition(b"\r\n\r\n")
        assert f"Content-Range: bytes {first}-{last}/{BIG_SIZE}".encode() in about
        assert content == big[first:last + 1]


# HTTPS


@pytest.mark.parametrize("version", [("--tls-max", "1.2"), ("--tlsv1.3",)], ids=["1.2", "1.3"])
def test_https_gives_the_file_byte_for_byte(server, host, big, tmp_path, version):
    curl(host, *version, "--cacert", server.directory / "tls/server.crt", "-o", tmp_path / "got", f"https://{SERVER}{BIG}")
    assert digest(tmp_path / "got") == hashlib.sha256(big).hexdigest()


def test_a_script_over_https_leads_on_over_https(server, host):
    script = curl(host, "-k", f"https://{SERVER}/boot/52-54-00-77-00-01.ipxe").stdout
    assert f"https://{SERVER}/boot/" in script and "http://10" not in script
    assert f"http://{SERVER}/boot/" in curl(host, f"http://{SERVER}/boot/52-54-00-77-00-01.ipxe").stdout


class Secure:
    """A connection that stays; `name` is what the server calls itself."""

    def __init__(self, host):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        raw = host.socket(socket.AF_INET, socket.SOCK_STREAM)
        raw.settimeout(20)
        raw.connect((SERVER, 443))
        self.socket = context.wrap_socket(raw)
        self.file = self.socket.makefile("rwb")

    @property
    def name(self):
        der = self.socket.getpeercert(True)
        return next(name for name in ("first", "second", "third") if name.encode() in der)

    def ask(self, path):
        self.file.write(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        self.file.flush()

    def head(self):
        lines = list(iter(self.file.readline, b"\r\n"))
        assert b"200" in lines[0]
        return int(next(line for line in lines if line.lower().startswith(b"content-length")).split(b":")[1])

    def close(self):
        self.file.close()
        self.socket.close()


def renewed(host):
    """A connection with the new certificate, which the loop takes over in its next turn."""
    fresh = Secure(host)
    for _ in range(40):
        if fresh.name == "second":
            break
        fresh.close()
        time.sleep(0.05)
        fresh = Secure(host)
    return fresh


def test_a_new_certificate_is_in_force_after_reload_and_no_transfer_is_cut(server, host, pair, big):
    with_old, idle = Secure(host), Secure(host)
    assert with_old.name == "first"
    with_old.ask(BIG)
    length = with_old.head()
    got = with_old.file.read(1 << 20)
    pair("second")
    assert "in force" in server.cli("reload").stdout
    fresh = renewed(host)
    assert fresh.name == "second"
    assert got + with_old.file.read(length - len(got)) == big
    for connection in (with_old, idle, fresh):
        connection.ask("/boot.ipxe")
        connection.file.read(connection.head())
        connection.close()


def test_a_pair_that_does_not_fit_is_refused_with_its_place_and_the_old_one_stays(server, host, pair):
    folder = pair("second")
    server.cli("reload")
    good = (folder / "server.key").read_bytes()
    other = run("openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:prime256v1").stdout
    (folder / "server.key").write_text(other)
    for command in (("reload",), ("check", server.config)):
        done = server.cli(*command, check=False)
        assert done.returncode == 1
        assert re.search(r"slipway.toml:\d+:\d+: .*server.key is not of the certificate", done.stdout + done.stderr)
    fresh = Secure(host)
    assert fresh.name == "second"
    fresh.close()
    (folder / "server.key").write_bytes(good)
    server.cli("reload")


def test_a_key_that_the_account_cannot_read_matters_only_when_the_certificate_changes(server, host, pair):
    folder = pair("second")
    server.cli("reload")
    (folder / "server.key").chmod(0o600)
    assert "in force" in server.cli("reload").stdout
    folder = pair("third")
    (folder / "server.key").chmod(0o600)
    done = server.cli("reload", check=False)
    assert done.returncode == 1
    assert "server.key cannot be used: Permission denied" in done.stderr
    (folder / "server.key").chmod(0o644)
    server.cli("reload")
    fresh = Secure(host)
    assert fresh.name == "third"
    fresh.close()


# What goes wrong


def used(server):
    """Descriptors and resident kilobytes of the daemon."""
    status = open(f"/proc/{server.process.pid}/status").read()
    return len(os.listdir(f"/proc/{server.process.pid}/fd")), int(re.search(r"VmRSS:\s+(\d+)", status)[1])


def go_in_the_middle(host, count):
    """So many clients, one after the other, that ask for the file and are gone before they have it."""
    for number in range(count):
        with host.socket(socket.AF_INET, socket.SOCK_STREAM) as client:
            client.settimeout(20)
            client.connect((SERVER, 80))
            client.sendall(f"GET {BIG} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            if number % 3:
                client.recv(1000 * (number % 7 + 1))
            if number % 2:  # with a reset, as a machine that loses its power leaves it
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def test_ten_thousand_clients_that_go_in_the_middle_leave_nothing_behind(server, host):
    idle = until(lambda: server.metrics()['slipway_http_connections{server="boot"}'] == 0 and used(server))
    go_in_the_middle(host, 1_000)  # what is kept for the next one is made by now
    until(lambda: server.metrics()['slipway_http_connections{server="boot"}'] == 0)
    _, before = used(server)
    go_in_the_middle(host, 10_000)
    until(lambda: server.metrics()['slipway_http_connections{server="boot"}'] == 0)
    until(lambda: used(server)[0] <= idle[0], says=lambda: f"{used(server)[0]} descriptors, {idle[0]} before")
    after = used(server)[1]
    assert after - before < 8 << 10, "kilobytes: less than one for each"


def test_a_network_that_breaks_in_the_middle_costs_one_connection_until_its_deadline(server, rack):
    host = rack.host("unplugged", address="10.77.0.21/16")
    with host.socket(socket.AF_INET, socket.SOCK_STREAM) as client:
        client.settimeout(20)
        client.connect((SERVER, 80))
        client.sendall(f"GET {BIG} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        client.recv(1000)
        host.run("ip", "link", "set", "eth0", "down")
        until(lambda: server.metrics()['slipway_http_connections{server="boot"}'] == 0, 90)


def test_a_thousand_requests_at_once_on_one_connection_are_answered_in_order(server, host):
    with host.socket(socket.AF_INET, socket.SOCK_STREAM) as client:
        client.settimeout(30)
        client.connect((SERVER, 80))
        requests = "".join(f"HEAD /none-{n} HTTP/1.1\r\nHost: x\r\n\r\n" for n in range(1000))
        sender = threading.Thread(target=client.sendall, args=((requests + "GET /boot.ipxe HTTP/1.0\r\n\r\n").encode(),))
        sender.start()
        answers = b"".join(iter(lambda: client.recv(1 << 16), b""))
        sender.join()
    assert answers.count(b"HTTP/1.1 404 ") == 1000
    assert answers.count(b"HTTP/1.1 200 ") == 1


def test_two_thousand_half_open_connections_hold_nobody_up(server, rack, host, big, tmp_path):
    """SYNs of addresses that nobody owns: the kernel's answers go nowhere, and no connection comes of them."""
    before = len(os.listdir(f"/proc/{server.process.pid}/fd"))
    with rack.host("syn", address="10.77.0.60/16").socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW) as wire:
        for number in range(2000):
            syn = IP(src=f"10.77.{100 + number // 200}.{1 + number % 200}", dst=SERVER) / TCP(sport=1024 + number, dport=80, flags="S")
            wire.sendto(bytes(syn), (SERVER, 0))
    curl(host, "-o", tmp_path / "got", f"http://{SERVER}{BIG}")
    assert digest(tmp_path / "got") == hashlib.sha256(big).hexdigest()
    assert len(os.listdir(f"/proc/{server.process.pid}/fd")) <= before + 2


def test_six_hundred_clients_that_never_end_their_request_hold_nobody_up_and_are_ended(server, rack, host, big, tmp_path):
    """Half of them say nothing at all, the others a letter now and then."""
    crowd = rack.host("slow", address="10.77.0.50/16")
    for number in range(51, 60):
        crowd.run("ip", "address", "add", f"10.77.0.{number}/16", "dev", "eth0")
    before = len(os.listdir(f"/proc/{server.process.pid}/fd"))
    with contextlib.ExitStack() as open_ones:
        clients = []
        for number in range(600):
            client = open_ones.enter_context(crowd.socket(socket.AF_INET, socket.SOCK_STREAM))
            client.bind((f"10.77.0.{50 + number % 10}", 0))
            client.connect((SERVER, 80))
            clients.append(client)
        begun = time.monotonic()
        for client in clients[::2]:
            client.sendall(b"GET /big HTTP/1.1\r\nHost: ")
        curl(host, "-o", tmp_path / "got", f"http://{SERVER}{BIG}")
        assert digest(tmp_path / "got") == hashlib.sha256(big).hexdigest()
        assert time.monotonic() - begun > 9 or server.metrics()['slipway_http_connections{server="boot"}'] >= 600
        for _ in range(5):
            for client in clients[::2]:
                client.send(b"x")
            time.sleep(1)
        until(lambda: server.metrics()['slipway_http_connections{server="boot"}'] == 0, 60)
        until(lambda: len(os.listdir(f"/proc/{server.process.pid}/fd")) <= before)
        assert server.metrics()['slipway_http_refused_total{server="boot",reason="status_408"}'] >= 300


# Bandwidth


def test_a_subnet_gets_no_more_than_its_bandwidth_over_http_and_tftp_and_small_files_do_not_wait_for_big_ones(server, rack, big, tmp_path):
    text = server.config.read_text()
    server.config.write_text(text.replace("[[subnet]]", f'[[subnet]]\nbandwidth = "{LIMIT // 1_000_000}M"'))
    server.cli("reload")
    (server.state / "files" / "loader").write_bytes(big[:300_000])
    hosts = [rack.host(f"slow{n}", address=f"10.77.0.3{n}/16") for n in range(3)]
    part = 8 << 20
    (server.state / "files" / "part").write_bytes(big[:part])
    begun = time.monotonic()
    downloads = [host.start("curl", "-sS", "-r", f"0-{part - 1}", "-o", tmp_path / host.name, f"http://{SERVER}{BIG}")
                 for host in hosts[:2]]
    downloads.append(hosts[2].start("atftp", "--option", "blksize 1428", "--option", "windowsize 16", "-g", "-r", "part",
                                    "-l", tmp_path / hosts[2].name, SERVER))
    small = time.monotonic()
    curl(hosts[0], "-o", tmp_path / "loader", f"http://{SERVER}/loader")
    small = time.monotonic() - small
    for download in downloads:
        assert download.wait(60) == 0
    took = time.monotonic() - begun
    assert took >= (3 * part + 300_000) * 8 / LIMIT * 0.95
    assert small < took / 2
    assert (tmp_path / "loader").read_bytes() == big[:300_000]
    for host in hosts:
        assert (tmp_path / host.name).read_bytes() == big[:part]
    server.config.write_text(text)
    server.cli("reload")


# The end


def test_a_stop_lets_transfers_end_and_takes_no_new_ones(server, host, big):
    with host.socket(socket.AF_INET, socket.SOCK_STREAM) as client:
        client.settimeout(30)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
        client.connect((SERVER, 80))
        client.sendall(f"GET {BIG} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        got = client.recv(1000)
        server.process.terminate()
        until(lambda: curl(host, "-o", "/dev/null", f"http://{SERVER}/boot.ipxe", check=False).returncode == 7)
        assert server.process.poll() is None
        got += b"".join(iter(lambda: client.recv(1 << 20), b""))
    assert got.partition(b"\r\n\r\n")[2] == big
    assert server.process.wait(15) == 0
    server.start()


def test_a_second_signal_ends_it_at_once(server, host):
    with host.socket(socket.AF_INET, socket.SOCK_STREAM) as client:
        client.settimeout(30)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
        client.connect((SERVER, 80))
        client.sendall(f"GET {BIG} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        client.recv(1000)
        server.process.terminate()
        server.wait_log("stopping$")
        assert server.process.poll() is None
        server.process.terminate()
        assert server.process.wait(15) == 0
    server.start()
