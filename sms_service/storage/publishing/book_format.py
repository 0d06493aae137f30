"""Reading and editing the files of a book that is held in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from sms_service.core.call_settings import CallPiece, CallSettings
from sms_service.core.loaded_book import LoadedBook
from sms_service.core.publishing.content import BookFiles
from sms_service.core.publishing.errors import BadEdit
from sms_service.core.publishing.field_edits import FieldEdit, FieldPath, Fields, FieldValue, is_same, value_at
from sms_service.core.reply_book import Contact, Reply, ServiceSettings
from sms_service.storage.book_source import FilesSource
from sms_service.storage.publishing import golden_lines
from sms_service.storage.publishing.yaml_lines import begins_with_key, extent, field_lines, indent_of, replaced
from sms_service.storage.response_files import CONTACTS_FILE, SERVICE_FILE, load_from
from sms_service.storage.yaml_files import Plain, YamlFile, read_yaml

_SENT: Final = frozenset({"text", "again", "more", "spoken", "emergency_line"})
"""Fields of a reply and of the settings that hold sent words, by language."""

_SAID: Final = frozenset({("call", "menu"), ("call", "words")})
"""Fields of the settings that hold the words of a call."""


class YamlBookFormat:
    """The :class:`~sms_service.service.publishing.ports.BookFormat`."""

    def load(self, files: BookFiles) -> LoadedBook:
        """Read a whole book."""
        return load_from(FilesSource(files))

    def fields(self, path: str, text: str) -> Fields:
        """Give the fields of one YAML file."""
        return _as_fields(_read(path, text).data)

    def edited(self, path: str, text: str, edits: Sequence[FieldEdit]) -> str:
        """Give the file with some fields changed and every other byte as it was."""
        windows = "\r\n" in text and "\n" not in text.replace("\r\n", "")
        result = text.replace("\r\n", "\n") if windows else text
        for edit in edits:
            value = None if edit.value is None else _tidy(edit.value)
            result = _edited(path, result, FieldEdit(edit.path, value))
        return result.replace("\n", "\r\n") if windows else result

    def with_golden(self, source: str, text: str, reply: str) -> str:
        """Give the list of golden texts with one more."""
        return golden_lines.with_golden(source, text, reply)

    def without_golden(self, source: str, text: str) -> str:
        """Give the list of golden texts without one."""
        return golden_lines.without_golden(source, text)

    def merged_golden(self, base: str, theirs: str, ours: str) -> str:
        """Take changes of the list over to another state of it."""
        return golden_lines.merged_golden(base, theirs, ours)


def _read(path: str, text: str) -> YamlFile:
    if all(not line.strip() or line.lstrip().startswith("#") for line in text.splitlines()):
        return YamlFile({})
    file = read_yaml(text.encode)
    if file.problems:
        problem = file.problems[0]
        raise BadEdit(f"{path}, line {problem.line}: {problem.what} {problem.mend}")
    return file


def _edited(path: str, text: str, edit: FieldEdit) -> str:
    file = _read(path, text)
    before = _as_fields(file.data)
    wanted = _with_value(before, edit.path, edit.value)
    if is_same(before, wanted):
        return text
    body = text[:-1] if text.endswith("\n") else text
    lines = body.split("\n") if body else []
    lines = _changed_lines(path, lines, file, wanted, edit.path)
    result = "\n".join(lines) + "\n"
    if not is_same(_as_fields(_read(path, result).data), wanted):
        where = " ".join(edit.path)
        raise BadEdit(f"{path}: '{where}' cannot be written here without touching the rest. Edit the file as a whole.")
    return result


def _changed_lines(path: str, lines: list[str], file: YamlFile, wanted: Fields, field: FieldPath) -> list[str]:
    """Change the lines of the field, or of the smallest field around it that stands on lines of its own."""
    known = _deepest_on_its_own_line(lines, file, field)
    while len(known) > 1 and value_at(wanted, known[:-1]) is None:
        known = known[:-1]  # a field that is left with nothing in it goes as well
    value = value_at(wanted, known) if known else wanted
    missing = field[len(known)] if len(known) < len(field) else None
    was = value_at(_as_fields(file.data), known)
    below = [line for steps, line in file.lines.items() if steps[: len(known)] == known and steps != known]
    holds_lines = not known or any(line > file.lines[known] for line in below)
    if missing is not None and isinstance(was, Mapping) and missing not in was and holds_lines:
        inner = value_at(wanted, (*known, missing))
        return lines if inner is None else _inserted(path, lines, file, (*known, missing), inner)
    place = extent(lines, file.lines[known] - 1) if known else None
    if place is None:
        return [line for key, inner in wanted.items() for line in _new_field(path, (key,), inner, 0)]
    if value is None:
        return [*lines[: place.start], *lines[place.end :]]
    new = replaced(lines, place, known[-1], value, as_block=known in file.blocks or _is_block(path, known))
    return [*lines[: place.start], *new, *lines[place.end :]]


def _deepest_on_its_own_line(lines: Sequence[str], file: YamlFile, field: FieldPath) -> FieldPath:
    for length in range(len(field), 0, -1):
        known = field[:length]
        if known in file.lines and begins_with_key(lines[file.lines[known] - 1], known[-1]):
            return known
    return ()


def _inserted(path: str, lines: list[str], file: YamlFile, field: FieldPath, value: FieldValue) -> list[str]:
    """Put a field that was not there behind the one that comes before it in the order of the book's format."""
    parent = field[:-1]
    siblings = [steps for steps in file.lines if len(steps) == len(field) and steps[:-1] == parent]
    order = _order(path, parent)
    name = field[-1]
    before = order[: order.index(name)] if name in order else [str(steps[-1]) for steps in siblings]
    earlier = [steps for steps in siblings if steps[-1] in before]
    if earlier:
        at = max(extent(lines, file.lines[steps] - 1).end for steps in earlier)
        indent = indent_of(lines[file.lines[earlier[0]] - 1])
    elif siblings:
        at = min(file.lines[steps] for steps in siblings) - 1
        indent = indent_of(lines[at])
    else:
        at, indent = len(lines), 0
    new = _new_field(path, field, value, indent)
    if path == CONTACTS_FILE and not parent:
        new = ["", *new]
    return [*lines[:at], *new, *lines[at:]]


def _new_field(path: str, field: FieldPath, value: FieldValue, indent: int) -> list[str]:
    if path == CONTACTS_FILE and len(field) == 1 and isinstance(value, Mapping):
        value = {name: value[name] for name in Contact.model_fields if name in value} | dict(value)
    flow = "hours" in field
    return field_lines(field[-1], value, indent, as_block=_is_block(path, field), flow=flow)


def _is_block(path: str, field: FieldPath) -> bool:
    """Whether words stand in a block there: sent words would be cut at a '#' otherwise, notes are long."""
    if path == CONTACTS_FILE:
        return field[-1] == "notes"
    return field[0] in _SENT or field[:2] in _SAID


def _order(path: str, parent: FieldPath) -> list[str]:
    if path == CONTACTS_FILE:
        return list(Contact.model_fields) if len(parent) == 1 else []
    if parent == ("call",):
        return list(CallSettings.model_fields)
    if parent == ("call", "words"):
        return [piece.value for piece in CallPiece]
    if parent:
        return []
    return list(ServiceSettings.model_fields if path == SERVICE_FILE else Reply.model_fields)


def _with_value(fields: Fields, path: FieldPath, value: FieldValue | None) -> Fields:
    """Give fields with one changed; a field that is left with nothing in it goes as well."""
    if not path:
        raise BadEdit("Name the field to change.")
    result = dict(fields)
    if len(path) == 1:
        new = value
    else:
        inner = fields.get(path[0])
        new = _with_value(inner if isinstance(inner, Mapping) else {}, path[1:], value) or None
    if new is None:
        result.pop(path[0], None)
    else:
        result[path[0]] = new
    return result


def _tidy(value: FieldValue) -> FieldValue:
    """Give a value as it is written: one kind of line end, no spaces around it or at the ends of its lines.

    Raises:
        BadEdit: For unseen control characters, and for what is no words, list or fields.
    """
    if isinstance(value, str):
        text = "\n".join(line.rstrip() for line in value.replace("\r\n", "\n").replace("\r", "\n").split("\n")).strip()
        bad = next((sign for sign in text if (sign < " " and sign != "\n") or "\x7f" <= sign <= "\x9f"), None)
        if bad is not None or any("\ud800" <= sign <= "\udfff" or sign in "\u2028\u2029\ufeff" for sign in text):
            raise BadEdit("There is an unseen control character in it. Delete it, or type the words again.")
        return text
    if isinstance(value, Mapping):
        return {name: _tidy(inner) for name, inner in value.items()}
    return tuple(_tidy(inner) for inner in value)


def _as_fields(data: Mapping[str, Plain]) -> Fields:
    return {name: _as_value(value) for name, value in data.items()}


def _as_value(value: Plain) -> FieldValue:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return tuple(_as_value(inner) for inner in value)
    return {name: _as_value(inner) for name, inner in value.items()}
