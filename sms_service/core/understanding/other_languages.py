"""Phrases of help and danger in other languages, found in messages that are typed without accents and by ear.

The phrases are the book's own (:mod:`sms_service.core.language_phrases`). One is found where all its words stand near
each other in any order, at least one of them is no English word, and nothing negates it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import regex

from sms_service.core.book_fields import LanguageCode, ReplyKey
from sms_service.core.language_phrases import OPEN_END, OR, LanguagePhrases
from sms_service.core.normalisation import NormalisedText, has_other_script, keyword_form
from sms_service.core.understanding.spelling import SpellingTable
from sms_service.core.understanding.text_speak import TEXT_SPEAK

_FOREIGN_SHARE: Final = 0.34
"""Share of the words that must be neither English nor text-speak: languages borrow, and borrow from each other."""

_NOT_ENGLISH_SHARE: Final = 0.55
_ENOUGH_WORDS: Final = 3
"""Fewer words say nothing about the language."""

_WORDS_BETWEEN: Final = 6
"""How many other words may stand among those of a phrase."""

_NEGATION_REACH: Final = 2
"""How many words before a phrase a negator still turns it round."""

_SHORTEST_REPAIRED: Final = 6
_SHORTEST_STEM: Final = 3

_SPELT_DIFFERENTLY: Final = tuple(
    (regex.compile(pattern), written)
    for pattern, written in (
        (r"ee", "i"),
        (r"oo", "u"),
        (r"(?<=[bdgjkpt])h", ""),
        (r"w", "v"),
        (r"q", "k"),
        (r"y", "i"),
        (r"(.)\1+", r"\1"),
    )
)
"""Languages of South Asia and the Arab world have no one spelling in Latin letters ('mujhe dar', 'mujay darr')."""


@dataclass(frozen=True, slots=True)
class ForeignPhrase:
    """A phrase that stands in a message.

    Attributes:
        reply: Where it leads.
        language: Of the phrase, ISO 639-1.
        words: The words of the message that it was found by, in the message's order.
    """

    reply: ReplyKey
    language: LanguageCode
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Phrase:
    reply: ReplyKey
    language: LanguageCode
    slots: tuple[int, ...]
    rank: int


class PhraseBook:
    """Finds phrases of other languages; built once per release.

    Args:
        languages: The book's lists.
        replies: The replies that exist; phrases of others are left out.
        english: Real English words: a phrase of nothing else says nothing about the language.
    """

    def __init__(
        self,
        languages: Mapping[LanguageCode, LanguagePhrases],
        replies: Collection[ReplyKey],
        english: frozenset[str],
    ) -> None:
        self._english = english
        self._slots: dict[frozenset[str], int] = {}
        self._latin, self._other_script = _Words(), _Words()
        self._by_first: defaultdict[int, list[_Phrase]] = defaultdict(list)
        self._negators: dict[LanguageCode, frozenset[str]] = {}
        self._negators_after: dict[LanguageCode, frozenset[str]] = {}
        for code, language in languages.items():
            self._negators[code] = _folded(language.negators)
            self._negators_after[code] = _folded(language.negators_after)
            for rank, (reply, phrases) in enumerate(language.phrases.items()):
                for phrase in phrases if reply in replies else ():
                    slots = tuple(self._slot(word) for word in phrase.split())
                    self._by_first[slots[0]].append(_Phrase(reply, code, slots, rank))
        long_words = {word: 1.0 for word in self._latin.exact if len(word) >= _SHORTEST_REPAIRED}
        self._spelling = SpellingTable(long_words, english)

    def find(self, text: NormalisedText) -> ForeignPhrase | None:
        """Give the most dangerous phrase of a message, the longest of equals; None where there is none.

        Args:
            text: Nothing undone: repairs are for English.
        """
        foreign = self._foreign(text)
        if sum(foreign) < _FOREIGN_SHARE * len(foreign):
            return None
        found = list(self._found(text, foreign))
        if not found:
            return None
        phrase, positions = min(found, key=lambda one: (one[0].rank, -len(one[1]), one[0].language))
        return ForeignPhrase(phrase.reply, phrase.language, tuple(text.words[at] for at in sorted(positions)))

    def is_not_english(self, text: NormalisedText) -> bool:
        """Whether a message is hardly English, so that what its words are like in English says little."""
        foreign = self._foreign(text)
        return len(foreign) >= _ENOUGH_WORDS and sum(foreign) >= _NOT_ENGLISH_SHARE * len(foreign)

    def _foreign(self, text: NormalisedText) -> list[bool]:
        return [word not in self._english and word not in TEXT_SPEAK for word in text.words]

    def _slot(self, written: str) -> int:
        """Give the number of a phrase's word; the same word has the same number in every phrase."""
        choices = frozenset(written.split(OR))
        number = self._slots.setdefault(choices, len(self._slots))
        for choice in choices:
            words = self._other_script if has_other_script(choice) else self._latin
            words.add(choice, number)
        return number

    def _found(self, text: NormalisedText, foreign: Sequence[bool]) -> Iterator[tuple[_Phrase, tuple[int, ...]]]:
        """Give each phrase of a message that counts, with the places of its words."""
        folded = [_folded_word(word) for word in text.words]
        places: defaultdict[int, list[int]] = defaultdict(list)
        for position, word in enumerate(folded):
            for slot in self._slots_of(word, is_foreign=foreign[position], other_script=text.other_script):
                places[slot].append(position)
        for slot, positions in places.items():
            for phrase in self._by_first.get(slot, ()):
                if all(other in places for other in phrase.slots):
                    near = (_near(phrase.slots, places, position) for position in positions)
                    yield from (
                        (phrase, taken)
                        for taken in near
                        if any(foreign[at] for at in taken) and self._counts(phrase, taken, folded)
                    )

    def _slots_of(self, word: str, *, is_foreign: bool, other_script: bool) -> set[int]:
        found = self._latin.slots(word)
        if other_script:
            found |= self._other_script.slots(word)
        if not found and is_foreign and len(word) >= _SHORTEST_REPAIRED:
            meant = self._spelling.repair(word)
            return self._latin.slots(meant) if meant else found
        return found

    def _counts(self, phrase: _Phrase, taken: tuple[int, ...], folded: Sequence[str]) -> bool:
        """Whether no word for not turns a phrase round."""
        first, last = min(taken), max(taken)
        before = [folded[at] for at in range(max(0, first - _NEGATION_REACH), last) if at not in taken]
        negated = not self._negators[phrase.language].isdisjoint(before)
        return not negated and self._negators_after[phrase.language].isdisjoint(folded[last + 1 : last + 2])


class _Words:
    """The words of all phrases in one kind of letters: which numbers a word of a message stands for."""

    def __init__(self) -> None:
        self.exact: defaultdict[str, set[int]] = defaultdict(set)
        self._stems: defaultdict[str, set[int]] = defaultdict(set)
        self._longest_stem = 0

    def add(self, choice: str, number: int) -> None:
        """Take up a word, or the beginning of one."""
        folded = _folded_word(keyword_form(choice))
        if choice.endswith(OPEN_END):
            self._stems[folded].add(number)
            self._longest_stem = max(self._longest_stem, len(folded))
        else:
            self.exact[folded].add(number)

    def slots(self, folded: str) -> set[int]:
        """Give the numbers of a word."""
        found = set(self.exact.get(folded, ()))
        for length in range(_SHORTEST_STEM, min(len(folded), self._longest_stem) + 1):
            found |= self._stems.get(folded[:length], set())
        return found


def _near(slots: Sequence[int], places: Mapping[int, Sequence[int]], anchor: int) -> tuple[int, ...]:
    """Give where the words of a phrase stand around the place of its first one; nothing when too far apart."""
    taken = [anchor]
    for slot in slots[1:]:
        free = [position for position in places[slot] if position not in taken]
        if not free:
            return ()
        taken.append(min(free, key=lambda position: abs(position - anchor)))
    near = max(taken) - min(taken) < len(slots) + _WORDS_BETWEEN
    return tuple(taken) if near else ()


@lru_cache(maxsize=8192)
def _folded_word(word: str) -> str:
    for pattern, plain in _SPELT_DIFFERENTLY:
        word = pattern.sub(plain, word)
    return word


def _folded(words: Iterable[str]) -> frozenset[str]:
    return frozenset(_folded_word(keyword_form(word)) for word in words)
