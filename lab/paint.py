# SPDX-License-Identifier: MPL-2.0
"""Words and colours on the terminal: colours and a moving bar on a terminal, plain lines elsewhere."""

import os
import shutil
import sys

_CODES = {"bold": 1, "dim": 2, "red": 31, "green": 32, "yellow": 33, "blue": 34, "cyan": 36}


class Screen:
    def __init__(self, stream=sys.stdout):
        self.stream = stream
        self.terminal = stream.isatty() and os.environ.get("TERM") != "dumb"
        self.colours = self.terminal and "NO_COLOR" not in os.environ
        self._bar = False

    def paint(self, text, *names):
        if not self.colours:
            return text
        return "".join(f"\x1b[{_CODES[name]}m" for name in names) + text + "\x1b[0m"

    def line(self, text=""):
        self._clear()
        self.stream.write(text + "\n")
        self.stream.flush()

    def heading(self, text):
        self.line()
        self.line("  " + self.paint(text, "bold"))

    def row(self, left, word, text, colour="cyan", width=10):
        self.line(f"  {self.paint(left, 'dim')}  {self.paint(word.ljust(width), colour)} {text}")

    def bar(self, label, share, text=""):
        """Redrawn in place; nothing at all where there is no terminal."""
        if not self.terminal:
            return
        room = max(10, min(40, shutil.get_terminal_size().columns - len(label) - len(text) - 12))
        full = int(room * min(1.0, share))
        drawn = self.paint("█" * full, "blue") + self.paint("░" * (room - full), "dim")
        self._clear()
        self.stream.write(f"  {label}{drawn} {share * 100:3.0f}% {text}")
        self.stream.flush()
        self._bar = True

    def _clear(self):
        if self._bar:
            self.stream.write("\r\x1b[2K")
            self._bar = False


def size(count):
    """1234567 -> '1.2 MB'."""
    value, unit = float(count), "B"
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1000 or unit == "GB":
            break
        value /= 1000
    return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"


def duration(seconds):
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{int(seconds // 60)} min {int(seconds % 60)} s"
