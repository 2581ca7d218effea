#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""The demonstration: one diskless machine boots over the network, and Slipway says how it went.

Makes a SmartOS-shaped image, starts slipwayd in a network namespace, imports the image, powers on a
QEMU machine whose PXE ROM does not say it is iPXE, and shows each stage as it happens. The kernel that
starts reports what reached it; that is compared with what was imported. Exit code 0 or 1, in minutes.
"""

import argparse
import contextlib
import hashlib
import queue
import re
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import image  # noqa: E402
import node as machines  # noqa: E402
from firmware import FirmwareError  # noqa: E402
from paint import Screen, duration, size  # noqa: E402
from rack import SERVER, Rack, RackError  # noqa: E402
from serial import read_report  # noqa: E402
from server import Server  # noqa: E402

MAC = "52:54:00:77:00:01"
NAME = "node1"
BOOT_LIMIT = 420.0  # half a minute on an idle machine
CONFIG = f"""
[profile.smartos]
image = "smartos@latest"
console = "ttya"
properties = {{ smartos = true }}

[[machine]]
name = "{NAME}"
mac = "{MAC}"
"""
SHOWN = {
    "dhcp_discover": "discover", "dhcp_offer": "offer", "dhcp_request": "request", "dhcp_ack": "ack",
    "dhcp_nak": "nak", "dhcp_dropped": "dropped", "tftp_finished": "tftp", "tftp_failed": "tftp",
    "tftp_refused": "tftp", "http_finished": "http", "http_failed": "http", "http_refused": "http",
    "refusal_script_served": "refused",
}
STAGE_OF_ROLE = {"loader": "loader", "script": "script", "kernel": "kernel", "archive": "archive",
                 "module": "module"}
ARCHIVE_PROGRESS = re.compile(r"boot_archive\.\.\..*?(\d+)%\s*$")


class Demo:
    def __init__(self, screen, archive_size):
        self.screen, self.archive_size = screen, archive_size
        self.events = queue.Queue()
        self.stage = "before power-on"
        self.server = self.node = None

    def run(self):
        with contextlib.ExitStack() as stack:
            try:
                folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="slipway-demo-")))
                rack = stack.enter_context(Rack())
                self._prepare(stack, rack, folder)
                self._boot(stack, rack, folder)
                return self._judge()
            except (RackError, FirmwareError) as error:
                self._tell_failure(error)
                return False

    def _prepare(self, stack, rack, folder):
        screen = self.screen
        screen.heading("Slipway: from power-on to kernel")
        screen.line()
        screen.row("  rack  ", "switch", f"server {SERVER}, {NAME} {MAC}: BIOS, a PXE ROM that is not iPXE, no disk")
        self.stage = "making the image"
        (path, made) = self._timed(lambda: image.make_image(folder, size=self.archive_size))
        screen.row("  rack  ", "image", f"{path.name}, boot archive {size(self.archive_size)}, made in {duration(made)}")
        self.stage = "starting slipwayd"
        self.server = Server(rack, more=CONFIG)
        (_, took) = self._timed(lambda: stack.enter_context(self.server))
        screen.row("  server", "slipwayd", f"ready in {duration(took)}")
        self.stage = "importing the image"
        (_, took) = self._timed(lambda: self.server.import_image(path))
        screen.row("  server", "import", f"smartos@{image.STAMP}, verified, in {duration(took)}")
        self.server.follow(self.events.put)

    def _timed(self, work):
        begin = time.monotonic()
        result = work()
        return result, time.monotonic() - begin

    def _boot(self, stack, rack, folder):
        screen = self.screen
        screen.heading("Power on")
        screen.line()
        self.stage = "power-on"
        self.node = machines.Node(rack, folder, NAME, MAC, on_text=self._progress)
        stack.enter_context(self.node)
        deadline = time.monotonic() + BOOT_LIMIT
        while self.node.wait(0.1) is None:
            self._show_events()
            if time.monotonic() > deadline:
                raise RackError(f"{NAME} did not end within {duration(BOOT_LIMIT)}")
        time.sleep(0.5)
        self._show_events()

    def _show_events(self):
        with contextlib.suppress(queue.Empty):
            while True:
                self._show(self.events.get_nowait())

    def _show(self, event):
        kind = event.get("kind", "")
        if event.get("machine") != MAC or kind not in SHOWN:
            return
        stage = SHOWN[kind]
        if stage in ("tftp", "http"):
            stage = STAGE_OF_ROLE.get(event.get("role", ""), stage)
        self.stage = stage
        bad = kind.endswith(("failed", "refused", "nak", "dropped"))
        self.screen.row(self._clock(), stage, event.get("text", ""), "red" if bad else "cyan")

    def _clock(self):
        return f"{time.monotonic() - self.node.started:6.1f} s"

    def _progress(self, text):
        """The firmware's own count while the archive comes in, from the serial line."""
        if match := ARCHIVE_PROGRESS.search(text):
            share = int(match[1]) / 100
            self.screen.bar(f"{self._clock()}  archive    ", share, size(self.archive_size * share))

    def _judge(self):
        screen = self.screen
        report = read_report(line.text for line in self.node.lines)
        took = self.node.ended - self.node.started
        self.stage = "the kernel"
        screen.row(f"{took:6.1f} s", "kernel", "started, reported and powered off" if report.started
                   else f"panic: {report.panic or 'no word from it'}", "green" if report.started else "red")
        screen.heading("What the kernel found (its own words, from the serial line)")
        screen.line()
        screen.row("  says", "line", report.command_line)
        equal = [self._compare(report, *expected) for expected in
                 (("rootfs", image.ARCHIVE), ("hash", f"{image.ARCHIVE}.hash"))]
        for warning in report.warnings:
            screen.row("  says", "warning", warning, "yellow")
        screen.heading(f"slipway explain {NAME}")
        screen.line()
        for line in self.server.cli("explain", NAME).stdout.splitlines():
            screen.line("  " + line)
        screen.line()
        good = report.started and all(equal)
        words = (f"{NAME} booted in {duration(took)}: every byte that was imported reached the kernel, none changed."
                 if good else f"{NAME} did not boot as it should: {report.panic or 'see above'}")
        screen.line("  " + (screen.paint("✔ ", "green", "bold") if good else screen.paint("✘ ", "red", "bold"))
                    + screen.paint(words, "bold"))
        screen.line()
        return good

    def _compare(self, report, type_, path):
        """What arrived against the stored file: size and SHA-1."""
        stored = self.server.stored(f"platform/{path}")
        length, digest = stored.stat().st_size, hashlib.sha1(stored.read_bytes()).hexdigest()
        module = report.module(type_)
        if not module:
            self.screen.row("  says", type_, "did not arrive", "red")
            return False
        equal = (module.size, module.sha1) == (length, digest)
        verdict = "as imported" if equal else f"imported were {length:,} bytes with sha1 {digest}"
        self.screen.row("  says", type_, f"{module.name}, {module.size:,} bytes, sha1 {module.sha1}, {verdict}",
                        "green" if equal else "red")
        return equal

    def _tell_failure(self, error):
        """Where it stopped, why, and the ends of both logs."""
        screen = self.screen
        if self.node:
            self._end("the machine's console", self.node.screen())
        if self.server:
            self._end("slipwayd", self.server.last_log(20))
        screen.line()
        screen.line("  " + screen.paint("✘ ", "red", "bold")
                    + screen.paint(f"The demonstration stopped at: {self.stage}", "bold"))
        screen.line(f"    {error}")
        screen.line()

    def _end(self, title, text):
        self.screen.heading(f"Last words of {title}")
        for line in text.splitlines()[-20:]:
            self.screen.line("    " + line[:200])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--size", type=image.size_from, default=image.ARCHIVE_SIZE,
                        help="of the boot archive; the default is that of real images")
    options = parser.parse_args()
    try:
        return 0 if Demo(Screen(), options.size).run() else 1
    except KeyboardInterrupt:
        return 1


if __name__ == "__main__":
    sys.exit(main())
