"""Figures of the tests, one JSON line each, in the file that ``MEASUREMENTS`` names; without it nothing is written.

And a stopwatch that stands still while others have every processor: what an answer takes is the line's own doing, what
a busy machine makes of it is not.
"""

from __future__ import annotations

import json
import os
import time
from contextlib import suppress
from pathlib import Path


def note(**figures: float) -> None:
    """Write figures down under the name of the test that runs: ``note(p99_seconds=0.01)``."""
    if path := os.environ.get("MEASUREMENTS"):
        test = os.environ.get("PYTEST_CURRENT_TEST", "").partition(" ")[0].rpartition("::")[2]
        with Path(path).open("a") as file:
            file.write(json.dumps({"test": test, **figures}) + "\n")


def stopwatch() -> float:
    """Give seconds of a clock for this thread: real time, without what it was ready to run and no processor was free.

    Linux counts that (``Documentation/scheduler/sched-stats.rst``); elsewhere this is real time.
    """
    now = time.perf_counter()
    with suppress(OSError, IndexError):
        return now - int(Path("/proc/thread-self/schedstat").read_text().split()[1]) / 1e9
    return now
