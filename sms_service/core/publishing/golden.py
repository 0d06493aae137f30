"""Golden texts: what the line must go on understanding. A lost danger text keeps a book from going live."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sms_service.core.reply_book import ReplyBook, ReplyKey


@dataclass(frozen=True, slots=True)
class GoldenText:
    """A text and the reply it must get.

    Attributes:
        text: As somebody would write it.
        reply: What must come.
        line: Where it stands in ``golden.yaml``, from 1; None when it never was in a file.
    """

    text: str
    reply: ReplyKey
    line: int | None = None


@dataclass(frozen=True, slots=True)
class GoldenChange:
    """A golden text for which the draft gives another reply than it should, or than the live book does.

    Attributes:
        text: The text.
        wanted: The reply that the list names.
        before: What the live book answers; None when nothing was asked.
        after: What the draft answers.
        loses_danger: Whether a text that must get a danger reply, or gets one now, would no longer get one.
    """

    text: str
    wanted: ReplyKey
    before: ReplyKey | None
    after: ReplyKey
    loses_danger: bool

    @property
    def is_right(self) -> bool:
        """Whether the draft answers as the list says."""
        return self.after == self.wanted


def golden_changes(
    golden: Iterable[GoldenText],
    before: Callable[[str], ReplyKey] | None,
    after: Callable[[str], ReplyKey],
    danger_replies: frozenset[ReplyKey],
) -> tuple[GoldenChange, ...]:
    """Give the golden texts that the draft answers differently from the live book, or from what it should.

    Args:
        golden: Of the draft, and of the live book: a text must not get lost by taking it off the list.
        before: Asks the live book; None when there is none.
        after: Asks the draft.
        danger_replies: Replies that are about danger in either book.
    """
    changes = []
    for one in _each_once(golden):
        was = before(one.text) if before is not None else None
        now = after(one.text)
        if now == one.reply and was in (None, now):
            continue
        lost = now not in danger_replies and (one.reply in danger_replies or was in danger_replies)
        # What the live book already gets wrong is shown, but it is not this draft that loses it.
        lost = lost and was != now
        changes.append(GoldenChange(one.text, one.reply, was, now, lost))
    return tuple(changes)


def danger_replies(*books: ReplyBook) -> frozenset[ReplyKey]:
    """Give the replies that are about danger in any of the books."""
    return frozenset(key for book in books for key in book.replies if book.is_danger(key))


def _each_once(golden: Iterable[GoldenText]) -> Iterable[GoldenText]:
    return {one.text: one for one in golden}.values()
