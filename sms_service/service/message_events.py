"""The row of a message: what is written down of it, and nothing else of it."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import replace
from typing import Any, Final, NamedTuple

from sms_service.core.decisions import Outcome
from sms_service.core.events import Event, EventKind
from sms_service.core.messages import InboundMessage
from sms_service.core.senders import kind_of_sender
from sms_service.service.planning import Plan
from sms_service.service.ports import EventRecorder, LineLog, Recorded
from sms_service.service.pseudonyms import Pseudonym
from sms_service.service.release import Release

FAILED: Final = "failed"
"""Outcome of a message that got the fallback because something broke."""


class Arrival(NamedTuple):
    """A message with what is known before it is read.

    Attributes:
        message: As it came in.
        sender: Who wrote it.
        now: When, aware.
        started: Reading of the monotonic clock when it came, seconds.
    """

    message: InboundMessage
    sender: Pseudonym
    now: dt.datetime
    started: float


def event_of(arrival: Arrival, release: Release, plan: Plan) -> Event:
    """Give the row of a message that was answered, or met with silence on purpose."""
    found, rendered = plan.understanding, plan.rendered
    silent_sender = plan.decision.outcome is Outcome.SILENT_SENDER
    # Nothing is sent to a house phone, not even in danger: then the row must say it, so that somebody is told.
    unanswered_danger = silent_sender and release.book.is_danger(found.reply)
    return bare_event(
        arrival.message,
        arrival.now,
        plan.decision.outcome.value,
        arrival.started,
        pseudonym=arrival.sender.value,
        key_id=arrival.sender.key_id,
        stage=found.stage.value,
        reply=rendered.key if rendered else None,
        part=plan.decision.part.value if rendered else None,
        language=rendered.language if rendered else None,
        release=release.number,
        segments=rendered.segments if rendered else 0,
        score=found.score,
        runner_up=found.runner_ups[0].reply if found.runner_ups else None,
        without_guessing=found.without_guessing,
        danger_likely=found.danger_likely or unanswered_danger,
        refusal=kind_of_sender(arrival.message).value if silent_sender else None,
    )


def as_trial(event: Event) -> Event:
    """Give the row of a text that was answered from a draft: of a kind of its own, which no count counts."""
    return replace(event, kind=EventKind.TRIAL, event_id=f"{EventKind.TRIAL.value}:{event.message_id}")


def bare_event(message: InboundMessage, now: dt.datetime, outcome: str, started: float, **known: Any) -> Event:  # noqa: ANN401 - fields of Event
    """Give the row of a message that could not be read, or was not; ``known`` are further fields of the event."""
    kind = EventKind.CANARY if message.is_canary else EventKind.MESSAGE
    return Event(
        event_id=f"{kind.value}:{message.message_id}",
        kind=kind,
        at=now,
        message_id=message.message_id,
        channel=message.channel.value,
        outcome=outcome,
        media_count=message.media_count,
        latency_ms=round((time.perf_counter() - started) * 1000, 1),
        **known,
    )


def record_and_tell(event: Event, recorder: EventRecorder, log: LineLog) -> None:
    """Record an event and write its line; one that was known already has its line. Never raises.

    Of parallel repeats of a message only the first writes a line. A process killed between its row and its line costs
    that line, never the row.
    """
    try:
        recorded = recorder.record(event)
    except Exception as error:  # noqa: BLE001 - a store must not cost the answer; the line below still tells of it
        log.trouble("outbox_failed", error=error, message_id=event.message_id)
        recorded = Recorded.NOT_KEPT
    if recorded is Recorded.NOT_KEPT:
        log.event(replace(event, degraded=(*event.degraded, "outbox")))
    elif recorded is Recorded.NEW:
        log.event(event)
