"""The release a process answers from: everything that was made from one reply book, in memory, swapped as a whole."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Final, NamedTuple

from sms_service.core.normalisation import normalise
from sms_service.core.rendering import Part, Renderer
from sms_service.core.reply_book import ReplyBook
from sms_service.core.understanding.nearest import ExampleIndex
from sms_service.core.understanding.pipeline import Understander
from sms_service.core.understanding.result import Understanding
from sms_service.core.understanding.service_words import ServiceWord

_OPENING_WORDS: Final = 12
_SHORTEST_OWN_TEXT_WORDS: Final = 6
"""A shorter opening could be what a person writes ('I am OK'); only a longer one shows that a machine is texting us."""


class Reading(NamedTuple):
    """What a text says by itself, whoever sends it, and whenever.

    Attributes:
        understanding: What is meant.
        command: What it asks of the line itself, if anything.
        is_own_text: Whether it begins like one that this line sends.
        words: What it has in common with texts that say the same.
    """

    understanding: Understanding
    command: ServiceWord | None
    is_own_text: bool
    words: str


@dataclass(frozen=True, slots=True)
class Release:
    """One published book, ready to answer. Immutable: a request uses one from beginning to end.

    Attributes:
        number: Of the release, or None for a book read from files.
        book: What is said.
        renderer: Its texts, prepared.
        understander: Finds the reply.
        openings: How our own texts begin, to recognise one that comes back to us.
        tree: Digest of the whole book; None for one whose files were not looked at as a whole.
        examples: For people who ask why a reply was chosen.
        readings: Of texts that are a keyword, or one with courtesy: most messages are, and there are only so many.
    """

    number: int | None
    book: ReplyBook
    renderer: Renderer
    understander: Understander
    openings: frozenset[str]
    tree: str | None = None
    examples: ExampleIndex = ExampleIndex({})  # noqa: RUF009 - immutable
    readings: dict[str, Reading] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(
        cls,
        book: ReplyBook,
        understander: Understander,
        *,
        now: dt.datetime,
        bank_holidays: frozenset[dt.date] = frozenset(),
        number: int | None = None,
        tree: str | None = None,
        examples: Mapping[str, Sequence[str]] | None = None,
    ) -> Release:
        """Make a release of a book. ``now`` decides which texts with opening hours are recognised as ours."""
        renderer = Renderer(book)
        openings = set()
        for key, part, emergency_line in product(book.replies, (Part.TEXT, Part.AGAIN, Part.MORE), (False, True)):
            for language in book.replies[key].text:
                rendered = renderer.render(key, part, language, now, bank_holidays, emergency_line=emergency_line)
                openings.add(_opening(normalise(rendered.text).words))
        return cls(
            number, book, renderer, understander, frozenset(filter(None, openings)), tree, ExampleIndex(examples or {})
        )

    def is_own_text(self, words: Sequence[str]) -> bool:
        """Whether a text with these words begins like one that this line sends: another line, or a mirror, texts us."""
        return len(words) >= _SHORTEST_OWN_TEXT_WORDS and _opening(words) in self.openings


class CurrentRelease:
    """Holds the release that answers now. A watcher swaps it; reading and swapping are one atomic step each.

    Args:
        release: None when no book could be loaded at all: every answer is then the built-in fallback.
    """

    def __init__(self, release: Release | None) -> None:
        self._release = release
        self._swapping = threading.Lock()

    @property
    def current(self) -> Release | None:
        """The release to answer from. Ask once a request."""
        return self._release

    def swap(self, release: Release) -> None:
        """Answer from another release from now on."""
        with self._swapping:
            self._release = release

    def replace(self, before: Release | None, after: Release) -> bool:
        """Answer from ``after`` if ``before`` is still what answers; give whether it was."""
        with self._swapping:
            if self._release is not before:
                return False
            self._release = after
            return True


def _opening(words: Sequence[str]) -> str:
    return " ".join(words[:_OPENING_WORDS]) if len(words) >= _SHORTEST_OWN_TEXT_WORDS else ""
