"""What changed in a text, word by word."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

_PIECES: Final = re.compile(r"\{[^{}\s]*\}|\w+(?:['’]\w+)*|\n|[^\w\s]|[^\S\n]+")
"""A placeholder, a word with its apostrophes, a line end, a sign, spaces."""


class DiffKind(StrEnum):
    """What happened to a piece of text."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class DiffPiece:
    """A run of words with one fate. All pieces but the added make the old text, all but the removed the new one."""

    kind: DiffKind
    text: str


def word_diff(old: str, new: str) -> tuple[DiffPiece, ...]:
    """Compare two texts word by word; a removed run stands before what replaced it."""
    before, after = _PIECES.findall(old), _PIECES.findall(new)
    pieces: list[DiffPiece] = []
    matcher = difflib.SequenceMatcher(a=before, b=after, autojunk=False)
    for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if tag == "equal":
            pieces.append(DiffPiece(DiffKind.SAME, "".join(before[old_from:old_to])))
            continue
        if old_to > old_from:
            pieces.append(DiffPiece(DiffKind.REMOVED, "".join(before[old_from:old_to])))
        if new_to > new_from:
            pieces.append(DiffPiece(DiffKind.ADDED, "".join(after[new_from:new_to])))
    return tuple(pieces)
