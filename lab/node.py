# SPDX-License-Identifier: MPL-2.0
"""A diskless machine: QEMU with a firmware of `board.py` and one network card, plugged into the rack.

TCG, because real-mode firmware does not run on KVM here: BIOS to kernel in about ten seconds.
firmware="quiet": the card's PXE ROM does not say it is iPXE, so the whole chain is walked:
                  ROM -> DHCP -> undionly.kpxe -> DHCP -> script -> kernel.
firmware="ipxe":  QEMU's own ROM, which is iPXE and gets the script at once.

The serial console is read while the machine runs; each line is kept with the time it came, and
`on_text` sees the unfinished line as it grows (iPXE's count of percents).
"""

import dataclasses
import os
import re
import subprocess
import threading
import time
import uuid
from pathlib import Path

import board
from rack import end

STARTED, PANICKED = 33, 35  # isa-debug-exit: (value << 1) | 1, see unix/console.c
_ESCAPES = re.compile(r"\x1b\[[0-9;?=]*[A-Za-z]|\x1b[()][A-Z0-9]|[\x00-\x08\x0b-\x1f]")


@dataclasses.dataclass
class Line:
    at: float  # seconds since power-on
    text: str


class Node:
    """`with Node(rack, directory) as node: node.wait(120)`; power goes off at the latest on exit."""

    def __init__(self, rack, directory, name="node1", mac="52:54:00:77:00:01", machine_uuid=None,
                 memory=1024, firmware="quiet", segment=None, on_line=None, on_text=None,
                 devices=()):
        self.rack, self.name, self.mac, self.memory = rack, name, mac, memory
        self.segment = segment or rack.switch
        self.uuid = machine_uuid or str(uuid.uuid5(uuid.NAMESPACE_OID, mac))
        self.directory, self.firmware, self.devices = Path(directory), firmware, devices
        self.lines, self.unfinished, self.exit_code = [], "", None
        self._on_line = on_line or (lambda line: None)
        self._on_text = on_text or (lambda text: None)

    def __enter__(self):
        self.power_on()
        return self

    def __exit__(self, *_):
        self.power_off()

    def power_on(self):
        self.started = time.monotonic()
        self.lines.clear()
        with (self.directory / f"{self.name}.qemu.log").open("w") as errors:
            self.process = self.rack.start(self.segment.within(*self._command()),
                                           stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors)
        self._reader = threading.Thread(target=self._read, args=(self.process.stdout,), daemon=True)
        self._reader.start()

    def power_off(self):
        self.exit_code = end(self.process)
        self._reader.join(5)

    def wait(self, limit):
        """Until the machine ends by itself; its exit code: STARTED, PANICKED, or None after `limit`."""
        deadline = time.monotonic() + limit
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                self._reader.join(5)
                self.exit_code = self.process.returncode
                return self.exit_code
            time.sleep(0.05)
        return None

    def wait_for(self, pattern, limit):
        """The first serial line that matches, or None after `limit` seconds."""
        deadline = time.monotonic() + limit
        while True:
            over = time.monotonic() > deadline or self.process.poll() is not None
            for line in list(self.lines):
                if re.search(pattern, line.text):
                    return line
            if over:
                return None
            time.sleep(0.05)

    def wait_for_text(self, pattern, limit):
        """The same for the line that is still growing."""
        deadline = time.monotonic() + limit
        while not re.search(pattern, self.unfinished):
            if time.monotonic() > deadline or self.process.poll() is not None:
                return False
            time.sleep(0.02)
        return True

    def press(self, keys):
        """Types on the serial line, as fast as a person: the BIOS loses keys that come faster."""
        for key in re.findall(r"\x1b\[.|.", keys, re.DOTALL):
            self.process.stdin.write(key.encode())
            self.process.stdin.flush()
            time.sleep(0.1)

    def screen(self):
        return "\n".join(f"{line.at:7.2f} {line.text}" for line in self.lines)

    def _command(self):
        tap = self.rack.tap(self.segment)
        return ("nice", "-n", "5", "qemu-system-x86_64", "-name", self.name,
                "-accel", "tcg,thread=single", "-cpu", "max", "-m", self.memory, "-uuid", self.uuid,
                "-vga", "none", "-nodefaults", "-no-user-config", "-no-reboot", "-display", "none",
                "-netdev", f"tap,id=net0,ifname={tap},script=no,downscript=no",
                *board.arguments(self.firmware, self.directory, self.name, self.mac), *self.devices,
                "-chardev", "stdio,id=console,signal=off", "-serial", "chardev:console",
                "-device", "isa-debug-exit,iobase=0xf4,iosize=0x04")

    def _read(self, console):
        rest = ""
        while chunk := os.read(console.fileno(), 65536):
            *whole, rest = (rest + chunk.decode("latin-1")).replace("\r", "\n").split("\n")
            for text in whole:
                self._keep(text)
            self.unfinished = _ESCAPES.sub("", rest)
            self._on_text(self.unfinished)
        self._keep(rest)
        self.ended = time.monotonic()
        console.close()

    def _keep(self, text):
        text = _ESCAPES.sub("", text).rstrip()
        if text:
            line = Line(time.monotonic() - self.started, text)
            self.lines.append(line)
            self._on_line(line)


def until_seen(node, pattern, limit):
    """Whether all that came over the serial line so far has `pattern` in it, within `limit` seconds; for programs
    that draw a screen and end no line."""
    deadline = time.monotonic() + limit
    while not re.search(pattern, "\n".join(line.text for line in list(node.lines)) + "\n" + node.unfinished):
        if time.monotonic() > deadline or node.process.poll() is not None:
            return False
        time.sleep(0.1)
    return True
