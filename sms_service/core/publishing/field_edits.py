"""Edits of single fields, and what happens when two people edit at once.

A field's path leads from the top of a file to its value: ``("text", "en")`` in a reply's file, ``("childline",
"number")`` in the contacts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sms_service.core.publishing.errors import Clash

FieldPath = tuple[str, ...]

FieldValue = str | tuple["FieldValue", ...] | Mapping[str, "FieldValue"]
"""What a field holds: words, a list, or fields of its own."""

Fields = Mapping[str, FieldValue]
"""All fields of a file."""

_ONE_THING = frozenset({"hours"})
"""Fields that are compared as a whole, although they hold fields: half a table of hours is nobody's."""


@dataclass(frozen=True, slots=True)
class FieldEdit:
    """Put a value into a field; None takes the field away."""

    path: FieldPath
    value: FieldValue | None


def value_at(fields: FieldValue, path: FieldPath) -> FieldValue | None:
    """Give what a field holds, or None when it is not there."""
    found: FieldValue = fields
    for step in path:
        if not isinstance(found, Mapping) or step not in found:
            return None
        found = found[step]
    return found


def is_same(one: FieldValue | None, other: FieldValue | None) -> bool:
    """Whether two values say the same: spaces around words and empty fields do not count."""
    return _plain(one) == _plain(other)


def edits_between(base: Fields, changed: Fields) -> list[FieldEdit]:
    """Give the edits that make one file's fields another's, field by field."""
    return list(_edits(base, changed, ()))


def _edits(base: Fields, changed: Fields, path: FieldPath) -> Iterator[FieldEdit]:
    for name in dict.fromkeys((*base, *changed)):
        before, after = base.get(name), changed.get(name)
        if isinstance(before, Mapping) and isinstance(after, Mapping) and name not in _ONE_THING:
            yield from _edits(before, after, (*path, name))
        elif not is_same(before, after):
            yield FieldEdit((*path, name), after)


@dataclass(frozen=True, slots=True)
class Merge:
    """What becomes of edits that were made on an older state.

    Attributes:
        edits: To be applied to the state of now.
        clashes: Fields that somebody else meanwhile changed to something different.
    """

    edits: tuple[FieldEdit, ...]
    clashes: tuple[Clash, ...]


def merge(file: str, base: Fields, theirs: Fields, edits: Sequence[FieldEdit]) -> Merge:
    """Take edits made on ``base`` over to ``theirs``. Edits that change nothing, or what is there already, fall out."""
    kept: list[FieldEdit] = []
    clashes: list[Clash] = []
    for edit in edits:
        before, now = value_at(base, edit.path), value_at(theirs, edit.path)
        if is_same(edit.value, before) or is_same(edit.value, now):
            continue
        if is_same(before, now):
            kept.append(edit)
        else:
            clashes.append(Clash(file, edit.path, before, now, edit.value))
    return Merge(tuple(kept), tuple(clashes))


def _plain(value: FieldValue | None) -> object:
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, Mapping):
        fields = {name: plain for name, inner in value.items() if (plain := _plain(inner)) is not None}
        return fields or None
    if value is None:
        return None
    return tuple(_plain(inner) for inner in value) or None
