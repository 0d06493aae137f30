"""The table in ``tests/faults/README.md`` names every row once, and only tests that there are."""

from __future__ import annotations

import re
from pathlib import Path

ROWS = range(1, 36)


def test_every_row_has_its_tests(project_root: Path) -> None:
    folder = project_root / "tests" / "faults"
    written = "\n".join(path.read_text() for path in folder.glob("test_*.py"))
    there = set(re.findall(r"def (test_\w+)", written))
    table = [line for line in (folder / "README.md").read_text().splitlines() if re.match(r"\| \d", line)]
    rows = {int(line.split("|")[1]): set(re.findall(r"`(test_\w+)`", line)) for line in table}
    assert list(rows) == list(ROWS)
    for row, tests in rows.items():
        assert tests, row
        assert tests <= there, row
        named = {test for test in tests if test.startswith(f"test_row_{row:02}_")}
        assert named or f"row_{row:02}_" in written, f"row {row} is found by its name"
    in_table = set().union(*rows.values())
    assert {test for test in there if test.startswith("test_row_")} <= in_table, "each is in the table"
