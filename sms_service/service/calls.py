"""The story of a call, one step at a time: where the caller was, what they did, what is said, what is written down.

Nothing of a call is kept between two steps but the bytes that were answered, for the provider's retry: where a call is
travels in the address that the provider signs. So a call goes on after a restart, on another host, without Redis.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from sms_service.core.calls.commands import spoken_command
from sms_service.core.calls.machine import advance, told_of_text
from sms_service.core.calls.requests import CallRequest
from sms_service.core.calls.script import Script, dialled_number
from sms_service.core.calls.state import CallOutcome, CallStep, Did, Heard, Spoken
from sms_service.core.conversation import Conversation
from sms_service.core.events import Event, EventKind
from sms_service.core.messages import Channel
from sms_service.core.normalisation import normalise, readable
from sms_service.core.rendering import Part
from sms_service.core.reply_book import FALLBACK
from sms_service.core.senders import SenderKind, kind_of_number
from sms_service.core.understanding.result import Understanding
from sms_service.core.understanding.service_words import ServiceWord, service_word
from sms_service.service.call_ports import CallFormat, TextSender
from sms_service.service.call_releases import CallRelease, CallReleases
from sms_service.service.message_events import FAILED, record_and_tell
from sms_service.service.messaging import utc_now
from sms_service.service.planning import FORGET_ME, understand
from sms_service.service.ports import Erasure, EventRecorder, HotState, LineLog
from sms_service.service.pseudonyms import Pseudonyms
from sms_service.service.repeats import NotCounted, Repeats
from sms_service.service.text_limit import TextLimit
from sms_service.service.unmatched_ports import UnmatchedKeeper

_CHOICES: Final = frozenset("123456789")
_UNSURE_BELOW: Final = 0.35
"""Confidence of the provider's speech recognition, from 0 to 1, below which own words are not guessed at."""


@dataclass(frozen=True, slots=True)
class _Turn:
    """One step on its way through the story; ``moved`` says that the caller heard the choices of another release."""

    request: CallRequest
    release: CallRelease
    now: dt.datetime
    started: float
    moved: bool = False


@dataclass(frozen=True, kw_only=True)
class CallService:
    """Answers the steps of calls. Safe to share between threads."""

    releases: CallReleases
    pseudonyms: Pseudonyms
    hot_state: HotState
    recorder: EventRecorder
    erasure: Erasure
    log: LineLog
    answers: CallFormat
    texts: TextSender
    unmatched: UnmatchedKeeper
    repeats: Repeats = field(default_factory=NotCounted)
    bank_holidays: frozenset[dt.date] = frozenset()
    clock: Callable[[], dt.datetime] = utc_now

    def answer(self, request: CallRequest) -> bytes:
        """Give the bytes to answer a step with. Never raises: what breaks ends in the fallback words."""
        started = time.perf_counter()
        try:
            return self._answer(request, started)
        except Exception as error:  # noqa: BLE001 - whatever broke, somebody is on the line
            return self._fall_back(_bare_event(request, utc_now(), FAILED, started), "answer", error)

    def fall_back(self, call_id: str, error_code: int | None) -> bytes:
        """Answer the provider's fallback request: an answer of ours could not be used. Never raises."""
        event = Event(
            event_id=f"call_step:{call_id}:fallback",
            kind=EventKind.CALL_STEP,
            at=self.clock(),
            message_id=call_id,
            channel=Channel.VOICE.value,
            outcome=FAILED,
            error_code=error_code,
        )
        return self._fall_back(event, "answer", None)

    def last_resort(self, error: BaseException) -> bytes:
        """Give the fallback words for a failure outside this story, and write one line about it. Never raises."""
        self.log.trouble("call_failed", error=error)
        return self.answers.last_resort

    def note_end(self, event: Event) -> None:
        """Write down what the provider says of a call as a whole. Never raises."""
        self._record(event)

    def _answer(self, request: CallRequest, started: float) -> bytes:
        now = self.clock()
        kept, degraded = self._kept_answer(request, now)
        if kept is not None:
            self.repeats.note(request.call_id)
            return kept
        new_call = request.did is Did.RANG
        release = self.releases.newest() if new_call else self.releases.of_call(request.state.release)
        if release is None:
            event = _bare_event(request, now, CallOutcome.ENDED.value, started)
            return self._fall_back(event, "reply_book", None)
        moved = not new_call and request.state.release != release.number
        if request.state.release != release.number:
            request = replace(request, state=replace(request.state, release=release.number))
        turn = _Turn(request, release, now, started, moved)
        answer, event = self._take(turn)
        self._record(replace(event, degraded=(*event.degraded, "hot_state") if degraded else event.degraded))
        return self._settled(request, answer, now)

    def _take(self, turn: _Turn) -> tuple[bytes, Event]:
        """Take the step: give its bytes and its row."""
        request = turn.request
        script = self._script(turn)
        heard, forgets = self._heard(turn)
        if forgets and request.caller is not None:
            # Erase first, say so after: if it fails, the fallback is said, which promises nothing.
            pseudonyms = self.pseudonyms.all(request.caller)
            self.erasure.forget(pseudonyms)
            self.unmatched.forget(pseudonyms)
            for pseudonym in pseudonyms:
                self.hot_state.forget(pseudonym)
        if forgets:
            request = replace(request, state=replace(request.state, forgotten=True))
        step = advance(script, request.state, heard)
        segments = None
        if step.outcome is CallOutcome.WANTS_TEXT:
            sent, segments = self._send_text(turn, step)
            step = told_of_text(script, step.state, sent=sent)
        contact = None if step.contact is None else script.book.contacts[step.contact]
        dialled = None if contact is None else dialled_number(contact)
        answer = self.answers.wrap(step, dialled, request.line)
        return answer, replace(self._event_of(turn, request, step, heard.understanding), segments=segments)

    def _script(self, turn: _Turn) -> Script:
        caller = turn.request.caller
        can_text = caller is not None and self.texts.available and kind_of_number(caller) is SenderKind.MOBILE
        renderer = turn.release.release.renderer
        return Script(turn.release.words, renderer, turn.now, self.bank_holidays, can_text)

    def _heard(self, turn: _Turn) -> tuple[Heard, bool]:
        """Read what was done; also whether it asks to be forgotten."""
        request = turn.request
        if turn.moved and request.did is Did.PRESSED and request.key in _CHOICES:
            # In the release that answers now the key may lead elsewhere: its choices are said first.
            return Heard(Did.SPOKE, command=Spoken.MENU), False
        if request.did is not Did.SPOKE:
            return Heard(request.did, key=request.key, reached=request.reached), False
        said = readable(request.said)
        command = spoken_command(said)
        if command is not None:
            return Heard(Did.SPOKE, command=command), False
        written = normalise(said)
        word = service_word(written.words)
        found = understand(turn.release.release, written, word)
        sure = request.confidence is None or request.confidence >= _UNSURE_BELOW
        forgets = word is ServiceWord.FORGET_ME and found.reply == FORGET_ME
        return Heard(Did.SPOKE, understanding=found, sure=sure), forgets

    def _send_text(self, turn: _Turn, step: CallStep) -> tuple[bool, int | None]:
        """Send the numbers to the caller's phone; give whether it went, and what it costs in segments."""
        request = turn.request
        if request.caller is None or step.reply is None:
            return False, None
        rendered = turn.release.release.renderer.render(
            step.reply, Part.TEXT, step.state.language, turn.now, self.bank_holidays
        )
        try:
            if not TextLimit(self.hot_state, self.pseudonyms).takes(request.caller, request.call_id, turn.now):
                return False, None
            sent = self.texts.send(rendered.text, to=request.caller, sender=request.line, call_id=request.call_id)
        except Exception as error:  # noqa: BLE001 - the numbers are said instead
            self.log.trouble("text_failed", error=error, message_id=request.call_id)
            sent = False
        return sent, rendered.segments if sent else None

    # Rows -----------------------------------------------------------------------------------------------------------

    def _event_of(self, turn: _Turn, request: CallRequest, step: CallStep, found: Understanding | None) -> Event:
        """Give the row of a step: what was meant and said, never what was pressed or spoken."""
        event = replace(
            _bare_event(request, turn.now, step.outcome.value, turn.started),
            reply=step.reply,
            part=Part.SPOKEN.value if step.reply is not None else None,
            language=step.state.language,
            release=turn.release.release.number,
            danger_likely=step.emergency_line,
        )
        if found is not None:
            event = replace(
                event,
                stage=found.stage.value,
                score=found.score,
                runner_up=found.runner_ups[0].reply if found.runner_ups else None,
                without_guessing=found.without_guessing,
            )
        if request.caller is None or request.state.forgotten:
            return event
        pseudonym = self.pseudonyms.current(request.caller)
        return replace(event, pseudonym=pseudonym.value, key_id=pseudonym.key_id)

    def _fall_back(self, event: Event, degraded: str, error: BaseException | None) -> bytes:
        self.log.trouble("call_failed", error=error, message_id=event.message_id)
        self._record(replace(event, reply=FALLBACK, degraded=(degraded,)))
        return self.answers.last_resort

    def _record(self, event: Event) -> None:
        record_and_tell(event, self.recorder, self.log)

    # The same answer for the same step ------------------------------------------------------------------------------

    def _kept_answer(self, request: CallRequest, now: dt.datetime) -> tuple[bytes | None, bool]:
        """Give the bytes that were answered before, if any, and whether that could not be asked.

        The hot state knows a call by its own id, so nothing there leads to the caller.
        """
        try:
            claim = self.hot_state.claim(_step_id(request), request.call_id, now.timestamp())
        except Exception as error:  # noqa: BLE001 - a store must not cost the right answer
            self.log.trouble("hot_state_failed", error=error, message_id=request.call_id)
            return None, True
        return claim.answer, claim.degraded

    def _settled(self, request: CallRequest, answer: bytes, now: dt.datetime) -> bytes:
        try:
            return self.hot_state.settle(_step_id(request), request.call_id, answer, Conversation(), now.timestamp())
        except Exception as error:  # noqa: BLE001 - same
            self.log.trouble("hot_state_failed", error=error, message_id=request.call_id)
            return answer


def _step_id(request: CallRequest) -> str:
    return f"{request.call_id}:{request.state.step}"


def _bare_event(request: CallRequest, now: dt.datetime, outcome: str, started: float) -> Event:
    return Event(
        event_id=f"call_step:{_step_id(request)}",
        kind=EventKind.CALL_STEP,
        at=now,
        message_id=request.call_id,
        channel=Channel.VOICE.value,
        outcome=outcome,
        latency_ms=round((time.perf_counter() - started) * 1000, 1),
    )
