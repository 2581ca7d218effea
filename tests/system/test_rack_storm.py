# SPDX-License-Identifier: MPL-2.0
"""slipway-storm: a whole rack walks from DISCOVER to the last file, or is told where it stopped and why."""

import json
import signal
import subprocess

import pytest

from patience import until
from rack import SERVER
from server import Server, program

RELAY = "10.77.0.2"
MACHINES = 12


@pytest.fixture(scope="module")
def crowd(rack):
    return rack.host("crowd", "eth0", RELAY + "/16")


@pytest.fixture(scope="module")
def server(rack, images):
    more = '[profile.smartos]\nimage = "smartos@latest"\n\n[boot]\ndefault = "smartos"\n'
    with Server(rack, pool=("10.77.16.0", "10.77.17.255"), more=more, subnet="probe = false") as server:
        server.import_image(images(2 << 20))
        yield server


def storm(crowd, *words, limit=60, check=True):
    return crowd.run(program("slipway-storm"), "--machines", MACHINES, "--eager", *words, limit=limit, check=check)


BY_RELAY = ("--relay", RELAY, "--server", SERVER)


@pytest.mark.parametrize("firmware", ["bios", "uefi", "http", "ipxe", "mixed"])
def test_a_rack_of_this_firmware_boots_whole(server, crowd, firmware):
    found = json.loads(storm(crowd, *BY_RELAY, "--firmware", firmware, "--json").stdout)
    assert found["failures"] == []
    assert found["booted"] == MACHINES
    stages = {stage["stage"]: stage for stage in found["stages"]}
    assert stages["archive"]["reached"] == stages["kernel"]["reached"] == stages["script"]["reached"] == MACHINES
    assert ("loader" in stages) == (firmware != "ipxe")
    assert stages["archive"]["bytes"] > MACHINES * (2 << 20)
    assert 0 < stages["script"]["seconds"]["p50"] <= stages["archive"]["seconds"]["max"] <= found["seconds"] + 0.001


def test_on_the_wire_itself_it_boots_as_well_and_leaves_no_address_behind(server, crowd):
    done = storm(crowd, "--interface", "eth0", "--first", "1000")
    assert f"{MACHINES} of {MACHINES} machines booted" in done.stdout
    assert "take an address each" in done.stderr
    assert crowd.run("ip", "route", "show", "table", "local", "proto", "87").stdout == ""


def test_each_machine_fetches_from_the_address_it_was_leased(server, crowd):
    storm(crowd, *BY_RELAY, "--first", "2000")
    machines = {lease["address"] for lease in server.leases()}
    fetched = [event for event in server.events(server.leases()[0]["mac"]) if event["kind"].startswith("http")]
    assert len(machines) >= MACHINES
    assert fetched, "no HTTP in the story of a machine: its address was not its own"


def test_leases_are_given_back_where_that_is_wanted(server, crowd):
    def active():
        return sum(lease["state"] == "active" for lease in server.leases())

    before = active()
    storm(crowd, *BY_RELAY, "--first", "3000", "--release")
    until(lambda: active() == before, says=lambda: f"{active()} leases are active, {before} were")


def test_who_does_not_boot_is_told_of_with_stage_and_reason(rack, crowd, server):
    archive = server.stored("platform/i86pc/amd64/boot_archive")
    hidden = archive.with_name("hidden")
    archive.rename(hidden)
    try:
        done = storm(crowd, *BY_RELAY, "--limit", 5, check=False)
    finally:
        hidden.rename(archive)
    assert done.returncode == 1
    assert f"0 of {MACHINES} machines booted" in done.stdout
    assert "failed at" in done.stdout


def test_nobody_there_is_no_offer(rack, crowd):
    done = storm(crowd, "--relay", RELAY, "--server", "10.77.0.99", "--limit", 2, check=False)
    assert done.returncode == 1
    assert f"{MACHINES} failed at offer: time was up without an offer of an address" in done.stdout


def test_an_interrupted_storm_still_reports(server, crowd):
    before = len(server.leases())
    process = crowd.start(program("slipway-storm"), "--machines", 50, "--within", 50, "--first", 4000, *BY_RELAY,
                          "--json", stdout=subprocess.PIPE, text=True)
    until(lambda: len(server.leases()) > before, says=lambda: "no lease")  # by now it hears signals
    process.send_signal(signal.SIGINT)
    found = json.loads(process.communicate(timeout=20)[0])
    assert process.returncode == 1
    assert any(failure["why"].startswith("interrupted") for failure in found["failures"])


@pytest.mark.parametrize("words, says", [
    ((), "name the network on purpose"),
    (("--relay", RELAY), "a relay asks one server"),
    (("--relay", "x", "--server", SERVER), "--relay x is no IPv4 address"),
    (("--interface", "eth0", "--machines", "0"), "--machines"),
])
def test_it_wants_to_be_told_on_purpose(crowd, words, says):
    done = crowd.run(program("slipway-storm"), *words, check=False)
    assert done.returncode == 2
    assert says in done.stderr
