"""Exports are read back by real parsers, and no spreadsheet calculates them."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from itertools import islice, repeat

import pytest

from sms_service.core.events import Event, EventKind
from sms_service.core.export_rows import COLUMNS, csv_lines, json_lines

ROW = Event(
    event_id="message:SM1",
    kind=EventKind.MESSAGE,
    at=dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC),
    message_id="SM1",
    pseudonym="ab" * 16,
    key_id="k1",
    reply="help",
    segments=2,
    error_code=30003,
    degraded=("hot_state", "outbox"),
)


def test_csv_says_what_the_row_says() -> None:
    read = list(csv.DictReader(io.StringIO("".join(csv_lines([ROW, ROW])))))
    assert len(read) == 2
    assert read[0]["reply"] == "help"
    assert read[0]["at"] == "2026-11-22T12:00:00+00:00"
    assert read[0]["error_words"] == "handset could not be reached"
    assert read[0]["degraded"] == "hot_state outbox"
    assert read[0]["stage"] == ""


def test_json_says_what_the_row_says() -> None:
    read = json.loads("".join(json_lines([ROW, ROW])))
    assert [row["segments"] for row in read] == [2, 2]
    assert read[0]["stage"] is None
    assert json.loads("".join(json_lines([]))) == []


def test_no_export_holds_a_pseudonym() -> None:
    assert not {"pseudonym", "key_id"} & set(COLUMNS)
    assert "abab" not in "".join(csv_lines([ROW])) + "".join(json_lines([ROW]))


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_no_cell_is_a_formula(begin: str) -> None:
    row = Event(event_id=f"{begin}1+1", kind=EventKind.MESSAGE, at=ROW.at, reply=f'{begin}HYPERLINK("x")')
    for cell in list(csv.reader(io.StringIO("".join(csv_lines([row])), newline="")))[1]:
        assert not cell.startswith(begin)


def test_a_line_is_given_before_the_next_row_is_asked_for() -> None:
    endless = repeat(ROW)
    assert len(list(islice(csv_lines(endless), 3))) == 3
    assert len(list(islice(json_lines(endless), 3))) == 3
