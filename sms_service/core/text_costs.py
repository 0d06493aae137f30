"""What a text costs as it leaves, which of its characters cost more than one, and what would say the same for less."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sms_service.core.contact_lines import tidied
from sms_service.core.gsm7_twins import character_name, tidy_for_gsm7
from sms_service.core.placeholders import pieces
from sms_service.core.reply_book import Contact, ContactKey, LanguageCode
from sms_service.core.segments import GSM7_EXTENSION, SegmentCount, count_segments

_PENCE_IN_A_POUND: Final = 100


@dataclass(frozen=True, slots=True)
class CostlyCharacter:
    """A character that costs more than one place.

    Attributes:
        character: As it is written.
        name: Its Unicode name, in capitals.
        times: How often it stands in the text.
        is_outside: Whether the plain alphabet of texts (GSM-7) lacks it: then the whole text holds fewer than half as
            many characters a segment. Otherwise it takes two places instead of one.
        twin: What says the same for less; empty when it can go; None when there is nothing.
    """

    character: str
    name: str
    times: int
    is_outside: bool
    twin: str | None


@dataclass(frozen=True, slots=True)
class TextCost:
    """What one text costs.

    Attributes:
        as_written: With every character as it was typed.
        as_sent: After costly characters have been swapped for their twins, where that is done.
        characters: Those that cost more, in the order of their first use.
    """

    as_written: SegmentCount
    as_sent: SegmentCount
    characters: tuple[CostlyCharacter, ...]

    @property
    def is_swapped(self) -> bool:
        """Whether it leaves otherwise than it was typed."""
        return self.as_written.encoding is not self.as_sent.encoding


def text_cost(text: str, language: LanguageCode, contacts: Mapping[ContactKey, Contact]) -> TextCost:
    """Count a text with everybody open. Contacts that the directory lacks count as they are written.

    Args:
        text: With its placeholders.
        language: English and Welsh texts are tidied before they leave; others go as they are.
        contacts: The directory.
    """
    cut = pieces(text)
    filled = "".join(_shown(piece, contacts) if index % 2 else piece for index, piece in enumerate(cut))
    outside = tidy_for_gsm7(filled).changes
    times = Counter(change.character for change in outside)
    costly = {
        change.character: CostlyCharacter(change.character, change.name, times[change.character], True, change.twin)
        for change in outside
    }
    for character in filled:
        if character in GSM7_EXTENSION and character not in costly:
            name = character_name(character)
            costly[character] = CostlyCharacter(character, name, filled.count(character), False, None)
    return TextCost(count_segments(filled), count_segments(tidied(filled, language)), tuple(costly.values()))


def price_words(segments: int, pence_per_segment: float) -> str:
    """Write a price as people say it: ``8p``, ``4.5p``, ``£1.20``."""
    pence = round(segments * pence_per_segment, 2)
    return f"£{pence / _PENCE_IN_A_POUND:.2f}" if pence >= _PENCE_IN_A_POUND else f"{pence:g}p"


def _shown(key: ContactKey, contacts: Mapping[ContactKey, Contact]) -> str:
    return contacts[key].shown if key in contacts else f"{{contact.{key}}}"
