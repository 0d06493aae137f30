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
    """Compare two texts word by word; a removed run stands before what replaced it.

    Words that are replaced one after the other are one run, although the spaces between them are the same: 'at the end'
    for 'to the start' reads better than five small changes.
    """
    before, after = _PIECES.findall(old), _PIECES.findall(new)
    pieces: list[DiffPiece] = []
    run: list[tuple[str, str]] = []
    for tag, old_from, old_to, new_from, new_to in difflib.SequenceMatcher(
        a=before, b=after, autojunk=False
    ).get_opcodes():
        was, now = "".join(before[old_from:old_to]), "".join(after[new_from:new_to])
        if tag != "equal" or (run and was.isspace() and "\n" not in was):
            run.append((was, now))
            continue
        pieces += _run_pieces(run)
        pieces.append(DiffPiece(DiffKind.SAME, was))
        run = []
    return (*pieces, *_run_pieces(run))


def _run_pieces(run: list[tuple[str, str]]) -> list[DiffPiece]:
    """Give the pieces of one run of changes, which may hold spaces that are the same in both texts."""
    tail = [run[-1]] if run and run[-1][0] == run[-1][1] else []
    changes = run[: len(run) - len(tail)]
    gone, come = "".join(was for was, _ in changes), "".join(now for _, now in changes)
    if len(changes) > 1 and not (gone.strip() and come.strip()):
        return [piece for change in run for piece in _change_pieces(*change)]
    return [*_change_pieces(gone, come), *(piece for same in tail for piece in _change_pieces(*same))]


def _change_pieces(was: str, now: str) -> list[DiffPiece]:
    if was == now:
        return [DiffPiece(DiffKind.SAME, was)] if was else []
    kinds = ((DiffKind.REMOVED, was), (DiffKind.ADDED, now))
    return [DiffPiece(kind, words) for kind, words in kinds if words]
