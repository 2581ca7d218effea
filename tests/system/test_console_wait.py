# SPDX-License-Identifier: MPL-2.0
"""The web console in Debian's Chromium where time decides: who must wait, whose token is over, what stopped."""

import sqlite3
import time

import pytest
from broken_boots import CASES, Ward
from browser import ORIGIN, Browser, enter, open_to_browsers, token
from patience import until
from rack import Rack

# Quick ones, of six causes: more than the page shows unasked.
STOPPED = ("address-refused", "address-in-use", "loader-cut", "kernel-refused", "archive-refused", "archive-given-up")


@pytest.fixture(scope="module")
def ward(images, tmp_path_factory):
    with Rack() as rack, Ward(rack, tmp_path_factory.mktemp("ward"), images()) as ward:
        open_to_browsers(ward.server)
        yield ward


@pytest.fixture
def page(ward):
    with Browser(ward.server.host, ORIGIN) as page:
        yield page


def test_the_causes_that_are_not_shown_are_one_button_away(ward, page):
    macs = [CASES[name](ward) for name in STOPPED]
    causes = {until(lambda mac=mac: ward.server.explain(mac)["machine"].get("diagnosis")) for mac in macs}
    assert causes == set(STOPPED)
    enter(page, token(ward.server, "looks", "read"))
    page.wait(".attention button")
    shown = page.count(".attention li")
    assert page.text(".attention button") == f"and {len(STOPPED) - shown} more"
    page.evaluate("document.querySelector('.attention button').focus()")
    page.press("Enter")
    page.until(lambda page: page.count(".attention li") == len(STOPPED))
    assert page.evaluate("document.activeElement.textContent") == "fewer", "the keyboard goes on from where it was"
    page.press("Enter")
    page.until(lambda page: page.count(".attention li") == shown)


def test_who_showed_too_many_wrong_tokens_sees_for_how_long_to_wait(ward, page):
    good = token(ward.server, "good", "read")
    enter(page, "wrong-0")
    page.wait(".login [role=alert]")
    waits = """() => {
        const button = document.querySelector(".login button");
        return button.disabled && /^Enter in \\d+ s$/.test(button.textContent);
    }"""
    for number in range(1, 12):
        if page.evaluate(waits):
            break
        page.evaluate("document.querySelector('.login [role=alert]').remove()")
        page.fill("#token", f"wrong-{number}")
        page.press("Enter")
        page.wait(".login [role=alert]")
    else:
        pytest.fail(page.text(".login"))
    assert "too many wrong tokens" in page.text(".login [role=alert]").lower()
    page.until(lambda page: page.text(".login button") == "Enter")
    page.fill("#token", good)
    page.press("Enter")
    page.wait("#live[data-state=on]")
    assert all("401" in complaint or "429" in complaint for complaint in page.complaints())


def test_a_token_whose_time_is_up_ends_the_page_by_itself(ward, page):
    secret = token(ward.server, "brief", "read", "--days", "1")
    ward.server.stop()
    with sqlite3.connect(ward.server.state / "slipway.db") as database:
        until_then = int((time.time() + 15) * 1e6)
        assert database.execute("UPDATE api_token SET expires = ? WHERE name = 'brief'", (until_then,)).rowcount == 1
    database.close()
    ward.server.start()
    enter(page, secret)
    page.wait("#live[data-state=on]")
    assert time.time() * 1e6 < until_then
    page.until(lambda page: page.count(".login [role=alert]") == 1, limit=60)
    assert time.time() * 1e6 >= until_then
    assert "token brief expired" in page.text(".login [role=alert]")
    assert page.evaluate("sessionStorage.getItem('slipway-token')") is None
    assert all("401" in complaint for complaint in page.complaints())
