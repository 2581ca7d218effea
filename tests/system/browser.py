# SPDX-License-Identifier: MPL-2.0
"""Debian's Chromium in a host of the rack, by way of tests/web/driver.mjs.

    with Browser(server.host, "https://10.77.0.1:8443") as page:
        page.goto("/#/rack")
        assert "node1" in page.text("main")
"""

import json
import select
import subprocess
import time
from pathlib import Path

from certificate import make_pair
from rack import SERVER, RackError, end

WEB = Path(__file__).resolve().parents[1] / "web"
ORIGIN = f"https://{SERVER}:8443"
LIMIT = 40.0


def open_to_browsers(server):
    """Has the server listen at ORIGIN, and starts it anew."""
    folder = server.directory / "tls"
    folder.mkdir(mode=0o755)
    make_pair(folder, "console", "api")
    with server.config.open("a") as config:
        config.write(f'\n[api]\nlisten = "{SERVER}:8443"\ncertificate = "{folder}/api.crt"\nkey = "{folder}/api.key"\n')
    server.stop()
    server.start()


def token(server, name, scope, *more):
    return server.cli("token", "create", name, "--scope", scope, *more).stdout.strip()


def enter(page, secret, path="/"):
    """As somebody who opens the page and is asked who they are."""
    page.goto(path)
    page.evaluate("sessionStorage.clear()")
    page.reload()
    page.wait("#token")
    page.fill("#token", secret)
    page.press("Enter")


class Browser:
    """Every word of the driver is a method: page.press("g"), page.text("h1"). `options` are of the browser's context."""

    def __init__(self, host, base, **options):
        self.process = host.start("node", WEB / "driver.mjs", base, json.dumps(options), stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE, text=True)
        self.number = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            end(self.process)

    def __getattr__(self, name):
        return lambda *words: self._do(name, *words)

    def _do(self, act, *words):
        self.number += 1
        self.process.stdin.write(json.dumps({"id": self.number, "do": act, "with": words}) + "\n")
        self.process.stdin.flush()
        if not select.select([self.process.stdout], [], [], LIMIT)[0]:
            raise RackError(f"the browser did not answer {act} {words}")
        line = self.process.stdout.readline()
        if not line:
            raise RackError(f"the browser ended at {act} {words}; tools/install-packages installs what it needs")
        answer = json.loads(line)
        if "error" in answer:
            raise RackError(f"{act} {words}: {answer['error']}")
        return answer.get("value")

    def until(self, wanted, limit=30.0, says=lambda: ""):
        """The first true answer of `wanted(page)`."""
        deadline = time.monotonic() + limit
        while not (found := wanted(self)):
            if time.monotonic() > deadline:
                raise AssertionError(f"not seen in {limit:.0f} s: {says()}\n{self.text('body')[:2000]}")
            time.sleep(0.1)
        return found
