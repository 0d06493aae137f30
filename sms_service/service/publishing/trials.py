"""Trying a draft out before anybody is texted by it: what changes, what the checker says, which golden texts change.

Changes and complaints are there at once. For the golden texts a release is made of the draft, which may have to learn
its examples first (up to a minute): that happens in the background, one at a time, never in a request.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from sms_service.core.checks import Complaint, check_book, in_reading_order
from sms_service.core.loaded_book import LoadedBook
from sms_service.core.publishing.book_changes import BookChanges, book_changes
from sms_service.core.publishing.content import Digest
from sms_service.core.publishing.golden import GoldenChange, danger_replies, golden_changes
from sms_service.core.publishing.records import Draft
from sms_service.core.publishing.urgent_lane import why_not_urgent
from sms_service.core.reply_book import ReplyKey
from sms_service.service.asking import Asker
from sms_service.service.ports import LineLog
from sms_service.service.publishing.books import Books, Newest
from sms_service.service.release import Release

_KEPT_RELEASES: Final = 3
_KEPT_RESULTS: Final = 32


@dataclass(frozen=True, slots=True)
class ReadyRelease:
    """A release that can answer now.

    Attributes:
        release: The release.
        has_learned: Whether it has learned exactly its own examples; otherwise that is still to be done.
    """

    release: Release
    has_learned: bool


class ReleaseMaker(Protocol):
    """Makes what answers from a book."""

    def learned(self, loaded: LoadedBook, *, number: int | None, tree: Digest) -> Release:
        """Make a release that has learned its examples: at once when this host learned them before, else in a minute.

        Raises:
            Blocked: For a book that nobody could be answered from.
        """
        ...

    def at_once(
        self, loaded: LoadedBook, *, number: int | None, tree: Digest, until_then: Release | None
    ) -> ReadyRelease:
        """Make a release now, without learning.

        It reads with what this host learned before, else with what ``until_then`` learned from other examples, else
        with the sentence encoder alone.

        Raises:
            Blocked: For a book that nobody could be answered from.
        """
        ...


@dataclass(frozen=True, slots=True)
class Preview:
    """What is known of a draft at once.

    Attributes:
        changes: What a child would notice.
        complaints: What the checker says of the draft, in reading order.
        why_not_urgent: Why it may not go the urgent way; empty when it may.
    """

    changes: BookChanges
    complaints: tuple[Complaint, ...]
    why_not_urgent: tuple[str, ...]

    @property
    def errors(self) -> tuple[Complaint, ...]:
        """The complaints that keep it from going live."""
        return tuple(complaint for complaint in self.complaints if complaint.is_error)


@dataclass(frozen=True, slots=True)
class Trial:
    """What a draft does to golden texts.

    Attributes:
        tree: The draft's content that was tried.
        live_tree: What it was compared with.
        golden_count: How many golden texts there are.
        golden: Those that change, or are wrong.
        failure: Why it could not be tried, in words; None when it was.
    """

    tree: Digest
    live_tree: Digest
    golden_count: int
    golden: tuple[GoldenChange, ...]
    failure: str | None = None

    @property
    def lost_danger(self) -> tuple[GoldenChange, ...]:
        """The texts that would no longer get a danger reply: they keep the draft from going live."""
        return tuple(change for change in self.golden if change.loses_danger)


class Trials:
    """Tries drafts.

    Args:
        books: Where they are.
        maker: Makes releases of them.
        clock: For overdue contacts and opening hours.
        log: Told when a trial breaks.
        run: Starts work in the background; tests may run it at once.
    """

    def __init__(
        self,
        books: Books,
        maker: ReleaseMaker,
        clock: Callable[[], dt.datetime],
        log: LineLog,
        run: Callable[[Callable[[], None]], None] | None = None,
    ) -> None:
        self._books = books
        self._maker = maker
        self._clock = clock
        self._log = log
        self._run = run or _in_a_thread
        self._lock = threading.Lock()
        self._one_at_a_time = threading.Lock()
        self._under_way: set[tuple[Digest, Digest]] = set()
        self._results: dict[tuple[Digest, Digest], Trial] = {}
        self._releases: Newest[Digest, Release] = Newest(_KEPT_RELEASES)
        self._complaints: Newest[tuple[Digest, dt.date], tuple[Complaint, ...]] = Newest(_KEPT_RESULTS)

    def preview(self, draft: Draft) -> Preview:
        """Give what is known at once: compared with what is live now."""
        live = self._books.live().tree
        before, after = self._books.loaded(live), self._books.loaded(draft.tree)
        changes = book_changes(before, after)
        reasons = why_not_urgent(changes, self._books.tree(live), self._books.tree(draft.tree))
        return Preview(changes, tuple(self.complaints(draft.tree)), reasons)

    def complaints(self, tree: Digest) -> list[Complaint]:
        """Give what the checker says of a book today."""
        today = self._clock().date()
        return list(self._complaints.get_or_make((tree, today), lambda: self._checked(tree, today)))

    def _checked(self, tree: Digest, today: dt.date) -> tuple[Complaint, ...]:
        loaded = self._books.loaded(tree)
        if loaded.book is None:
            return loaded.complaints
        rules = check_book(loaded.book, loaded.places, today=today, unread=loaded.unread)
        return tuple(in_reading_order([*loaded.complaints, *rules]))

    def result(self, draft: Draft) -> Trial | None:
        """Give what the draft does to golden texts; None while it is worked out (which this starts)."""
        key = self._key(draft)
        with self._lock:
            result = self._results.get(key)
        if result is None:
            self.start(draft)
            with self._lock:
                return self._results.get(key)
        return result

    def start(self, draft: Draft) -> None:
        """Begin to work it out, unless it is under way or done."""
        key = self._key(draft)
        with self._lock:
            if key in self._under_way or key in self._results:
                return
            self._under_way.add(key)
        self._run(lambda: self._work(key))

    def release_of(self, draft: Draft) -> Release:
        """Give a release of the draft for the simulator, at once: learning follows in the background.

        Raises:
            Blocked: For a book that nobody could be answered from.
        """
        self.start(draft)
        with self._lock:
            tried = self._results.get(self._key(draft))
        if tried is not None and tried.failure is None:
            return self._release(draft.tree)
        loaded = self._books.loaded(draft.tree)
        return self._maker.at_once(loaded, number=None, tree=draft.tree, until_then=None).release

    def _key(self, draft: Draft) -> tuple[Digest, Digest]:
        return (draft.tree, self._books.live().tree)

    def _work(self, key: tuple[Digest, Digest]) -> None:
        try:
            with self._one_at_a_time:
                trial = self._trial(*key)
        except Exception as error:  # noqa: BLE001 - a thread must end in a result, or the page would wait for ever
            self._log.trouble("trial_failed", error=error)
            kind = getattr(error, "sentence", type(error).__name__)
            trial = Trial(*key, 0, (), failure=f"This draft could not be tried: {kind}")
        with self._lock:
            self._results[key] = trial
            while len(self._results) > _KEPT_RESULTS:
                self._results.pop(next(iter(self._results)))
            self._under_way.discard(key)

    def _trial(self, tree: Digest, live_tree: Digest) -> Trial:
        before, after = self._release(live_tree), self._release(tree)
        golden = {one.text: one for one in (*self._books.loaded(live_tree).golden, *self._books.loaded(tree).golden)}
        changes = golden_changes(
            golden.values(), self._asking(before), self._asking(after), danger_replies(before.book, after.book)
        )
        return Trial(tree, live_tree, len(golden), changes)

    def _release(self, tree: Digest) -> Release:
        return self._releases.get_or_make(
            tree, lambda: self._maker.learned(self._books.loaded(tree), number=None, tree=tree)
        )

    def _asking(self, release: Release) -> Callable[[str], ReplyKey]:
        asker, now = Asker(release), self._clock()
        return lambda text: asker.ask(text, now).decision.reply


def _in_a_thread(work: Callable[[], None]) -> None:
    threading.Thread(target=work, name="try-draft", daemon=True).start()
