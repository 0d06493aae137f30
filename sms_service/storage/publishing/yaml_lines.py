"""Changing one field of a YAML file in its lines, so that every other byte stays: comments, quotes, empty lines.

Writing the whole document anew, even with a library that keeps comments, moves some of them and changes quotes. So
only the lines of the one field are replaced, and whoever calls this reads the result again and compares.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sms_service.core.publishing.errors import BadEdit
from sms_service.core.publishing.field_edits import FieldValue

_KEY: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}")
_PLAIN: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ,.'()/+&_~-]|:(?=\S)|(?<=\S)#)*")
"""Words that mean themselves without quotation marks, wherever a value may stand."""
_ONLY_DIGITS: Final = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_WITH_COMMENT: Final = re.compile(
    r"""(?P<head>\s*[^\s:]+:[ ]+)"""
    r"""(?P<value>"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^"'#|>\s](?:[^#]|(?<=\S)\#)*?)"""
    r"""(?P<rest>\s+\#.*|\s*)$"""
)
_BLOCK_HEAD: Final = re.compile(r"\s*[^\s:]+:[ ]+\|(?:\s+#.*|\s*)$")
_STEP: Final = 2


@dataclass(frozen=True, slots=True)
class Extent:
    """The lines of a field or list item: from its own to the last that belongs to it, counted from 0, end excluded."""

    start: int
    end: int
    indent: int


def indent_of(line: str) -> int:
    """Give the number of spaces before the first sign."""
    return len(line) - len(line.lstrip(" "))


def extent(lines: Sequence[str], start: int) -> Extent:
    """Give the lines of what begins at a line."""
    indent = indent_of(lines[start])
    is_item = lines[start].lstrip().startswith("-")
    last = start
    for index in range(start + 1, len(lines)):
        line = lines[index]
        if not line.strip():
            continue
        if indent_of(line) > indent or (indent_of(line) == indent and line.lstrip().startswith("- ") and not is_item):
            last = index
        elif not line.lstrip().startswith("#"):
            break
    return Extent(start, last + 1, indent)


def begins_with_key(line: str, key: str) -> bool:
    """Whether a line begins with this key, and holds nothing before it."""
    return re.match(rf"""\s*(?:{re.escape(key)}|"{re.escape(key)}"|'{re.escape(key)}')\s*:(?:\s|$)""", line) is not None


def replaced(lines: Sequence[str], place: Extent, key: str, value: FieldValue, *, as_block: bool) -> list[str]:
    """Give the lines of a field with another value; its own comments stay where they are."""
    head = lines[place.start]
    if isinstance(value, str) and as_block and _BLOCK_HEAD.fullmatch(head):
        first = next((line for line in lines[place.start + 1 : place.end] if line.strip()), "")
        depth = max(indent_of(first), place.indent + 1) if first else place.indent + _STEP
        return [head, *_block(value, depth)]
    if isinstance(value, str) and not as_block and place.end == place.start + 1:
        match = _WITH_COMMENT.fullmatch(head)
        if match is not None:
            return [f"{match['head']}{scalar(value)}{match['rest'].rstrip()}"]
    if isinstance(value, tuple) and place.end > place.start + 1:
        return [head, *_list_with_comments(lines[place.start + 1 : place.end], value, place.indent)]
    return field_lines(key, value, place.indent, as_block=as_block)


def field_lines(key: str, value: FieldValue, indent: int, *, as_block: bool, flow: bool = False) -> list[str]:
    """Write a field.

    Raises:
        BadEdit: For a name that no field can have.
    """
    if _KEY.fullmatch(key) is None:
        raise BadEdit(f"{key!r} cannot be the name of a field. Use letters, digits and _.")
    space = " " * indent
    if isinstance(value, str):
        if as_block or "\n" in value:
            return [f"{space}{key}: |", *_block(value, indent + _STEP)]
        return [f"{space}{key}: {scalar(value)}"]
    if isinstance(value, Mapping):
        lines = [f"{space}{key}:"]
        for name, inner in value.items():
            inner_block = as_block or (name == "notes" and isinstance(inner, str))
            lines += field_lines(name, inner, indent + _STEP, as_block=inner_block, flow=flow or name == "days")
        return lines
    if flow or not value:
        return [f"{space}{key}: [{', '.join(scalar(_one(item)) for item in value)}]"]
    return [f"{space}{key}:", *(f"{space}  - {scalar(_one(item))}" for item in value)]


def scalar(text: str) -> str:
    """Write words on one line: plain where that is safe, else in quotation marks (a JSON string is YAML too)."""
    if _PLAIN.fullmatch(text) and not _ONLY_DIGITS.fullmatch(text) and text == text.strip():
        return text
    return json.dumps(text, ensure_ascii=False)


def _one(item: FieldValue) -> str:
    if not isinstance(item, str):
        raise BadEdit("A list here holds words only.")
    return item


def _block(text: str, depth: int) -> list[str]:
    return [f"{' ' * depth}{line}" if line else "" for line in text.split("\n")]


def _list_with_comments(old: Sequence[str], items: Sequence[FieldValue], indent: int) -> list[str]:
    """Write a list, keeping the line, and the notes above it, of every item that was there before."""
    depth = next((indent_of(line) for line in old if line.lstrip().startswith("- ")), indent + _STEP)
    kept: dict[str, list[list[str]]] = {}
    waiting: list[str] = []
    for line in old:
        waiting.append(line)
        if line.lstrip().startswith("- "):
            kept.setdefault(_item(line), []).append(waiting)
            waiting = []
    lines: list[str] = []
    for item in map(_one, items):
        same = kept.get(item)
        lines += same.pop(0) if same else [f"{' ' * depth}- {scalar(item)}"]
    return [*lines, *(line for line in waiting if line.strip())]


def _item(line: str) -> str:
    text = re.sub(r"\s+#.*$", "", line.lstrip()[2:]).strip()
    if text.startswith('"') and text.endswith('"') and len(text) > 1:
        try:
            return str(json.loads(text))
        except ValueError:
            return text
    if text.startswith("'") and text.endswith("'") and len(text) > 1:
        return text[1:-1].replace("''", "'")
    return text
