"""The story of a message: who wrote (a pseudonym), what was meant, what is said, what is remembered and written down.

The order is what keeps promise 5. The row is recorded *before* the answer is settled: a process killed between the two
leaves no saved answer, so the provider's retry computes it again and records the same event id, which is one row. The
other way round, a kill would lose the row for good.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from sms_service.core.conversation import Conversation
from sms_service.core.decisions import Outcome
from sms_service.core.events import Event
from sms_service.core.fallback import BUILT_IN_FALLBACK
from sms_service.core.messages import InboundMessage
from sms_service.core.rendering import Part
from sms_service.core.reply_book import DEFAULT_LANGUAGE, FALLBACK
from sms_service.core.segments import count_segments
from sms_service.core.senders import kind_of_sender
from sms_service.core.understanding.result import Stage
from sms_service.service.flood import Flood
from sms_service.service.message_events import FAILED, Arrival, as_trial, bare_event, event_of, record_and_tell
from sms_service.service.planning import Circumstances, plan
from sms_service.service.ports import AnswerFormat, Claim, Erasure, EventRecorder, HotState, LineLog
from sms_service.service.pseudonyms import Pseudonyms
from sms_service.service.publishing.trying_ports import NothingTried, TriedDrafts
from sms_service.service.release import CurrentRelease
from sms_service.service.repeats import NotCounted, Repeats
from sms_service.service.unmatched_ports import NothingKept, UnmatchedKeeper


def utc_now() -> dt.datetime:
    """Give the moment, aware, in UTC."""
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True, kw_only=True)
class MessagingService:
    """Answers messages. Safe to share between threads."""

    releases: CurrentRelease
    pseudonyms: Pseudonyms
    hot_state: HotState
    recorder: EventRecorder
    erasure: Erasure
    log: LineLog
    answers: AnswerFormat
    bank_holidays: frozenset[dt.date] = frozenset()
    clock: Callable[[], dt.datetime] = utc_now
    flood: Flood = field(default_factory=Flood)
    unmatched: UnmatchedKeeper = field(default_factory=NothingKept)
    repeats: Repeats = field(default_factory=NotCounted)
    tried: TriedDrafts = field(default_factory=NothingTried)

    def answer(self, message: InboundMessage) -> bytes:
        """Give the bytes to answer a message with. Never raises: what breaks ends in the fallback reply."""
        started = time.perf_counter()
        arrival, claim = None, Claim()
        try:
            arrival = Arrival(message, self.pseudonyms.current(message.sender), self.clock(), started)
            claim = self._claim(arrival)
            if claim.answer is not None:
                self.repeats.note(message.message_id)
                return claim.answer
            return self._answer(arrival, claim)
        except Exception as error:  # noqa: BLE001 - whatever broke, a child is waiting
            answer = self.last_resort(error, message.message_id)
            self._record(replace(bare_event(message, utc_now(), FAILED, started), reply=FALLBACK, degraded=("answer",)))
            # Kept as any other: who asks again, or fifty times at once, hears one thing.
            return answer if arrival is None else self._settle(arrival, answer, claim.conversation)

    def last_resort(self, error: BaseException, message_id: str | None = None) -> bytes:
        """Give the fallback reply for a failure outside this story, and write one line about it. Never raises."""
        self.log.trouble("answer_failed", error=error, message_id=message_id)
        return self._fallback(message_id)

    def _answer(self, arrival: Arrival, claim: Claim) -> bytes:
        tried = self.tried.release_for(arrival.sender.value, arrival.now)
        release = tried or self.releases.current
        if release is None:
            return self._answer_without_book(arrival)
        count = claim.messages_in_30_seconds
        flooded = self.flood.note(count, arrival.now.timestamp())
        circumstances = Circumstances(arrival.now, claim.conversation, count, self.bank_holidays, flooded)
        planned = plan(release, arrival.message, circumstances, self.pseudonyms.fingerprint)
        if planned.forgets:
            # Erase first, say so after: if it fails, the fallback is sent, which promises nothing.
            self.erasure.forget(self.pseudonyms.all(arrival.message.sender))
            self.unmatched.forget(self.pseudonyms.all(arrival.message.sender))
        rendered, message_id = planned.rendered, arrival.message.message_id
        answer = self.answers.wrap(rendered.text, message_id) if rendered else self.answers.silence
        event = event_of(arrival, release, planned)
        if tried is not None:
            event = as_trial(event)
        if planned.forgets:
            return self._settle_and_forget(arrival, answer, event)
        self._record(replace(event, degraded=("hot_state",)) if claim.degraded else event)
        if planned.understanding.stage is Stage.NO_MATCH and rendered and tried is None:
            self.unmatched.keep(arrival.now, arrival.sender.value, arrival.message.text)
        return self._settle(arrival, answer, planned.decision.conversation)

    def _settle_and_forget(self, arrival: Arrival, answer: bytes, event: Event) -> bytes:
        """Keep the answer for a retry, but no trace of who got it: the row of this very message has no pseudonym."""
        self._record(replace(event, pseudonym=None, key_id=None))
        answer = self._settle(arrival, answer, Conversation())
        for pseudonym in self.pseudonyms.all(arrival.message.sender):
            self.hot_state.forget(pseudonym)
        return answer

    # Stores may break; the right answer still leaves -------------------------------------------------------------

    def _claim(self, arrival: Arrival) -> Claim:
        message_id = arrival.message.message_id
        try:
            return self.hot_state.claim(message_id, arrival.sender.value, arrival.now.timestamp())
        except Exception as error:  # noqa: BLE001 - a store must not cost the right answer, whatever it does
            self.log.trouble("hot_state_failed", error=error, message_id=message_id)
            return Claim(degraded=True)

    def _settle(self, arrival: Arrival, answer: bytes, conversation: Conversation) -> bytes:
        message_id, sender = arrival.message.message_id, arrival.sender.value
        try:
            return self.hot_state.settle(message_id, sender, answer, conversation, arrival.now.timestamp())
        except Exception as error:  # noqa: BLE001 - same
            self.log.trouble("hot_state_failed", error=error, message_id=message_id)
            return answer

    def _record(self, event: Event) -> None:
        record_and_tell(event, self.recorder, self.log)

    # Without a book, or worse ---------------------------------------------------------------------------------------

    def _answer_without_book(self, arrival: Arrival) -> bytes:
        message, outcome = arrival.message, Outcome.ANSWERED
        if message.provider_opt_out is not None:
            outcome = Outcome.PROVIDER_ANSWERED
        elif not (message.is_canary or kind_of_sender(message).can_be_answered):
            outcome = Outcome.SILENT_SENDER
        silent = outcome is not Outcome.ANSWERED
        self._record(
            replace(
                bare_event(arrival.message, arrival.now, outcome.value, arrival.started),
                pseudonym=arrival.sender.value,
                key_id=arrival.sender.key_id,
                reply=None if silent else FALLBACK,
                segments=0 if silent else count_segments(BUILT_IN_FALLBACK).segments,
                degraded=("reply_book",),
            )
        )
        return self.answers.silence if silent else self.answers.last_resort

    def _fallback(self, message_id: str | None) -> bytes:
        try:
            release = self.releases.current
            if release is not None:
                rendered = release.renderer.render(
                    FALLBACK, Part.TEXT, DEFAULT_LANGUAGE, self.clock(), self.bank_holidays
                )
                return self.answers.wrap(rendered.text, message_id)
        except Exception as error:  # noqa: BLE001 - the built-in words are left
            self.log.trouble("fallback_failed", error=error)
        return self.answers.last_resort
