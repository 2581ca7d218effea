# SPDX-License-Identifier: MPL-2.0
"""`slipway check`: what is wrong with an installation is said before any machine asks."""

import os
import re
import tempfile
from pathlib import Path

import pytest
from rack import run
from server import HIDDEN_LOADERS, program


def check(text, tmp_path):
    """The exit code and the words of a check of this configuration."""
    file = tmp_path / "slipway.toml"
    file.write_text(text)
    done = run(program("slipway"), "check", file, check=False)
    return done.returncode, done.stdout + done.stderr


MINIMUM = """interface = "eth1"
network = "10.77.0.0/24"
range = "10.77.0.100-10.77.0.199"
router = "10.77.0.1"
"""


def test_four_lines_are_a_configuration(tmp_path):
    code, words = check(MINIMUM, tmp_path)
    assert code == 0, words
    assert "in order" in words


@pytest.mark.parametrize("more", ['[profile.smartos]\nimage = "smartos@latest"\nanswers = { hostname = "$(reboot)" }\n',
                                  '[profile.smartos]\nimage = "smartos@latest"\n[[machine]]\nname = "alpha"\nmac = "52:54:00:00:00:01"\n'
                                  'answers = { hostname = "$(reboot)" }\n'])
def test_what_a_plain_machine_would_be_refused_for_is_said_before(tmp_path, more):
    whole = ('[server]\ninterfaces = ["eth1"]\n[[subnet]]\nnetwork = "10.77.0.0/24"\n'
             'range = "10.77.0.100-10.77.0.199"\nrouter = "10.77.0.1"\n')
    machine = "" if "[[machine]]" in more else '[[machine]]\nname = "alpha"\nmac = "52:54:00:00:00:01"\n'
    code, words = check(whole + more + machine, tmp_path)
    assert code == 1, words
    assert "answers" in words and "alpha" in words


def test_every_error_is_named_at_once_with_its_place_and_the_nearest_key(tmp_path):
    code, words = check(MINIMUM.replace("10.77.0.100-", "10.78.0.100-").replace("router", "routr")
                        + "leese-time = 60\n", tmp_path)
    assert code == 1
    assert re.search(r"slipway\.toml:3:\d+: error: ", words)
    assert re.search(r"slipway\.toml:4:1: error: .*routr.*router", words)
    assert re.search(r"slipway\.toml:5:1: error: .*leese-time.*lease-time", words)


def test_a_value_that_cannot_be_read_hides_no_other_error(tmp_path):
    code, words = check(MINIMUM.replace("10.77.0.100-10.77.0.199", "10.77.0.199-10.77.0.100")
                        + 'lease-time = "1 week"\nmode = "prxy"\n[[machine]]\nname = "node1"\n'
                        'mac = "0c:c4:7a:ab:cd:ef"\naddress = "10.5.5.5"\nprofile = "nonesuch"\n', tmp_path)
    assert code == 1
    lines = re.findall(r"slipway\.toml:(\d+):\d+: error: ", words)
    assert lines == ["3", "5", "6", "10", "11"], words


def test_a_file_that_is_no_toml_is_refused_with_the_place(tmp_path):
    code, words = check('interface = "eth1\nnetwork = "10.77.0.0/24"\n', tmp_path)
    assert code == 1
    assert re.search(r"slipway\.toml:1:\d+: error: ", words)


def test_a_file_that_is_not_there_is_named(tmp_path):
    done = run(program("slipway"), "check", tmp_path / "no.toml", check=False)
    assert done.returncode == 1
    assert "no.toml" in done.stdout + done.stderr and "No such file" in done.stdout + done.stderr


def test_files_that_the_daemon_does_not_start_without_are_named(tmp_path):
    code, words = check('[server]\ninterfaces = ["eth1"]\ntftp-write = "/nonexistent"\n[[subnet]]\nnetwork = "10.77.0.0/24"\n'
                        'range = "10.77.0.100-10.77.0.199"\n[[webhook]]\nurl = "https://192.0.2.1/"\nsecret-file = "/no/secret"\n',
                        tmp_path)
    assert code == 0, words
    assert "the folder /nonexistent cannot be opened" in words and "the webhook's secret /no/secret cannot be opened" in words


def test_a_name_with_a_control_character_is_refused(tmp_path):
    machine = '[[machine]]\nname = "a\\nreboot"\nmac = "52:54:00:00:00:01"\n'
    code, words = check('[server]\ninterfaces = ["eth1"]\n[[subnet]]\nnetwork = "10.77.0.0/24"\n'
                        'range = "10.77.0.100-10.77.0.199"\n' + machine, tmp_path)
    assert code == 1 and "a machine's name holds a control character" in words


def test_an_image_that_a_profile_boots_and_nobody_has_is_a_warning(server):
    done = server.cli("check")
    assert re.search(r"warning: .*would not boot: .*image.*slipway image import", done.stdout)


def test_a_missing_loader_is_an_error_with_the_remedy(server):
    if run(*HIDDEN_LOADERS, "true", check=False).returncode != 0:
        pytest.skip("this machine allows no mount namespaces")
    done = run(*HIDDEN_LOADERS, program("slipway"), "--config", server.config, "check", check=False)
    words = done.stdout + done.stderr
    assert re.search(r"undionly\.kpxe is missing", words)
    assert "package ipxe" in words and "slipway loader add FILE --as undionly.kpxe" in words
    assert done.returncode == 1


def test_with_the_loaders_there_nothing_is_said_of_them(server):
    assert "is missing" not in server.cli("check").stdout


@pytest.fixture
def readable_folder():
    """Unlike pytest's own folders one that every account may look into."""
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may read what others may not")
def test_root_is_told_which_files_the_daemons_account_cannot_read(readable_folder):
    module = readable_folder / "node1.system"
    module.write_text("set x=1\n")
    text = MINIMUM + f"""[server]
user = "nobody"
[profile.smartos]
image = "smartos@latest"
modules = {{ "etc/system" = "{module}" }}
"""
    module.chmod(0o644)
    code, words = check(text, readable_folder)
    assert code == 0, words
    module.chmod(0o600)
    code, words = check(text, readable_folder)
    assert code == 1
    assert f"{module} cannot be read by account 'nobody': Permission denied" in words
    assert "let the daemon's account read it (`namei -l` shows who may)" in words


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may read what others may not")
def test_a_configuration_that_the_daemons_account_cannot_read_is_an_error_unless_it_is_a_draft(readable_folder):
    file = readable_folder / "slipway.toml"
    file.write_text(MINIMUM + '[server]\nuser = "nobody"\n')
    file.chmod(0o600)
    in_use = run(program("slipway"), "--config", file, "check", check=False)
    assert in_use.returncode == 1
    assert f"account 'nobody', which slipwayd runs as, cannot read {file}" in in_use.stdout
    assert run(program("slipway"), "check", file, check=False).returncode == 0
