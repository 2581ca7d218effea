# SPDX-License-Identifier: MPL-2.0
"""What is wrong with an installation is said before any machine asks."""

import re

import pytest
from rack import run
from server import Server, program

# A mount namespace of its own, in which the loaders' package is not installed.
HIDDEN = ("unshare", "--mount", "--propagation", "private", "sh", "-c",
          'mount -t tmpfs none /usr/lib/ipxe && mount -t tmpfs none /boot && exec "$@"', "sh")


def test_a_missing_loader_is_said_by_check_with_the_remedy(server):
    done = run(*HIDDEN, program("slipway"), "--config", server.config, "check", check=False)
    words = done.stdout + done.stderr
    assert re.search(r"undionly\.kpxe is missing", words)
    assert "ipxe" in words and str(server.state) in words
    assert done.returncode == 1


def test_a_missing_loader_is_said_when_the_daemon_starts(rack):
    with Server(rack, prefix=HIDDEN) as server:
        assert "undionly.kpxe is missing" in server.log.read_text()


def test_with_the_loaders_there_nothing_is_said_of_them(server):
    assert "is missing" not in server.log.read_text()
    assert "is missing" not in server.cli("check", check=False).stdout


def test_check_names_every_error_at_once_with_its_place(tmp_path):
    file = tmp_path / "bad.toml"
    file.write_text('interface = "eth1"\nnetwork = "10.77.0.0/24"\nrange = "10.78.0.1-10.78.0.9"\nroutr = "10.77.0.1"\n')
    done = run(program("slipway"), "check", file, check=False)
    words = done.stdout + done.stderr
    assert done.returncode == 1
    assert re.search(r"bad\.toml:4:\d+.*routr", words) and "router" in words
    assert re.search(r"bad\.toml:3:\d+", words)


def test_a_second_daemon_on_the_same_ports_says_so_and_ends(server, rack, tmp_path):
    other = tmp_path / "other.toml"
    other.write_text(server.config.read_text().replace(str(server.state), str(tmp_path / "state"))
                     .replace(str(server.socket), str(tmp_path / "api.sock")))
    done = server.host.run(program("slipwayd"), "--config", other, check=False, limit=30)
    assert done.returncode == 1
    assert re.search(r"slipwayd: .*\b67\b", done.stderr)


@pytest.fixture(scope="module", autouse=True)
def mount_namespaces():
    if run(*HIDDEN, "true", check=False).returncode != 0:
        pytest.skip("this machine allows no mount namespaces")
