"""A multinomial logistic regression over words and letter groups, in numpy alone.

It learns from the book's example sentences in seconds, so staff's new examples count as soon as a release is made, and
gives the same weights for the same examples (fixed order, fixed seed, no threads of its own).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sms_service.core.understanding.features import COLUMNS, columns, feature_names

FloatArray = NDArray[np.float32]

_EPOCHS = 20
_BATCH = 256
_LEARNING_RATE = 0.6
_L2 = 2e-6
_SEED = 20_261_122


@dataclass(frozen=True, slots=True)
class LexicalModel:
    """Learned weights.

    Attributes:
        labels: Label of each class, in column order of ``weights``.
        weights: Shape (``COLUMNS`` + 1, classes); the last row is the bias.
        idf: Shape (``COLUMNS``,): how telling each column is.
    """

    labels: tuple[str, ...]
    weights: FloatArray
    idf: FloatArray

    @classmethod
    def blank(cls, labels: Sequence[str]) -> LexicalModel:
        """Give a model that has learned nothing yet: every label is as likely as any other."""
        return cls(
            tuple(labels),
            np.zeros((COLUMNS + 1, len(labels)), dtype=np.float32),
            np.ones(COLUMNS, dtype=np.float32),
        )

    def log_probabilities(self, words: Sequence[str]) -> FloatArray:
        """Give natural-log probabilities by class, shape (classes,)."""
        found = columns(feature_names(words))
        values = self.idf[found]
        values = values / max(float(np.sqrt(values @ values)), 1e-6)
        logits = values @ self.weights[found] + self.weights[COLUMNS]
        return log_softmax(logits)

    def telling_words(self, words: Sequence[str], label: str, most: int = 5) -> tuple[str, ...]:
        """Give the whole words that spoke loudest for a label, loudest first."""
        column = self.labels.index(label)
        distinct = tuple(dict.fromkeys(words))
        buckets = columns([f"w {word}" for word in distinct])
        rows = self.weights[buckets]
        strengths = (rows[:, column] - rows.mean(axis=1)) * self.idf[buckets]
        weights = dict(zip(distinct, strengths.tolist(), strict=True))
        loud = sorted(weights.items(), key=lambda item: (-item[1], item[0]))
        return tuple(word for word, weight in loud[:most] if weight > 0)


def log_softmax(logits: FloatArray) -> FloatArray:
    """Turn scores into natural-log probabilities along the last axis."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    result: FloatArray = (shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))).astype(np.float32)
    return result


def train(examples: Sequence[tuple[Sequence[str], str]], label_weights: dict[str, float] | None = None) -> LexicalModel:
    """Learn from (words, label) pairs.

    Classes are weighted by the square root of balanced: full balancing says that one message in fifteen is a crisis,
    and everyday texts pay for it.
    """
    labels = tuple(sorted({label for _, label in examples}))
    index_of = {label: index for index, label in enumerate(labels)}
    rows = [columns(feature_names(words)) for words, _ in examples]
    targets = np.array([index_of[label] for _, label in examples], dtype=np.int64)
    document_counts = np.bincount(np.concatenate([np.unique(row) for row in rows]), minlength=COLUMNS)
    idf = np.log((1 + len(rows)) / (1 + document_counts)).astype(np.float32) + np.float32(1)
    counts = np.bincount(targets, minlength=len(labels))
    class_weights = np.sqrt(len(rows) / (len(labels) * counts)).astype(np.float32)
    for label, weight in (label_weights or {}).items():
        class_weights[index_of[label]] *= weight

    random = np.random.default_rng(_SEED)
    order = random.permutation(len(rows))
    batches = [
        _Batch([rows[i] for i in chosen], targets[chosen], idf, class_weights, len(labels))
        for chosen in np.array_split(order, max(1, len(rows) // _BATCH))
    ]
    weights = np.zeros((COLUMNS + 1, len(labels)), dtype=np.float32)
    history = np.full_like(weights, 1e-4)
    for _ in range(_EPOCHS):
        for number in random.permutation(len(batches)):
            batches[number].step(weights, history)
    return LexicalModel(labels, weights, idf)


class _Batch:
    """A fixed group of examples with the sorting that its gradient needs done once."""

    def __init__(
        self,
        rows: list[NDArray[np.int32]],
        targets: NDArray[np.int64],
        idf: FloatArray,
        class_weights: FloatArray,
        classes: int,
    ) -> None:
        lengths = np.array([len(row) for row in rows])
        self._columns = np.concatenate(rows)
        self._starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        values = idf[self._columns]
        norms = np.sqrt(np.add.reduceat(values * values, self._starts))
        self._values = (values / np.repeat(norms, lengths))[:, None]
        self._row_of = np.repeat(np.arange(len(rows)), lengths)
        self._order = np.argsort(self._columns, kind="stable")
        ordered = self._columns[self._order]
        self._column_starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
        self._unique = ordered[self._column_starts]
        self._targets = targets
        self._sample_weights = class_weights[targets][:, None]
        self._one_hot = np.eye(classes, dtype=np.float32)[targets]

    def step(self, weights: FloatArray, history: FloatArray) -> None:
        """Take one Adagrad step in place."""
        logits = np.add.reduceat(weights[self._columns] * self._values, self._starts, axis=0) + weights[COLUMNS]
        errors = (np.exp(log_softmax(logits)) - self._one_hot) * self._sample_weights / len(self._targets)
        terms = (errors[self._row_of] * self._values)[self._order]
        gradient = np.add.reduceat(terms, self._column_starts, axis=0) + _L2 * weights[self._unique]
        history[self._unique] += gradient * gradient
        weights[self._unique] -= _LEARNING_RATE * gradient / np.sqrt(history[self._unique])
        bias = errors.sum(axis=0)
        history[COLUMNS] += bias * bias
        weights[COLUMNS] -= _LEARNING_RATE * 0.1 * bias / np.sqrt(history[COLUMNS])
