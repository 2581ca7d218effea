# SPDX-License-Identifier: MPL-2.0
"""The web console in Debian's Chromium, over TLS with tokens: what it shows of machines that boot, what it lets whom do."""

import node as machines
import pytest
from browser import ORIGIN, WEB, Browser, enter, open_to_browsers, token
from conftest import TINY
from dhcp_client import Client
from dhcp_message import DISCOVER, REQUEST, packed
from rack import SERVER, run
from server import Server, program

PAGES = ("rack", "machine/alpha", "images", "leases", "subnets", "events", "health")
OLD, NEW = "20240101T000000Z", "20240303T000000Z"
MANY = 5000
RACK = """
[profile.smartos]
image = "smartos@latest"
variants = ["rescue"]

[boot]
default = "smartos"

[[machine]]
name = "node1"
mac = "52:54:00:77:00:01"

[[machine]]
name = "alpha"
mac = "52:54:00:aa:00:01"
address = "10.77.0.50"

[[group]]
name = "left"
machines = ["alpha"]
"""


@pytest.fixture(scope="module")
def server(rack, images):
    with Server(rack, more=RACK, subnet="probe = false") as server:
        open_to_browsers(server)
        for stamp in (OLD, NEW):
            server.import_image(images(TINY, stamp))
        yield server


@pytest.fixture(scope="module")
def tokens(server):
    return {scope: token(server, scope, scope) for scope in ("read", "write")}


@pytest.fixture(scope="module")
def browser(server):
    with Browser(server.host, ORIGIN) as page:
        yield page


@pytest.fixture
def page(browser, tokens):
    """Somebody who may do everything is in; at the end the page had nothing to complain of."""
    browser.viewport(1280, 800)
    browser.scheme("light")
    enter(browser, tokens["write"])
    browser.wait("#live[data-state=on]")
    assert all("401" in complaint for complaint in browser.complaints())  # asked without a token, before it was given
    yield browser
    assert browser.complaints() == []


def visit(page, where):
    page.goto(f"/#/{where}")
    page.wait("main h1")
    page.until(lambda page: page.count("main [aria-busy=true]") == 0)


@pytest.mark.parametrize("where", PAGES)
def test_every_page_opens_and_has_nothing_to_complain_of(page, where):
    visit(page, where)
    assert page.text("main h1")
    assert page.count("main .trouble") == 0
    assert page.count("nav [aria-current=page]") == 1


def test_machines_are_seen_to_boot_as_they_do(rack, server, page, tmp_path):
    visit(page, "rack")
    page.wait("text=node1")
    page.evaluate("""() => {
        window.seen = new Set();
        const look = () => window.seen.add(document.querySelector('a[href="#/machine/node1"]')?.dataset.state);
        look();
        new MutationObserver(look).observe(document.querySelector("main"), {subtree: true, childList: true, attributes: true});
        window.mark = "not loaded anew";
    }""")
    with machines.Node(rack, tmp_path, firmware="ipxe") as node:
        node.wait(120)
    page.until(lambda page: page.attribute('a[href="#/machine/node1"]', "data-state") == "delivered", 60)
    assert {"unseen", "booting", "delivered"} <= set(page.evaluate("[...window.seen]"))
    assert page.evaluate("window.mark") == "not loaded anew"

    visit(page, "machine/node1")
    page.wait(".timeline .span.done")
    boot = server.explain("node1")["boots"][0]
    assert page.text(".verdict code") == boot["verdict"]
    assert page.text(".verdict .sentence").split(" ago ")[0].startswith(boot["sentence"].split(" in full ")[0])
    assert page.count(".timeline .span.done") == sum(stage["state"] == "done" for stage in boot["stages"])
    assert page.count(".timeline .mark") > 8
    packets = page.texts(".packets .text")
    assert any("DHCPDISCOVER" in line for line in packets) and any("boot_archive" in line for line in packets)
    assert NEW in page.text("[aria-label=Facts]")


def test_an_image_is_assigned_and_rolled_back_from_the_page(server, page):
    visit(page, "machine/alpha")
    page.click("summary >> text=What it would be served")
    page.until(lambda page: "#!ipxe" in page.text("[aria-label='Its boot script']"))
    page.click("text=Assign an image …")
    page.choose("dialog select", f"smartos@{OLD}")
    page.click("dialog >> text=Assign >> nth=-1")
    page.wait(".toast")
    page.until(lambda page: OLD in page.text("[aria-label=Facts]"))
    assert OLD in server.cli("machine", "show", "alpha").stdout
    page.click("text=Roll back …")
    page.press("Escape")
    assert OLD in server.cli("machine", "show", "alpha").stdout
    page.click("text=Roll back …")
    page.click("dialog button.danger")
    page.until(lambda page: OLD not in page.text("[aria-label=Facts]"))
    assert NEW in server.cli("machine", "show", "alpha").stdout
    page.click("text=Boot once …")
    page.choose("dialog select >> nth=1", "rescue")
    page.click("dialog >> text=Order >> nth=-1")
    page.until(lambda page: "rescue" in page.text("[aria-label=Facts]"))
    assert "rescue" in server.cli("machine", "show", "alpha").stdout


def test_what_nobody_could_have_written_is_a_machine_that_is_not_there(page):
    page.goto("/#/machine/%zz")
    page.reload()
    page.wait("main .trouble")
    assert "%zz" in page.text("main .trouble")
    assert all("404" in complaint for complaint in page.complaints())
    visit(page, "subnets")
    assert "behind a relay" not in page.text("main")


def test_who_may_only_read_is_shown_no_action(page, tokens):
    visit(page, "images")
    assert page.count("text=Assign an image …") == 1
    enter(page, tokens["read"])
    page.wait("#live[data-state=on]")
    page.complaints()
    for where in ("machine/alpha", "images", "leases"):
        visit(page, where)
        assert page.count("main .actions, main button >> text=/Pin|Release/") == 0


def test_a_wrong_token_and_one_that_was_revoked_are_explained(server, page):
    short = token(server, "short", "read")
    enter(page, "not-a-token")
    page.wait(".login [role=alert]")
    assert "not known" in page.text(".login [role=alert]") and "slipway token create" in page.text(".login")
    page.fill("#token", short)
    page.press("Enter")
    page.wait("#live[data-state=on]")
    server.cli("token", "revoke", "short")
    page.press("g")
    page.press("l")
    page.wait(".login [role=alert]")
    assert "revoked" in page.text(".login [role=alert]")
    assert page.evaluate("sessionStorage.getItem('slipway-token')") is None
    assert all("401" in complaint for complaint in page.complaints())  # the browser's own words on each refusal


def test_a_token_that_ends_while_a_question_stands_open_leaves_no_dead_page(server, page, tokens):
    enter(page, token(server, "ends", "write"))
    page.wait("#live[data-state=on]")
    visit(page, "machine/alpha")
    page.click("text=Assign an image …")
    page.wait("dialog[open]")
    server.cli("token", "revoke", "ends")
    page.wait(".login [role=alert]")
    assert page.count("dialog") == 0 and page.count("#tools >> text=Leave") == 0
    page.fill("#token", tokens["write"])
    page.press("Enter")
    page.wait("#live[data-state=on]")
    page.wait("text=Assign an image …")
    assert all("401" in complaint for complaint in page.complaints())


def test_the_keyboard_alone_is_enough(page):
    visit(page, "rack")
    page.wait(".tile")
    page.press("?")
    page.wait("dialog")
    assert "filter this page" in page.text("dialog")
    page.press("Escape")
    page.until(lambda page: page.count("dialog") == 0)
    page.press("/")
    assert page.evaluate("document.activeElement.type") == "search"
    for letter in "alpha":
        page.press(letter)
    page.until(lambda page: page.count(".tile") == 1)
    page.press("Escape")
    page.press("v")
    page.wait(".table")
    for _ in range(20):
        page.press("Tab")
        if page.evaluate("document.activeElement.className") == "body":
            break
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    page.press("ArrowDown")
    page.press("Enter")
    page.until(lambda page: page.text("h1") == "alpha")
    for key, title in zip("rilseh", ("Rack", "Images", "Leases", "Subnets", "Events", "Health")):
        page.press("g")
        page.press(key)
        page.until(lambda page, title=title: page.text("h1") == title)
    page.press("g")
    page.press("r")
    page.until(lambda page: page.text("h1") == "Rack")
    page.press("v")
    page.press("c")
    page.wait(".tile")


CONTRAST = """() => {
    const parse = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number);
    const light = ([r, g, b]) => [r, g, b].map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
        .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
    const ground = (element) => {
        for (; element; element = element.parentElement) {
            const colour = parse(getComputedStyle(element).backgroundColor);
            if (colour.length === 3 || colour[3] > 0.9) return colour;
        }
        return [255, 255, 255];
    };
    const poor = [];
    for (const element of document.querySelectorAll("body *")) {
        const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
        if (!own || !element.checkVisibility() || element.closest("svg, .unseen, :disabled")) continue;
        const [a, b] = [light(parse(getComputedStyle(element).color)), light(ground(element))];
        const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        if (ratio < 4.5) poor.push(`${element.tagName}.${element.className} ${element.textContent.slice(0, 30)}: ${ratio.toFixed(2)}`);
    }
    return poor;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_readable_in_both_lights(page, scheme):
    page.scheme(scheme)
    for where in PAGES:
        visit(page, where)
        assert page.evaluate(CONTRAST) == [], where
    ground = page.evaluate("getComputedStyle(document.documentElement).backgroundColor.match(/\\d+/g).map(Number)")
    assert (sum(ground) < 120) == (scheme == "dark")


def test_the_switch_of_light_is_remembered(page):
    page.press("t")
    assert page.attribute("html", "data-theme") == "dark"
    page.reload()
    page.wait("main h1")
    assert page.attribute("html", "data-theme") == "dark"
    page.press("t")
    assert page.attribute("html", "data-theme") == "light"


def test_on_a_phone_it_is_one_column_and_nothing_sticks_out(page):
    page.viewport(390, 844)
    for where in PAGES:
        visit(page, where)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, where
    visit(page, "rack")
    page.wait(".tile")
    assert page.evaluate("new Set([...document.querySelectorAll('.tile')].map((each) => each.getBoundingClientRect().left)).size") == 1


def test_what_strangers_say_is_shown_as_text(rack, server, page):
    evil = "<img src=x onerror=alert(1)>"
    with Client(rack.host("evil")) as client:
        said = ((12, evil.encode()), (60, b"<script>alert(2)</script>"), (77, evil.encode()))
        offer = client.ask(DISCOVER, *said)
        client.ask(REQUEST, (50, packed(offer.address)), (54, offer.options[54]), *said)
        client.host.run("ip", "address", "add", f"{offer.address}/16", "dev", client.host.interface)
        client.host.run("curl", "-s", f"http://{SERVER}/%3Cscript%3Ealert(3)%3C/script%3E", check=False)
    visit(page, "leases")
    page.until(lambda page: evil in page.text("main"))
    for where in ("events", "rack", "subnets"):
        visit(page, where)
        assert page.evaluate("document.images.length + document.scripts.length") == 1, where
    visit(page, "events")
    page.until(lambda page: "<script>alert(3)" in page.text("main"))


@pytest.fixture
def big(server):
    """The same server with thousands of machines, which a storm then boots some of."""
    before = server.config.read_text()
    server.config.write_text(before + "".join(
        f'\n[[machine]]\nname = "m{n}"\nmac = "52:54:01:00:{n >> 8:02x}:{n & 255:02x}"\n' for n in range(MANY)))
    server.cli("reload")
    yield server
    server.config.write_text(before)
    server.cli("reload")


def test_five_thousand_machines_are_no_burden(rack, big, page):
    visit(page, "rack")
    page.reload()
    page.until(lambda page: "5,0" in page.text(".head .lead"))
    page.wait(".cells canvas")
    page.evaluate("""() => {
        window.frames_seen = 0;
        const turn = () => { window.frames_seen++; requestAnimationFrame(turn); };
        turn();
        window.longTasks.length = 0;
    }""")
    crowd = rack.host("crowd", "eth0", "10.77.0.2/16")
    crowd.run(program("slipway-storm"), "--machines", 60, "--within", 5, "--eager", "--relay", "10.77.0.2", "--server", SERVER,
              limit=90, check=False)
    page.evaluate("scrollTo(0, 1000)")
    page.until(lambda page: page.evaluate("window.frames_seen") > 40)
    assert max(page.evaluate("window.longTasks"), default=0) < 1500
    page.fill("input[type=search]", "m4999")
    page.until(lambda page: page.count(".tile") == 1)
    page.fill("input[type=search]", "")
    page.wait(".cells canvas")


def test_a_machine_is_told_the_address_of_its_page(server):
    """Nothing but [api] listen says it."""
    script = server.host.run("curl", "-s", f"http://{SERVER}/boot/525400770001.ipxe").stdout
    assert f"or at {ORIGIN}/#/machine/52:54:00:77:00:01" in script


def test_nothing_of_it_is_served_where_machines_boot(server):
    for path in ("/", "/console/x/js/main.js"):
        answer = server.host.run("curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", f"http://{SERVER}{path}").stdout
        assert answer in ("403", "404")


def test_the_page_is_kept_by_browsers_and_forbids_everything_else(server):
    head = server.host.run("curl", "-ksi", f"{ORIGIN}/").stdout
    assert "content-security-policy: default-src 'none'" in head.lower()
    tag = next(line.split(": ")[1].strip() for line in head.splitlines() if line.lower().startswith("etag"))
    again = server.host.run("curl", "-ksi", "-H", f"If-None-Match: {tag}", f"{ORIGIN}/").stdout
    assert again.startswith("HTTP/1.1 304")


def test_its_modules_keep_their_word():
    done = run("node", "--test", WEB / "modules.test.mjs", check=False)
    assert done.returncode == 0, done.stdout
