# SPDX-License-Identifier: MPL-2.0
"""The daemon as an operator meets it: how it starts, what it may do, how it takes a new configuration."""

import re
import signal
from pathlib import Path

import pytest
from dhcp_client import Client
from dhcp_message import ACK, OFFER
from patience import until
from rack import Rack, run
from server import HIDDEN_LOADERS, Server, program

NET_BIND_SERVICE, NET_RAW = 1 << 10, 1 << 13


def start_fails(server, configuration):
    """Runs a daemon with this configuration; the sentence it ends with."""
    done = server.host.run(program("slipwayd"), "--config", configuration, check=False)
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert last.startswith("slipwayd: ")
    return last


@pytest.fixture
def other(server, tmp_path):
    """other(old, new...): the configuration of a second daemon beside the one that runs."""
    folder = server.directory / "other"
    folder.mkdir(exist_ok=True)

    def make(*changes):
        text = server.config.read_text().replace(str(server.state), str(folder / "state"))
        text = text.replace(str(server.socket), str(folder / "run" / "api.sock"))
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        file = tmp_path / "other.toml"
        file.write_text(text)
        return file

    return make


# Start


def test_a_missing_loader_is_said_when_the_daemon_starts(loaders_can_be_hidden):
    with Rack() as rack, Server(rack, prefix=HIDDEN_LOADERS) as server:
        assert re.search(r"undionly\.kpxe is missing.*ipxe", server.log.read_text())


def test_with_the_loaders_there_nothing_is_said_of_them(server):
    assert "is missing" not in server.log.read_text()


def test_a_second_daemon_on_the_same_ports_says_so_and_ends(server, other):
    assert re.search(r"UDP port 67 on eth1 is in use", start_fails(server, other()))


def test_a_second_daemon_on_the_same_state_says_so_and_ends(server, other):
    words = start_fails(server, other((str(server.directory / "other" / "state"), str(server.state))))
    assert "held by another running slipwayd" in words


def test_an_interface_that_is_not_there_is_named_with_those_that_are(server, other):
    words = start_fails(server, other(('"eth1"', '"eth7"')))
    assert "there is no interface 'eth7'" in words and "eth1" in words


def test_an_account_that_is_not_there_is_named(server, other):
    assert "no account 'nosuchuser'" in start_fails(server, other(('"nobody"', '"nosuchuser"')))


def test_a_state_folder_that_the_account_cannot_reach_is_said(server, other, tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    words = start_fails(server, other((str(server.directory / "other" / "state"), str(closed / "state"))))
    assert re.search(rf"account 'nobody' cannot use {closed}/state: Permission denied", words)


def test_a_socket_in_a_folder_of_others_leaves_that_folder_theirs(server, other):
    shared = server.directory / "shared"
    shared.mkdir()
    shared.chmod(0o777)
    start_fails(server, other((str(server.directory / "other" / "run" / "api.sock"), str(shared / "api.sock"))))
    assert shared.stat().st_uid == 0


# Privileges


def test_every_thread_runs_as_the_named_account_with_two_rights_left(server):
    threads = list(Path(f"/proc/{server.process.pid}/task").iterdir())
    assert len(threads) >= 3
    for thread in threads:
        status = dict(line.split(":", 1) for line in (thread / "status").read_text().splitlines())
        assert status["Uid"].split() == ["65534"] * 4
        assert status["Gid"].split() == ["65534"] * 4
        assert status["Groups"].split() == ["65534"]  # its own, as the account database has them
        assert status["NoNewPrivs"].strip() == "1"
        for rights in ("CapEff", "CapPrm"):
            assert int(status[rights], 16) == NET_BIND_SERVICE | NET_RAW


# A new configuration


BROKEN = """
[[machine]]
name = "twice"
mac = "52:54:00:99:00:01"
adress = "10.77.0.50"

[[machine]]
name = "twice"
mac = "52:54:00:99:00"
"""


@pytest.fixture
def configuration(server):
    """The daemon's file; as it was afterwards."""
    before = server.config.read_text()
    yield server.config
    server.config.write_text(before)
    server.cli("reload")


def test_a_broken_file_is_refused_whole_on_sighup_and_every_error_is_logged(rack, server, configuration):
    lines = configuration.read_text().count("\n")
    configuration.write_text(configuration.read_text().replace("10.77.0.100", "10.77.0.150") + BROKEN)
    since = server.log.stat().st_size
    server.process.send_signal(signal.SIGHUP)
    server.wait_log("the configuration that runs is kept", since)
    said = server.log.read_text()[since:]
    assert re.search(rf"slipway\.toml:{lines + 5}:1: error: .*'adress'.*'address'", said)
    assert re.search(rf"slipway\.toml:{lines + 9}:\d+: error: .*52:54:00:99:00", said)
    with Client(rack.host("before")) as client:
        assert client.select(client.discover()).address == "10.77.0.100", "the broken file was used in part"
    assert "dhcp_ack" in [event["kind"] for event in server.events("10.77.0.100")]


def test_reload_prints_every_error_of_the_file_and_keeps_what_runs(server, configuration):
    configuration.write_text(configuration.read_text() + BROKEN)
    done = server.cli("reload", check=False)
    assert done.returncode == 1
    assert "adress" in done.stderr and "52:54:00:99:00" in done.stderr
    assert "\ncorrect them and reload again; " in done.stderr, "the remedy of all hangs on that of the last"
    assert server.ready()


def test_a_good_file_is_in_force_after_sighup(rack, server, configuration):
    configuration.write_text(configuration.read_text() + '[[machine]]\nname = "new"\n'
                             'mac = "52:54:00:99:00:02"\naddress = "10.77.0.52"\n')
    since = server.log.stat().st_size
    server.process.send_signal(signal.SIGHUP)
    server.wait_log("configuration read again", since)
    with Client(rack.host("new", mac="52:54:00:99:00:02")) as client:
        offer = client.discover()
        assert (offer.kind, offer.address) == (OFFER, "10.77.0.52")
        assert client.select(offer).kind == ACK


def test_what_needs_a_restart_is_said_and_changes_nothing(server, configuration):
    configuration.write_text(configuration.read_text().replace("[server]", "[server]\nhttp-port = 8080"))
    done = server.cli("reload", check=False)
    assert done.returncode == 1
    assert "server.http-port cannot change while running; restart slipwayd" in done.stderr
    assert "systemctl restart slipwayd" in done.stderr and "slipway check" not in done.stderr


# End


def test_sigterm_ends_it_at_once_and_well():
    with Rack() as rack, Server(rack) as server:
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(15) == 0
        assert not server.socket.exists()
        assert server.last_log(1).endswith("stopping")


def test_an_address_that_comes_later_is_served_without_a_restart(rack, server):
    server.host.run("ip", "address", "add", "10.77.0.3/16", "dev", "eth1")
    host = rack.host("late", address="10.77.0.23/16")
    fetch = ("curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", "--max-time", "5", "http://10.77.0.3/boot.ipxe")
    until(lambda: host.run(*fetch, check=False).stdout == "200")


@pytest.fixture(scope="module")
def loaders_can_be_hidden():
    if run(*HIDDEN_LOADERS, "true", check=False).returncode != 0:
        pytest.skip("this machine allows no mount namespaces")
