# SPDX-License-Identifier: MPL-2.0
"""`slipway simulate` says beforehand what a client then really gets, and changes nothing."""

import json
import select
import subprocess
from pathlib import Path

import pytest
from dhcp_client import Client
from patience import until
from rack import run
from server import program

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
MAC = "52:54:00:88:00:01"


def simulated(server, *words, code=0):
    done = server.cli("simulate", *words, "--json", check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return json.loads(done.stdout)


def test_what_is_simulated_is_what_a_client_then_gets(rack, server):
    told = simulated(server, "--mac", MAC, "--as", "none")
    ack = told["exchanges"][0]["steps"][-1]["answer"]["message"]
    assert ack["type"] == "DHCPACK"
    assert server.leases() == [], "simulating leased something"
    with Client(rack.host("real", mac=MAC)) as client:
        got = client.get_lease()
    assert got.address == ack["yiaddr"]
    assert [option["code"] for option in ack["options"]] == [*got.options]
    assert [option["hex"] for option in ack["options"]] == [value.hex() for value in got.options.values()]


def test_the_leases_of_the_running_daemon_count(rack, server):
    with Client(rack.host("holder")) as client:
        address = client.get_lease().address
    told = simulated(server, "--mac", client.mac.hex(":"), "--as", "linux", "--message", "renew", "--address", address)
    assert "of the running slipwayd" in told["notes"][0]
    assert told["exchanges"][0]["steps"][0]["answer"]["message"]["yiaddr"] == address
    refused = simulated(server, "--mac", MAC, "--as", "linux", "--message", "request", "--address", address, code=1)
    assert refused["exchanges"][0]["steps"][0]["answer"]["message"]["type"] == "DHCPNAK"


def test_the_whole_boot_is_told_to_its_script(server):
    text = server.cli("simulate", "--mac", MAC, "--as", "pxe", "--arch", "bios").stdout
    assert "taken for   PXE firmware by vendor class PXEClient, BIOS (0)" in text
    assert "subnet      10.77.0.0/16, told by the interface" in text
    assert "Then it loads undionly.kpxe and starts it." in text
    assert "Then it fetches its script http://10.77.0.1/boot/52-54-00-88-00-01.ipxe." in text


def test_who_is_not_answered_hears_the_reason_and_the_remedy(server):
    done = server.cli("simulate", "--mac", MAC, "--relay", "192.0.2.1", check=False)
    assert done.returncode == 1
    assert "not answered no_subnet: no [[subnet]] is for the place it came from" in done.stdout
    assert "remedy      write a [[subnet]] with this network, relay or interface" in done.stdout


def test_a_capture_is_held_against_what_would_be_answered_here(server):
    done = server.cli("simulate", "--pcap", GOLDEN / "uefi-pxe-ipxe.pcap")
    assert 'captured    DHCPOFFER 52:54:00:77:00:01 xid 339bfbeb, your address 10.77.0.100' in done.stdout
    assert "packets of clients: " in done.stdout
    told = json.loads(server.cli("simulate", "--pcap", GOLDEN / "uefi-pxe-ipxe.pcap", "--json").stdout)
    assert {"what": "option 51 dhcp-lease-time", "captured": "600", "ours": "43200"} in told["packets"][0]["differences"]


def test_without_a_daemon_the_leases_are_read_from_its_store_and_nothing_is_written(rack, server):
    with Client(rack.host("sleeper")) as client:
        address = client.get_lease().address
    server.stop()
    try:
        before = {path: path.stat().st_mtime_ns for path in server.state.iterdir()}
        told = simulated(server, "--mac", client.mac.hex(":"), "--as", "none")
        assert "slipwayd does not run" in told["notes"][0]
        assert told["exchanges"][0]["steps"][-1]["answer"]["message"]["yiaddr"] == address
        assert {path: path.stat().st_mtime_ns for path in server.state.iterdir()} == before
    finally:
        server.start()


NAMED_OTHERWISE = """interface = "eth1"
network = "10.77.0.0/24"
range = "10.77.0.100-10.77.0.199"
[[machine]]
name = "m-uuid"
uuid = "44454c4c-7700-1040-8000-525400770001"
address = "10.77.0.20"
[[machine]]
name = "m-port"
relay-circuit = "eth1/7"
address = "10.77.0.21"
"""


def test_a_machine_without_a_mac_address_asks_as_what_the_file_knows_it_by(tmp_path):
    config = tmp_path / "slipway.toml"
    config.write_text(NAMED_OTHERWISE)

    def simulate(*words):
        done = run(program("slipway"), "--config", config, "simulate", "--as", "pxe", *words, check=False)
        return done.returncode, done.stdout + done.stderr

    code, words = simulate("--mac", "m-uuid", "--arch", "bios")
    assert code == 0
    assert "the file says no MAC address of m-uuid: 02:00:00:00:00:01 stands in\n" in words
    assert "== PXE firmware: a BIOS ROM\n" in words
    assert ", machine m-uuid\n" in words and "offered 10.77.0.20 (reservation)" in words
    code, words = simulate("--mac", "m-port")
    assert (code, "whoever is at a port of a relay; say which relay" in words) == (2, True)
    code, words = simulate("--mac", "m-port", "--relay", "10.77.0.9")
    assert (code, "offered 10.77.0.21 (reservation)" in words) == (0, True), words
    assert simulate("--mac", "zz") == (2, "slipway: 'zz' is no MAC address, and no machine of the file is called that; "
                                          "write --mac 0c:c4:7a:ab:cd:ef, or the name of a [[machine]]\n")
    assert "did you mean 'm-uuid'?" in simulate("--mac", "m-uid")[1]


@pytest.mark.parametrize("words", [
    "", f"--mac {MAC} --pcap x", "--mac zz", f"--mac {MAC} --arch sparc", f"--mac {MAC} --as toaster",
    f"--mac {MAC} --uuid x", f"--mac {MAC} --relay x", f"--mac {MAC} --option nosuch=1", f"--mac {MAC} --option 12",
    f"--mac {MAC} --message sing", f"--mac {MAC} --address x", f"--mac {MAC} --client-id zz",
])
def test_what_is_typed_wrong_is_2_and_a_sentence(server, words):
    done = server.cli("simulate", *words.split(), check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("slipway: ")


def decoded(*words, given=None):
    return subprocess.run([program("slipway"), "decode", *words], input=given, capture_output=True, timeout=60)


def test_a_stream_is_decoded_as_it_comes_and_ends_well_when_its_reader_goes(rack, server):
    with Client(rack.host("talker")) as client:
        command = " ".join(map(str, ("tcpdump", "--immediate-mode", "-U", "-w", "-", "-i", "eth1", "udp", "port", "67",
                                     "and", "src", "host", "0.0.0.0", "2>/dev/null", "|", program("slipway"), "decode", "-", "|", "head", "-1")))
        process = server.host.start("bash", "-c", f"set -o pipefail; {command}; echo ${{PIPESTATUS[1]}}",
                                    stdout=subprocess.PIPE, text=True)

        def line():
            client.discover()
            return select.select([process.stdout], [], [], 0.1)[0] and process.stdout.readline()

        assert "DHCPDISCOVER" in until(line)
        until(lambda: client.discover() and process.poll() is not None)  # the pipe breaks at the next packet
        assert process.stdout.read().split() == ["0"]


def test_hexadecimal_text_and_single_packets_are_decoded(tmp_path):
    capture = GOLDEN / "dhcp-relay.pcap"
    whole = decoded(capture).stdout.decode()
    for option in ("-x", "-xx", "-X", "-XX"):
        text = run("tcpdump", "-r", capture, "-n", option, check=True).stdout
        shown = decoded("-", given=text.encode()).stdout.decode()
        assert shown.count("DHCPOFFER") == whole.count("DHCPOFFER") > 0, option
    payload = bytes.fromhex("010106000000000100000000" + "00" * 16 + "525400000001" + "00" * 202 + "63825363350101ff")
    (tmp_path / "one").write_bytes(payload)
    assert decoded(tmp_path / "one").stdout.startswith(b"DHCPDISCOVER 52:54:00:00:00:01, xid 00000001")
    assert json.loads(decoded("--json", "-", given=payload.hex().encode()).stdout)["dhcp"]["type"] == "DHCPDISCOVER"


@pytest.mark.parametrize("given, sentence", [
    (b"", "- is empty"), (b"hello world\n", "holds no packet in hexadecimal"), (bytes(40), "neither DHCP nor TFTP"),
    (b"deadbeef", "1 of 1 packets are neither DHCP nor TFTP"),
])
def test_what_cannot_be_decoded_is_1_and_says_why(given, sentence):
    done = decoded("-", given=given)
    assert done.returncode == 1
    assert sentence in done.stderr.decode()
