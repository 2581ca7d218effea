# SPDX-License-Identifier: MPL-2.0
"""A wire that loses, doubles, delays and reorders between the server and its clients: each gets every byte."""

import contextlib
import hashlib
import os
from pathlib import Path

import bad_path
import node as machines
import pytest
from file_clients import NAME, TFTP_CLIENTS, tool
from patience import until
from rack import SERVER, Rack, run
from server import Server

SIZE = 600_011
CLIENTS = {
    **TFTP_CLIENTS,
    "curl over HTTP": lambda got: ("curl", "-sS", "-o", got, f"http://{SERVER}/{NAME}"),
    "wget": lambda got: ("wget", "-q", "-O", got, f"http://{SERVER}/{NAME}"),
    "busybox wget": lambda got: ("busybox", "wget", "-q", "-O", got, f"http://{SERVER}/{NAME}"),
}
LIMIT = 300  # seconds for firmware; a tenth of it on an idle machine
PXELINUX, GRUB = "52:54:00:77:05:03", "52:54:00:77:05:04"
SITE = f"""
[profile.smartos]
image = "smartos@latest"
console = "text"

[boot]
default = "smartos"

[[class]]
name = "pxelinux"
when = {{ vendor-class = "PXEClient*", mac = "{PXELINUX}" }}
boot-file = "pxelinux.0"

[[class]]
name = "grub"
when = {{ vendor-class = "PXEClient*", mac = "{GRUB}" }}
boot-file = "boot/grub/i386-pc/core.0"
"""


def digest(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def far(images):
    """A rack whose clients are behind two cards that `wire(...)` joins, as bad as it is told to."""
    with Rack() as rack, Server(rack, more=SITE) as server:
        files = server.state / "files"
        files.mkdir(exist_ok=True)
        (files / NAME).write_bytes(os.urandom(SIZE))
        run("grub-mknetdir", f"--net-directory={files}", "--subdir=boot/grub", limit=120)
        run("chmod", "-R", "a+rX", files)
        server.import_image(images(2 << 20))
        segment = rack.segment("far")
        host = rack.host("client", address="10.77.0.20/16", segment=segment)
        middle = rack.host("mid", "left")
        rack.plug(middle, "right", segment=segment)
        for there, card in ((host, "eth0"), (server.host, "eth1"), (middle, "left"), (middle, "right")):
            bad_path.plain_frames(there, card)
        yield rack, server, host, middle, segment


@pytest.mark.parametrize("loss", [0, 0.001, 0.01, 0.05])
@pytest.mark.parametrize("client", CLIENTS)
def test_every_client_gets_every_byte_over_a_wire_that_loses_doubles_and_reorders(far, tmp_path, client, loss):
    _, server, host, middle, _ = far
    with bad_path.between(middle, tool("bad_path"), loss=loss, duplicate=0.01, reorder=0.01, delay=200,
                          seed=int(loss * 1000) + 1):
        host.run(*CLIENTS[client](tmp_path / "got"), limit=100)
    assert digest(tmp_path / "got") == digest(server.state / "files" / NAME)


def test_firmware_boots_over_such_a_wire(far, tmp_path):
    """A ROM with iPXE, PXELINUX and GRUB up to the kernel, and UEFI's own TFTP client up to the loader."""
    rack, server, _, middle, segment = far
    macs = {"ipxe": "52:54:00:77:05:01", "pxelinux": PXELINUX, "grub": GRUB, "uefi": "52:54:00:77:05:02"}
    with bad_path.between(middle, tool("bad_path"), loss=0.01, duplicate=0.01, reorder=0.01, delay=200, seed=7), \
            contextlib.ExitStack() as power:
        nodes = {name: power.enter_context(machines.Node(rack, tmp_path, name, mac, memory=768,
                                                         firmware="uefi" if name == "uefi" else "quiet", segment=segment))
                 for name, mac in macs.items()}
        for name in ("ipxe", "pxelinux", "grub"):
            assert nodes[name].wait(LIMIT) == machines.STARTED, nodes[name].screen()
        assert nodes["uefi"].wait_for("iPXE 1", LIMIT), nodes["uefi"].screen()
    assert server.wait_event(macs["uefi"], "tftp_finished", name="ipxe.efi")
    assert server.wait_event(PXELINUX, "tftp_finished", name="mboot.c32")
    assert server.wait_event(GRUB, "tftp_finished", name="boot/grub/i386-pc/core.0")


def test_a_network_that_goes_away_leaves_no_transfer_behind(far):
    _, server, host, middle, _ = far
    with bad_path.between(middle, tool("bad_path"), delay=200):
        process = host.start("curl", "-sS", "--tftp-blksize", "8", "-o", "/dev/null", f"tftp://{SERVER}/{NAME}")
        until(lambda: server.metrics()["slipway_tftp_running"] == 1)
    until(lambda: server.metrics()["slipway_tftp_running"] == 0, limit=60)
    process.kill()
    process.wait()
    assert server.metrics()['slipway_tftp_transfers_total{ending="timed_out"}'] >= 1
