"""Learning from the book's examples: once a set of examples, kept on disk, never inside a request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from sms_service.core.understanding.learning import LearnedText, examples_digest, learn


class LearnedStore(Protocol):
    """Keeps what was learned, by the digest of the examples."""

    def load(self, digest: str) -> LearnedText | None:
        """Give what was kept, or None when it is missing or damaged."""
        ...

    def save(self, digest: str, learned: LearnedText) -> bool:
        """Keep it; False when that was not possible (it is then learned again next time)."""
        ...

    def training_lock(self) -> AbstractContextManager[None]:
        """Let one process of this host learn at a time; the others then find its result."""
        ...


def learned_from(examples: Mapping[str, Sequence[str]], store: LearnedStore) -> LearnedText:
    """Give what these examples teach: from the store, otherwise learned now (tens of seconds) and kept."""
    digest = examples_digest(examples)
    kept = store.load(digest)
    if kept is not None:
        return kept
    with store.training_lock():
        kept = store.load(digest)
        if kept is not None:
            return kept
        learned = learn(examples)
        store.save(digest, learned)
        return learned
