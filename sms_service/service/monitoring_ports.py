"""What operators' stories need from outside. Adapters live in ``storage`` and ``webhooks``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from sms_service.core.errors import LineError
from sms_service.core.events import Event
from sms_service.core.log_filters import LogFilter, LogPlace
from sms_service.core.traffic import HourlyCell


class LogNotReadable(LineError):
    """The message log cannot be read now; messages are answered all the same."""

    code = "log_not_readable"
    retry_helps = True


class SearchTooLong(LineError):
    """Looking for these rows takes longer than a page may wait."""

    code = "search_too_long"


@dataclass(frozen=True, slots=True)
class LogPage:
    """Some rows, newest first.

    Attributes:
        rows: Of the log.
        newer: Whether there are rows before the first.
        older: Whether there are rows after the last.
    """

    rows: tuple[Event, ...]
    newer: bool
    older: bool


@dataclass(frozen=True, slots=True)
class Recent:
    """What happened since a moment; canaries are not in it.

    Attributes:
        outcomes: Messages by outcome.
        pictures: Messages with pictures.
        refused: Refused requests by code.
        wrong_addresses: Kinds of requests that our token signed for another address.
        arrived: Replies that the handset has.
        lost: Replies that it will not get, by the provider's code; 0: none given.
        unanswered_dangers: Messages of danger from landlines, which are never answered.
    """

    outcomes: Mapping[str, int] = field(default_factory=dict)
    pictures: int = 0
    refused: Mapping[str, int] = field(default_factory=dict)
    wrong_addresses: int = 0
    arrived: int = 0
    lost: Mapping[int, int] = field(default_factory=dict)
    unanswered_dangers: int = 0


class MessageLogReader(Protocol):
    """Reads the message log. Everything may raise :class:`LogNotReadable` or :class:`SearchTooLong`, within seconds."""

    def page(
        self,
        wanted: LogFilter,
        *,
        older_than: LogPlace | None = None,
        newer_than: LogPlace | None = None,
        most: int = 50,
    ) -> LogPage:
        """Give a page: the newest rows, or those next to a place. However deep it is, it costs the same."""
        ...

    def story(self, message_id: str) -> tuple[Event, ...]:
        """Give every row about a message, oldest first."""
        ...

    def stream(self, wanted: LogFilter) -> Iterator[Event]:
        """Give every row, oldest first, a few thousand in memory at a time; rows added meanwhile may be among them."""
        ...

    def newest_of_sender(self, pseudonym: str) -> str | None:
        """Give the id of a sender's newest message."""
        ...

    def senders_with(self, replies: Sequence[str], since: dt.datetime, at_least: int) -> list[tuple[int, dt.datetime]]:
        """Give how often each sender got one of these replies, and when last; only from so many times on."""
        ...

    def hourly(self, first: dt.datetime, before: dt.datetime) -> Mapping[HourlyCell, int]:
        """Give the counters of the hours from one moment (included) to another (not included)."""
        ...

    def recent(self, since: dt.datetime) -> Recent:
        """Sum up what happened since a moment, some minutes ago."""
        ...
