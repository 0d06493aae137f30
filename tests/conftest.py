"""What every test may use. Rooms keep their own fixtures in their own conftest."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parents[1]

# A shared machine makes any deadline a coin toss; what must be fast has a test of its own.
settings.register_profile("here", deadline=None)
# What decides whether a change lands gives the same answer twice.
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "here")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by their folder, so that `./test browser` and `./test faults` miss none."""
    for item in items:
        room = item.path.relative_to(ROOT / "tests").parts[0]
        if room in {"browser", "faults"}:
            item.add_marker(room)


@pytest.fixture(scope="session")
def project_root() -> Path:
    """The folder that holds ./run and ./test."""
    return ROOT


@pytest.fixture(scope="session")
def shared_data() -> Callable[[str], Path]:
    """Find a file of the shared test data, which lies beside this repository; without it, skip."""

    def find(name: str) -> Path:
        path = ROOT.parent / "shared" / "data" / name
        if not path.exists():
            pytest.skip(f"The shared test data is not beside this repository: no ../shared/data/{name}")
        return path

    return find


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Drive the Chromium of this machine; pytest-playwright would look for one that it downloaded itself."""
    path = os.environ.get("CHROMIUM_PATH", "/usr/bin/chromium")
    if not os.access(path, os.X_OK):
        sentence = f"No Chromium at {path}: install it (apt-get install chromium), or set CHROMIUM_PATH."
        if os.environ.get("CI") == "true":
            pytest.fail(sentence)
        pytest.skip(sentence)
    # These would call home, again and again where nothing answers.
    quiet = ["--disable-component-update", "--disable-sync", "--disable-quic"]
    return {**browser_type_launch_args, "executable_path": path, "args": quiet}
