# SPDX-License-Identifier: MPL-2.0
"""The boot menu as somebody at a serial console drives it: every entry, every utility, nobody there."""

import contextlib
import re

import node as machines
import pytest
from serial import read_report
from server import Server

LIMIT = 240  # seconds; a fifth of it on an idle machine
DOWN, ESCAPE, ENTER = "\x1b[B", "\x1b", "\r"
MAC = "52:54:00:77:06:01"
CONFIG = f"""
[profile.choice]
image = "smartos@latest"
console = "ttya"
properties = {{ smartos = true }}
variants = ["rescue", "kmdb"]

[boot]
timeout = 20

[[machine]]
name = "node1"
mac = "{MAC}"
profile = "choice"
"""


@pytest.fixture(scope="module")
def server(rack, images):
    with Server(rack, more=CONFIG) as server:
        server.cli("image", "import", images())
        yield server


@contextlib.contextmanager
def at_the_menu(rack, tmp_path):
    """A machine whose menu is on the screen; what was shown so far is in `node.shown`."""
    shown = []
    with machines.Node(rack, tmp_path, mac=MAC, firmware="ipxe", on_text=shown.append) as node:
        node.shown = lambda: "\n".join([line.text for line in node.lines] + shown[-1:])
        assert node.wait_for_text("local disk", LIMIT), node.shown()
        yield node


def started(node):
    node.wait(LIMIT)
    assert node.exit_code == machines.STARTED, node.shown()
    return read_report(line.text for line in node.lines)


def test_the_menu_offers_every_variant_and_utility_and_starts_the_first_when_nobody_is_there(rack, server, tmp_path):
    with at_the_menu(rack, tmp_path) as node:
        menu = node.unfinished
        report = started(node)
    for item in ("Operating systems", "rescue: no pool imported", "kernel debugger", "iPXE shell", "Reboot"):
        assert item in menu, menu
    assert report.properties["smartos"] == "true" and "noimport" not in report.properties


@pytest.mark.parametrize("downs, expected", [(1, "-B smartos=false"), (2, "-k -d -B smartos=true")])
def test_an_entry_is_chosen_with_arrow_and_enter(rack, server, tmp_path, downs, expected):
    with at_the_menu(rack, tmp_path) as node:
        node.press(DOWN * downs + ENTER)
        assert expected in started(node).command_line


def test_escape_shows_the_menu_again(rack, server, tmp_path):
    with at_the_menu(rack, tmp_path) as node:
        node.press(ESCAPE)
        node.press(ENTER)
        assert started(node).properties["smartos"] == "true"


def test_the_shell_is_there_and_its_exit_leads_back(rack, server, tmp_path):
    with at_the_menu(rack, tmp_path) as node:
        node.press("s")
        assert node.wait_for("Type exit to come back to the menu", LIMIT), node.shown()
        assert node.wait_for_text("iPXE>", LIMIT), node.shown()
        node.press("echo here-${next-server}" + ENTER)
        assert node.wait_for("^here-10.77.0.1", LIMIT), node.shown()
        node.press("exit" + ENTER)
        assert node.wait_for_text("local disk", LIMIT), node.shown()
        node.press(ENTER)
        assert started(node).started


def test_reboot_reboots(rack, server, tmp_path):
    with at_the_menu(rack, tmp_path) as node:
        node.press("r")
        node.wait(LIMIT)
        assert node.exit_code == 0, "QEMU ends instead, as it was told"


def test_a_local_disk_that_is_not_there_is_said(rack, server, tmp_path):
    with at_the_menu(rack, tmp_path) as node:
        node.press("l")
        assert node.wait_for("Slipway: starting from the local disk", LIMIT), node.shown()
        assert node.wait_for("local disk", LIMIT)
        assert re.search("did not boot", node.shown()) or node.wait_for("did not boot", LIMIT), node.shown()
