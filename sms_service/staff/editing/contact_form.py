"""The form of a contact: from its fields in the directory, from what was sent, and back to edits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from sms_service.core.publishing.field_edits import FieldEdit, Fields, FieldValue
from sms_service.core.reply_book import ContactKey
from sms_service.staff.editing.hours_form import HoursForm, hours_of_field, hours_of_request, value_of

DATES: Final = ("checked_on", "check_again_by")
_WORDS: Final = ("name", "number", "address", "spoken", "people", "notes", "checked_by")


@dataclass(kw_only=True)
class ContactForm:
    """A contact as it stands in the form.

    Attributes:
        words: What was typed, by field; people one a line.
        dates: Day, month and year as typed, by field.
        hours: When somebody answers.
        errors: Sentences by id of the field.
    """

    words: dict[str, str]
    dates: dict[str, tuple[str, str, str]]
    hours: HoursForm
    errors: dict[str, list[str]] = field(default_factory=dict)


def form_of_contact(fields: Fields) -> ContactForm:
    """Fill the form from the directory, whatever stands in it; empty fields give an empty form."""
    return ContactForm(
        words={name: _words(fields.get(name)) for name in _WORDS},
        dates={name: _date_boxes(_words(fields.get(name))) for name in DATES},
        hours=hours_of_field(fields.get("hours")),
    )


def contact_of_request(sent: Mapping[str, str]) -> ContactForm:
    """Fill the form from what was sent."""
    return ContactForm(
        words={name: sent.get(name, "").replace("\r\n", "\n").strip() for name in _WORDS},
        dates={name: _sent_date(sent, name) for name in DATES},
        hours=hours_of_request(sent),
    )


def contact_fields(form: ContactForm) -> dict[str, FieldValue | None]:
    """Give every field of the contact; what cannot be saved is noted in ``form.errors``."""
    values: dict[str, FieldValue | None] = {name: form.words[name] or None for name in _WORDS if name != "people"}
    people = tuple(line.strip() for line in form.words["people"].split("\n") if line.strip())
    values |= {"people": people or None, "hours": value_of(form.hours)}
    for name in DATES:
        values[name] = _date(form, name)
    if not form.words["name"]:
        form.errors["name"] = ["Enter a name"]
    if bool(form.words["number"]) == bool(form.words["address"]):
        sentence = "Enter a phone number or a web address" + (", not both" if form.words["number"] else "")
        form.errors["number"] = [sentence]
    form.errors |= form.hours.errors
    return values


def contact_edits(key: ContactKey, values: Mapping[str, FieldValue | None]) -> list[FieldEdit]:
    """Give the fields as edits of the directory."""
    return [FieldEdit((key, name), value) for name, value in values.items()]


def _date(form: ContactForm, name: str) -> str | None:
    boxes = form.dates[name]
    if not any(boxes):
        return None
    try:
        day, month, year = map(int, boxes)
        return dt.date(year, month, day).isoformat()
    except ValueError:
        form.errors[f"{name}-day"] = ["Enter a real date, such as 27 3 2027"]
        return None


def _sent_date(sent: Mapping[str, str], name: str) -> tuple[str, str, str]:
    day, month, year = (sent.get(f"{name}-{box}", "").strip() for box in ("day", "month", "year"))
    return day, month, year


def _date_boxes(words: str) -> tuple[str, str, str]:
    try:
        date = dt.date.fromisoformat(words)
    except ValueError:
        return ("", "", "")
    return str(date.day), str(date.month), str(date.year)


def _words(value: FieldValue | None) -> str:
    if isinstance(value, str):
        return value
    return "\n".join(one for one in value if isinstance(one, str)) if isinstance(value, tuple) else ""
