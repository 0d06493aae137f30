"""Is the line answering? One verdict from what is known, for somebody who has five seconds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sms_service.core.alert_rules import Alert

FRESH: Final = dt.timedelta(minutes=30)
"""How old the last good answer may be and still show that the line answers."""

WORKER_REST: Final = dt.timedelta(minutes=10)
"""It does something every minute; a leader's death, and one slow task, take less than this."""

_IN_DOUBT: Final = frozenset({"canary", "silence", "errors", "wrong_address"})
_ABOUT_PEOPLE: Final = frozenset({"contacts", "pictures", "emergencies", "loops", "blocked", "unanswered"})
"""Alerts that say nothing against the line itself."""

COUNTS_PEOPLE: Final = _ABOUT_PEOPLE - {"contacts"}
"""Alerts whose sentence counts people, mostly one: it is for operators only, as every count from 1 to 4 is."""


class Verdict(StrEnum):
    """What to say in one line."""

    ANSWERING = "answering"
    DEGRADED = "degraded"
    IN_DOUBT = "in_doubt"
    UNKNOWN = "unknown"


_WORDS: Final = {
    Verdict.ANSWERING: ("The line is answering", "Nothing needs doing."),
    Verdict.DEGRADED: ("The line is answering, but not everything works", "Do what stands below when you can."),
    Verdict.IN_DOUBT: ("The line may not be answering", "Text it yourself now, then do what stands below."),
    Verdict.UNKNOWN: (
        "Nothing shows yet whether the line answers",
        "Text it yourself. Is the worker running? It texts the line every few minutes.",
    ),
}


def words_of(verdict: Verdict, alerts: Sequence[Alert]) -> tuple[str, str]:
    """Give the headline, and what to do about it in one sentence: never 'nothing' above something to do."""
    headline, advice = _WORDS[verdict]
    if verdict in (Verdict.ANSWERING, Verdict.DEGRADED) and alerts:
        advice = f"Do what stands below {'now' if any(alert.rule.urgent for alert in alerts) else 'when you can'}."
    return headline, advice


@dataclass(frozen=True, slots=True)
class Evidence:
    """What shows that the line answers.

    Attributes:
        last_answer_at: When a person's message was last answered; None: not in the log.
        canary_good_at: When a canary was last answered rightly; None: never.
        worker_at: When the worker last did anything; None: never.
    """

    last_answer_at: dt.datetime | None = None
    canary_good_at: dt.datetime | None = None
    worker_at: dt.datetime | None = None

    @property
    def newest(self) -> dt.datetime | None:
        """The newest sign of life."""
        signs = [at for at in (self.last_answer_at, self.canary_good_at) if at is not None]
        return max(signs, default=None)

    def worker_stopped(self, now: dt.datetime) -> bool:
        """Whether the worker has never run, or not lately: then nobody watches."""
        return self.worker_at is None or now - self.worker_at > WORKER_REST


def verdict_of(alerts: Sequence[Alert], evidence: Evidence, now: dt.datetime) -> Verdict:
    """Give the verdict: doubt wins over trouble, and without a fresh sign of life nobody knows."""
    names = {alert.rule.name for alert in alerts}
    if names & _IN_DOUBT:
        return Verdict.IN_DOUBT
    newest = evidence.newest
    if newest is None or now - newest > FRESH:
        return Verdict.UNKNOWN
    if names - _ABOUT_PEOPLE - {"refused"} or evidence.worker_stopped(now):
        return Verdict.DEGRADED
    return Verdict.ANSWERING
