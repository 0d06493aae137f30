"""Opening hours as somebody fills them in who never saw a table of hours: day by day, with an optional break."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from sms_service.core.hours_words import DAY_NAMES
from sms_service.core.publishing.field_edits import FieldValue
from sms_service.core.reply_book import KnownHours, Weekday

SPANS_A_DAY: Final = 2
"""Before and after a break. A directory with more keeps them: the form then has room for all."""

DAYS_KIND: Final = "days"
MIDNIGHT: Final = "24:00"
_MIDNIGHT_TYPED: Final = "00:00"
"""A browser's field for times knows no 24:00."""

_WORKING_DAYS: Final = (Weekday.TUE, Weekday.WED, Weekday.THU, Weekday.FRI)

Span = tuple[str, str]


@dataclass(kw_only=True)
class HoursForm:
    """Hours as they stand in the form.

    Attributes:
        kind: ``always``, ``unknown`` or ``days``.
        days: For each day the times from and to, empty where nothing is filled in; always at least two places.
        on_bank_holidays: Whether it is open then too.
        errors: Sentences by id of the field.
    """

    kind: str
    days: dict[Weekday, list[Span]]
    on_bank_holidays: bool = False
    errors: dict[str, list[str]] = field(default_factory=dict)

    def copy_monday(self) -> None:
        """Give Tuesday to Friday the times of Monday."""
        for day in _WORKING_DAYS:
            self.days[day] = list(self.days[Weekday.MON])


def hours_of_field(value: FieldValue | None) -> HoursForm:
    """Fill the form from a contact's field, whatever stands in it."""
    if isinstance(value, str):
        return HoursForm(kind=value if value in set(KnownHours) else "", days=_no_days())
    if not isinstance(value, Mapping):
        return HoursForm(kind="", days=_no_days())
    table = value.get("days")
    table = table if isinstance(table, Mapping) else {}
    days = {day: _padded([_times(span) for span in _strings(table.get(day.value))]) for day in Weekday}
    return HoursForm(kind=DAYS_KIND, days=days, on_bank_holidays=value.get("open_on_bank_holidays") in {"yes", "true"})


def hours_of_request(sent: Mapping[str, str]) -> HoursForm:
    """Fill the form from what was sent."""
    days = {}
    for day in Weekday:
        spans = []
        for index in range(2 * SPANS_A_DAY):
            if time_id(day, index, "from") in sent:
                spans.append((sent[time_id(day, index, "from")].strip(), sent[time_id(day, index, "to")].strip()))
        days[day] = _padded(spans)
    return HoursForm(kind=sent.get("hours", ""), days=days, on_bank_holidays="bank_holidays" in sent)


def time_id(day: Weekday, index: int, end: str) -> str:
    """Give the id and name of one field for a time."""
    return f"{day.value}-{index}-{end}"


def value_of(form: HoursForm) -> FieldValue | None:
    """Give the hours as a contact's field, or None when something is wrong, which ``form.errors`` then says."""
    if form.kind in set(KnownHours):
        return form.kind
    if form.kind != DAYS_KIND:
        form.errors["hours"] = ["Choose when somebody answers"]
        return None
    days = {day.value: spans for day in Weekday if (spans := _spans(form, day))}
    if not days and not form.errors:
        form.errors["hours"] = ["Enter the times of at least one day, or choose that the hours are not known"]
    if form.errors:
        return None
    return {"days": days, "open_on_bank_holidays": "yes" if form.on_bank_holidays else "no"}


def _spans(form: HoursForm, day: Weekday) -> tuple[str, ...]:
    spans: list[str] = []
    for index, (start, typed_end) in enumerate(form.days[day]):
        if not start and not typed_end:
            continue
        end = MIDNIGHT if typed_end == _MIDNIGHT_TYPED else typed_end
        problem = _problem(day, start, end, spans[-1] if spans else "")
        if problem:
            form.errors[time_id(day, index, "from" if not start else "to")] = [problem]
            return ()
        spans.append(f"{start}-{end}")
    return tuple(spans)


def _problem(day: Weekday, start: str, end: str, before: str) -> str:
    name = DAY_NAMES[day]
    if not (_is_time(start) and (_is_time(end) or end == MIDNIGHT)):
        return f"{name}: enter both times, such as 09:00 and 17:00"
    if start >= end:
        return (
            f"{name}: {end} comes before {start}. If it is open over midnight, let {name} end at 00:00 "
            "and put the rest on the next day"
        )
    if before and start < before.partition("-")[2]:
        return f"{name}: the second times begin before the first ones end"
    return ""


def _is_time(words: str) -> bool:
    hour, _, minute = words.partition(":")
    return len(words) == len("00:00") and hour.isdigit() and minute.isdigit() and hour < "24" and minute < "60"


def _times(span: str) -> Span:
    start, _, end = span.partition("-")
    return start.strip(), _MIDNIGHT_TYPED if end.strip() == MIDNIGHT else end.strip()


def _padded(spans: list[Span]) -> list[Span]:
    return spans + [("", "")] * (SPANS_A_DAY - len(spans))


def _no_days() -> dict[Weekday, list[Span]]:
    return {day: _padded([]) for day in Weekday}


def _strings(value: FieldValue | None) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [one for one in value if isinstance(one, str)] if isinstance(value, tuple) else []
