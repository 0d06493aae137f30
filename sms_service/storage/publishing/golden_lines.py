"""The list of golden texts, changed line by line: notes and everything else that stands in it stay."""

from __future__ import annotations

import json
import re
from typing import Final

from sms_service.core.publishing.errors import BadEdit
from sms_service.storage.publishing.yaml_lines import extent
from sms_service.storage.yaml_files import read_yaml

_REPLY: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")


def with_golden(source: str, text: str, reply: str) -> str:
    """Add a text at the end, or give one that is there another reply."""
    plain = " ".join(text.split())
    if not plain or not plain.isprintable():
        raise BadEdit("Write a text as somebody would send it.")
    if _REPLY.fullmatch(reply) is None:
        raise BadEdit(f"{reply!r} is not the name of a reply.")
    known = _rows(source)
    if plain in known and known[plain][0] == reply:
        return source
    if plain in known:
        source = without_golden(source, plain)
    line = f"- {{text: {json.dumps(plain, ensure_ascii=False)}, reply: {reply}}}\n"
    return f"{source}{'' if not source or source.endswith(chr(10)) else chr(10)}{line}"


def without_golden(source: str, text: str) -> str:
    """Take a text off the list."""
    plain = " ".join(text.split())
    known = _rows(source)
    if plain not in known:
        raise BadEdit(f"'{plain}' is not one of the golden texts.")
    lines = source.split("\n")
    place = extent(lines, known[plain][1] - 1)
    return "\n".join([*lines[: place.start], *lines[place.end :]])


def merged_golden(base: str, theirs: str, ours: str) -> str:
    """Take what was added, changed and removed between ``base`` and ``ours`` over to ``theirs``."""
    had, has = _rows(base), _rows(ours)
    for text in had.keys() - has.keys():
        if text in _rows(theirs):
            theirs = without_golden(theirs, text)
    for text, (reply, _line) in has.items():
        if text not in had or had[text][0] != reply:
            theirs = with_golden(theirs, text, reply)
    return theirs


def _rows(source: str) -> dict[str, tuple[str, int]]:
    """Give reply and line by text."""
    if not source.strip():
        return {}
    file = read_yaml(source.encode, holds_list=True)
    if file.problems:
        problem = file.problems[0]
        raise BadEdit(f"golden.yaml, line {problem.line}: {problem.what} {problem.mend}")
    rows = file.data.get("", [])
    found: dict[str, tuple[str, int]] = {}
    for index, row in enumerate(rows if isinstance(rows, list) else ()):
        if isinstance(row, dict) and isinstance(row.get("text"), str):
            found[" ".join(str(row["text"]).split())] = (str(row.get("reply", "")), file.lines["", index])
    return found
