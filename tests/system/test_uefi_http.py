# SPDX-License-Identifier: MPL-2.0
"""UEFI HTTP Boot with the firmware's own client, to the first lines of a Linux kernel: no TFTP, by HTTP and by HTTPS.

The configuration is that of docs/guide/uefi-http-boot.md.
"""

import re
import struct
import subprocess
import uuid
from pathlib import Path

import node as machines
import pytest
from certificate import RSA, make_pair
from dhcp_message import options_of
from server import ROOT, Server
from wire import Wire, datagrams

GUIDE = ROOT / "docs/guide/uefi-http-boot.md"
INSTALLER = Path("/usr/lib/debian-installer/images/12/amd64/text")
LIMIT = 300  # seconds; a tenth of it on an idle machine
NODE1, SECURE = "52:54:00:77:08:01", "52:54:00:77:08:02"
VENDOR_CLASS, CLIENT_ARCH, BOOT_FILE = 60, 93, 67
HTTP_X64 = b"\x00\x10"
X509 = uuid.UUID("a5c059a1-94e4-4aa7-87b5-ab155c2bf072")  # EFI_CERT_X509_GUID


def tables_of_the_guide():
    """What the guide's last configuration says of profiles, machines and classes."""
    shown = re.findall(r"^```toml\n(.*?)^```", GUIDE.read_text(), re.M | re.S)[-1]
    return shown[shown.index("[profile"):].replace("10.99.99.250", "10.77.0.1")


@pytest.fixture(scope="module")
def server(rack):
    server = Server(rack, more=tables_of_the_guide())
    folder = server.directory / "tls"
    folder.mkdir(mode=0o755)
    make_pair(folder, "boot", key=RSA)  # Debian's OVMF knows no other
    server.config.write_text(server.config.read_text().replace(
        "[server]", f'[server]\ntls-certificate = "{folder}/server.crt"\ntls-key = "{folder}/server.key"'))
    with server:
        server.cli("image", "import", INSTALLER, "--version", "debian-12")
        yield server


def trusted(certificate, path):
    """The list of certificates that OVMF trusts for HTTPS (UEFI 2.10, EFI_SIGNATURE_LIST)."""
    der = subprocess.run(["openssl", "x509", "-in", certificate, "-outform", "der"], capture_output=True, check=True).stdout
    size = 16 + len(der)
    path.write_bytes(X509.bytes_le + struct.pack("<III", 28 + size, 0, size) + bytes(16) + der)
    return ("-fw_cfg", f"name=etc/edk2/https/cacerts,file={path}")


def started(rack, server, folder, mac, devices=()):
    """A machine that got to its kernel, and what it asked by DHCP."""
    capture = folder / "dhcp.pcap"
    with Wire(rack.server, capture, "udp port 67"), machines.Node(
            rack, folder, mac=mac, firmware="uefi-http", devices=devices) as node:
        assert node.wait_for(r"Linux version 6\.1", LIMIT), f"{node.screen()}\n{server.last_log()}"
        assert node.wait_for("Kernel command line: .*console=ttyS0", 60), node.screen()
    chaddr = bytes.fromhex(mac.replace(":", ""))
    packets = [datagram.payload for datagram in datagrams(capture) if datagram.payload[28:34] == chaddr]
    # The firmware's HEAD brings the size, and no bytes.
    loaded = [Path(event["name"]).name for event in server.events(mac) if event["kind"] == "http_finished" and event["bytes"]]
    assert [name for name in loaded if not name.endswith(".ipxe")] == ["ipxe.efi", "linux", "initrd.gz"], server.events(mac)
    assert not [event for event in server.events(mac) if event["kind"].startswith("tftp")], "not a packet of TFTP"
    boot = server.explain(mac)["boots"][0]
    assert boot["verdict"] == "handed_over" and not boot["failed"], boot
    return packets


def test_firmware_loads_ipxe_by_http_and_that_a_kernel(rack, server, tmp_path):
    packets = started(rack, server, tmp_path, NODE1)
    asked, answered = (options_of(next(packet for packet in packets if packet[0] == kind)) for kind in (1, 2))
    assert asked[VENDOR_CLASS].startswith(b"HTTPClient:Arch:00016") and asked[CLIENT_ARCH] == HTTP_X64
    assert (answered[VENDOR_CLASS], answered[BOOT_FILE]) == (b"HTTPClient", b"http://10.77.0.1/ipxe.efi")


def test_firmware_that_trusts_the_servers_certificate_loads_it_by_https(rack, server, tmp_path):
    trust = trusted(server.directory / "tls/server.crt", tmp_path / "trusted")
    packets = started(rack, server, tmp_path, SECURE, trust)
    answered = options_of(next(packet for packet in packets if packet[0] == 2))
    assert answered[BOOT_FILE] == b"https://10.77.0.1/ipxe.efi"


def test_firmware_that_does_not_trust_it_gets_no_byte_of_a_loader(rack, server, tmp_path):
    with machines.Node(rack, tmp_path, mac=SECURE, firmware="uefi-http") as node:
        assert node.wait_for("Error: Could not retrieve NBP file size from HTTP server", LIMIT), node.screen()
        assert "iPXE" not in node.screen()
