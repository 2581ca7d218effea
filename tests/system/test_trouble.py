# SPDX-License-Identifier: MPL-2.0
"""When the world around the server is in trouble: a full disk, a bad line, a pulled cable, a rush."""

import hashlib
import socket
from pathlib import Path

import pytest
from dhcp_client import Client
from dhcp_message import ACK, OFFER, mac_text
from patience import until
from rack import SERVER, Rack, run
from server import Server

LOADER = "ipxe.efi"  # a megabyte, served without any image
LOADER_FILE = Path("/usr/lib/ipxe/ipxe.efi")


def sha1(path):
    return hashlib.sha1(Path(path).read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def host(rack):
    return rack.host("files", address="10.77.0.20/16")


# The disk


@pytest.fixture
def small_disk():
    """A server whose state lies on a disk of one MiB; the folder as the server sees it."""
    with Rack() as rack:
        server = Server(rack)
        server.prefix = ("unshare", "--mount", "--propagation", "private", "sh", "-c",
                         f'mount -t tmpfs -o size=1m none {server.state} && exec "$@"', "sh")
        if run(*server.prefix, "true", check=False).returncode != 0:
            pytest.skip("this machine allows no mount namespaces")
        with server:
            yield server, Path(f"/proc/{server.process.pid}/root{server.state}")


def fill(file):
    with file.open("wb", buffering=0) as full:
        try:
            while full.write(bytes(4096)):
                pass
        except OSError:
            return


def test_on_a_full_disk_no_lease_is_promised_and_with_room_again_it_is(small_disk):
    server, folder = small_disk
    with Client(server.rack.host("client")) as client:
        offer = client.discover()
        fill(folder / "fill")
        client.say_select(offer)
        until(lambda: server.drops()["store_failed"] > 0, says=server.drops)
        server.wait_log("lease store: .*full")
        assert server.leases() == []
        assert not [event for event in server.events(mac_text(client.mac)) if event["kind"] == "dhcp_ack"]
        told = server.cli("explain", mac_text(client.mac), check=False).stdout
        assert "nothing was heard" not in told

        (folder / "fill").unlink()
        ack = client.select(client.discover())
        assert ack.kind == ACK
        assert [(lease["address"], lease["state"]) for lease in server.leases()] == [(ack.address, "active")]


# The line


@pytest.fixture
def narrow_line(rack):
    """The server's line takes 20 Mbit/s and drops what comes faster than eight packets at once."""
    shape = ("tc", "qdisc", "add", "dev", rack.server.interface, "root", "tbf",
             "rate", "20mbit", "burst", "3000", "limit", "12000")
    if rack.server.run(*shape, check=False).returncode != 0:
        pytest.skip("this kernel shapes no traffic (sch_tbf)")
    yield
    rack.server.run("tc", "qdisc", "del", "dev", rack.server.interface, "root")


def dropped(rack):
    return int(rack.server.run("tc", "-s", "qdisc", "show", "dev", rack.server.interface)
               .stdout.partition("(dropped ")[2].partition(",")[0])


def test_tftp_with_windows_comes_whole_over_a_line_that_drops(rack, server, host, narrow_line, tmp_path):
    # One window passes the line, four at once do not.
    files = [tmp_path / str(number) for number in range(4)]
    running = [host.start("atftp", "--option", "windowsize 8", "--option", "blksize 1432", "-g",
                          "-r", "undionly.kpxe", "-l", file, SERVER) for file in files]
    assert [process.wait(120) for process in running] == [0] * 4
    assert {sha1(file) for file in files} == {sha1("/usr/lib/ipxe/undionly.kpxe")}
    assert dropped(rack) > 0, "the line lost nothing: the test proves nothing"
    assert server.metrics()["slipway_tftp_blocks_resent_total"] > 0


def test_http_comes_whole_over_a_line_that_drops(rack, server, host, narrow_line, tmp_path):
    host.run("curl", "-sS", "--max-time", "100", "-o", tmp_path / "got", f"http://{SERVER}/{LOADER}", limit=120)
    assert sha1(tmp_path / "got") == sha1(LOADER_FILE)
    assert dropped(rack) > 0


def test_a_cable_that_was_pulled_and_put_back_serves_again(rack, server, host):
    rack.server.run("ip", "link", "set", "eth1", "down")
    rack.server.run("ip", "link", "set", "eth1", "up")
    with Client(rack.host("plugged")) as client:
        assert client.discover(limit=30).kind == OFFER
    fetch = ("curl", "-sS", "--max-time", "5", f"http://{SERVER}/boot.ipxe")
    until(lambda: host.run(*fetch, check=False).stdout.startswith("#!ipxe"))


def test_an_interface_made_anew_under_its_name_is_served_again():
    with Rack() as rack, Server(rack) as server:
        line, switch = rack.server, rack.switch
        line.run("ip", "link", "del", "eth1")
        line.run("ip", "link", "add", "eth1", "type", "veth", "peer", "name", "p-srv",
                 "netns", switch.namespace)
        switch.run("ip", "link", "set", "p-srv", "master", "sw", "up")
        line.run("ip", "link", "set", "eth1", "up")
        line.run("ip", "address", "add", f"{SERVER}/16", "brd", "+", "dev", "eth1")
        with Client(rack.host("client")) as client:
            assert client.discover(limit=30).kind == OFFER
        host = rack.host("files", address="10.77.0.20/16")
        fetch = ("curl", "-sS", "--max-time", "5", f"tftp://{SERVER}/boot.ipxe")
        until(lambda: host.run(*fetch, check=False).stdout.startswith("#!ipxe"), says=server.last_log)


def test_without_descriptors_a_change_of_the_network_does_not_end_it():
    with Rack() as rack, Server(rack, prefix=("prlimit", "--nofile=64:64")) as server:
        host = rack.host("silent", address="10.77.0.20/16")
        for last in range(21, 26):  # one address may have 32 transfers
            host.run("ip", "address", "add", f"10.77.0.{last}/16", "dev", host.interface)
        plugs = [host.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(80)]
        for number, plug in enumerate(plugs):
            plug.bind((f"10.77.0.{20 + number % 6}", 0))
            plug.sendto(b"\0\1boot.ipxe\0octet\0", (SERVER, 69))
        until(lambda: len(list(Path(f"/proc/{server.process.pid}/fd").iterdir())) >= 64)
        rack.server.run("ip", "address", "add", "10.77.0.2/16", "dev", "eth1")
        server.wait_log("cannot list the network interfaces")
        for plug in plugs:
            plug.close()
        until(lambda: server.ready(), says=server.last_log)


# The rush


@pytest.mark.parametrize("command", [
    ("curl", "-sS", "--max-time", "100", "-o", "{file}", f"tftp://{SERVER}/{LOADER}"),
    ("curl", "-sS", "--max-time", "100", "-o", "{file}", f"http://{SERVER}/{LOADER}"),
], ids=["tftp", "http"])
def test_thirty_fetch_at_once_and_each_gets_every_byte(server, host, tmp_path, command):
    files = [tmp_path / str(number) for number in range(30)]
    running = [host.start(*(word.format(file=file) for word in command)) for file in files]
    assert [process.wait(120) for process in running] == [0] * 30
    assert {sha1(file) for file in files} == {sha1(LOADER_FILE)}
