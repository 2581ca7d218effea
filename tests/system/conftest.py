# SPDX-License-Identifier: MPL-2.0
"""What system tests share: a rack and a server per test file, images made once per run."""

import signal
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "lab"))

import image  # noqa: E402
from rack import Rack  # noqa: E402
from server import Server  # noqa: E402

# Started in the background of a script, we and all we start would be deaf to Ctrl-C, which tests send.
signal.signal(signal.SIGINT, signal.default_int_handler)

SMALL = 16 << 20
TINY = 2 << 20


@pytest.fixture(scope="session")
def kernel(tmp_path_factory):
    """The stand-in kernel, compiled once."""
    return image.build_kernel(tmp_path_factory.mktemp("kernel"))


@pytest.fixture(scope="session")
def images(tmp_path_factory, kernel):
    """images(size, stamp): a whole .tgz with a boot archive of that size, each made once."""
    directory = tmp_path_factory.mktemp("images")
    made = {}

    def get(size=SMALL, stamp=image.STAMP):
        if (size, stamp) not in made:
            folder = directory / f"{size}-{stamp}"
            folder.mkdir()
            made[size, stamp] = image.make_image(folder, size=size, stamp=stamp, kernel=kernel)
        return made[size, stamp]

    return get


@pytest.fixture(scope="module")
def rack():
    with Rack() as rack:
        yield rack


@pytest.fixture(scope="module")
def server(rack):
    with Server(rack) as server:
        yield server


def pytest_exception_interact(node, call, report):
    """A failed test shows the end of the daemon's log."""
    server = getattr(node, "funcargs", {}).get("server")
    if server is not None:
        report.sections.append(("slipwayd", server.last_log(15)))
