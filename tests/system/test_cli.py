# SPDX-License-Identifier: MPL-2.0
"""The command line: exit code 0, 1 for what failed, 2 for what was typed wrong, and a sentence for both."""

import json
import os
import re
import signal
import subprocess
from pathlib import Path

import image
import pytest
from conftest import TINY
from dhcp_client import Client
from dhcp_message import mac_text
from patience import until
from rack import run
from server import program

NAMED = "52:54:00:99:00:01"


@pytest.fixture(scope="module")
def seen(rack, server, images):
    """A machine that the server has heard of, and an image."""
    server.import_image(images(TINY))
    with Client(rack.host("seen")) as client:
        client.get_lease()
        yield client


@pytest.mark.parametrize("words", [
    "", "bogus", "image", "image imoprt", "image import", "image import a b", "image list now", "image show",
    "image inspect", "image verify a b", "image remove", "machine", "machine lst", "explain",
    "explain x --boots 0", "explain x --boots many", "boot", "boot preview", "boot preview --mac zz",
    f"boot preview --mac {NAMED} --loader lilo", f"boot preview --mac {NAMED} --arch sparc", "lease",
    "lease list now", "lease release", "check a b", "status now", "reload --force", "events --since",
    "decode", "decode a b", "--config",
])
def test_what_is_typed_wrong_is_2_and_a_sentence(server, words):
    done = server.cli(*words.split(), check=False)
    assert done.returncode == 2, done.stdout + done.stderr
    assert done.stdout == ""
    assert re.fullmatch(r"slipway: .+\n", done.stderr), done.stderr


def test_a_word_that_is_nearly_right_is_answered_with_the_right_one(server):
    assert "there is no 'imag'; did you mean 'image'?" in server.cli("imag", "list", check=False).stderr
    assert "there is no 'imoprt'; did you mean 'import'?" in server.cli("image", "imoprt", check=False).stderr


@pytest.mark.parametrize("words", ["nosuch --help", "image nosuch --help", "nosuch --version"])
def test_there_is_no_help_about_verbs_that_there_are_not(server, words):
    done = server.cli(*words.split(), check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "there is no 'nosuch', only " in done.stderr


@pytest.mark.parametrize("words", ["explain", "machine show", "machine forget", "lease release", "image show"])
def test_an_empty_name_is_none(server, words):
    """As where a script's variable is empty."""
    done = server.cli(*words.split(), "", check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "an empty word is none" in done.stderr and f"see `slipway {words} --help`" in done.stderr


@pytest.mark.parametrize("words, sentence", [
    ("image import /no/such.tgz", "/no/such.tgz does not exist"),
    ("image inspect /no/such.tgz", "/no/such.tgz does not exist"),
    ("image show nix", "there is no image 'nix'"),
    ("image verify nix", "there is no image 'nix'"),
    ("image remove nix", "there is no image 'nix'"),
    ("image remove abc", "at least its first 6 digits"),
    ("image import https://example.org/platform.tgz", "check the name and this machine's DNS"),
    (f"boot preview --mac {NAMED} --arch uefi", "this iPXE cannot start SmartOS from there"),
    (f"image remove smartos@{image.STAMP}", "profile smartos boots it"),
    ("explain nix", 'no machine is called "nix"'),
    (f"explain {NAMED}", "has sent nothing to this server"),
    ("explain 10.77.9.9", "no machine holds 10.77.9.9"),
    ("explain 10.77.9.9", 'reserve it, with mac and address = "10.77.9.9" in a [[machine]]'),
    ("events --machine nix", 'no machine is called "nix"'),
    ("events --follow --machine nix", 'no machine is called "nix"'),
    ("lease release 10.77.0.5", "nobody holds 10.77.0.5"),
    ("lease release there", "'there' is no address, and no machine"),
    ("decode /no/such.pcap", "cannot read /no/such.pcap: No such file"),
    ("decode /etc/hostname", "/etc/hostname"),
    ("check /no/such.toml", "/no/such.toml"),
])
def test_what_cannot_be_done_is_1_and_says_why(server, seen, words, sentence):
    done = server.cli(*words.split(), check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    assert sentence in done.stdout + done.stderr


@pytest.mark.parametrize("words", ["status", "machine list", "lease list", "lease release 10.77.0.100",
                                   "explain x", "reload", "events", "events --follow"])
def test_without_a_daemon_it_is_1_and_the_sentence_says_how_to_start_one(server, words):
    done = server.cli("--socket", "/no/such.sock", *words.split(), check=False)
    assert done.returncode == 1
    assert re.search(r"cannot reach slipwayd at /no/such\.sock: .*; is it running\?", done.stderr)


def test_without_a_daemon_images_are_managed_all_the_same(server, images, tmp_path):
    text = server.config.read_text().replace(str(server.state), str(tmp_path / "state"))
    (tmp_path / "slipway.toml").write_text(text.replace(str(server.socket), "/no/such.sock"))

    def slipway(*words):
        return run(program("slipway"), "--config", tmp_path / "slipway.toml", *words)

    slipway("image", "import", images(TINY))
    assert image.STAMP in slipway("image", "list").stdout
    assert "is whole" in slipway("image", "verify").stdout
    (tmp_path / "state").rename(tmp_path / "moved")
    assert "no image yet" in slipway("image", "list").stdout


def test_of_two_images_of_one_version_none_is_removed_by_its_version(server, seen, images):
    server.import_image(images(2 * TINY))
    try:
        twins = json.loads(server.cli("image", "list", "--json").stdout)["images"]
        used = next(twin["short_id"] for twin in twins if twin["used_by"])
        idle = next(twin["short_id"] for twin in twins if not twin["used_by"])
        for verb in "show", "remove":
            done = server.cli("image", verb, f"smartos@{image.STAMP}", check=False)
            assert done.returncode == 1 and done.stdout == ""
            assert used in done.stderr and idle in done.stderr and "give the id" in done.stderr
    finally:
        assert server.cli("image", "remove", idle).stdout == f"removed smartos@{image.STAMP} ({idle})\n"
    assert [twin["short_id"] for twin in json.loads(server.cli("image", "list", "--json").stdout)["images"]] == [used]


def test_a_machine_that_holds_an_address_is_not_called_unseen(server, seen):
    line = next(line for line in server.cli("machine", "list").stdout.splitlines() if mac_text(seen.mac) in line)
    assert "seen" not in line and "_" not in line


def test_a_preview_is_json_when_asked_for(server, seen):
    plain = server.cli("boot", "preview", "--mac", NAMED).stdout
    assert json.loads(server.cli("boot", "preview", "--mac", NAMED, "--json").stdout)["text"] == plain
    done = server.cli("boot", "preview", "--mac", NAMED, "--arch", "uefi", "--json", check=False)
    assert done.returncode == 1
    assert ("uefi", "error") in {(said["id"], said["severity"]) for said in json.loads(done.stdout)["findings"]}


@pytest.mark.parametrize("words", ["", "image", "image import", "machine list", "explain", "events",
                                   "boot preview", "lease release", "check", "decode"])
def test_help_is_0_and_on_standard_output(server, words):
    done = server.cli(*words.split(), "--help")
    assert "Usage: slipway" in done.stdout and done.stderr == ""


@pytest.mark.parametrize("words", ["status", "machine list", "lease list", "image list",
                                   f"image show {image.STAMP}", "explain {seen}"])
def test_what_is_shown_is_json_when_asked_for(server, seen, words):
    words = words.format(seen=mac_text(seen.mac))
    said = server.cli(*words.split(), "--json").stdout
    assert isinstance(json.loads(said), dict)
    assert said != server.cli(*words.split()).stdout


def test_a_file_that_was_changed_behind_the_back_is_found_by_verify(server, seen):
    stored = server.stored("platform/" + image.KERNEL)
    whole = stored.read_bytes()
    stored.write_bytes(whole[:-1] + bytes((whole[-1] ^ 1,)))
    done = server.cli("image", "verify", check=False)
    stored.write_bytes(whole)
    assert done.returncode == 1
    assert re.search(r"kernel/amd64/unix of \w+ is not what was imported", done.stderr)
    assert server.cli("image", "verify").returncode == 0


# events --follow


def followers(server):
    return json.loads(server.get("/api/v1/status")[1])["followers"]


class Follower:
    def __init__(self, server, folder, *words, stdout):
        self.errors = (folder / "errors").open("w+")
        self.process = server.host.start(program("slipway"), "--config", server.config, "events", "--follow", *words,
                                         stdout=stdout, stderr=self.errors)
        until(lambda: followers(server) == 1)

    def end(self):
        """The exit code and what was said on standard error."""
        code = self.process.wait(30)
        self.errors.seek(0)
        return code, self.errors.read()


@pytest.fixture
def alone(server, seen):
    """Nobody follows any more: who left is noticed with the next event."""
    def nobody():
        seen.discover()
        return followers(server) == 0

    until(nobody)


def test_following_ends_with_ctrl_c_and_whole_lines_only(server, seen, alone, tmp_path):
    output = tmp_path / "events"
    with output.open("w") as file:
        follower = Follower(server, tmp_path, "--json", stdout=file)
    for _ in range(50):
        seen.discover()
    until(lambda: output.read_text().count("\n") >= 20)
    follower.process.send_signal(signal.SIGINT)
    code, errors = follower.end()
    assert (code in (0, -signal.SIGINT), errors) == (True, "")
    events = [json.loads(line) for line in output.read_text().splitlines()]
    assert {"dhcp_discover", "dhcp_offer"} <= {event["kind"] for event in events}
    assert output.read_text().endswith("\n")


@pytest.mark.parametrize("pipe_signal", [signal.SIG_DFL, signal.SIG_IGN], ids=["kills", "ignored"])
def test_following_ends_quietly_when_its_reader_goes(server, seen, alone, tmp_path, pipe_signal):
    before = signal.signal(signal.SIGPIPE, pipe_signal)
    try:
        follower = Follower(server, tmp_path, "--json", stdout=subprocess.PIPE)
    finally:
        signal.signal(signal.SIGPIPE, before)
    seen.discover()
    assert json.loads(follower.process.stdout.readline())["kind"], "whole lines; a host may ask for a router meanwhile"
    follower.process.stdout.close()

    def gone():
        seen.discover()
        return follower.process.poll() is not None

    until(gone)
    code, errors = follower.end()
    assert (code in (0, -signal.SIGPIPE), errors) == (True, "")


def test_following_one_machine_tells_of_no_other(rack, server, seen, alone, tmp_path):
    output = tmp_path / "events"
    with output.open("w") as file:
        follower = Follower(server, tmp_path, "--json", "--machine", mac_text(seen.mac), stdout=file)
    with Client(rack.host("loud")) as loud:
        loud.discover()
    seen.discover()
    until(lambda: output.read_text().count("\n") >= 2)
    follower.process.send_signal(signal.SIGINT)
    follower.end()
    machines = {json.loads(line)["machine"] for line in output.read_text().splitlines()}
    assert machines == {mac_text(seen.mac)}


def test_following_says_so_when_the_daemon_stops(server, seen, alone, tmp_path):
    follower = Follower(server, tmp_path, stdout=subprocess.DEVNULL)
    server.stop()
    code, errors = follower.end()
    server.start()
    assert (code, errors) == (1, "slipway: the stream ended: slipwayd stopped; start it again\n")


COMPLETION = Path(__file__).resolve().parents[2] / "packaging/completion/slipway.bash"


def completed(config, line):
    """What bash would offer, or put in, where this line ends."""
    script = f'source "{COMPLETION}"; COMP_LINE="$1"; COMP_POINT=${{#1}}; _slipway; printf "%s\\n" "${{COMPREPLY[@]}}"'
    environment = dict(os.environ, SLIPWAY_CONFIG=str(config), PATH=f"{program('slipway').parent}:{os.environ['PATH']}")
    done = subprocess.run(["bash", "-c", script, "bash", line], env=environment, capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_kernel_properties_are_told_one_by_one_and_by_their_nearest_name(server):
    told = server.cli("boot", "properties", "ttyb-mode").stdout.splitlines()
    assert len(told) == 2 and told[1].startswith("ttyb-mode ")
    done = server.cli("boot", "properties", "ttyb-mod", check=False)
    assert done.returncode == 1 and "did you mean ttyb-mode?" in done.stderr


def test_bash_completes_words_options_and_names(seen, server, tmp_path):
    config = tmp_path / "slipway.toml"
    config.write_text(server.config.read_text() + '\n[[machine]]\nname = "rack-7"\nmac = "52:54:00:99:00:77"\n')
    assert completed(config, "slipway im") == ["image"]
    assert {"import", "list", "gc"} <= set(completed(config, "slipway image "))
    assert "complete" not in completed(config, "slipway ")
    assert completed(config, "slipway boot preview --loader p") == ["pxelinux"]
    assert completed(config, "slipway boot once rack-7 --variant r") == ["rescue"]
    assert completed(config, "slipway boot preview --arch u") == ["uefi"]
    assert "linux" in completed(config, "slipway image import --kind ")
    assert completed(config, "slipway boot properties ttyb-m") == ["ttyb-mode"]
    assert completed(config, "slipway loader remove undi") == ["undionly.kkpxe", "undionly.kpxe"]
    assert {"--mac", "--arch", "--loader", "--json"} <= set(completed(config, "slipway boot preview -"))
    assert completed(config, "slipway explain r") == completed(config, "slipway boot preview --mac r") == ["rack-7"]
    assert completed("/none", f"slipway -c {config} explain r") == ["rack-7"]
    images = [f"{one['kind']}@{one['version']}" for one in json.loads(server.cli("image", "list", "--json").stdout)["images"]]
    assert images and completed(config, "slipway image show ") == sorted(images)
    # bash breaks words at the @: it puts in what stands behind it.
    kind, version = images[0].split("@")
    assert version in completed(config, f"slipway image assign {kind}@")
    assert completed(config, "slipway image import /no/suc") == []
