"""Reading a message in somebody's own words: the lexical model, averaged with a sentence encoder where there is one.

Two models that err differently are averaged by their logarithms; danger phrases and keywords found on the way add to
their reply. The result is a probability for each reply; the policy at the end decides between answer and menu.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from sms_service.core.understanding.lexical_model import FloatArray, LexicalModel, log_softmax
from sms_service.core.understanding.run_together import WordSplitter

HARMLESS = "harmless"
"""Label of everyday texts: nothing for this line."""


_SOMEBODY = frozenset(
    """
    he hes hed hell him his she shes shed shell her they theyre theyd theyll them their man men guy someone somebody
    bloke stranger uncle lad
    """.split()
)
"""Words for another person."""


class SentenceEncoder(Protocol):
    """A trained sentence encoder with a head of its own (the adapter in ``storage`` runs it)."""

    @property
    def labels(self) -> tuple[str, ...]:
        """Labels of the head, in column order."""
        ...

    def log_probabilities(self, words: Sequence[str]) -> FloatArray:
        """Give natural-log probabilities, shape (labels,). May raise; the caller goes on without."""
        ...


@dataclass(frozen=True, slots=True)
class Tuning:
    """Numbers chosen on the development messages (``docs/understanding.md`` shows how each was chosen).

    Attributes:
        lexical_alone_above: Above this probability of its likeliest label the lexical model is believed; the encoder,
            which takes thirty times as long, is not asked.
        encoder_share: Weight of the sentence encoder in the average, 0 to 1.
        temperature: Divides the scores before they become probabilities; above 1 is less sure.
        phrase_bonus: Log score that a danger phrase adds to its reply.
        keyword_bonus: Log score that a keyword inside the message adds to its reply.
        menu_below: Below this probability the menu is sent.
        everyday_over_phrase: A danger phrase decides unless an everyday text is at least this probable.
        danger_over_harmless: Urgent and crisis together must be this many times as likely as harmless.
        danger_over_harmless_evident: The same for a message that speaks of somebody else, which everyday moods seldom
            do, or is short: few words hold little that is everyday.
        short_words: Up to this many words a message is short.
        emergency_line_from: Probability of urgent and crisis together from which any reply carries the emergency line.
    """

    lexical_alone_above: float = 0.98
    encoder_share: float = 0.4
    temperature: float = 0.8
    phrase_bonus: float = 1.0
    keyword_bonus: float = 0.2
    menu_below: float = 0.35
    everyday_over_phrase: float = 0.6
    danger_over_harmless: float = 40.0
    danger_over_harmless_evident: float = 12.0
    short_words: int = 5
    emergency_line_from: float = 0.15

    def alarm_bar(self, words: Sequence[str]) -> float:
        """Give how many times likelier than an everyday text danger must be in a message of these words."""
        evident = len(words) <= self.short_words or not _SOMEBODY.isdisjoint(words)
        return self.danger_over_harmless_evident if evident else self.danger_over_harmless


@dataclass(frozen=True, slots=True)
class Judgement:
    """Probability of every label for one message, likeliest first, and whether the encoder had its say."""

    ranked: tuple[tuple[str, float], ...]
    encoder_used: bool

    def probability(self, *labels: str) -> float:
        """Give the probability of these labels together."""
        return sum(probability for label, probability in self.ranked if label in labels)


class FreeText:
    """The free-text stage of one release.

    Args:
        lexical: Learned from the book's examples.
        encoder: None where it is not installed; the lexical model then judges alone.
        sentences: Digest of each example's words to its label (:func:`sentence_digest`).
        splitter: Puts spaces back into words run together.
        on_encoder_error: Told when the encoder fails, so that operators see the loss of quality.
        tuning: Numbers of the averaging and the policy.
        learned_from: Digest of the examples that ``lexical`` has learned.
    """

    def __init__(
        self,
        lexical: LexicalModel,
        encoder: SentenceEncoder | None = None,
        *,
        sentences: Mapping[int, str] | None = None,
        splitter: WordSplitter | None = None,
        on_encoder_error: Callable[[Exception], None] | None = None,
        tuning: Tuning | None = None,
        learned_from: str | None = None,
    ) -> None:
        self.lexical = lexical
        self.learned_from = learned_from
        self._sentences = sentences or {}
        self.splitter = splitter or WordSplitter({}, frozenset())
        self.tuning = tuning or Tuning()
        self._encoder = encoder
        self._on_encoder_error = on_encoder_error
        if encoder is not None:
            column_of = {label: index for index, label in enumerate(encoder.labels)}
            # A label the encoder never saw (a reply that staff added) keeps its lexical score.
            self._known = np.array([label in column_of for label in lexical.labels])
            self._columns = np.array([column_of.get(label, 0) for label in lexical.labels])

    @property
    def has_learned(self) -> bool:
        """Whether it knows the book's examples, not only what the encoder was trained on."""
        return bool(self._sentences)

    def without_encoder(self) -> FreeText:
        """Give the same stage with the lexical model alone, to measure what the encoder is worth."""
        return FreeText(self.lexical, None, sentences=self._sentences, splitter=self.splitter, tuning=self.tuning)

    def label_of_example(self, words: Sequence[str]) -> str | None:
        """Give the label when these are exactly the words of an example: what staff add counts at once and in full."""
        return self._sentences.get(sentence_digest(words))

    def judge(self, words: Sequence[str], bonuses: Mapping[str, float]) -> Judgement:
        """Weigh a message.

        Args:
            words: Plain words, text-speak written out, slips repaired.
            bonuses: Log score to add, by label (danger phrases and keywords found before).
        """
        scores = self.lexical.log_probabilities(words)
        added = np.array([bonuses.get(label, 0.0) for label in self.lexical.labels], dtype=np.float32)
        alone = self._judgement(scores + added, encoder_used=False)
        if alone.ranked[0][1] > self.tuning.lexical_alone_above:
            return alone
        seen = self._encoder_scores(words)
        if seen is None:
            return alone
        share = self.tuning.encoder_share
        both = (1 - share) * _floored(scores) + share * _floored(seen[self._columns])
        scores = np.where(self._known, both, scores).astype(np.float32)
        return self._judgement(scores + added, encoder_used=True)

    def _judgement(self, scores: FloatArray, *, encoder_used: bool) -> Judgement:
        probabilities = np.exp(log_softmax(scores / np.float32(self.tuning.temperature)))
        order = np.argsort(-probabilities, kind="stable").tolist()
        labels, found = self.lexical.labels, probabilities.tolist()
        return Judgement(tuple([(labels[index], found[index]) for index in order]), encoder_used)

    def _encoder_scores(self, words: Sequence[str]) -> FloatArray | None:
        if self._encoder is None:
            return None
        try:
            return self._encoder.log_probabilities(words)
        except Exception as error:  # noqa: BLE001 - a broken model must never cost a child the answer
            if self._on_encoder_error is not None:
                self._on_encoder_error(error)
            return None


def sentence_digest(words: Sequence[str]) -> int:
    """Give a 64-bit name for a sentence's words (BLAKE2b, the same on every machine)."""
    return int.from_bytes(hashlib.blake2b(" ".join(words).encode(), digest_size=8).digest(), "big")


def _floored(log_probabilities: FloatArray) -> FloatArray:
    """Keep one model's certainty from vetoing the other: no probability counts as less than one in a thousand."""
    floored: FloatArray = np.log(np.exp(log_probabilities) + np.float32(1e-3))
    return floored
