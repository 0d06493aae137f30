"""The tables of faults and of security requirements name every row once, and only tests that there are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

BROKEN_PARTS = range(1, 36)
"""Rows whose tests are in tests/faults, under the row's own name."""

PEOPLE = range(36, 61)


@pytest.fixture(scope="module")
def written(project_root: Path) -> dict[Path, str]:
    """Every file of tests, with what stands in it."""
    return {path: path.read_text() for path in (project_root / "tests").rglob("test_*.py")}


def rows_of(table: Path) -> list[tuple[str, set[str]]]:
    """Give the first cell of each row that is no heading, and the tests that the row names."""
    lines = [line for line in table.read_text().splitlines() if re.match(r"\| \d", line)]
    return [(line.split("|")[1].strip(), set(re.findall(r"`(test_\w+)`", line))) for line in lines]


def names_in(text: str) -> set[str]:
    return set(re.findall(r"def (test_\w+)", text))


def test_every_fault_has_its_tests(project_root: Path, written: dict[Path, str]) -> None:
    folder = project_root / "tests" / "faults"
    here = "\n".join(text for path, text in written.items() if path.parent == folder)
    everywhere = names_in("\n".join(written.values()))
    rows = {int(cell): tests for cell, tests in rows_of(folder / "README.md")}
    assert list(rows) == [*BROKEN_PARTS, *PEOPLE]
    for row, tests in rows.items():
        assert tests, row
        assert tests <= (names_in(here) if row in BROKEN_PARTS else everywhere), row
        named = {test for test in tests if test.startswith(f"test_row_{row:02}_")}
        assert named or row in PEOPLE or f"row_{row:02}_" in here, f"row {row} is found by its name"
    in_table = set().union(*rows.values())
    assert {test for test in names_in(here) if test.startswith("test_row_")} <= in_table, "each is in the table"


def test_every_security_requirement_is_held_by_something(project_root: Path, written: dict[Path, str]) -> None:
    everywhere = names_in("\n".join(written.values()))
    rows = rows_of(project_root / "tests" / "security.md")
    assert len(rows) > 35
    for requirement, tests in rows:
        assert tests <= everywhere, requirement
    held_by_the_linter = {requirement for requirement, tests in rows if not tests}
    assert held_by_the_linter == {"11.5.1"}
