# SPDX-License-Identifier: MPL-2.0
"""Guides to what needs a running daemon, command by command; test_guides.py has those that need none.

Places of the installed system become places of the test. What cannot be run here is named by a rule with its reason: a
command that no rule names is run, and a rule that names none is an error.
"""

import re
import shutil
import subprocess
import tarfile
import textwrap
from pathlib import Path
from types import SimpleNamespace

import image
import pytest
from certificate import make_pair
from conftest import TINY
from publisher import Publisher
from rack import SERVER
from scripted_node import ScriptedNode
from server import ROOT, Server, program

GUIDES = ROOT / "docs/guide"
PAGES = ("api", "console", "images", "monitoring", "pixiecore", "smartos-zone", "trouble")
INSTALLER = Path("/usr/lib/debian-installer/images/12/amd64/text/debian-installer/amd64")
STAMP = "20240102T030405Z"
NODE1 = "0c:c4:7a:ab:cd:ef"
FOREVER = "1.5"  # seconds that a command without an end is watched for
# How a command begins, and why it is not run here.
NOT_HERE = {
    r"imgadm |json -f |svccfg |svcadm |tail -f \$\(svcs|zfs |pkgin |groupadd |useradd |chown ": "of a SmartOS zone",
    r"(mkdir -p|cp) .*(/opt/local|/var/lib/slipway)": "a folder of a SmartOS zone",
    r"cmake ": "the build itself",
    r"journalctl |systemctl ": "the service manager's",
    r"pixiecore ": "another project's program",
}
CONFIG = f"""
[api]
listen = "{SERVER}:8443"
certificate = "%(tls)s/api.crt"
key = "%(tls)s/api.key"

[images]
smartos-from = "%(mirror)s"

[[machine]]
name = "node1"
mac = "{NODE1}"
"""


def commands(page):
    """What stands in blocks without a language, but for a session with what came of it."""
    text = (GUIDES / f"{page}.md").read_text()
    for language, body in re.findall(r"^ *```(\w*)\n(.*?)^ *```", text, re.M | re.S):
        body = textwrap.dedent(body).replace("\\\n", " ")
        if not language and not body.startswith("$ "):
            yield from (command.strip() for line in body.splitlines() for command in line.split(" && ") if command.strip())


def rule_of(command):
    return next((rule for rule in NOT_HERE if re.match(rule, command)), None)


def make_mirror(folder, kernel):
    """The publication point of SmartOS and a mirror of installers; the platform's archive."""
    (folder / STAMP).mkdir(parents=True)
    made = image.make_image(folder / STAMP, size=TINY, stamp=STAMP, kernel=kernel)
    (folder / "latest").write_text(f"/SmartOS/{STAMP}\n")
    shutil.copy(made, folder)
    (folder / "debian").mkdir()
    with tarfile.open(folder / "debian/netboot.tar.gz", "w:gz", compresslevel=1) as tar:
        for name in ("linux", "initrd.gz"):
            tar.add(INSTALLER / name, f"debian-installer/amd64/{name}")
    for archive, tool, sums in ((folder / "debian/netboot.tar.gz", "sha256sum", "SHA256SUMS"), (made, "md5sum", "md5sums.txt")):
        told = subprocess.run([tool, archive.name], cwd=archive.parent, capture_output=True, text=True, check=True)
        archive.with_name(sums).write_text(told.stdout)
    return made


def make_sources(place, archive, kernel):
    for folder in ("etc/slipway", "etc/ssl", "etc/prometheus", f"tftpboot/os/{STAMP}"):
        (place / folder).mkdir(parents=True)
    make_pair(place / "etc/slipway", "api", "api")
    shutil.copy(place / "etc/slipway/api.crt", place / "etc/ssl/slipway-ca.crt")
    shutil.copy(archive, place)
    for form, name in (("iso", f"smartos-{STAMP}.iso"), ("usb.gz", f"smartos-{STAMP}-USB.img.gz"), ("folder", "tree")):
        shutil.move(image.make_image(place, form, size=TINY, stamp=STAMP, kernel=kernel), place / name)
    platform = next((place / "tree").rglob("i86pc")).parent
    shutil.move(platform, place / f"tftpboot/os/{STAMP}/platform")


@pytest.fixture(scope="module")
def site(rack, kernel, tmp_path_factory):
    """A server that node1 has booted from, and a folder with the files that commands name."""
    place = tmp_path_factory.mktemp("guides")
    archive = make_mirror(place / "mirror", kernel)
    make_sources(place, archive, kernel)
    digest = subprocess.run(["sha256sum", archive], capture_output=True, text=True, check=True).stdout.split()[0]
    server = Server(rack)
    # Unlike this test's own folders its folder is one that the daemon's account may look into.
    shutil.copytree(place / "etc/slipway", server.directory / "tls")
    with Publisher(place / "mirror") as publisher:
        with server.config.open("a") as config:
            config.write(CONFIG % {"tls": server.directory / "tls", "mirror": publisher.url})
        with server:
            server.import_image(archive)
            node = ScriptedNode(rack.host("node1", mac=NODE1), NODE1)
            node.to_script()
            (place / ".slipway-token").write_text(server.cli("token", "create", "guides", "--scope", "write").stdout)
            yield SimpleNamespace(place=place, server=server, node=node, mirror=publisher.url, digest=digest)


def here(command, site):
    """The command with this test's places in it."""
    for there, instead in {
        "https://mirror.example": site.mirror.rstrip("/"), "192.0.2.5": SERVER, "10.99.99.250": SERVER, "DIGEST": site.digest,
        "/run/slipway/api.sock": str(site.server.socket), "/opt/local/etc/slipway/": f"{ROOT}/packaging/smartos/",
        " ... ": ' --cacert "$SLIPWAY_CA" -H "Authorization: Bearer $(cat "$SLIPWAY_TOKEN_FILE")" ',
    }.items():
        command = command.replace(there, instead)
    return re.sub(r"(?<![\w/])/(etc|tftpboot)/(?=\w*)", rf"{site.place}/\1/", command)


def line_for(command, page, site):
    """Where it is typed: on the machine itself, on the server, or, for the mirror is outside of the rack, anywhere."""
    typed = here(command, site)
    if "/sys/class/net" in typed:
        return f"ip netns exec {site.node.host.namespace} sh -c '{typed}'"
    if page != "images" and not typed.startswith("export "):
        typed = f"ip netns exec {site.server.host.namespace} {typed}"
    if "follow" in typed:  # until somebody ends it
        typed = f"timeout {FOREVER} {typed} || [ $? = 124 ]"
    return typed


@pytest.mark.parametrize("page", PAGES)
def test_the_commands_of_a_guide_do_what_it_says(site, page):
    """In one shell, as they are typed: what one exports the next ones have."""
    lines = [line_for(command, page, site) for command in commands(page) if not rule_of(command)]
    assert lines, "a guide shows commands"
    environment = {"PATH": f"{program('slipway').parent}:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": str(site.place),
                   "SLIPWAY_CONFIG": str(site.server.config)}
    done = subprocess.run(["bash", "-exc", "\n".join(lines)], cwd=site.place, env=environment, text=True, capture_output=True,
                          timeout=60)
    assert done.returncode == 0, f"{done.stdout}{done.stderr}"


def test_every_rule_names_a_command_that_a_guide_shows():
    named = {rule_of(command) for page in PAGES for command in commands(page)}
    assert set(NOT_HERE) <= named
