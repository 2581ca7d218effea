# SPDX-License-Identifier: MPL-2.0
"""What the manual pages, the example configuration and the README tell is what the programs do."""

import re
import subprocess
import textwrap
from pathlib import Path

import pytest
from server import program

ROOT = Path(__file__).resolve().parents[2]


def said_by(name, *arguments):
    return subprocess.run([program(name), *arguments], capture_output=True, text=True, check=False)


def page(name):
    """A manual page as a reader sees it, but for roff's fonts and escapes."""
    text = (ROOT / "packaging/man" / name).read_text()
    text = re.sub(r"\\f.", "", text).replace("\\-", "-")
    return re.sub(r'[" ]+', " ", re.sub(r"^\.[A-Z]+ ", "", text, flags=re.M))


def subcommands(help_text):
    after = help_text.partition("Subcommands:\n")[2].partition("\n\n")[0]
    return re.findall(r"^  (\S+)", after, re.M)


def verbs(*words):
    """Every complete command, found by asking each for its help."""
    text = said_by("slipway", *words, "--help").stdout
    nested = subcommands(text)
    if not nested:
        yield words, text
    for word in nested:
        yield from verbs(*words, word)


def test_every_verb_and_option_stands_in_the_manual_page():
    manual = page("slipway.1")
    found = list(verbs())
    assert len(found) > 10
    for words, text in found:
        assert " ".join(("slipway", *words)) in manual
        for option in re.findall(r"^  (?:-\w,)?(--[a-z]+)", text, re.M):
            assert option in manual, f"{words}: {option}"


def test_the_manual_page_names_no_verb_that_is_not_there():
    known = {" ".join(words) for words, _ in verbs()}
    nouns = {words.split()[0] for words in known if " " in words}
    for line in re.findall(r"^slipway ([a-z]+(?: [a-z]+)?)", page("slipway.1"), re.M):
        assert (line if line.split()[0] in nouns else line.split()[0]) in known


def test_every_option_of_the_daemon_stands_in_its_manual_page():
    options = re.findall(r"--[a-z]+", said_by("slipwayd", "--help").stdout)
    assert {"--config", "--version", "--help"} <= set(options)
    assert all(option in page("slipwayd.8") for option in options)


def test_every_option_of_the_storm_stands_in_its_manual_page():
    options = re.findall(r"--[a-z-]+", said_by("slipway-storm", "--help").stdout)
    assert {"--relay", "--machines", "--eager", "--version"} <= set(options)
    manual = page("slipway-storm.8")
    assert [option for option in options if option not in manual] == []


def test_the_capacity_paper_holds_what_its_figures_say():
    done = subprocess.run([ROOT / "bench/capacity/run", "--check", ROOT / "docs/capacity.md"], capture_output=True,
                          text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def configurations():
    yield pytest.param((ROOT / "packaging/slipway.toml").read_text(), id="example")
    for paper in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        blocks = re.findall(r"^ *```toml\n(.*?)^ *```", paper.read_text(), re.S | re.M)
        for number, block in enumerate(blocks):
            yield pytest.param(textwrap.dedent(block), id=f"{paper.stem}-{number}")


@pytest.mark.parametrize("text", configurations())
def test_a_configuration_that_is_shown_is_in_order(tmp_path, text):
    file = tmp_path / "slipway.toml"
    file.write_text(text.replace("/etc/slipway/", ""))
    (tmp_path / "node2.system").write_text("set noexec_user_stack=1\n")
    (tmp_path / "chap").write_text("node1\na-secret-of-twelve\n")
    (tmp_path / "chap").chmod(0o600)
    checked = said_by("slipway", "check", file)
    assert checked.returncode == 0, checked.stdout
    assert f"{file}: in order" in checked.stdout
