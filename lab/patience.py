# SPDX-License-Identifier: MPL-2.0
"""Waiting that ends: for an answer that is true, with a deadline that a busy machine can keep."""

import time


def until(question, limit=45.0, says=None):
    """The first true answer of `question()`. After `limit` seconds: AssertionError with what `says()` says."""
    deadline = time.monotonic() + limit
    while not (answer := question()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {limit:.0f} s: {says() if says else question}")
        time.sleep(0.05)
    return answer
