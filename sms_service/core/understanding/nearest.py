"""The examples that a message is most like, for staff who ask why a reply was chosen.

A cosine over words weighed by how rare they are: not how the reply is found, but the plainest way to show what it was
found by. Asked for by people only, never on the way of a message.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sms_service.core.understanding.learning import example_words


@dataclass(frozen=True, slots=True)
class NearExample:
    """An example sentence and how like the message it is.

    Attributes:
        sentence: As it stands in the examples.
        label: Reply that it is an example of; ``harmless`` for everyday texts.
        likeness: Cosine, from 0 (no word in common) to 1 (the same words).
    """

    sentence: str
    label: str
    likeness: float


class ExampleIndex:
    """Finds the examples nearest to a text. The first question takes about a second for 30,000 examples.

    Args:
        examples: Sentences by label.
    """

    def __init__(self, examples: Mapping[str, Sequence[str]]) -> None:
        self._examples = examples

    def nearest(self, text: str, label: str | None = None, most: int = 3) -> tuple[NearExample, ...]:
        """Give the nearest examples, nearest first; of one label only when ``label`` is given."""
        words = frozenset(example_words(text)) & self._weights.keys()
        length = self._length(words)
        likeness: defaultdict[int, float] = defaultdict(float)
        for word in words:
            for number in self._holding[word]:
                likeness[number] += self._weights[word] ** 2 / (length * self._lengths[number])
        wanted = [number for number in likeness if label is None or self._sentences[number][0] == label]
        wanted.sort(key=lambda number: (-likeness[number], self._sentences[number]))
        return tuple(
            NearExample(self._sentences[number][1], self._sentences[number][0], round(likeness[number], 4))
            for number in wanted[:most]
        )

    @cached_property
    def _sentences(self) -> list[tuple[str, str]]:
        return [(label, sentence) for label in sorted(self._examples) for sentence in self._examples[label]]

    @cached_property
    def _words(self) -> list[frozenset[str]]:
        return [frozenset(example_words(sentence)) for _, sentence in self._sentences]

    @cached_property
    def _holding(self) -> Mapping[str, list[int]]:
        holding: defaultdict[str, list[int]] = defaultdict(list)
        for number, words in enumerate(self._words):
            for word in words:
                holding[word].append(number)
        return dict(holding)

    @cached_property
    def _weights(self) -> Mapping[str, float]:
        """How rare a word is: the logarithm of all examples over those that hold it, plus one."""
        return {word: 1 + math.log(len(self._words) / len(numbers)) for word, numbers in self._holding.items()}

    @cached_property
    def _lengths(self) -> list[float]:
        return [self._length(words) for words in self._words]

    def _length(self, words: frozenset[str]) -> float:
        return math.sqrt(sum(self._weights[word] ** 2 for word in words)) or 1.0
