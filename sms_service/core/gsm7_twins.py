"""Cheaper twins: GSM-7 characters that say the same as one that would make a text cost twice as much.

One curly quote moves a whole text from 160 to 70 characters a segment. The checker names every such character; the
renderer swaps those that have a twin.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final

import regex

from sms_service.core.segments import GSM7, is_gsm7

_GRAPHEME = regex.compile(r"\X")

_SAME_TWIN: Final = {
    "'": "\u2018\u2019\u201a\u201b\u2032\u02b9\u02bb\u02bc\u02bd\u02c8\u02ca\u02cb\u00b4`\u275b\u275c\uff07",
    '"': "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\u02ba\u02ee\u275d\u275e\u301d\u301e\uff02",
    "-": "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2022\u2023\u2043\u25aa\u25cf\u00b7\ufe63\uff0d",
    " ": "\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000",
    "\n": "\u0085\u2028\u2029\v",
    "": "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff\ufe0f",
    "/": "\u2044\u2215\u00f7",
    "<": "\u2039",
    ">": "\u203a",
    "...": "\u2026",
    "x": "\u00d7",
}
_ONE_TWIN: Final = {
    "\u00a9": "(c)", "\u00ae": "(R)", "\u2122": "TM", "\u00ba": "o", "\u00aa": "a", "\u00b0": " degrees",
    "\u00bc": "1/4", "\u00bd": "1/2", "\u00be": "3/4", "\u203c": "!!", "\u2192": "->", "\u2190": "<-",
    "\u0141": "L", "\u0142": "l", "\u0110": "D", "\u0111": "d", "\u00d0": "D", "\u00f0": "d", "\u0131": "i",
    "\u00de": "Th", "\u00fe": "th", "\u0152": "OE", "\u0153": "oe", "\u1e9e": "SS", "\u20a4": "\u00a3",
}  # fmt: skip
TWINS: Final = {character: twin for twin, characters in _SAME_TWIN.items() for character in characters} | _ONE_TWIN
"""Character to GSM-7 twin. Accented letters and full-width forms are not listed: Unicode itself takes them apart."""


@dataclass(frozen=True, slots=True)
class Change:
    """One character that GSM-7 does not have.

    Attributes:
        position: Index of the character in the original text, in code points.
        character: The character, or a letter with its combining accents.
        name: Its Unicode name, in capitals; several are joined by ``+``.
        twin: What GSM-7 can say instead; empty for a character that shows nothing; None when there is no twin.
    """

    position: int
    character: str
    name: str
    twin: str | None


@dataclass(frozen=True, slots=True)
class TidiedText:
    """A text with every twin put in.

    Attributes:
        text: The tidied text. Characters without a twin are left as they were.
        changes: Every character outside GSM-7, in order, changed or not.
    """

    text: str
    changes: tuple[Change, ...]

    @property
    def fits_gsm7(self) -> bool:
        """Whether nothing without a twin is left."""
        return all(change.twin is not None for change in self.changes)


def tidy_for_gsm7(text: str) -> TidiedText:
    """Put cheaper twins in and report each change. A text that is GSM-7 already comes back as it is."""
    if is_gsm7(text):
        return TidiedText(text, ())
    pieces: list[str] = []
    changes: list[Change] = []
    for match in _GRAPHEME.finditer(text):
        grapheme = match.group()
        twin = _twin_of(grapheme)
        pieces.append(grapheme if twin is None else twin)
        if twin != grapheme:
            changes.append(Change(match.start(), grapheme, character_name(grapheme), twin))
    return TidiedText("".join(pieces), tuple(changes))


def character_name(character: str) -> str:
    """Give the Unicode name in capitals, or the code point for the few that have none (``U+0007``)."""
    return " + ".join(unicodedata.name(one, f"U+{ord(one):04X}") for one in character)


def _twin_of(grapheme: str) -> str | None:
    """Give the GSM-7 form of one grapheme (itself when it has one), or None."""
    if is_gsm7(grapheme):
        return grapheme
    if grapheme in TWINS:
        return TWINS[grapheme]
    composed = unicodedata.normalize("NFC", grapheme)
    if composed in GSM7:
        return composed
    # A lone combining mark leaves nothing behind, and nothing is lost.
    bare = "".join(mark for mark in unicodedata.normalize("NFKD", grapheme) if not unicodedata.combining(mark))
    swapped = "".join(TWINS.get(character, character) for character in bare)
    # Unicode takes a free-standing accent (¸) for a space with a mark: that is no twin.
    if swapped == grapheme or swapped.isspace() or not is_gsm7(swapped):
        return None
    return swapped
