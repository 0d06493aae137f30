"""Asking the line what it would answer to a first message, without texting it: for the command line and for tests."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sms_service.core.messages import Channel, InboundMessage
from sms_service.core.understanding.free_text import HARMLESS
from sms_service.core.understanding.nearest import NearExample
from sms_service.core.understanding.result import Stage, Understanding
from sms_service.service.planning import Circumstances, Plan, plan
from sms_service.service.release import Release


@dataclass(frozen=True, slots=True)
class Asker:
    """Answers as the line would answer somebody who never texted before.

    Attributes:
        release: Answers from this one.
        bank_holidays: Days off in England and Wales.
    """

    release: Release
    bank_holidays: frozenset[dt.date] = frozenset()

    def ask(self, text: str, now: dt.datetime) -> Plan:
        """Give what the line would do with a text."""
        message = InboundMessage(message_id="ask", sender="", text=text, channel=Channel.SIMULATOR)
        return plan(self.release, message, Circumstances(now, bank_holidays=self.bank_holidays))


def nearest_examples(release: Release, text: str, found: Understanding) -> tuple[NearExample, ...]:
    """Give the examples most like a text, of the reply that was chosen; none where no example had a say."""
    if found.stage is Stage.FREE_TEXT:
        return release.examples.nearest(text, found.reply)
    return release.examples.nearest(text, HARMLESS) if found.stage is Stage.NO_MATCH else ()


def answer_as_json(text: str, planned: Plan) -> dict[str, object]:
    """Give an answer as plain values, one JSON object a message (`ask --jsonl`, documented in README.md)."""
    found, rendered = planned.understanding, planned.rendered
    return {
        "text": text,
        "reply": planned.decision.reply,
        "stage": found.stage.value,
        "reason": found.reason,
        "score": found.score,
        "runner_up": found.runner_ups[0].reply if found.runner_ups else None,
        "language": rendered.language if rendered else planned.decision.language,
        "messages": [rendered.text] if rendered else [],
        "segments": rendered.segments if rendered else 0,
    }
