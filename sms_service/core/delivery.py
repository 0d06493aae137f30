"""What became of a reply on its way to the handset: one final state from status reports that come in any order.

Reports come late, twice, out of order and with values nobody has told us about. So nothing here depends on order or
number of reports: each status has a rank, and the highest rank seen is the state. Statuses and codes by Twilio's pages
(docs: messaging/guides/outbound-message-status-in-status-callbacks; api/errors/CODE).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class DeliveryStatus(StrEnum):
    """How far a reply has come. ``UNKNOWN`` stands for every value that is not in this list."""

    UNKNOWN = "unknown"
    RECEIVING = "receiving"
    RECEIVED = "received"
    ACCEPTED = "accepted"
    SCHEDULED = "scheduled"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    PARTIALLY_DELIVERED = "partially_delivered"
    CANCELED = "canceled"
    FAILED = "failed"
    UNDELIVERED = "undelivered"
    DELIVERED = "delivered"
    READ = "read"

    @classmethod
    def of(cls, written: str | None) -> DeliveryStatus:
        """Give the status of a written value; whatever is not known is ``UNKNOWN``."""
        try:
            return cls((written or "").strip().lower())
        except ValueError:
            return cls.UNKNOWN

    @property
    def rank(self) -> int:
        """Which of two statuses is the state: the order of this list.

        Among the final ones a handset's receipt wins: a network may give a message up and deliver it after all, but no
        handset confirms what it has not got.
        """
        return _RANKS[self]

    @property
    def arrived(self) -> bool:
        """Whether the handset has it."""
        return self in (DeliveryStatus.DELIVERED, DeliveryStatus.READ)

    @property
    def is_lost(self) -> bool:
        """Whether the handset will not get it."""
        return self in (DeliveryStatus.CANCELED, DeliveryStatus.FAILED, DeliveryStatus.UNDELIVERED)


_RANKS: Final = {status: rank for rank, status in enumerate(DeliveryStatus)}


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """One report of the provider about one reply.

    Attributes:
        status: How far it has come.
        error_code: The provider's code, known or not, or None.
    """

    status: DeliveryStatus
    error_code: int | None = None


@dataclass(frozen=True, slots=True)
class DeliveryState:
    """What is known of a reply after all its reports.

    Attributes:
        status: The highest-ranking status; None before the first report.
        error_code: The code that came with it, or None.
    """

    status: DeliveryStatus | None = None
    error_code: int | None = None

    @property
    def words(self) -> str:
        """Say it for operators: ``delivered``, ``failed: handset could not be reached (30003)``."""
        if self.status is None:
            return "no report yet"
        if self.error_code is None:
            return self.status.value.replace("_", " ")
        return f"{self.status.value.replace('_', ' ')}: {error_words(self.error_code)} ({self.error_code})"


def final_state(reports: Iterable[DeliveryReport]) -> DeliveryState:
    """Give the state after reports in any order, any number of times."""
    best = max(reports, key=lambda report: (report.status.rank, report.error_code or 0), default=None)
    return DeliveryState() if best is None else DeliveryState(best.status, best.error_code)


_ERROR_WORDS: Final = {
    11200: "our server could not be reached",
    11205: "no connection to our server",
    11206: "our server broke the protocol",
    11215: "our server redirected too often",
    11220: "TLS to our server failed",
    11235: "TLS certificate of our server has expired",
    11237: "TLS certificate of our server is not trusted",
    11750: "our answer was too large",
    12100: "our answer could not be read",
    12200: "our answer has an element in the wrong place",
    12300: "our answer had the wrong content type",
    12400: "internal failure at the provider",
    14107: "too many replies between two numbers within 30 seconds",
    21408: "sending to this region is not switched on",
    21610: "blocked at provider",
    21611: "provider's queue for our number is full",
    21614: "not a mobile number",
    21617: "text too long",
    30001: "provider's queue overflowed",
    30002: "our account is suspended",
    30003: "handset could not be reached",
    30004: "blocked by the recipient or the network",
    30005: "unknown handset",
    30006: "landline, or a network that cannot be reached",
    30007: "filtered by the network",
    30008: "failed for a reason unknown to the provider",
    30034: "sender is not registered",
    63016: "outside the 24 hours in which WhatsApp lets us answer",
}
"""Codes that a line like this meets (docs: api/errors). 21610: they once wrote STOP and the provider keeps to it."""

BLOCKED_AT_PROVIDER: Final = 21610


def error_words(code: int) -> str:
    """Say what an error code means; one that is not in the list is still shown by its number."""
    return _ERROR_WORDS.get(code, "code not in our list")


_MOST_CODE_DIGITS: Final = 9


def read_error_code(written: str | None) -> int | None:
    """Read a code that somebody else wrote: plain digits, at most nine; no code ('', '0', anything else) is None."""
    digits = (written or "").strip()
    if not digits.isascii() or not digits.isdigit() or len(digits) > _MOST_CODE_DIGITS:
        return None
    return int(digits) or None
