"""What trying a draft from a real phone needs, and what the story of a message needs of it."""

from __future__ import annotations

import datetime as dt
from typing import Protocol

from sms_service.core.history import HistoryEntry
from sms_service.core.publishing.trying_phones import TryingPhone
from sms_service.service.release import Release


class TryingPhoneStore(Protocol):
    """Keeps the phones. Every call may raise :class:`~sms_service.core.errors.LineError`."""

    def add(self, phone: TryingPhone, now: dt.datetime, entry: HistoryEntry) -> None:
        """Allow a phone, instead of any draft it tried before; phones whose time is over are deleted."""
        ...

    def remove(self, phone_id: str, entry: HistoryEntry) -> None:
        """Delete a phone, if it is still there."""
        ...

    def current(self, now: dt.datetime) -> tuple[TryingPhone, ...]:
        """Give the phones whose time is not over and whose draft is under way, newest first."""
        ...


class TriedDrafts(Protocol):
    """Says who gets the replies of a draft."""

    def release_for(self, pseudonym: str, now: dt.datetime) -> Release | None:
        """Give what a sender is to be answered from; None for everybody but allowed phones. Never raises."""
        ...


class NothingTried:
    """For a line on which no drafts are tried."""

    def release_for(self, pseudonym: str, now: dt.datetime) -> Release | None:  # noqa: ARG002 - nobody tries
        """Give None."""
        return None
