# SPDX-License-Identifier: MPL-2.0
"""Machines are upgraded, downgraded and rolled back across three images, with the daemon killed in between."""

import contextlib
import json
import re
import socket
import sqlite3
import subprocess
from pathlib import Path

import node as machines
import pytest
from conftest import SMALL, TINY
from dhcp_message import DISCOVER, message
from patience import until
from rack import end
from server import Server, program

ROOT = Path(__file__).resolve().parents[2]
OLD, MIDDLE, NEW = "20240101T000000Z", "20240202T000000Z", "20240303T000000Z"


def mac_of(number):
    """As slipway-storm makes it."""
    digits = number * 0x9E3779B1 & 0xFFFFFF
    return f"52:54:00:{digits >> 16:02x}:{digits >> 8 & 255:02x}:{digits & 255:02x}"


NODES = {f"node{number}": mac_of(number) for number in (1, 2, 3)}
CONFIG = "".join(f'[[machine]]\nname = "{name}"\nmac = "{mac}"\n\n' for name, mac in NODES.items()) + """
[profile.smartos]
image = "smartos@latest"

[[group]]
name = "canary"
machines = ["node1"]
"""


class Fleet:
    """Machines of slipway-storm on a wire of their own; after a boot their systems may come up."""

    def __init__(self, server, host):
        self.server, self.host = server, host
        self.said = 0

    def storm(self, name):
        return (program("slipway-storm"), "--machines", 1, "--first", int(name.removeprefix("node")), "--eager",
                "--firmware", "bios", "--interface", "eth0", "--json")

    def start(self, name):
        """Its boot goes on by itself."""
        return self.host.start(*self.storm(name), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def boot(self, *names, up=True):
        """They boot one by one, from ROM to archive; `up`: then their operating systems ask for an address."""
        for name in names:
            done = self.host.run(*self.storm(name), limit=60)
            assert json.loads(done.stdout)["booted"] == 1, done.stdout
            # Boots of one image that follow each other within seconds look like those of a kernel that panics.
            until(lambda: self.show(name).get("verdict") in ("handed_over", "running", "boot_loop"), says=lambda: self.show(name))
            if up:
                self.come_up(NODES[name])
                until(lambda: self.show(name)["verdict"] in ("running", "boot_loop"), says=lambda: self.show(name))

    def come_up(self, mac):
        """Its operating system asks for an address."""
        self.said += 1
        with self.host.socket(socket.AF_INET, socket.SOCK_DGRAM) as mouth:
            mouth.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
            mouth.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, self.host.interface.encode())
            mouth.bind(("", 68))
            mouth.sendto(message(DISCOVER, self.said, bytes.fromhex(mac.replace(":", ""))), ("255.255.255.255", 67))

    def show(self, name):
        return json.loads(self.server.cli("machine", "show", name, "--json").stdout)

    def images(self, name):
        """Desired, running, last known good."""
        shown = self.show(name)
        return tuple(shown.get(key, "").removeprefix("smartos@") for key in ("desired", "running", "last_good"))


@pytest.fixture(scope="module")
def stamps(images):
    return {stamp: images(TINY, stamp) for stamp in (OLD, MIDDLE, NEW)}


@pytest.fixture
def server(rack, stamps):
    with Server(rack, more=CONFIG, subnet="probe = false") as server:
        yield server


@pytest.fixture(scope="module")
def wire(rack):
    """One host for all: a server remembers for a while which card an address was at."""
    return rack.host("fleet", "eth0", "10.77.0.5/16")


@pytest.fixture
def fleet(server, wire):
    return Fleet(server, wire)


def kill(server):
    server.kill()
    server.start()


def image(server, *words):
    return server.cli("image", *words).stdout


def test_upgrade_downgrade_and_rollback_with_the_daemon_killed_in_between(server, fleet, stamps):
    for stamp in (OLD, MIDDLE, NEW):
        server.import_image(stamps[stamp])
    image(server, "assign", OLD, "--default")
    kill(server)
    fleet.boot(*NODES)
    assert all(fleet.images(name) == (OLD, OLD, OLD) for name in NODES)

    # One first; nobody is touched before it boots.
    image(server, "assign", MIDDLE, "--group", "canary")
    kill(server)
    assert fleet.images("node1") == (MIDDLE, OLD, OLD)
    assert fleet.images("node2") == (OLD, OLD, OLD)
    fleet.boot("node1")
    assert fleet.images("node1") == (MIDDLE, MIDDLE, MIDDLE)

    # Then all. One never comes up with it.
    image(server, "assign", NEW, "--default")
    image(server, "unassign", "--group", "canary")
    kill(server)
    fleet.boot("node1", "node2")
    fleet.boot("node3", up=False)
    assert fleet.images("node2") == (NEW, NEW, NEW)
    assert fleet.images("node3") == (NEW, NEW, OLD)
    kill(server)
    assert fleet.images("node3") == (NEW, NEW, OLD)

    image(server, "rollback", "--default")
    kill(server)
    assert fleet.images("node3") == (OLD, NEW, OLD)
    fleet.boot(*NODES)
    assert all(fleet.images(name) == (OLD, OLD, OLD) for name in NODES)

    # Up again and down by hand, one machine alone.
    image(server, "assign", NEW, "--machine", "node2")
    fleet.boot("node2")
    image(server, "assign", MIDDLE, "--machine", "node2")
    kill(server)
    fleet.boot("node2")
    assert fleet.images("node2") == (MIDDLE, MIDDLE, MIDDLE)
    image(server, "rollback", "--machine", "node2")
    kill(server)
    fleet.boot("node2")
    assert fleet.images("node2") == (NEW, NEW, NEW)
    assert len(image(server, "history").splitlines()) == 1 + 8


def test_an_order_for_one_boot_is_carried_out_once_whatever_is_killed(server, fleet, stamps):
    for stamp in (OLD, MIDDLE):
        server.import_image(stamps[stamp])
    server.cli("boot", "once", "node1", OLD)
    kill(server)
    assert fleet.images("node1")[0] == MIDDLE
    fleet.boot("node2")
    assert fleet.images("node2")[1] == MIDDLE, "it is another's"
    fleet.boot("node1")
    assert fleet.images("node1") == (MIDDLE, OLD, OLD)
    kill(server)
    fleet.boot("node1")
    assert fleet.images("node1") == (MIDDLE, MIDDLE, MIDDLE)

    server.cli("boot", "once", "node1", "--variant", "rescue")
    assert "rescue once" in server.cli("machine", "list").stdout
    server.cli("boot", "once", "node1", "--cancel")
    done = server.cli("boot", "once", "node1", "--cancel", check=False)
    assert done.returncode == 1 and "nothing is ordered" in done.stderr
    done = server.cli("boot", "once", "node1", "smartso", check=False)
    assert done.returncode == 1 and "did you mean smartos?" in done.stderr


def is_written_as_served(server):
    with contextlib.closing(sqlite3.connect(f"file:{server.state}/slipway.db?mode=ro", uri=True)) as database:
        return database.execute("SELECT served FROM boot_once").fetchall() == [(1,)]


def test_an_order_whose_boot_broke_off_with_us_is_not_carried_out_twice(rack, images, stamps, wire):
    """We are killed between its script and the end of its archive."""
    with Server(rack, more=CONFIG, subnet='probe = false\nbandwidth = "8M"') as server:
        fleet = Fleet(server, wire)
        server.import_image(images(SMALL, OLD))
        server.import_image(stamps[MIDDLE])
        server.cli("boot", "once", "node1", OLD)
        boots = fleet.start("node1")
        server.wait_event(NODES["node1"], "script_served", detail=f"smartos {OLD}")
        until(lambda: is_written_as_served(server))
        server.kill()
        end(boots)
        server.start()
        assert fleet.show("node1")["once"]["served"]
        fleet.boot("node1")
        assert fleet.images("node1") == (MIDDLE, MIDDLE, MIDDLE)
        assert "once" not in fleet.show("node1")


def test_no_image_goes_that_is_run_will_be_run_or_would_be_fallen_back_to(server, fleet, stamps):
    for stamp in (OLD, MIDDLE, NEW):
        server.import_image(stamps[stamp])

    def stays(stamp):
        done = server.cli("image", "remove", stamp, check=False)
        assert done.returncode == 1
        return done.stderr

    image(server, "assign", OLD, "--machine", "node1")
    assert "it is assigned to machine node1" in stays(OLD)
    fleet.boot("node1")
    image(server, "assign", MIDDLE, "--machine", "node1")
    assert "a rollback of machine node1 would bring it back, machine node1 runs it" in stays(OLD)
    image(server, "unassign", "--machine", "node1")
    assert "machine node1 runs it, it is the last known good of machine node1" in stays(OLD)
    assert "profile smartos boots it" in stays(NEW)
    image(server, "pin", MIDDLE)
    assert "it is pinned" in stays(MIDDLE)
    assert "every image is needed" in image(server, "gc")
    image(server, "unpin", MIDDLE)
    assert MIDDLE in image(server, "gc", "--dry-run")
    assert MIDDLE in image(server, "list")
    gone = json.loads(image(server, "gc", "--json"))["images"]
    assert [each["version"] for each in gone] == [MIDDLE]
    fleet.boot("node1")
    server.cli("machine", "forget", "node1")
    image(server, "remove", OLD)
    assert NEW in image(server, "list") and OLD not in image(server, "list")


def test_the_commands_of_the_guide_do_what_it_says(server, fleet, stamps):
    """Its commands in order; where it says that machines are rebooted, they are."""
    text = (ROOT / "docs/guide/upgrade.md").read_text()
    steps = re.findall(r"^(slipway .*)$|Reboot (node\d(?: and node\d)*)", text, re.M)
    assert len([command for command, _ in steps if command]) > 12 and len([who for _, who in steps if who]) == 4
    seen = []
    for command, who in steps:
        if who:
            fleet.boot(*re.findall(r"node\d", who))
            seen.append((fleet.images("node1")[1], fleet.images("node2")[1]))
            continue
        words = command.split()[1:]
        if words[:2] == ["image", "import"]:
            words[2] = str(stamps[re.search(r"\d{8}T\d{6}Z", command)[0]])
        server.cli(*words)
    assert seen == [(MIDDLE, ""), (MIDDLE, ""), (MIDDLE, MIDDLE), (OLD, OLD)]


def test_a_machine_with_real_firmware_is_told_by_what_it_was_delivered(rack, server, stamps, tmp_path):
    for stamp in (OLD, NEW):
        server.import_image(stamps[stamp])
    image(server, "assign", OLD, "--default")
    with machines.Node(rack, tmp_path) as node:
        node.wait(300)
    assert node.exit_code == machines.STARTED, node.screen()
    shown = json.loads(server.cli("machine", "show", node.mac, "--json").stdout)
    assert (shown["desired"], shown["running"]) == (f"smartos@{OLD}", f"smartos@{OLD}")
    assert shown["desired_by"] == "everyone"
