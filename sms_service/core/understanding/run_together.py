"""Words written without the spaces between them ('imbeingblackmailed'), and letters with a space after each."""

from __future__ import annotations

import math
from collections.abc import Container, Mapping, Sequence
from typing import Final

from sms_service.core.understanding.text_speak import TEXT_SPEAK

_SHORTEST: Final = 7
"""Letters of a token that is looked at; shorter ones are names and slips."""

_LONGEST: Final = 48
"""Bounds the cost of a hostile token."""

_LONGEST_WORD: Final = 16
_SEEN_OFTEN: Final = 20
"""How many times a word must stand in the examples to be a piece; three times that for one of two letters."""

_ONE_LETTER: Final = frozenset("ia")
_LETTERS_APIECE: Final = 2.4
"""Fewer letters a piece on average and any token falls into pieces."""

_SHORTEST_SPELLED: Final = 3
_SHORTEST_TEXT_SPEAK: Final = 4


class WordSplitter:
    """Puts the spaces back, by how common each piece is (the most probable split, found in one pass).

    Args:
        counts: How many times each word stands in the examples.
        known: Real and listed words, which are never split.
    """

    def __init__(self, counts: Mapping[str, int], known: Container[str]) -> None:
        self._known = known
        total = sum(counts.values())
        self._costs = {
            word: math.log(total / count)
            for word, count in counts.items()
            if count >= _SEEN_OFTEN * (1 if len(word) > 2 else 3)  # noqa: PLR2004 - two letters
            and (len(word) > 1 or word in _ONE_LETTER)
            and word.isalpha()
        }
        if counts:
            rare = math.log(max(total / _SEEN_OFTEN, 1.0))
            self._costs |= {word: rare for word in TEXT_SPEAK if len(word) >= _SHORTEST_TEXT_SPEAK and word.isalpha()}

    def respaced(self, words: Sequence[str]) -> tuple[str, ...]:
        """Give the words with run-together ones split and spelled-out ones joined."""
        spaced: list[str] = []
        letters = ""
        for word in (*words, ""):
            if len(word) == 1 and word.isalpha():
                letters += word
                continue
            if letters:
                spaced.extend(self._joined(letters))
                letters = ""
            if word:
                spaced.extend(self._split(word) or (word,))
        return tuple(spaced)

    def _joined(self, letters: str) -> Sequence[str]:
        """Give the words that letters spell one by one, or the letters: 'u r' is text-speak, 'd i e' is not."""
        if len(letters) < _SHORTEST_SPELLED or all(letter in TEXT_SPEAK or letter in _ONE_LETTER for letter in letters):
            return letters
        return (letters,) if letters in self._costs else self._pieces(letters) or letters

    def _split(self, word: str) -> tuple[str, ...]:
        if not _SHORTEST <= len(word) <= _LONGEST or not word.isalpha() or not self._costs:
            return ()
        dropped_g = word.endswith("in") and word + "g" in self._known
        return () if dropped_g or word in self._known or word in TEXT_SPEAK else self._pieces(word)

    def _pieces(self, word: str) -> tuple[str, ...]:
        """Give the cheapest split of all the letters; nothing where there is none, or only one into crumbs."""
        best: list[tuple[float, int]] = [(0.0, 0)]
        for end in range(1, len(word) + 1):
            best.append(
                min(
                    (
                        (best[start][0] + self._costs.get(word[start:end], math.inf), start)
                        for start in range(max(0, end - _LONGEST_WORD), end)
                    ),
                )
            )
        if math.isinf(best[-1][0]):
            return ()
        pieces: list[str] = []
        end = len(word)
        while end:
            start = best[end][1]
            pieces.append(word[start:end])
            end = start
        return tuple(reversed(pieces)) if len(word) >= _LETTERS_APIECE * len(pieces) else ()
