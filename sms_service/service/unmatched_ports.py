"""What learning from messages that were not understood needs from outside."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class UnmatchedMessage:
    """A message that was not understood, without what could point at a person.

    Attributes:
        unmatched_id: Its own.
        at: When it came.
        text: What is left of it.
    """

    unmatched_id: str
    at: dt.datetime
    text: str


class UnmatchedKeeper(Protocol):
    """Takes messages that were not understood, on the way of an answer: never raises, never waits."""

    def keep(self, at: dt.datetime, pseudonym: str, text: str) -> None:
        """Keep what may be kept of a message; the text is redacted before anything else happens to it."""
        ...

    def forget(self, pseudonyms: tuple[str, ...]) -> None:
        """Drop what still waits to be kept of these senders."""
        ...


class UnmatchedStore(Protocol):
    """Gives them to staff. Every call may raise :class:`~sms_service.core.errors.LineError`."""

    def messages(self, before: UnmatchedMessage | None, most: int) -> tuple[UnmatchedMessage, ...]:
        """Give messages, newest first, from behind one on."""
        ...

    def message(self, unmatched_id: str) -> UnmatchedMessage | None:
        """Give one."""
        ...

    def remove(self, unmatched_id: str) -> None:
        """Delete one for good."""
        ...


class NothingKept:
    """The keeper where no text may be kept: the default."""

    def keep(self, at: dt.datetime, pseudonym: str, text: str) -> None:
        """Do nothing."""

    def forget(self, pseudonyms: tuple[str, ...]) -> None:
        """Do nothing."""
