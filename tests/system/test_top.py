# SPDX-License-Identifier: MPL-2.0
"""`slipway top` in a real terminal: keys, a window that changes its size, 5,000 machines, a server that goes away."""

import os
import shlex
import time

import pytest
from dhcp_message import DISCOVER
from patience import until
from rack import Rack, run
from scripted_node import ScriptedNode, as_rom
from server import Server, program

MACHINES = 5000
NAMED = "".join(f'[[machine]]\nname = "node{number:04}"\nmac = "52:54:01:00:{number >> 8:02x}:{number & 255:02x}"\n'
                for number in range(MACHINES))


class Terminal:
    """tmux on a socket of its own."""

    def __init__(self, folder, command, columns=100, rows=30):
        self.socket = folder / "tmux"
        self.ended = folder / "ended"
        line = f"{shlex.join(map(str, command))}; echo $? > {self.ended}"
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", columns, "-y", rows, line)

    def tmux(self, *words, check=True):
        return run("tmux", "-S", self.socket, *map(str, words), check=check).stdout

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.tmux("kill-server", check=False)

    def screen(self):
        return self.tmux("capture-pane", "-p").splitlines()

    def wait(self, question):
        """The screen once it is as wanted."""
        return until(lambda: (screen := self.screen()) and question(screen) and screen,
                     says=lambda: "\n".join(self.screen()))

    def press(self, *keys):
        self.tmux("send-keys", *keys)


@pytest.fixture(scope="module")
def server():
    with Rack() as rack, Server(rack, more=NAMED, subnet="probe = false") as server:
        yield server


@pytest.fixture
def terminal(server, tmp_path):
    os.environ["LC_ALL"] = "C.UTF-8"
    with Terminal(tmp_path, (program("slipway"), "--config", server.config, "top")) as terminal:
        terminal.wait(lambda screen: "slipway top" in screen[0])
        yield terminal


def test_it_shows_the_rack_moves_resizes_and_quits(server, terminal):
    screen = terminal.wait(lambda screen: "5000 idle" in screen[1])
    assert f"machines: {MACHINES}" in screen[0] and len(screen) == 30
    assert screen[4].startswith("node0000") and "1 of 5000" in screen[29]
    terminal.press("NPage")
    terminal.wait(lambda screen: "24 of 5000" in screen[29])
    terminal.press("End")
    screen = terminal.wait(lambda screen: "5000 of 5000" in screen[29])
    assert screen[26].startswith("node4999")
    terminal.press("Up")
    terminal.wait(lambda screen: "4999 of 5000" in screen[29])
    terminal.tmux("resize-window", "-x", 60, "-y", 12)
    screen = terminal.wait(lambda screen: len(screen) == 12 and "4999 of 5000" in screen[11])
    assert all(len(line) <= 60 for line in screen) and any(line.startswith("node4998") for line in screen)
    terminal.press("q")
    assert until(lambda: terminal.ended.exists() and terminal.ended.read_text()) == "0\n"


def test_trouble_comes_to_the_top_by_itself_with_its_diagnosis(server, terminal):
    node = ScriptedNode(server.rack.host("ill"), "52:54:01:00:0f:0f")
    node.ask(DISCOVER, *as_rom(), secs=28)
    screen = terminal.wait(lambda screen: screen[1].startswith("1 in trouble"))
    assert screen[4].split()[0] == "node3855" and "offered-late" in screen[4]
    assert "spanning tree" in " ".join(screen[27:29])
    terminal.press("t")
    screen = terminal.wait(lambda screen: "1 of 1" in screen[29])
    assert not any(line.startswith("node0000") for line in screen)


def test_a_server_that_goes_away_is_told_and_comes_back(server, terminal):
    terminal.wait(lambda screen: f"machines: {MACHINES}" in screen[0])
    server.stop()
    terminal.wait(lambda screen: "NOT ANSWERING" in screen[0])
    server.start()
    terminal.wait(lambda screen: "NOT ANSWERING" not in screen[0])


def test_the_daemon_is_not_kept_busy(server, terminal):
    """Asked about 5,000 machines again and again, it still answers others at once."""
    def spent():
        return sum(map(int, open(f"/proc/{server.process.pid}/stat").read().rsplit(")", 1)[1].split()[11:13]))

    before, began = spent(), time.monotonic()
    time.sleep(4)
    busy = (spent() - before) / os.sysconf("SC_CLK_TCK") / (time.monotonic() - began)
    assert busy < 0.25, f"{busy:.0%} of a processor"


def test_without_a_terminal_it_is_a_page_of_text(server):
    told = server.cli("top").stdout
    assert told.startswith("slipway top") and "\x1b" not in told
    assert server.cli("top", "--json", check=False).returncode == 1
