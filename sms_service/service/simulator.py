"""Trying any book at any moment: pretend phones and callers that reach the line's own code and leave nothing behind.

What was tried so far comes along with each request and is done again from the start. So nothing that anybody types is
kept anywhere, any web process can answer, and the same texts can be tried on another book or at another hour.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from sms_service.core.events import Event
from sms_service.service.ports import LineLog
from sms_service.service.release import CurrentRelease, Release
from sms_service.service.trying import Exchange, Phone, TryLine
from sms_service.service.trying_calls import CallTurn, NewCall, TryCall

MOST_TEXTS: Final = 20
MOST_STEPS: Final = 30

BETWEEN_TEXTS: Final = dt.timedelta(minutes=1)
"""Somebody reads, thinks and types: so the limits for machines do not count in."""


@dataclass(frozen=True, slots=True)
class SentText:
    """One text that is tried."""

    text: str
    with_picture: bool = False


class SimulatedClock:
    """Shows the moment that is tried; it moves when told to."""

    def __init__(self, at: dt.datetime) -> None:
        self._at = at

    def __call__(self) -> dt.datetime:
        """Give the moment."""
        return self._at

    def move(self, by: dt.timedelta) -> None:
        """Let time go by."""
        self._at += by


@dataclass(frozen=True, slots=True)
class TroublesOnly:
    """A log that tells of what breaks, and says nothing of messages that never came."""

    log: LineLog

    def event(self, event: Event) -> None:
        """Say nothing."""

    def trouble(self, code: str, *, error: BaseException | None = None, message_id: str | None = None) -> None:
        """Tell of it."""
        self.log.trouble(f"simulator_{code}", error=error, message_id=message_id)

    def refusal(self, code: str) -> None:
        """Tell of it: our own requests are never refused."""
        self.log.trouble(f"simulator_refused_{code}")


@dataclass(frozen=True, kw_only=True)
class Simulator:
    """Texts and rings a release, as somebody who was never in touch before.

    Attributes:
        new_phone: Gives a pretend phone on a line of its own that answers from these releases at this clock.
        new_call: Same, for a call.
    """

    new_phone: Callable[[CurrentRelease, SimulatedClock], Phone]
    new_call: Callable[[CurrentRelease, SimulatedClock], NewCall]

    def texted(self, release: Release, at: dt.datetime, texts: Sequence[SentText]) -> tuple[Exchange, ...]:
        """Text a release, one text a minute, and give what came back and why.

        Args:
            release: Answers.
            at: When the first text comes, aware.
            texts: Oldest first; of more than ``MOST_TEXTS`` the first ones.
        """
        releases, clock = CurrentRelease(release), SimulatedClock(at)
        line = TryLine(releases, lambda: self.new_phone(releases, clock))
        for sent in texts[:MOST_TEXTS]:
            line.text(sent.text, with_picture=sent.with_picture)
            clock.move(BETWEEN_TEXTS)
        return line.exchanges

    def rung(self, release: Release, at: dt.datetime, done: Sequence[str]) -> tuple[CallTurn, ...]:
        """Ring a release and do one thing after the other; what comes after the end of the call is left out.

        Args:
            release: Answers.
            at: When the call begins, aware.
            done: A key, words, ``''`` for nothing; while a phone rings ``+`` for an answer.
        """
        releases, clock = CurrentRelease(release), SimulatedClock(at)
        call = TryCall(lambda: self.new_call(releases, clock))
        call.ring()
        for one in done[:MOST_STEPS]:
            call.do(one)
        return call.turns
