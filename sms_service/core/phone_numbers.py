"""Finding what a reader would take for a phone number in our own texts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

_RUN: Final = re.compile(r"(?<![\w£$€#])\+?\(?\d(?:[ \u00a0().,-]{0,3}\d)*(?![\w%:])")
"""Digits in a row, loosely joined by spaces, brackets, dots, commas and hyphens, not part of a word, price or time."""

_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_RANGE: Final = re.compile(r"\d{1,2}-\d{1,2}")
_SHORTEST_DIGITS: Final = 3
"""999 and 101 are numbers; 18 is an age and 55 a key to press."""


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    """A stretch of text that looks like a phone number.

    Attributes:
        position: Index of its first character.
        written: As it stands in the text.
        digits: Its digits alone, by which numbers are compared.
    """

    position: int
    written: str
    digits: str


def find_phone_numbers(text: str) -> list[PhoneNumber]:
    """Find every stretch that looks like a phone number, short codes and 999 among them.

    Ages (``13-17``), years, prices, percentages, times and lists (``1, 2, 3``) are left alone.
    """
    found = []
    for match in _RUN.finditer(text):
        written = match.group()
        digits = only_digits(written)
        if len(digits) < _SHORTEST_DIGITS or _YEAR.fullmatch(written) or _RANGE.fullmatch(written):
            continue
        if _is_a_list(written):
            continue
        found.append(PhoneNumber(match.start(), written, digits))
    return found


def only_digits(text: str) -> str:
    """Give the digits of a text and nothing else."""
    return "".join(character for character in text if character.isdecimal())


def _is_a_list(written: str) -> bool:
    """Whether digits count up one by one (``1, 2, 3``), as menu numbers do."""
    groups = re.findall(r"\d+", written)
    return len(groups) > 1 and all(int(after) == int(before) + 1 for before, after in pairwise(groups))
