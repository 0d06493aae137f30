"""From example sentences to everything that free text needs: the lexical model and the table of known words."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sms_service.core.normalisation import normalise
from sms_service.core.understanding.free_text import FreeText, SentenceEncoder, Tuning, sentence_digest
from sms_service.core.understanding.lexical_model import LexicalModel, train
from sms_service.core.understanding.run_together import WordSplitter
from sms_service.core.understanding.spelling import SpellingTable
from sms_service.core.understanding.text_speak import expand_text_speak

LEARNER_VERSION = "2"
"""Part of the digest: raise it when the same examples would now be learned otherwise."""

_REPAIR_TO_WORDS_SEEN = 3
"""A slip is repaired only towards a word that this many examples use."""

_KNOWN_WHEN_SEEN = 2
"""A word that two examples use is nobody's slip."""

_SHORTEST_REPAIRED = 4


@dataclass(frozen=True, slots=True)
class LearnedText:
    """What is learned from the examples.

    Attributes:
        model: The lexical model.
        word_counts: How many times each word stands in the examples.
        sentences: Digest of each example's words to its label: a message that is an example needs no statistics.
        digest: Of the examples (:func:`examples_digest`).
    """

    model: LexicalModel
    word_counts: dict[str, int]
    sentences: dict[int, str]
    digest: str


def examples_digest(examples: Mapping[str, Sequence[str]]) -> str:
    """Give a name for exactly these examples (hex SHA-256), under which what they teach is kept."""
    digest = hashlib.sha256(LEARNER_VERSION.encode())
    for label in sorted(examples):
        for sentence in examples[label]:
            digest.update(f"\0{label}\0{sentence}".encode())
    return digest.hexdigest()


def example_words(sentence: str) -> tuple[str, ...]:
    """Give a sentence as the models read it: plain words, text-speak written out."""
    return tuple(expand_text_speak(normalise(sentence).words))


def learn(examples: Mapping[str, Sequence[str]]) -> LearnedText:
    """Learn from sentences by label. Deterministic; about a minute for 56,000 sentences on one core."""
    pairs = [
        (words, label)
        for label in sorted(examples)
        for sentence in examples[label]
        if (words := example_words(sentence))
    ]
    counts = Counter(word for words, _ in pairs for word in words)
    sentences = {sentence_digest(words): label for words, label in pairs}
    return LearnedText(train(pairs), dict(counts), sentences, examples_digest(examples))


def free_text_from(
    learned: LearnedText,
    english: frozenset[str],
    encoder: SentenceEncoder | None,
    on_encoder_error: Callable[[Exception], None] | None = None,
) -> tuple[FreeText, SpellingTable]:
    """Give the free-text stage and the spelling table that prepares its words."""
    counts = learned.word_counts
    targets = {
        word: float(count)
        for word, count in counts.items()
        if count >= _REPAIR_TO_WORDS_SEEN and len(word) >= _SHORTEST_REPAIRED
    }
    known = english | {word for word, count in counts.items() if count >= _KNOWN_WHEN_SEEN}
    free_text = FreeText(
        learned.model,
        encoder,
        sentences=learned.sentences,
        splitter=WordSplitter(counts, known),
        on_encoder_error=on_encoder_error,
        learned_from=learned.digest,
    )
    return free_text, SpellingTable(targets, known)


def free_text_while_learning(
    encoder: SentenceEncoder, english: frozenset[str], on_encoder_error: Callable[[Exception], None] | None = None
) -> tuple[FreeText, SpellingTable]:
    """Give a free-text stage that needs no learning: the sentence encoder alone, until the examples are learned."""
    blank = LexicalModel.blank(encoder.labels)
    alone = FreeText(blank, encoder, on_encoder_error=on_encoder_error, tuning=Tuning(encoder_share=1.0))
    return alone, SpellingTable({}, english)
