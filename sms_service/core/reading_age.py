"""How old somebody must be to read a text with ease: a guess that helps a writer, not a measurement of a child.

The measure is the Flesch-Kincaid grade level (Kincaid et al., 1975: 0.39 words a sentence + 11.8 syllables a word -
15.59) and five years, the age at which the first grade ends in the count of school years. A line of a text message ends
a sentence, because it does so for the eye. Numbers and contacts are left out: nobody spells them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from sms_service.core.checks.hard_words import count_syllables
from sms_service.core.placeholders import literal_parts

YOUNGEST: Final = 5
"""A text cannot be easier than for a child who has just learned to read."""

WANTED_AGE: Final = 9
"""The age that our texts are written for."""

_FEWEST_WORDS: Final = 5
"""A text of fewer words says nothing about its difficulty."""

_END_OF_SENTENCE: Final = re.compile(r"[.!?:]+(?:\s|$)|\n")
_WORD: Final = re.compile(r"[A-Za-z][A-Za-z'\N{RIGHT SINGLE QUOTATION MARK}]*")


@dataclass(frozen=True, slots=True)
class ReadingEase:
    """How easily a text is read.

    Attributes:
        age_years: Who reads it with ease.
        words: How many there are, numbers and contacts not counted.
        longest_sentence: In words.
    """

    age_years: int
    words: int
    longest_sentence: int

    @property
    def is_easy(self) -> bool:
        """Whether those it is written for read it with ease."""
        return self.age_years <= WANTED_AGE


def reading_ease(text: str) -> ReadingEase | None:
    """Guess how easily an English text is read; None when it has too few words to say.

    Args:
        text: With its placeholders, in which nobody reads words.
    """
    literal = "".join(part for _, part in literal_parts(text))
    sentences = [_WORD.findall(sentence) for sentence in _END_OF_SENTENCE.split(literal)]
    lengths = [len(sentence) for sentence in sentences if sentence]
    words = [word.casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'") for words in sentences for word in words]
    if len(words) < _FEWEST_WORDS:
        return None
    syllables = sum(map(count_syllables, words))
    grade = 0.39 * len(words) / len(lengths) + 11.8 * syllables / len(words) - 15.59
    return ReadingEase(max(YOUNGEST, round(grade + YOUNGEST)), len(words), max(lengths))
