# SPDX-License-Identifier: MPL-2.0
"""Images are assigned while the daemon runs: to a machine, a group, everyone; back again; and after kill -9."""

import json
import threading
import time

import pytest
from conftest import TINY
from patience import until
from rack import SERVER
from server import Server

OLD, MIDDLE, NEW = "20240101T000000Z", "20240202T000000Z", "20240303T000000Z"
ALPHA, BETA, FIXED, BAD, STRANGER = (f"52:54:00:aa:00:0{n}" for n in range(1, 6))
CONFIG = f"""
[profile.smartos]
image = "smartos@latest"

[profile.exact]
image = "smartos@{OLD}"

[[machine]]
name = "alpha"
mac = "{ALPHA}"

[[machine]]
name = "beta"
mac = "{BETA}"

[[machine]]
name = "fixed"
mac = "{FIXED}"
profile = "exact"

[[group]]
name = "left"
machines = ["beta"]

[boot]
default = "smartos"
"""

BAD_MACHINE = f"""
[[machine]]
name = "bad"
mac = "{BAD}"
properties = {{ note = "multiboot" }}
"""


@pytest.fixture
def server(rack, images):
    with Server(rack, more=CONFIG) as server:
        for stamp in (OLD, MIDDLE, NEW):
            server.import_image(images(TINY, stamp))
        yield server


def served(server, mac):
    """The version that the script of this machine boots, as a machine would read it."""
    script = server.host.run("curl", "-sf", f"http://{SERVER}/boot/{mac.replace(':', '-')}.ipxe").stdout
    stamps = {stamp for stamp in (OLD, MIDDLE, NEW) if f"/os/{stamp}/" in script}
    assert len(stamps) == 1, script
    return stamps.pop()


def image(server, *words):
    return server.cli("image", *words).stdout


def refused(server, *words):
    done = server.cli(*words, check=False)
    assert done.returncode == 1, done
    return done.stderr


def test_a_machines_own_comes_before_its_groups_and_everyones(server):
    assert [served(server, mac) for mac in (ALPHA, BETA, FIXED)] == [NEW, NEW, OLD]
    assert "everyone boots smartos@" + OLD in image(server, "assign", OLD, "--default")
    assert [served(server, mac) for mac in (ALPHA, BETA, STRANGER)] == [OLD, OLD, OLD]
    image(server, "assign", MIDDLE, "--group", "left")
    image(server, "assign", f"smartos@{NEW}", "--machine", BETA.upper())
    assert [served(server, mac) for mac in (ALPHA, BETA)] == [OLD, NEW]
    image(server, "unassign", "--machine", "beta")
    assert served(server, BETA) == MIDDLE
    listed = json.loads(image(server, "assigned", "--json"))["assignments"]
    assert {(made["to"], made["name"], made["version"]) for made in listed} == {
        ("everyone", "", OLD), ("group", "left", MIDDLE)}
    assert "group left" in image(server, "assigned")
    history = json.loads(image(server, "history", "--machine", "beta", "--json"))["history"]
    assert [event["action"] for event in history] == ["taken_back", "assigned"]


def test_rollback_is_one_command_and_holds_after_a_restart(server):
    for stamp in (OLD, MIDDLE):
        image(server, "assign", stamp, "--default")
    assert f"boots smartos@{OLD} again" in image(server, "rollback", "--default")
    server.kill()
    server.start()
    assert served(server, ALPHA) == OLD
    assert "what the file says" in image(server, "rollback", "--default")
    assert served(server, ALPHA) == NEW
    assert "nothing is assigned to everyone" in refused(server, "image", "rollback", "--default")
    assert image(server, "history").count("rolled back") == 2


def test_what_cannot_be_is_refused_with_a_remedy_and_changes_nothing(server):
    said = refused(server, "image", "assign", OLD, "--machine", "alhpa")
    assert "did you mean alpha?" in said
    assert "did you mean left?" in refused(server, "image", "assign", OLD, "--group", "lef")
    assert f"did you mean {OLD}?" in refused(server, "image", "assign", OLD[:-1] + "X", "--default")
    said = refused(server, "image", "assign", NEW, "--machine", "fixed")
    assert "what the file says is not changed at run time" in said and "slipway.toml:" in said
    with server.config.open("a") as config:
        config.write(BAD_MACHINE)
    assert "multiboot" in refused(server, "reload"), "a file that check refuses is not taken while running"
    server.kill()
    server.start()
    for whom in (("--machine", "bad"), ("--default",)):
        said = refused(server, "image", "assign", NEW, *whom)
        assert "nothing was changed" in said and "multiboot" in said
    assert server.cli("image", "assign", NEW, check=False).returncode == 2
    assert json.loads(image(server, "history", "--json"))["history"] == []


def asked_for(server, kind, says):
    """What was decided for a machine that was never heard: its script was asked for from elsewhere."""
    def told():
        events = json.loads(server.get("/api/v1/events?limit=4000")[1])["events"]
        return any(event.get("meant") == STRANGER and (event["kind"], event["detail"]) == (kind, says) for event in events)

    until(told, says=lambda: f"no {kind} {says}")


@pytest.mark.parametrize("policy, kind, says", [
    ("default", "script_served", f"smartos {NEW}"), ("menu", "script_served", f"smartos {NEW}"),
    ("local", "local_script_served", "local disk"), ("ignore", "local_script_served", "policy ignore")])
def test_a_machine_that_nobody_named_is_treated_by_policy_until_something_is_assigned_to_it(
        rack, images, policy, kind, says):
    profiles = '[profile.smartos]\nimage = "smartos@latest"\n\n[profile.other]\nimage = "smartos@latest"\n'
    more = f'{profiles}\n[boot]\ndefault = "smartos"\nunknown = "{policy}"\n'
    with Server(rack, more=more) as server:
        for stamp in (OLD, NEW):
            server.import_image(images(TINY, stamp))
        url = f"http://{SERVER}/boot/{STRANGER.replace(':', '-')}.ipxe"
        script = server.host.run("curl", "-sf", url).stdout
        asked_for(server, kind, says)
        assert ("choose" in script) == (policy == "menu")
        image(server, "assign", OLD, "--machine", STRANGER)
        script = server.host.run("curl", "-sf", url).stdout
        assert f"/os/{OLD}/" in script and NEW not in script
        asked_for(server, "script_served", f"smartos {OLD}")


def reconfigure(server, old, new):
    text = server.config.read_text()
    assert old in text
    server.config.write_text(text.replace(old, new))
    return server.cli("reload").stdout


def test_what_a_stranger_was_assigned_stays_its_when_the_file_names_it(server):
    image(server, "assign", OLD, "--machine", STRANGER)
    server.cli("boot", "once", STRANGER, MIDDLE)
    reconfigure(server, "[boot]\n", f'[[machine]]\nname = "gamma"\nmac = "{STRANGER}"\n\n[boot]\n')
    assert served(server, STRANGER) == OLD
    assert json.loads(server.cli("machine", "show", "gamma", "--json").stdout)["once"]["version"] == MIDDLE
    server.cli("boot", "once", "gamma", "--cancel")
    assert "machine gamma" in image(server, "assigned") and STRANGER not in image(server, "assigned")
    server.kill()
    server.start()
    assert served(server, STRANGER) == OLD
    image(server, "unassign", "--machine", STRANGER)
    assert served(server, STRANGER) == NEW


def test_what_is_assigned_to_a_group_that_is_gone_is_told_and_taken_back(server):
    image(server, "assign", MIDDLE, "--group", "left")
    told = reconfigure(server, 'name = "left"', 'name = "right"')
    assert "assignments to whom it does not name: 1" in told
    checked = server.cli("check", server.config)
    assert f"smartos@{MIDDLE} is assigned to group left, which the configuration does not name" in checked.stdout
    assert served(server, BETA) == NEW
    assert "no group" in refused(server, "image", "assign", OLD, "--group", "left")
    image(server, "unassign", "--group", "left")
    assert "is assigned to group" not in server.cli("check", server.config).stdout
    assert "no group" in server.cli("image", "unassign", "--group", "left", check=False).stderr


def test_simulate_knows_what_is_assigned(server):
    assert f"The script boots smartos {NEW}" in server.cli("simulate", "--mac", "beta", "--as", "ipxe").stdout
    image(server, "assign", OLD, "--group", "left")
    assert f"The script boots smartos {OLD}" in server.cli("simulate", "--mac", "beta", "--as", "ipxe").stdout


def test_after_a_kill_what_was_answered_holds(server):
    """A client assigns one image after the other; whichever was answered last, or the one under way, is there."""
    answered, stop = [], threading.Event()

    def assign_on():
        for number in range(1000):
            stamp = (OLD, MIDDLE, NEW)[number % 3]
            if stop.is_set() or server.cli("image", "assign", stamp, "--machine", "alpha", check=False).returncode:
                return
            answered.append(stamp)

    for goal in (3, 10):
        thread = threading.Thread(target=assign_on)
        thread.start()
        while len(answered) < goal and thread.is_alive():
            time.sleep(0.001)
        server.kill()
        stop.set()
        thread.join()
        assert len(answered) >= goal
        server.start()
        last = (OLD, MIDDLE, NEW).index(answered[-1])
        history = json.loads(image(server, "history", "--json"))["history"]
        assert served(server, ALPHA) == history[0]["version"]
        assert served(server, ALPHA) in (answered[-1], (OLD, MIDDLE, NEW)[(last + 1) % 3])
        image(server, "assign", NEW, "--machine", "alpha")
        answered.append(NEW)
        stop.clear()
