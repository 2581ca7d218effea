# SPDX-License-Identifier: MPL-2.0
"""The boot menu as somebody at a serial console drives it: every entry, every utility, nobody there; and boots ordered once.

The configuration and the orders are those of docs/guide/ipxe-menu.md.
"""

import contextlib
import re

import node as machines
import pytest
from drive import bootable_drive
from serial import read_report
from server import ROOT, Server

LIMIT = 240  # seconds; a fifth of it on an idle machine
DOWN, ESCAPE, ENTER = "\x1b[B", "\x1b", "\r"
MAC = "52:54:00:77:06:01"
STRANGER = "52:54:00:77:06:02"
GUIDE = (ROOT / "docs/guide/ipxe-menu.md").read_text()
CONFIG = re.search(r"^```toml\n.*?(\[profile.*?)^```", GUIDE, re.M | re.S)[1]


@pytest.fixture(scope="module")
def server(rack, images):
    with Server(rack, more=CONFIG) as server:
        server.cli("image", "import", images())
        yield server


@contextlib.contextmanager
def at_the_menu(rack, tmp_path, mac=MAC, devices=()):
    """A machine whose menu is on the screen; what was shown so far is in `node.shown`."""
    shown = []
    with machines.Node(rack, tmp_path, mac=mac, firmware="ipxe", on_text=shown.append, devices=devices) as node:
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
    for item in ("Operating systems", "serial console", "rescue: no pool imported", "kernel debugger", "single user", "verbose",
                 "iPXE shell", "Reboot"):
        assert item in menu, menu
    assert report.properties["smartos"] == "true" and "noimport" not in report.properties


@pytest.mark.parametrize("downs, expected", [
    (1, ["-B smartos=true,", "console=ttyb,ttyb-mode="]),
    (2, ["-B smartos=false,", "noimport=true", "root_shadow='$5$salt$hash'"]),
    (3, ["-k -d -B smartos=true,"]),
    (4, ["-s -B smartos=true,"]),
    (5, ["-k -d -v -m verbose -B smartos=true,", "prom_debug=true"]),
], ids=["serial", "rescue", "kmdb", "single-user", "debug"])
def test_an_entry_is_chosen_with_arrow_and_enter(rack, server, tmp_path, downs, expected):
    with at_the_menu(rack, tmp_path) as node:
        node.press(DOWN * downs + ENTER)
        line = started(node).command_line
    assert [part for part in expected if part not in line] == [], line


def test_the_first_key_stops_the_clock(rack, server, tmp_path):
    with at_the_menu(rack, tmp_path) as node:
        node.press(DOWN)
        assert node.wait(25) is None and "boots smartos" not in node.screen(), node.shown()
        node.press(ENTER)
        assert "ttyb" in started(node).command_line


def test_a_stranger_is_offered_what_there_is(rack, server, tmp_path):
    with at_the_menu(rack, tmp_path, STRANGER) as node:
        node.press(ENTER)
        assert started(node).properties["smartos"] == "true"


def test_what_is_ordered_once_is_booted_once_and_without_the_menu(rack, server, tmp_path):
    """In the words of the guide, whose last one takes the order back."""
    orders = re.findall(r"^slipway (boot once .*)$", GUIDE, re.M)
    assert len(orders) == 2 and orders[1].endswith("--cancel")
    assert server.cli(*orders[0].split()).returncode == 0
    assert "rescue" in server.cli("image", "assigned").stdout
    with machines.Node(rack, tmp_path, mac=MAC, firmware="ipxe") as node:
        assert started(node).properties["noimport"] == "true"
    assert "Operating systems" not in node.screen()
    for order in orders:
        server.cli(*order.split())
    with at_the_menu(rack, tmp_path) as node:
        node.press(ENTER)
        assert "noimport" not in started(node).properties


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


def test_the_local_disk_is_started(rack, server, tmp_path):
    drive = bootable_drive(tmp_path / "drive.img", "MARK of the local disk")
    with at_the_menu(rack, tmp_path, devices=("-drive", f"if=ide,format=raw,file={drive}")) as node:
        node.press("l")
        assert machines.until_seen(node, "MARK of the local disk", LIMIT), node.shown()


def test_a_local_disk_that_is_not_there_is_said(rack, server, tmp_path):
    with at_the_menu(rack, tmp_path) as node:
        node.press("l")
        assert node.wait_for("Slipway: starting from the local disk", LIMIT), node.shown()
        assert node.wait_for("local disk", LIMIT)
        assert re.search("did not boot", node.shown()) or node.wait_for("did not boot", LIMIT), node.shown()
