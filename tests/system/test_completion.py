# SPDX-License-Identifier: MPL-2.0
"""What the Tab key does in zsh, on a terminal; test_cli has bash's."""

import json
import os
import re
import select
import subprocess
import time

import pytest
from conftest import TINY
from server import ROOT, program

COMPLETION = ROOT / "packaging/completion"
LIMIT = 20  # seconds
# The Tab key of zsh, and a key that says what the line has become.
ZSHRC = r"""
fpath=(FOLDER $fpath)
autoload -Uz compinit && compinit -u -D
LISTMAX=1000
slipway-said() { print -r -- "[SAID]${BUFFER}[END]"; BUFFER=; zle accept-line }
zle -N slipway-said
bindkey '^X' slipway-said
PS1='READY '
unsetopt zle_bracketed_paste prompt_sp prompt_cr
print begun
"""


@pytest.fixture(scope="module")
def config(server, images, tmp_path_factory):
    server.import_image(images(TINY))
    config = tmp_path_factory.mktemp("completion") / "slipway.toml"
    config.write_text(server.config.read_text() + '\n[[machine]]\nname = "rack-7"\nmac = "52:54:00:99:00:77"\n')
    return config


def environment_of(config):
    return dict(os.environ, SLIPWAY_CONFIG=str(config), PATH=f"{program('slipway').parent}:{os.environ['PATH']}", TERM="dumb")


class Zsh:
    """An interactive zsh on a terminal of its own."""

    def __init__(self, config, folder):
        (folder / ".zshrc").write_text(ZSHRC.replace("FOLDER", str(COMPLETION)))
        self.screen, ours = "", os.openpty()
        self.terminal = ours[0]
        self.process = subprocess.Popen(["zsh", "-i"], stdin=ours[1], stdout=ours[1], stderr=ours[1], cwd=folder,
                                        env=environment_of(config) | {"ZDOTDIR": str(folder)}, start_new_session=True)
        os.close(ours[1])

    def __enter__(self):
        self.until("begun")
        self.until("READY")
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait(10)
        os.close(self.terminal)

    def until(self, pattern):
        deadline = time.monotonic() + LIMIT
        while not re.search(pattern, self.screen, re.S):
            assert time.monotonic() < deadline, f"no {pattern} in {self.screen!r}"
            if select.select([self.terminal], [], [], 0.1)[0]:
                self.screen += os.read(self.terminal, 65536).decode(errors="replace").replace("\r", "")

    def tab(self, line, back=0):
        """The line after the Tab key, which was pressed at its end, or so many characters before it."""
        self.screen = ""
        os.write(self.terminal, (line + "\x02" * back + "\t\x18").encode())
        self.until(r"\[SAID\].*\[END\].*READY")
        return re.findall(r"\[SAID\](.*)\[END\]", self.screen, re.S)[-1]


def test_zsh_completes_words_options_and_names(server, config, tmp_path):
    image = json.loads(server.cli("image", "list", "--json").stdout)["images"][0]
    (tmp_path / "an-archive.tgz").touch()
    with Zsh(config, tmp_path) as zsh:
        assert zsh.tab("slipway im") == "slipway image "
        assert zsh.tab("slipway boot preview --loader p") == "slipway boot preview --loader pxelinux "
        assert zsh.tab("slipway boot properties ttyb-m") == "slipway boot properties ttyb-mode "
        assert zsh.tab("slipway explain r") == "slipway explain rack-7 "
        assert zsh.tab(f"slipway image show {image['kind']}") == f"slipway image show {image['kind']}@{image['version']} "
        assert zsh.tab("slipway image import an") == "slipway image import an-archive.tgz ", "a file, where one is wanted"
        assert zsh.tab("slipway expl node1", back=6).split() == ["slipway", "explain", "node1"], "in the middle of a line"
        # Where several may follow they are shown below, and the line stays.
        assert zsh.tab("slipway boot preview --") == "slipway boot preview --"
        assert all(option in zsh.screen for option in ("--mac", "--arch", "--loader", "--json")), zsh.screen
