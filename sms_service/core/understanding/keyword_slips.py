"""Keywords of several words with one slip in them ('hlep me now'), and of one word written as two ('black mial')."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass

from sms_service.core.understanding.spelling import SpellingTable, is_slip

_SHORTEST_SLIPPED = 3
"""Letters of a word that a slip is sought in: a shorter one is one slip away from too much."""


@dataclass(frozen=True, slots=True)
class SlippedKeyword:
    """A keyword that words of a message come close to.

    Attributes:
        keyword: In its normalised form.
        position: Index of the first of the message's words.
        words: How many of them it takes.
    """

    keyword: str
    position: int
    words: int


class KeywordSlips:
    """Finds such keywords; built once per release.

    Args:
        forms: The keywords, normalised.
        single: Finds a keyword of one word that a word is a slip of.
        real: Words that mean themselves and are never a slip.
    """

    def __init__(self, forms: Iterable[str], single: SpellingTable, real: Container[str]) -> None:
        self._single = single
        self._real = real
        self._gaps: defaultdict[tuple[str, ...], list[tuple[str, str]]] = defaultdict(list)
        lengths = set()
        for form in forms:
            words = form.split()
            if len(words) == 1:
                continue
            lengths.add(len(words))
            for index, word in enumerate(words):
                if len(word) >= _SHORTEST_SLIPPED:
                    self._gaps[(*words[:index], "", *words[index + 1 :])].append((word, form))
        self._lengths = sorted(lengths, reverse=True)

    def find(self, words: Sequence[str]) -> Iterator[SlippedKeyword]:
        """Give the keywords that one slip in one word leads away from, longest first at each slip."""
        for index, word in enumerate(words):
            if word in self._real or word.isdigit():
                continue
            for length in self._lengths:
                for start in range(max(0, index - length + 1), min(index, len(words) - length) + 1):
                    gap = (*words[start:index], "", *words[index + 1 : start + length])
                    for meant, form in self._gaps.get(gap, ()):
                        if is_slip(word, meant):
                            yield SlippedKeyword(form, start, length)
            for start in (index - 1, index):
                if 0 <= start < len(words) - 1:
                    joined = self._single.repair("".join(words[start : start + 2]))
                    if joined is not None:
                        yield SlippedKeyword(joined, start, 2)
