# SPDX-License-Identifier: MPL-2.0
"""TFTP where it is hard: one port for all, files that clients write, a stop, and ten thousand that leave."""

import hashlib
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from file_clients import NAME, TFTP_CLIENTS, tool
from patience import until
from rack import SERVER, Rack
from server import Server

SIZE = 600_011


def put_file(server):
    (server.state / "files").mkdir(exist_ok=True)
    path = server.state / "files" / NAME
    path.write_bytes(os.urandom(SIZE))
    return path


def digest(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def tftp_metrics(server, name):
    return {key: value for key, value in server.metrics().items() if key.startswith(f"slipway_tftp_{name}")}


# One port for all, and files that are written


@pytest.fixture(scope="module")
def folder():
    path = Path(tempfile.mkdtemp(prefix=f"slw{os.getpid()}-written-", dir="/tmp"))
    shutil.chown(path, "nobody")
    yield path
    shutil.rmtree(path)


@pytest.fixture(scope="module", params=[False, True], ids=["own-ports", "single-port"])
def writable(request, rack, folder):
    single = "tftp-single-port = true\n" if request.param else ""
    with Server(rack, settings=f'tftp-write = "{folder}"\ntftp-write-size = 1\n{single}') as server:
        put_file(server)
        for left in folder.iterdir():
            left.unlink()
        yield server


@pytest.fixture(scope="module")
def host(rack):
    return rack.host("writer", address="10.77.0.21/16")


@pytest.mark.parametrize("client", TFTP_CLIENTS)
def test_every_client_fetches_from_one_port_as_from_many(writable, host, tmp_path, client):
    host.run(*TFTP_CLIENTS[client](tmp_path / "got"), limit=60)
    assert digest(tmp_path / "got") == digest(writable.state / "files" / NAME)


WRITERS = {
    "tftp-hpa": lambda local, name: ("tftp", "-m", "binary", SERVER, "-c", "put", local, name),
    "curl": lambda local, name: ("curl", "-sS", "-T", local, f"tftp://{SERVER}/{name}"),
    "busybox": lambda local, name: ("busybox", "tftp", "-p", "-b", "1024", "-l", local, "-r", name, SERVER),
    "atftp": lambda local, name: ("atftp", "--option", "blksize 1428", "-p", "-l", local, "-r", name, SERVER),
}


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("size", [0, 511, 512, 200_000])
def test_what_a_client_writes_is_in_the_folder_whole(writable, host, folder, tmp_path, writer, size):
    local, name = tmp_path / "log", f"{writer}-{size}.log"
    local.write_bytes(os.urandom(size))
    host.run(*WRITERS[writer](local, name), limit=30)
    assert digest(folder / name) == digest(local)


def test_a_file_that_is_there_is_not_written_over(writable, host, folder, tmp_path):
    (folder / "mine").write_text("first")
    (tmp_path / "other").write_text("second")
    done = host.run(*WRITERS["tftp-hpa"](tmp_path / "other", "mine"), check=False)
    assert "Error code 6: there is a file of this name already" in done.stdout + done.stderr
    assert (folder / "mine").read_text() == "first"


def test_a_file_that_is_too_large_leaves_nothing(writable, host, folder, tmp_path):
    (tmp_path / "large").write_bytes(bytes((1 << 20) + 1))
    for writer in ("tftp-hpa", "curl"):
        host.run(*WRITERS[writer](tmp_path / "large", "large"), check=False)
    until(lambda: writable.metrics()["slipway_tftp_running"] == 0)
    assert not [path.name for path in folder.iterdir() if "large" in path.name or path.name.startswith(".")]


@pytest.mark.parametrize("name", ["../mine", "a/b", ".hidden"])
def test_a_name_that_is_not_plain_is_refused(writable, host, folder, tmp_path, name):
    (tmp_path / "log").write_text("x")
    done = host.run(*WRITERS["tftp-hpa"](tmp_path / "log", name), check=False)
    assert "Error code 2: a file to be written has a plain name" in done.stdout + done.stderr


# The end


def test_a_stop_lets_transfers_end(writable, host, tmp_path):
    got = tmp_path / "got"
    process = host.start("curl", "-sS", "--tftp-blksize", "8", "-o", got, f"tftp://{SERVER}/{NAME}")
    until(lambda: writable.metrics()["slipway_tftp_running"] == 1)
    writable.process.terminate()
    assert process.wait(60) == 0
    assert writable.process.wait(15) == 0
    assert digest(got) == digest(writable.state / "files" / NAME)
    writable.start()


# Ten thousand that leave in the middle


def test_ten_thousand_transfers_whose_clients_vanish_leave_nothing_behind():
    with Rack() as rack, Server(rack) as server:
        put_file(server)
        crowd = rack.host("crowd", address="10.77.1.1/16")
        for number in range(2, 33):
            rack._ip(crowd, "address", "add", f"10.77.1.{number}/16", "dev", "eth0")
        pid = server.process.pid
        fetch = (tool("tftp_load"), "--server", SERVER, "--address", "10.77.1.1", "--sources", "32", "--folder",
                 server.state / "files", "--seconds", "0.05", "--vanish", f"1000:{NAME}:512:1")
        crowd.run(*fetch)  # what is allocated once is there now
        rest = until(lambda: at_rest(server, pid), limit=90)
        for _ in range(10):
            crowd.run(*fetch)
        started = sum(tftp_metrics(server, "requests").values())
        assert started >= 10_000
        after = until(lambda: at_rest(server, pid), limit=90)
        # Our own question for the metrics has a descriptor there, too, for a moment.
        until(lambda: at_rest(server, pid)["descriptors"] <= rest["descriptors"], limit=10)
        assert after["anonymous"] <= rest["anonymous"] + (2 << 20)
        ended = tftp_metrics(server, "transfers_total")
        assert sum(ended.values()) + sum(tftp_metrics(server, "refused_total").values()) \
            + sum(tftp_metrics(server, "repeated").values()) == started


def at_rest(server, pid):
    """What the daemon holds once no transfer runs; nothing as long as one does."""
    if server.metrics()["slipway_tftp_running"]:
        return None
    status = Path(f"/proc/{pid}/status").read_text().splitlines()
    anonymous = next(int(line.split()[1]) << 10 for line in status if line.startswith("RssAnon:"))
    return {"descriptors": len(os.listdir(f"/proc/{pid}/fd")), "anonymous": anonymous}
