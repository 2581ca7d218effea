# SPDX-License-Identifier: MPL-2.0
"""PXELINUX boots what Slipway tells it: the normal label by itself, the others by their names at its prompt.

The configuration is that of docs/guide/pxelinux.md.
"""

import re

import node as machines
import pytest
from serial import read_report
from server import ROOT, Server

GUIDE = ROOT / "docs/guide/pxelinux.md"
LIMIT = 240  # seconds; a tenth of it on an idle machine
NODE1, NODE2 = "52:54:00:77:09:01", "52:54:00:77:09:02"


@pytest.fixture(scope="module")
def server(rack, images):
    shown = re.search(r"^```toml\n(.*?)^```", GUIDE.read_text(), re.M | re.S)[1]
    with Server(rack, more=shown[shown.index("[profile"):]) as server:
        server.import_image(images())
        yield server


def started(node):
    node.wait(LIMIT)
    assert node.exit_code == machines.STARTED, node.screen()
    report = read_report(line.text for line in node.lines)
    assert report.module("rootfs") and report.module("hash")
    assert report.command_line.startswith("os/"), "PXELINUX started it, by a path of its own folder"
    return report


def test_the_first_label_is_started_when_nobody_is_there(rack, server, tmp_path):
    with machines.Node(rack, tmp_path, mac=NODE1) as node:
        assert machines.until_seen(node, "boot:", LIMIT), node.screen()
        assert "smartos-rescue: smartos" in node.screen(), "the labels are told above the prompt"
        report = started(node)
    assert report.properties["smartos"] == "true" and "noimport" not in report.properties
    finished = {event["name"] for event in server.events(NODE1) if event["kind"] == "tftp_finished"}
    assert {"pxelinux.0", "ldlinux.c32", "mboot.c32", "libcom32.c32", f"pxelinux.cfg/01-{NODE1.replace(':', '-')}"} <= finished


@pytest.mark.parametrize("label, expected", [
    ("smartos-rescue", {"smartos": "false", "noimport": "true", "root_shadow": "$5$salt$hash"}),
    ("smartos-serial", {"smartos": "true", "console": "ttyb", "ttyb-mode": "115200,8,n,1,-"}),
])
def test_a_label_is_started_by_its_name(rack, server, tmp_path, label, expected):
    with machines.Node(rack, tmp_path, mac=NODE1) as node:
        assert machines.until_seen(node, "boot:", LIMIT), node.screen()
        node.press(label + "\r")
        properties = started(node).properties
    assert {name: properties.get(name) for name in expected} == expected


def test_without_variants_there_is_no_prompt(rack, server, tmp_path):
    with machines.Node(rack, tmp_path, mac=NODE2) as node:
        assert started(node).properties["smartos"] == "true"
    assert "boot:" not in node.screen()
