# SPDX-License-Identifier: MPL-2.0
"""kill -9 in the middle of the work: what was promised is kept, and what was under way goes on."""

import json

import node as machines
import pytest
from crowd import Crowd
from serial import read_report
from server import Server

MACHINES = 1000


@pytest.fixture
def server(rack):
    with Server(rack, pool=("10.77.8.0", "10.77.15.255")) as server:
        yield server


def leases(server):
    """{mac: address} as the daemon knows them."""
    held = json.loads(server.cli("lease", "list", "--json").stdout)["leases"]
    return {bytes.fromhex(lease["mac"].replace(":", "")): lease["address"] for lease in held
            if lease["state"] == "active"}


@pytest.mark.parametrize("kill_after", [50, 400, 800])
def test_every_acked_lease_is_there_after_a_kill(rack, server, kill_after):
    client = rack.host(f"crowd{kill_after}")
    crowd = Crowd(client, MACHINES)
    assert crowd.run(lambda c: len(c.granted) >= kill_after, limit=120)
    server.kill()
    promised = dict(crowd.granted)
    assert len(promised) < MACHINES, "the kill came too late to prove anything"
    server.start()
    kept = leases(server)
    lost = {mac: address for mac, address in promised.items() if kept.get(mac) != address}
    assert not lost, f"{len(lost)} of {len(promised)} acknowledged leases are gone"

    assert crowd.run(lambda c: False, limit=180), f"{len(crowd.granted)} of {MACHINES} served after the restart"
    crowd.close()
    assert not crowd.moved, "a machine was given a second address"
    assert len(set(crowd.granted.values())) == MACHINES, "one address was given to two machines"
    assert leases(server) == crowd.granted


def test_after_five_kills_in_one_run_every_address_has_one_owner(rack, server):
    crowd = Crowd(rack.host("crowd5"), MACHINES)
    for goal in (100, 300, 500, 700, 900):
        assert crowd.run(lambda c, goal=goal: len(c.granted) >= goal, limit=120)
        server.kill()
        server.start()
        kept = leases(server)
        assert crowd.granted.items() <= kept.items()
        assert len(set(kept.values())) == len(kept)
    assert crowd.run(lambda c: False, limit=180)
    crowd.close()
    assert not crowd.moved
    assert leases(server) == crowd.granted and len(set(crowd.granted.values())) == MACHINES


def test_a_machine_that_asked_while_the_server_was_down_boots_once_it_is_back(rack, server, images, tmp_path):
    server.import_image(images())
    server.kill()
    with machines.Node(rack, tmp_path, mac="52:54:00:77:00:0d", firmware="ipxe") as node:
        assert node.wait_for_text(r"Configuring \(net0", 120), node.screen()
        server.start()
        node.wait(300)
    assert node.exit_code == machines.STARTED, node.screen()


def test_a_machine_that_was_loading_boots_after_the_restart(rack, server, images, tmp_path):
    server.import_image(images(32 << 20))
    with machines.Node(rack, tmp_path, mac="52:54:00:77:00:0c") as node:
        assert node.wait_for_text(r"boot_archive\.\.\..*[1-9]\d%\s*$", 180), node.screen()
        before = leases(server)
        server.kill()
        server.start()
        assert leases(server) == before
        node.wait(300)
    report = read_report(line.text for line in node.lines)
    assert report.started, node.screen()
    assert node.exit_code == machines.STARTED
    assert any("the boot archive did not arrive" in line.text for line in node.lines), "nothing was interrupted"
    (boot,) = server.explain(node.mac)["boots"]
    assert boot["verdict"] == "handed_over"
