"""What is written down about a message: one event each, without number and without text."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class EventKind(StrEnum):
    """What happened."""

    MESSAGE = "message"
    DELIVERY = "delivery"
    REFUSAL = "refusal"
    CALL_STEP = "call_step"
    CANARY = "canary"
    """A message that the line sent to itself to see whether it answers; in no count."""
    REPEAT = "repeat"
    """How often in a minute the provider asked again for a message, or a call, that had its answer; in no count."""
    TRIAL = "trial"
    """A text of a staff phone that tries a draft; in no count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One row of the message log.

    ``event_id`` is made from what happened (``message:SM…``, ``delivery:SM…:delivered``), so the same thing recorded
    twice, by two workers or after a crash, is one row. Purposes and days kept: ``core/data_register.py``.
    """

    event_id: str
    kind: EventKind
    at: dt.datetime
    """UTC, aware."""
    message_id: str | None = None
    channel: str | None = None
    pseudonym: str | None = None
    """Keyed pseudonym of the sender, never a number."""
    key_id: str | None = None
    """Which pseudonym key made it."""
    outcome: str | None = None
    stage: str | None = None
    reply: str | None = None
    part: str | None = None
    language: str | None = None
    release: int | None = None
    segments: int | None = None
    score: float | None = None
    runner_up: str | None = None
    without_guessing: str | None = None
    danger_likely: bool = False
    media_count: int = 0
    latency_ms: float | None = None
    degraded: tuple[str, ...] = ()
    """Parts that did not work while this was handled, such as ``hot_state``."""
    delivery_status: str | None = None
    """Of a report: what it says. Of a message in SQL: how far its reply has come, by all reports so far."""
    error_code: int | None = None
    """Provider's error code of a delivery."""
    refusal: str | None = None
    """Code of the refusal of a webhook request."""
    count: int = 1
    """How many of them this row stands for: refused requests of a minute share one."""
    seen_url: str | None = None
    """Of a refused request whose signature fits another address of ours: the address it was checked against."""
    signed_url: str | None = None
    """The address that was signed."""
    url_fault: str | None = None
    """Which part of the address differs, and which header says so; see ``core/signed_addresses.py``."""


OWN_FIELDS: Final = frozenset({"event_id", "at", "message_id", "pseudonym", "score", "latency_ms"})
"""What differs from event to event. All else has few values, so how that is written down is worth keeping."""
