"""A history that is opened in a spreadsheet computes nothing."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest

from sms_service.core.history import CSV_HEADINGS, HistoryEntry, as_csv

NOON = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\0=", "  =", "\N{FULLWIDTH EQUALS SIGN}"])
def test_no_cell_begins_like_a_formula(start: str) -> None:
    entry = HistoryEntry(entry_id="1", at=NOON, actor=f"{start}1+1", action="did", detail=f'{start}cmd|"x"')
    rows = list(csv.reader(io.StringIO("".join(as_csv([entry])), newline="")))
    assert tuple(rows[0]) == CSV_HEADINGS
    for cell in rows[1]:
        assert not cell.lstrip(" ").startswith(
            ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "\N{FULLWIDTH EQUALS SIGN}")
        )
    assert rows[1][5].endswith('cmd|"x"')
