"""Rows of the message log as CSV and JSON, one at a time. Nothing in a CSV cell is taken for a formula.

A cell that begins with ``= + - @``, a tab or a line end would be calculated by a spreadsheet (OWASP, "CSV Injection");
an apostrophe in front keeps it text. Pseudonyms are left out: an export goes where no erasure follows it.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from typing import Final

from sms_service.core.delivery import error_words
from sms_service.core.events import Event

_LEFT_OUT: Final = {"pseudonym", "key_id"}
COLUMNS: Final = (*(field.name for field in fields(Event) if field.name not in _LEFT_OUT), "error_words")

_STARTS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_lines(events: Iterable[Event]) -> Iterator[str]:
    """Give a line of column names and one for each event, by RFC 4180."""
    line = _Line()
    writer = csv.writer(line)
    writer.writerow(COLUMNS)
    yield line.text
    for event in events:
        writer.writerow([_cell(value) for value in _values(event).values()])
        yield line.text


def json_lines(events: Iterable[Event]) -> Iterator[str]:
    """Give a JSON array, an object a line."""
    yield "["
    between = "\n"
    for event in events:
        yield between + json.dumps(_values(event))
        between = ",\n"
    yield "\n]\n"


class _Line:
    """What a CSV writer writes to: the last line."""

    text = ""

    def write(self, text: str) -> None:
        self.text = text


def _values(event: Event) -> Mapping[str, object]:
    values: dict[str, object] = {name: getattr(event, name, None) for name in COLUMNS}
    values["kind"] = event.kind.value
    values["at"] = event.at.astimezone(dt.UTC).isoformat()
    values["degraded"] = " ".join(event.degraded)
    values["error_words"] = None if event.error_code is None else error_words(event.error_code)
    return values


def _cell(value: object) -> object:
    if isinstance(value, str) and value.startswith(_STARTS_A_FORMULA):
        return f"'{value}"
    return "" if value is None else value


EXPORTS: Final[Mapping[str, tuple[str, Callable[[Iterable[Event]], Iterator[str]]]]] = {
    "csv": ("text/csv; charset=utf-8", csv_lines),
    "json": ("application/json", json_lines),
}
"""Content type and writer of each format."""
