# SPDX-License-Identifier: MPL-2.0
"""Programs that people really use get their files over HTTP and TFTP, byte for byte, or are told why not."""

import hashlib
import re

import image
import pytest
from patience import until
from rack import SERVER

PLATFORM = f"/os/{image.STAMP}/platform"
ARCHIVE = f"{PLATFORM}/{image.ARCHIVE}"
SMALL_FILE = f"{PLATFORM}/{image.KERNEL}"
AT_ONCE = 4.0  # seconds: before a TFTP client asks again


@pytest.fixture(scope="module", autouse=True)
def imported(server, images):
    server.import_image(images(image.ARCHIVE_SIZE))


@pytest.fixture(scope="module")
def host(rack):
    """A client that has an address already and fetches files."""
    return rack.host("files", address="10.77.0.20/16")


def digest(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha1").hexdigest()


def expect_equal(server, got, name):
    stored = server.stored("platform/" + name.partition("/platform/")[2])
    assert got.stat().st_size == stored.stat().st_size
    assert digest(got) == digest(stored)


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


NOT_SERVED = {
    "/root.password": (403, "root.password holds a password"),
    f"{PLATFORM}/root.password": (403, "root.password holds a password"),
    f"{PLATFORM}/ROOT.Password": (403, "root.password holds a password"),
    f"{PLATFORM}/root%2epassword": (403, "root.password holds a password"),
    "/": (403, "not the path of a file"),
    "/listed": (403, "listed is a folder, and folders are not listed"),
    "/listed/": (403, "listed is a folder, and folders are not listed"),
    "/outside": (403, "outside is a link that leads out"),
    "/unreadable": (403, "unreadable may not be read: its mode forbids it"),
    f"{PLATFORM}/i86pc/": (404, f"image {image.STAMP} has no file platform/i86pc"),
    f"/os/20990101T000000Z/platform/{image.KERNEL}": (404, "no image 20990101T000000Z here"),
    "/etc/passwd": (404, "no file etc/passwd"),
    "/slipway.db": (404, "no file slipway.db"),
    "/os/../../etc/passwd": (400, "the URL's path leaves its root"),
    "/../slipway.db": (400, "the URL's path leaves its root"),
    "/%2e%2e/slipway.db": (400, "the URL's path leaves its root"),
    "/..%2fslipway.db": (400, "the URL hides a slash"),
    "/boot.ipxe%00.txt": (400, "the URL's path leaves its root or is not clean text"),
}


@pytest.fixture(scope="module")
def operator_files(server):
    """What an operator may have put there: a folder, a link that leads out, a file that only root may read."""
    (server.state / "files" / "listed").mkdir()
    (server.state / "files" / "listed" / "there.txt").write_text("there\n")
    (server.state / "files" / "outside").symlink_to("/etc/passwd")
    (server.state / "files" / "unreadable").write_text("secret")
    (server.state / "files" / "unreadable").chmod(0o600)


@pytest.mark.parametrize("path", NOT_SERVED)
def test_what_is_not_served_over_http_is_refused_with_the_reason(host, operator_files, path):
    status, reason = NOT_SERVED[path]
    done = curl(host, "--path-as-is", "-w", "%{http_code}", f"http://{SERVER}{path}")
    assert done.stdout.endswith(str(status))
    assert reason in done.stdout and "root:" not in done.stdout


def test_a_file_that_the_operator_put_there_is_served_whatever_folder_it_is_in(host, operator_files):
    assert curl(host, f"http://{SERVER}/listed/there.txt").stdout == "there\n"


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_nothing_can_be_changed_over_http(host, method):
    done = curl(host, "-X", method, "-d", "x", "-w", "%{http_code}", f"http://{SERVER}{SMALL_FILE}")
    assert done.stdout.endswith("405") and "GET or HEAD" in done.stdout


def test_a_refusal_is_in_the_events_with_its_reason(server, host):
    curl(host, f"http://{SERVER}/no/such/file")
    until(lambda: re.search(r"HTTP refused /no/such/file: .*no file no/such/file", server.cli("events").stdout))


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


@pytest.mark.parametrize("name", ["undionly.kpxe", "undionly.kkpxe", "ipxe.pxe", "ipxe.lkrn", "ipxe.efi", "snponly.efi"])
def test_a_loader_is_served_as_the_package_brings_it_link_or_not(host, tmp_path, name):
    host.run("tftp", "-m", "binary", SERVER, "-c", "get", name, tmp_path / "got")
    assert digest(tmp_path / "got") == digest(f"/usr/lib/ipxe/{name}")


def test_the_operators_own_loader_goes_before_the_packages(server, host):
    own = server.state / "loaders" / "undionly.kkpxe"
    own.write_text("my own build")
    assert curl(host, f"http://{SERVER}/undionly.kkpxe").stdout == "my own build"
    own.chmod(0o600)
    assert "undionly.kkpxe may not be read" in curl(host, f"http://{SERVER}/undionly.kkpxe").stdout


def test_a_loader_that_is_not_there_is_refused_with_the_remedy(server, host):
    assert "loader pxeboot is not here: slipway loader add FILE --as pxeboot" in curl(host, f"http://{SERVER}/pxeboot").stdout


@pytest.mark.parametrize("path, error", [
    ("no/such/file", "1: no file no/such/file"),
    (f"/os/20990101T000000Z/platform/{image.KERNEL}", "1: no image 20990101T000000Z here"),
    ("../../../../etc/passwd", "2: this is not the path of a file below the root"),
    ("listed", "2: listed is a folder, and folders are not listed"),
    ("outside", "2: outside is a link that leads out"),
    (f"{PLATFORM}/root.password", "2: root.password holds a password"),
])
def test_what_is_not_served_over_tftp_is_an_error_with_the_reason_at_once(host, operator_files, tmp_path, path, error):
    done = host.run("tftp", "-m", "binary", SERVER, "-c", "get", path, tmp_path / "got", limit=AT_ONCE, check=False)
    assert f"Error code {error}" in done.stdout + done.stderr


def test_writing_over_tftp_is_refused_at_once(host, tmp_path):
    (tmp_path / "mine").write_text("x")
    done = host.run("tftp", "-m", "binary", SERVER, "-c", "put", tmp_path / "mine", "mine", limit=AT_ONCE, check=False)
    assert "Error code 2: this server takes no files, it only gives them" in done.stdout + done.stderr
