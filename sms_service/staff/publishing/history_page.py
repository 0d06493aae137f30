"""The history: who did what to what, and when; found by words, person, act and day, and taken out as CSV."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from sms_service.core.history import ACTS, HistoryPosition, HistoryQuery, action_words
from sms_service.core.opening_hours import UK
from sms_service.service.access import Role, current_person, in_menu, open_to
from sms_service.staff.publishing.desk import Desk
from sms_service.staff.publishing.history_words import HistoryWords

_LONGEST: Final = 200
_FILTERS: Final = ("words", "person", "name", "action", "since", "until")
"""As they are called in an address, in the order of the fields of ``Filters``."""

_YEARS: Final = range(2000, 2200)


@dataclass(slots=True)
class Filters:
    """What is looked for, as typed; ``errors`` are sentences by field."""

    words: str = ""
    person: str = ""
    name: str = ""
    action: str = ""
    since: str = ""
    until: str = ""
    errors: dict[str, list[str]] = field(default_factory=dict, init=False)

    @property
    def values(self) -> dict[str, str]:
        """The filters that are set, for links and hidden fields."""
        pairs = [(name, getattr(self, name)) for name in _FILTERS]
        return {name: value for name, value in pairs if value}


def add_to(blueprint: Blueprint, desk: Desk) -> None:
    """Add the routes."""

    @blueprint.get("/history")
    @in_menu("History", order=38, about="Who did what, and when.")
    @open_to(*Role)
    def home() -> ResponseReturnValue:
        filters, query = _read(request.args)
        page = desk.publishing.history.search(query, after=_position(request.args.get("after", "")))
        older = "" if page.older is None else f"{page.older.at.isoformat()}|{page.older.entry_id}"
        shown = render_template(
            "publishing/history.html",
            page=page,
            filters=filters,
            older=older,
            is_first="after" not in request.args,
            acts=ACTS,
            action_words=action_words,
            words=HistoryWords(None if desk.releases.current is None else desk.releases.current.book),
            form={"errors": filters.errors},
        )
        return shown, 422 if filters.errors else 200

    @blueprint.post("/history/export")
    @open_to(*Role)
    def export() -> ResponseReturnValue:
        _, query = _read(request.form)
        lines = desk.publishing.history.export(current_person(), query)
        response = Response(lines, content_type="text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = 'attachment; filename="history.csv"'
        return response


def _read(sent: Mapping[str, str]) -> tuple[Filters, HistoryQuery]:
    """Read the filters; a day that is none is told, and does not matter."""
    filters = Filters(*(sent.get(name, "").strip()[:_LONGEST] for name in _FILTERS))
    since, until = _day(filters, "since"), _day(filters, "until")
    query = HistoryQuery(
        words=filters.words,
        actor_id=filters.person,
        action=filters.action,
        since=since,
        until=None if until is None else _next_day(until),
    )
    return filters, query


def _day(filters: Filters, name: str) -> dt.datetime | None:
    typed = getattr(filters, name)
    if not typed:
        return None
    try:
        day = dt.date.fromisoformat(typed)
    except ValueError:
        day = dt.date.min
    if day.year not in _YEARS:
        setattr(filters, name, "")  # a browser's field for dates takes nothing else
        filters.errors[name] = ["Enter a real date, such as 2026-11-30"]
        return None
    return dt.datetime.combine(day, dt.time(), UK)


def _next_day(at: dt.datetime) -> dt.datetime:
    """Give midnight after a day: the clock may have changed in between."""
    return dt.datetime.combine(at.date() + dt.timedelta(days=1), dt.time(), UK)


def _position(typed: str) -> HistoryPosition | None:
    at, _, entry_id = typed.partition("|")
    try:
        moment = dt.datetime.fromisoformat(at)
    except ValueError:
        return None
    return HistoryPosition(moment, entry_id) if moment.tzinfo is not None and entry_id else None
