"""Files stay small, speak of no particular machine, and the locks match what was asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]

MAX_LINES = 400

CODE = {".py", ".html", ".css", ".js", ".lua", ".sql"}
"""What people read; tables of data may be as long as they are."""

NOT_OURS = {".git", ".venv", "var", "node_modules", "__pycache__", "vendor", "test-results"}
"""Folders that are made, not written."""

PRIVATE_PATH = re.compile(r"(?<![\w.-])/(?:work|root|home/\w+|Users/\w+|opt/\w+)/")
REGISTRY = re.compile(r"\bpypi\.org|pythonhosted\.org|\bregistry\.npmjs|\bdeb\.debian\.org")
ANY_ADDRESS = re.compile(r"[a-z]+://|--(?:extra-)?index-url|--find-links|^-[if]\b", re.MULTILINE)


def written_files() -> Iterator[Path]:
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        if NOT_OURS.intersection(parts) or any(part.endswith(("_cache", ".egg-info")) for part in parts):
            continue
        if path.is_file() and ".hypothesis" not in parts:
            yield path


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def pins(lock: str) -> dict[str, str]:
    """Give {package: version} of a lock file."""
    found = re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*])?==(\S+)", text_of(ROOT / lock), re.MULTILINE)
    return {canonicalize_name(name): version for name, version in found}


def test_no_file_grows_past_what_is_read_in_one_go() -> None:
    code = (path for path in written_files() if path.is_relative_to(ROOT / "sms_service") and path.suffix in CODE)
    long = {str(path.relative_to(ROOT)): lines for path in code if (lines := text_of(path).count("\n")) > MAX_LINES}
    assert not long, f"Split it; {MAX_LINES} lines is the most: {long}"


def test_no_drawer_for_odds_and_ends() -> None:
    drawers = {"utils", "util", "helpers", "common", "misc"}
    found = [path for path in (ROOT / "sms_service").rglob("*.py") if drawers & {path.stem, path.parent.name}]
    assert not found, f"Name it after what it does: {found}"


def files_with(pattern: re.Pattern[str]) -> dict[str, str]:
    """Give {file: what was found}."""
    hits = {path.relative_to(ROOT): pattern.search(text_of(path)) for path in written_files()}
    return {str(path): hit[0] for path, hit in hits.items() if hit}


def test_no_file_names_a_folder_of_one_machine() -> None:
    assert files_with(PRIVATE_PATH) == {}


def test_no_file_names_a_package_registry() -> None:
    assert files_with(REGISTRY) == {}, "The machine that installs decides where from"


@pytest.mark.parametrize("name", ["requirements", "requirements-extras", "requirements-dev"])
class TestLock:
    def test_holds_no_address(self, name: str) -> None:
        for ending in (".in", ".txt"):
            assert not ANY_ADDRESS.findall(text_of(ROOT / (name + ending)))

    def test_pins_what_was_asked_for(self, name: str) -> None:
        lines = [line.split("#")[0].strip() for line in text_of(ROOT / f"{name}.in").splitlines()]
        asked = [Requirement(line) for line in lines if line and not line.startswith("-")]
        locked = pins(f"{name}.txt")
        stale = [str(one) for one in asked if locked.get(canonicalize_name(one.name), "none") not in one.specifier]
        assert asked
        assert not stale, "Run scripts/lock"

    def test_has_a_hash_for_every_package(self, name: str) -> None:
        packages = re.split(r"^(?=[A-Za-z0-9])", text_of(ROOT / f"{name}.txt"), flags=re.MULTILINE)[1:]
        assert [package.split()[0] for package in packages if "--hash=sha256:" not in package] == []


def test_tests_run_on_the_very_packages_that_run_for_children() -> None:
    runtime = pins("requirements.txt")
    for other in (pins("requirements-extras.txt"), pins("requirements-dev.txt")):
        different = {name for name in runtime.keys() & other.keys() if runtime[name] != other[name]}
        assert not different, "Run scripts/lock"
