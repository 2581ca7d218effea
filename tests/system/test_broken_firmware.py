# SPDX-License-Identifier: MPL-2.0
"""Broken boots on real firmware: what `explain` names, and what the machine's own console says meanwhile."""

import re

import node as machines
import pytest
from patience import until
from rack import Rack
from server import Server

PAGE = "https://boot.example.com/#/machine/"
PROFILE = '[profile.smartos]\nimage = "smartos@latest"\nconsole = "ttya"\n'
LIMIT = 120


@pytest.fixture
def server():
    with Rack() as rack, Server(rack, more=PROFILE, settings=f'console-url = "{PAGE}{{mac}}"') as server:
        yield server


def named(server, node):
    return [diagnosis["id"] for boot in server.explain(node.mac)["boots"] for diagnosis in boot["diagnoses"]]


def test_a_node_without_memory_is_named_and_says_on_its_console_what_to_do(server, images, tmp_path):
    server.import_image(images(96 << 20))
    with machines.Node(server.rack, tmp_path, "poor", "52:54:00:77:00:02", firmware="ipxe", memory=96) as node:
        assert node.wait_for("trying again in 5 s", LIMIT), node.screen()
        until(lambda: "archive-given-up" in named(server, node), says=lambda: server.explain(node.mac))
        said = "".join(line.text for line in node.lines)  # the console breaks its lines at 80
    for words in (f"Slipway: {node.mac} did not boot: the boot archive did not arrive",
                  "Slipway: diagnosis: archive-refused, archive-given-up or archive-cut",
                  f"Slipway: the whole story is on server 10.77.0.1: slipway explain {node.mac}",
                  f"Slipway: or at {PAGE}{node.mac}"):
        assert words in said
    pauses = re.findall(r"trying again in (\d+) s", said)
    assert list(map(int, dict.fromkeys(pauses))) == [2, 5], "the pauses grow"


def test_a_refusal_shows_its_diagnosis_on_the_console(server, tmp_path):
    with machines.Node(server.rack, tmp_path, "early", "52:54:00:77:00:04", firmware="ipxe") as node:
        assert node.wait_for("Slipway: diagnosis: refused-no-image", LIMIT), node.screen()
        assert node.wait_for("Slipway: or at " + re.escape(PAGE), LIMIT), node.screen()
    assert named(server, node) == ["refused-no-image"]


def test_a_kernel_that_panics_every_time_is_a_loop(server, images, tmp_path):
    server.import_image(images())
    stored = server.stored("platform/i86pc/amd64/boot_archive.hash")
    stored.write_text(stored.read_text().strip()[::-1] + "\n")
    with machines.Node(server.rack, tmp_path, "panics", "52:54:00:77:00:03", firmware="ipxe") as node:
        for _ in range(2):
            assert node.wait(LIMIT) == machines.PANICKED, node.screen()
            assert "panic-loop" not in named(server, node)
            node.power_off()
            node.power_on()
        until(lambda: "panic-loop" in named(server, node), says=lambda: server.explain(node.mac))
    told = server.cli("explain", node.mac, check=False)
    assert told.returncode == 3 and "came back to boot 2 times in a row" in told.stdout
