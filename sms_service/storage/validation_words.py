"""What pydantic says about a file, in words for a person who does not program."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from sms_service.core.checks import Complaint, Path, Places, Severity
from sms_service.core.checks.sheet import did_you_mean
from sms_service.core.reply_book import WeeklyHours

_UNION_TAGS: Final = ("word", "table")
"""Steps that pydantic puts into a location for a union, and that are not in the file."""


def complaints_from(error: ValidationError, root: Path, model: type[BaseModel], places: Places) -> Iterable[Complaint]:
    """Turn each of pydantic's errors into a complaint with file and line.

    Args:
        error: From validating one file, or one contact of the directory.
        root: Path of what was validated within the book.
        model: What it was validated as; its fields are offered when a name is wrong.
        places: Where things stand.
    """
    for detail in error.errors(include_url=False):
        path = (*root, *_steps_in_file(detail["loc"]))
        fault = _Fault(detail["type"], detail["input"], detail["msg"], detail.get("ctx", {}))
        what, mend = _words(fault, path, WeeklyHours if "table" in detail["loc"] else model)
        place = places.at(path)
        yield Complaint(Severity.ERROR, place.file, place.line, what, mend, path)


@dataclass(frozen=True, slots=True)
class _Fault:
    """What pydantic says of one value: the kind of error, the value, its own sentence, and what it compared with."""

    kind: str
    value: object
    message: str
    context: Mapping[str, Any]


def _steps_in_file(steps: Path) -> Path:
    return tuple(
        step
        for index, step in enumerate(steps)
        if step != "[key]" and not (step in _UNION_TAGS and index > 0 and steps[index - 1] == "hours")
    )


def _words(fault: _Fault, path: Path, model: type[BaseModel]) -> tuple[str, str]:
    """Give what is wrong and how to mend it."""
    name = _name(path)
    given = fault.value if isinstance(fault.value, str) else ""
    context, kind = fault.context, fault.kind
    if kind == "extra_forbidden":
        fields = list(model.model_fields)
        return f"'{name}' is not a field here.{did_you_mean(name, fields)}", f"The fields are: {', '.join(fields)}."
    if kind == "value_error":
        reason = str(context.get("error", fault.message))
        return f"{reason[:1].upper()}{reason[1:]}.", "Correct it."
    if kind == "string_pattern_mismatch":
        return _pattern_words(name, given, path)
    if kind == "enum":
        allowed = str(context.get("expected", "")).replace("'", "")
        return f"'{given or name}' is not allowed here.", f"Write one of: {allowed}."
    for start, what, mend in _BY_KIND:
        if kind.startswith(start):
            return what.format(name=name, given=given, **context), mend.format(name=name, given=given, **context)
    return f"'{name}' is not right: {fault.message}.", "Compare it with another file."


_BY_KIND: Final = (
    ("missing", "'{name}' is missing.", "Add a line '{name}: ...'."),
    ("string_too_short", "'{name}' is empty.", "Write something, or delete the line."),
    ("string_type", "'{name}' must be words.", "Write plain words there, no list and no fields."),
    ("tuple_type", "'{name}' must be a list.", "Write one a line below it, each after '- '."),
    ("dict_type", "'{name}' must have fields of its own.", "Write them below it, moved in."),
    ("model_type", "'{name}' must have fields of its own.", "Write them below it, moved in."),
    ("model_attributes_type", "'{name}' must have fields of its own.", "Write them below it, moved in."),
    ("date_", "'{given}' is not a date.", "Write it as 2026-11-30."),
    ("bool_", "'{given}' is neither yes nor no.", "Write yes or no."),
    ("float_", "'{given}' is not a number.", "Write it as 4.0."),
    ("greater_than_equal", "'{given}' is too small.", "Write {ge} or more."),
    ("too_long", "'{name}' has more than {max_length} entries.", "Delete some."),
    ("too_short", "'{name}' is empty.", "Write at least {min_length}."),
)
"""Beginning of pydantic's error type, what is wrong, the mend."""


def _pattern_words(name: str, given: str, path: Path) -> tuple[str, str]:
    """Say what was expected where a string has a fixed form; which one shows in the path."""
    if "days" in path:
        return f"'{given}' is not a time span.", "Write it as 09:00-17:00."
    if isinstance(path[-1], str) and path[0] == "replies" and path[-2:-1] != ("follow",):
        return f"'{given or name}' is not a language.", "Write two small letters: en, cy, pl."
    if "languages" in path[1:] or "emergency_line" in path:
        return f"'{given or name}' is not a language.", "Write two small letters: en, cy, pl."
    return (
        f"'{given or name}' is not a name of a reply.",
        "Write small letters, digits and _ only, as in its file name.",
    )


def _name(path: Path) -> str:
    """Name what a path points at: the last field's name, for a list item the list's."""
    return next((step for step in reversed(path) if isinstance(step, str)), "")
