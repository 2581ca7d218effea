# SPDX-License-Identifier: MPL-2.0
"""Clients that people really use get their leases and their files, byte for byte."""

import hashlib
import ipaddress
import re
import time

import image
import pytest
from rack import SERVER
from server import POOL

PLATFORM = f"/os/{image.STAMP}/platform"
ARCHIVE = f"{PLATFORM}/{image.ARCHIVE}"
SMALL_FILE = f"{PLATFORM}/{image.KERNEL}"


@pytest.fixture(scope="module", autouse=True)
def imported(server, images):
    server.import_image(images(image.ARCHIVE_SIZE))


@pytest.fixture(scope="module")
def host(rack):
    """A client that has an address already and fetches files."""
    return rack.host("files", address="10.77.0.20/16")


def in_pool(address):
    low, high = map(ipaddress.ip_address, POOL)
    return low <= ipaddress.ip_address(address) <= high


def digest(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha1").hexdigest()


def expect_equal(server, got, name):
    stored = server.stored("platform/" + name.partition("/platform/")[2])
    assert got.stat().st_size == stored.stat().st_size
    assert digest(got) == digest(stored)


# Leases


def test_dhclient_gets_a_lease_and_the_server_knows_it(rack, server, tmp_path):
    client = rack.host("dhclient", mac="52:54:00:00:01:01")
    (tmp_path / "conf").write_text("timeout 20;\n")
    files = ("-cf", tmp_path / "conf", "-lf", tmp_path / "leases", "-pf", tmp_path / "pid", "-sf", "/bin/true")
    process = client.start("dhclient", "-d", "-4", "-1", "-v", *files, "eth0")
    lease = wait_for(lambda: read(tmp_path / "leases"), "fixed-address")
    address = re.search(r"fixed-address ([0-9.]+);", lease)[1]
    assert in_pool(address)
    assert f"dhcp-server-identifier {SERVER};" in lease
    assert "option routers 10.77.0.1;" in lease
    assert address in server.cli("lease", "list").stdout
    process.terminate()
    process.wait(10)


def test_udhcpc_gets_a_lease_and_gives_it_back(rack, server, tmp_path):
    client = rack.host("udhcpc", mac="52:54:00:00:01:02")
    done = client.run("udhcpc", "-i", "eth0", "-f", "-q", "-n", "-R", "-t", "5", "-s", "/bin/true", limit=40)
    address = re.search(r"lease of ([0-9.]+) obtained", done.stdout + done.stderr)[1]
    assert in_pool(address)


def test_the_same_machine_gets_the_same_address_from_both(rack, tmp_path):
    client = rack.host("both", mac="52:54:00:00:01:03")
    seen = set()
    for _ in range(3):
        done = client.run("udhcpc", "-i", "eth0", "-f", "-q", "-n", "-t", "5", "-s", "/bin/true", limit=40)
        seen.add(re.search(r"lease of ([0-9.]+) obtained", done.stdout + done.stderr)[1])
    assert len(seen) == 1


# HTTP


def curl(host, *arguments, check=True, limit=120):
    return host.run("curl", "-sS", "--max-time", str(limit), *arguments, limit=limit + 5, check=check)


def test_curl_fetches_the_archive_over_http(server, host, tmp_path):
    curl(host, "-o", tmp_path / "got", f"http://{SERVER}{ARCHIVE}")
    expect_equal(server, tmp_path / "got", ARCHIVE)


def test_head_tells_the_size_and_sends_no_body(server, host):
    head = curl(host, "-I", f"http://{SERVER}{ARCHIVE}").stdout
    assert re.search(r"^HTTP/1.1 200 ", head)
    assert re.search(rf"^content-length: {image.ARCHIVE_SIZE}\r?$", head, re.M | re.I)


def test_a_range_is_that_part_of_the_file(server, host, tmp_path):
    head = curl(host, "-r", "9564-9567", "-D", "-", "-o", tmp_path / "got", f"http://{SERVER}{ARCHIVE}").stdout
    assert re.search(r"^HTTP/1.1 206 ", head)
    assert re.search(rf"content-range: bytes 9564-9567/{image.ARCHIVE_SIZE}", head, re.I)
    assert (tmp_path / "got").read_bytes() == bytes.fromhex("54190100")


def test_two_files_come_over_one_connection(server, host, tmp_path):
    done = curl(host, "-v", "-o", tmp_path / "one", "-o", tmp_path / "two",
                f"http://{SERVER}{SMALL_FILE}", f"http://{SERVER}{ARCHIVE}.hash")
    assert "Re-using existing connection" in done.stderr
    expect_equal(server, tmp_path / "one", SMALL_FILE)
    expect_equal(server, tmp_path / "two", ARCHIVE + ".hash")


@pytest.mark.parametrize("path", ["/root.password", f"{PLATFORM}/root.password", "/", "/etc/passwd", "/boot/",
                                  "/os/../../etc/passwd", "/files/%2e%2e/slipway.db", f"{PLATFORM}/i86pc/"])
def test_what_is_not_served_is_not_found_over_http(host, path):
    done = curl(host, "--path-as-is", "-o", "/dev/null", "-w", "%{http_code}", f"http://{SERVER}{path}")
    assert done.stdout in ("400", "403", "404")


# TFTP


def test_curl_fetches_the_archive_over_tftp_with_the_block_size_of_ipxe(server, host, tmp_path):
    curl(host, "--tftp-blksize", "1432", "-o", tmp_path / "got", f"tftp://{SERVER}/{ARCHIVE}", limit=180)
    expect_equal(server, tmp_path / "got", ARCHIVE)


def test_the_block_number_wraps_ten_times_without_options(server, host, tmp_path):
    curl(host, "--tftp-no-options", "-o", tmp_path / "got", f"tftp://{SERVER}/{ARCHIVE}", limit=300)
    expect_equal(server, tmp_path / "got", ARCHIVE)


@pytest.mark.parametrize("block", [8, 512, 1024, 1468, 65464])
def test_curl_fetches_over_tftp_with_blocks_of(server, host, tmp_path, block):
    curl(host, "--tftp-blksize", str(block), "-o", tmp_path / "got", f"tftp://{SERVER}/{SMALL_FILE}")
    expect_equal(server, tmp_path / "got", SMALL_FILE)


@pytest.mark.parametrize("name", [SMALL_FILE, SMALL_FILE[1:], "/" + SMALL_FILE, SMALL_FILE.replace("/", "//")])
def test_tftp_hpa_fetches_a_name_however_it_is_written(server, host, tmp_path, name):
    host.run("tftp", "-m", "binary", SERVER, "-c", "get", name, tmp_path / "got")
    expect_equal(server, tmp_path / "got", SMALL_FILE)


@pytest.mark.parametrize("options", [(), ("--option", "blksize 1432"), ("--option", "windowsize 8"),
                                     ("--option", "tsize 0", "--option", "timeout 3")])
def test_atftp_fetches_with_options(server, host, tmp_path, options):
    host.run("atftp", *options, "-g", "-r", SMALL_FILE, "-l", tmp_path / "got", SERVER)
    expect_equal(server, tmp_path / "got", SMALL_FILE)


def test_busybox_fetches_over_tftp(server, host, tmp_path):
    host.run("busybox", "tftp", "-g", "-b", "1024", "-r", SMALL_FILE, "-l", tmp_path / "got", SERVER)
    expect_equal(server, tmp_path / "got", SMALL_FILE)


def test_the_loader_is_served_as_the_package_brings_it(host, tmp_path):
    host.run("tftp", "-m", "binary", SERVER, "-c", "get", "undionly.kpxe", tmp_path / "got")
    assert digest(tmp_path / "got") == digest("/usr/lib/ipxe/undionly.kpxe")


@pytest.mark.parametrize("path", ["no/such/file", "../../../../etc/passwd", f"{PLATFORM}/root.password"])
def test_what_is_not_served_is_an_error_over_tftp_at_once(host, tmp_path, path):
    done = host.run("tftp", "-m", "binary", SERVER, "-c", "get", path, tmp_path / "got", limit=5, check=False)
    assert "Error code" in done.stdout + done.stderr


def test_writing_over_tftp_is_refused_at_once(host, tmp_path):
    (tmp_path / "mine").write_text("x")
    done = host.run("tftp", "-m", "binary", SERVER, "-c", "put", tmp_path / "mine", "mine", limit=5, check=False)
    assert "Error code 2" in done.stdout + done.stderr


def read(path):
    return path.read_text() if path.exists() else ""


def wait_for(question, word, limit=30):
    deadline = time.monotonic() + limit
    while word not in (text := question()):
        assert time.monotonic() < deadline, f"no {word} in: {text}"
        time.sleep(0.1)
    return text
