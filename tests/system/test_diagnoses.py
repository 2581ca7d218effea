# SPDX-License-Identifier: MPL-2.0
"""Every diagnosis of docs/diagnoses.md is made to happen for real, and `explain` names it by its id.

All boots are broken first and then waited for together: the longest patience is a minute.
"""

import json
import re
from pathlib import Path

import pytest
from broken_boots import CASES, Ward
from patience import until
from rack import Rack

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/diagnoses.md"
IDS = re.findall(r"^\| `([a-z-]+)` \|", PAGE.read_text(), re.M)
# Waited for longest, so broken first.
SLOW = ("loader-silent", "loader-wrong-architecture", "loader-unheard", "loader-block-lost", "archive-stalled",
        "script-not-requested", "loader-not-requested")
TROUBLE = 3
BESIDE = "identity-changed"  # is true beside any cause, or none


@pytest.fixture(scope="module")
def broken(images, tmp_path_factory):
    """{id: (machine, server)}, or the error that kept the boot from being broken as it should."""
    with Rack() as rack, Ward(rack, tmp_path_factory.mktemp("ward"), images()) as ward:
        found = {}
        for name in sorted(CASES, key=lambda name: name not in SLOW):
            try:
                case = CASES[name](ward)
                found[name] = case if isinstance(case, tuple) else (case, ward.server)
            except Exception as error:  # told by the test of this case
                found[name] = error
        yield found


def test_every_diagnosis_has_its_broken_boot():
    assert sorted(IDS) == sorted(CASES)


def named(server, machine):
    told = server.cli("explain", machine, "--boots", "2", "--json", check=False)
    boots = json.loads(told.stdout)["boots"] if told.stdout else []
    return [diagnosis for boot in boots for diagnosis in boot["diagnoses"]]


@pytest.mark.parametrize("name", CASES)
def test_explain_names(broken, name):
    if isinstance(broken[name], Exception):
        raise broken[name]
    machine, server = broken[name]
    diagnosis = until(lambda: next((each for each in named(server, machine) if each["id"] == name), None), limit=90,
                      says=lambda: f"{named(server, machine)}\n{server.cli('explain', machine, check=False).stdout}")
    assert diagnosis["cause"] and diagnosis["remedy"] and diagnosis["evidence"], diagnosis
    told = server.cli("explain", machine, "--boots", "2", check=False)
    assert f"  {name}" in told.stdout
    for boot in json.loads(server.cli("explain", machine, "--boots", "2", "--json", check=False).stdout)["boots"]:
        ids = [each["id"] for each in boot["diagnoses"]]
        assert len([each for each in ids if each != BESIDE]) <= 1, f"one cause, and the rest is its evidence: {ids}"
    assert told.returncode in (0, TROUBLE)
