"""What operators look for in the message log, as values; and how what they typed becomes one."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from sms_service.core.delivery import DeliveryStatus
from sms_service.core.events import EventKind

_NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,80}")
_MESSAGE_ID: Final = re.compile(r"[A-Za-z0-9_.:-]{1,80}")
_PSEUDONYM: Final = re.compile(r"[0-9a-f]{32}")
_CODE: Final = re.compile(r"[0-9]{1,9}")

Reader = Callable[[str, dt.tzinfo], dict[str, Any]]
"""Reads a field: text and zone to fields of the filter; raises ValueError with the mend."""

SHOWN_KINDS: Final = (EventKind.MESSAGE, EventKind.CALL_STEP)
"""What is listed unless asked otherwise: what people did. Reports stand at their message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogFilter:
    """Which rows. What is None says nothing; what is not combines with 'and'.

    Attributes:
        kinds: Rows of these kinds; all of them where there is none.
        first: Rows at or after this moment.
        before: Rows before this moment.
        outcome: What became of the message.
        stage: How it was understood.
        reply: Key of the reply.
        channel: SMS, WhatsApp, RCS or voice.
        delivery: How far the reply has come; of a message, its state after all reports.
        error_code: The provider's code.
        refusal: Code of a refusal.
        pseudonym: Of the sender.
        message_id: The provider's id.
    """

    kinds: tuple[EventKind, ...] = SHOWN_KINDS
    first: dt.datetime | None = None
    before: dt.datetime | None = None
    outcome: str | None = None
    stage: str | None = None
    reply: str | None = None
    channel: str | None = None
    delivery: DeliveryStatus | None = None
    error_code: int | None = None
    refusal: str | None = None
    pseudonym: str | None = None
    message_id: str | None = None


@dataclass(frozen=True, slots=True)
class FilterComplaint:
    """What is wrong with a field of the filter, and what to write instead."""

    field: str
    sentence: str


@dataclass(frozen=True, slots=True)
class LogPlace:
    """A row's place in the order of the log, to go on from: newest first, by moment and id."""

    at: dt.datetime
    event_id: str

    def written(self) -> str:
        """Give it as text for an address."""
        raw = f"{self.at.astimezone(dt.UTC).isoformat()} {self.event_id}"
        return base64.urlsafe_b64encode(raw.encode()).decode("ascii").rstrip("=")

    @classmethod
    def read(cls, written: str) -> LogPlace | None:
        """Read what :meth:`written` gave; None for anything else."""
        try:
            raw = base64.urlsafe_b64decode(written.encode("ascii") + b"=" * (-len(written) % 4)).decode()
            moment, _, event_id = raw.partition(" ")
            at = dt.datetime.fromisoformat(moment)
        except (ValueError, binascii.Error):
            return None
        return cls(at, event_id) if at.tzinfo is not None and event_id else None


def read_filter(typed: Mapping[str, str], zone: dt.tzinfo) -> tuple[LogFilter, list[FilterComplaint]]:
    """Read what somebody typed. A field that cannot be read is left out of the filter and complained about.

    Args:
        typed: Text by field name: those of :class:`LogFilter`, ``kind`` for its kinds (a kind, or ``all``).
        zone: Where times without a zone are meant.
    """
    wanted, complaints = LogFilter(), []
    for name, text in ((name, typed.get(name, "").strip()) for name in _READERS):
        if not text:
            continue
        try:
            wanted = replace(wanted, **_READERS[name](text, zone))
        except ValueError as error:
            complaints.append(FilterComplaint(name, str(error)))
    return wanted, complaints


def _kinds(text: str, _zone: dt.tzinfo) -> dict[str, Any]:
    if text == "all":
        return {"kinds": ()}
    try:
        return {"kinds": (EventKind(text),)}
    except ValueError:
        raise ValueError("Choose one of the kinds in the list") from None


def _moment(field: str) -> Reader:
    def read(text: str, zone: dt.tzinfo) -> dict[str, Any]:
        try:
            at = dt.datetime.fromisoformat(text)
            aware = at if at.tzinfo is not None else at.replace(tzinfo=zone)
            return {field: aware.astimezone(dt.UTC)}
        except (ValueError, OverflowError):
            raise ValueError("Write a day or a moment like 2026-11-22 or 2026-11-22T14:30") from None

    return read


def _shaped(field: str, shape: re.Pattern[str], complaint: str) -> Reader:
    def read(text: str, _zone: dt.tzinfo) -> dict[str, Any]:
        if not shape.fullmatch(text):
            raise ValueError(complaint)
        return {field: text}

    return read


def _delivery(text: str, _zone: dt.tzinfo) -> dict[str, Any]:
    try:
        return {"delivery": DeliveryStatus(text)}
    except ValueError:
        raise ValueError("Choose one of the states in the list") from None


def _error_code(text: str, _zone: dt.tzinfo) -> dict[str, Any]:
    if not _CODE.fullmatch(text):
        raise ValueError("Write the provider's code, a number such as 30003")
    return {"error_code": int(text)}


_NAMED: Final = "Choose one from the list"
_READERS: Final[Mapping[str, Reader]] = {
    "kind": _kinds,
    "first": _moment("first"),
    "before": _moment("before"),
    **{name: _shaped(name, _NAME, _NAMED) for name in ("outcome", "stage", "reply", "channel", "refusal")},
    "delivery": _delivery,
    "error_code": _error_code,
    "pseudonym": _shaped("pseudonym", _PSEUDONYM, "A pseudonym is 32 characters 0-9 and a-f"),
    "message_id": _shaped("message_id", _MESSAGE_ID, "A message id looks like SM and 32 characters 0-9 and a-f"),
}
