"""How long a text is on the wire, counted as the provider counts and bills it.

Sources: 3GPP TS 23.038 (the GSM 7-bit default alphabet and its extension table), 3GPP TS 23.040 (140 octets a segment,
6 of them header in a text of several) and Twilio's segment calculator, with which every case of the shared vectors
agrees. Two surprises come from the calculator: ``ç`` is outside GSM-7 (only ``Ç`` is in it), and a grapheme (an emoji
with its joiners, a letter with its accents) is never cut over a boundary.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import regex

GSM7_BASIC: Final = frozenset(
    "\n\r !\"#$%&'()*+,-./0123456789:;<=>?@"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
    "¡£¤¥§¿ÄÅÆÇÉÑÖØÜßàäåæèéìñòöøùü"
    "ΓΔΘΛΞΠΣΦΨΩ"
)
"""Characters that cost one septet. The calculator leaves ``ç`` out although TS 23.038 lists it in some editions."""

GSM7_EXTENSION: Final = frozenset("\f[\\]^{|}~€")
"""Characters that cost two septets: an escape and the character, never torn apart."""

GSM7: Final = GSM7_BASIC | GSM7_EXTENSION

_GRAPHEME = regex.compile(r"\X")


class Encoding(StrEnum):
    """How a text travels. The names are the provider's."""

    GSM_7 = "GSM-7"
    UCS_2 = "UCS-2"


@dataclass(frozen=True, slots=True)
class _Room:
    """What fits into one segment, in the encoding's own units."""

    alone: int
    in_several: int


_ROOM: Final = {Encoding.GSM_7: _Room(160, 153), Encoding.UCS_2: _Room(70, 67)}
"""140 octets hold 160 septets or 70 code units; 6 octets of header leave 153 or 67."""


@dataclass(frozen=True, slots=True)
class SegmentCount:
    """What a text costs.

    Attributes:
        encoding: GSM-7 when every character is in its tables, else UCS-2.
        length_units: Septets in GSM-7, 16-bit code units in UCS-2; headers not counted.
        segments: How many are sent and billed. An empty text is one, as in the provider's calculator.
        units_left: Units free in the last segment before another one is needed. What would spill over is not one text
            any more: at 160 septets a 161st makes two segments of 153.
    """

    encoding: Encoding
    length_units: int
    segments: int
    units_left: int


def is_gsm7(text: str) -> bool:
    """Whether a text travels in GSM-7, at 160 characters a segment instead of 70."""
    return GSM7.issuperset(text)


def count_segments(text: str) -> SegmentCount:
    """Count the segments of a text as it will be billed. Any text has an answer; lone surrogates count as one unit."""
    encoding = Encoding.GSM_7 if is_gsm7(text) else Encoding.UCS_2
    room = _ROOM[encoding]
    if encoding is Encoding.GSM_7:
        length = _septets(text)
        # Without two-septet characters nothing can be pushed over a boundary, so division is enough.
        simple = length == len(text)
    else:
        length, simple = _code_units(text), False
    if length <= room.alone:
        return SegmentCount(encoding, length, 1, room.alone - length)
    if simple:
        segments = -(-length // room.in_several)
        return SegmentCount(encoding, length, segments, segments * room.in_several - length)
    used = [units for _, units in _cut(text, encoding)]
    return SegmentCount(encoding, length, len(used), max(0, room.in_several - used[-1]))


def split_segments(text: str) -> tuple[str, ...]:
    """Give what each segment carries, in order; joined they are the text again."""
    encoding = Encoding.GSM_7 if is_gsm7(text) else Encoding.UCS_2
    length = _septets(text) if encoding is Encoding.GSM_7 else _code_units(text)
    if length <= _ROOM[encoding].alone:
        return (text,)
    return tuple(piece for piece, _ in _cut(text, encoding))


def _cut(text: str, encoding: Encoding) -> Iterator[tuple[str, int]]:
    """Cut a text that needs several segments; yields each piece and its units."""
    room = _ROOM[encoding].in_several
    start, position, used = 0, 0, 0
    for piece, units in _pieces(text, encoding, room):
        if used + units > room:
            yield text[start:position], used
            start, used = position, 0
        position += len(piece)
        used += units
    yield text[start:], used


def _pieces(text: str, encoding: Encoding, room: int) -> Iterator[tuple[str, int]]:
    """Yield what must stay together, with its units."""
    if encoding is Encoding.GSM_7:
        for character in text:
            yield character, 2 if character in GSM7_EXTENSION else 1
        return
    for grapheme in _GRAPHEME.findall(text):
        units = _code_units(grapheme)
        if grapheme == "\r\n" or units > room:
            # The calculator counts CR and LF apart. A stack of accents longer than a segment has to break somewhere;
            # there the calculator overfills one segment, we cut between code points.
            for character in grapheme:
                yield character, _code_units(character)
        else:
            yield grapheme, units


def _septets(text: str) -> int:
    """Count septets of a GSM-7 text."""
    if GSM7_EXTENSION.isdisjoint(text):
        return len(text)
    return len(text) + sum(1 for character in text if character in GSM7_EXTENSION)


def _code_units(text: str) -> int:
    """Count 16-bit code units: characters beyond the basic plane take two."""
    return len(text) + sum(1 for character in text if character > "\uffff")
