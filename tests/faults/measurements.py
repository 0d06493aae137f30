"""Figures of the tests, one JSON line each, in the file that ``MEASUREMENTS`` names; without it nothing is written."""

from __future__ import annotations

import json
import os
from pathlib import Path


def note(**figures: float) -> None:
    """Write figures down under the name of the test that runs: ``note(p99_seconds=0.01)``."""
    if path := os.environ.get("MEASUREMENTS"):
        test = os.environ.get("PYTEST_CURRENT_TEST", "").partition(" ")[0].rpartition("::")[2]
        with Path(path).open("a") as file:
            file.write(json.dumps({"test": test, **figures}) + "\n")
