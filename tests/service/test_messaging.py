"""The story of a message: what is sent, remembered and written down, and that nothing broken takes the answer away."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from sms_service.core.conversation import Conversation
from sms_service.core.decisions import Outcome
from sms_service.core.events import Event
from sms_service.core.fallback import BUILT_IN_FALLBACK
from sms_service.core.rendering import Part, Renderer
from sms_service.core.understanding.pipeline import Understander
from sms_service.service.ports import Claim, Recorded
from sms_service.service.release import CurrentRelease, Release
from sms_service.storage.in_memory import InMemoryHotState, InMemoryRecorder
from sms_service.webhooks.signed_request import new_message_id
from sms_service.webhooks.twiml import SILENCE, TwimlAnswers

if TYPE_CHECKING:
    from tests.conftest import LineUnderTest as Line

SENDER = "+447700900123"


class Broken:
    """Stands for a part of which every function raises; its words must not get out."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def fail(*_: object, **__: object) -> Any:
            raise RuntimeError(f"canary {SENDER}")

        return fail


class RefusingRecorder(InMemoryRecorder):
    def record(self, event: Event) -> Recorded:
        return Recorded.NOT_KEPT


class OutOfOrder(InMemoryHotState):
    """Notes whether a message's row was there before its answer was settled."""

    def __init__(self, recorder: InMemoryRecorder) -> None:
        super().__init__()
        self._recorder = recorder
        self.rows_at_settling: list[int] = []

    def settle(self, message_id: str, sender: str, answer: bytes, conversation: Conversation, now: float) -> bytes:
        self.rows_at_settling.append(len(self._recorder.events))
        return super().settle(message_id, sender, answer, conversation, now)


def only_event(line: Line) -> Event:
    [event] = line.recorder.events
    return event


# What is written down ---------------------------------------------------------------------------------------------


def test_a_row_tells_what_was_said_and_why_but_not_who_or_what(line: Line) -> None:
    message_id = new_message_id()
    line.handle("URGENT canary", message_id=message_id, NumMedia="2")
    event = only_event(line)
    assert event.event_id == f"message:{message_id}"
    assert (event.outcome, event.reply, event.part, event.language) == (Outcome.ANSWERED, "urgent", "text", "en")
    assert (event.stage, event.segments, event.media_count, event.key_id) == ("danger", 2, 2, "k2")
    assert event.at.tzinfo is dt.UTC
    assert event.latency_ms is not None
    assert event.latency_ms >= 0
    written = repr(event)
    assert "07700" not in written
    assert "447700" not in written
    assert "canary" not in written
    assert line.log.events == [event]


def test_the_row_is_there_before_the_answer_is_settled(line: Line) -> None:
    hot_state = OutOfOrder(line.recorder)
    line.with_parts(hot_state=hot_state).handle("help")
    assert hot_state.rows_at_settling == [1]


def test_a_repeat_writes_nothing(line: Line) -> None:
    message_id = new_message_id()
    answers = {line.handle("help", message_id=message_id) for _ in range(5)}
    assert len(answers) == 1
    assert len(line.recorder.events) == len(line.log.events) == 1


def test_a_silence_has_a_row_without_a_reply(line: Line) -> None:
    assert line.handle("STOP", OptOutType="STOP").body == SILENCE
    event = only_event(line)
    assert (event.outcome, event.reply, event.segments) == (Outcome.PROVIDER_ANSWERED, None, 0)


# Commands ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["STOP", "START", "HELP", "stop"])
def test_what_the_provider_answered_gets_silence(line: Line, kind: str) -> None:
    assert line.handle(kind, OptOutType=kind).body == SILENCE


def test_stop_is_confirmed_once_and_start_comes_back(line: Line) -> None:
    assert line.reply("STOP") == "stop"
    assert line.reply("stop") is None
    assert line.reply("START") == "start"
    assert line.reply("START") == "help"
    assert line.reply("STOP") == "stop"
    assert line.reply("talk") == "talk"


def test_stop_carries_the_numbers_and_the_way_back(line: Line) -> None:
    [text] = line.texts("STOP")
    assert "999" in text
    assert "START" in text


def test_more_gives_the_second_part_of_the_last_reply(line: Line) -> None:
    [urgent] = line.texts("URGENT")
    [more] = line.texts("more please")
    assert more != urgent
    assert line.recorder.events[-1].reply == "urgent"
    assert line.recorder.events[-1].part == "more"


def test_more_out_of_the_blue_gives_the_menu(line: Line) -> None:
    assert line.reply("MORE") == "help"


def test_the_same_question_again_gets_the_next_step(line: Line) -> None:
    first, second = line.texts("talk"), line.texts("talk pls")
    assert first != second
    assert [event.part for event in line.recorder.events] == ["text", "again"]


def test_a_picture_is_answered_without_a_word_about_it_opened(line: Line) -> None:
    assert line.reply("", NumMedia="1", MediaUrl0="https://canary.example/1") == "picture"
    assert line.reply("he is going to kill me", "+447700900124", NumMedia="1") == "urgent"
    assert "canary" not in repr(line.recorder.events)


# Forgetting -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["FORGET ME", "forget me please", "forgetme", "Delete my data!"])
def test_forget_me_erases_under_every_live_key_and_leaves_no_trace(line: Line, text: str) -> None:
    line.handle("help")
    line.handle("talk", "+447700900124")
    message_id = new_message_id()
    [answer] = line.texts(text, message_id=message_id)
    assert "We erase the code made from your number" in answer
    assert "we may keep it longer" in answer, "true under a safeguarding hold too, which it must not show"
    assert "erased" not in answer.lower()
    erased = line.story.pseudonyms.all(SENDER)
    assert len(erased) == 2  # two keys are live
    assert list(line.recorder.forgotten) == [erased]
    assert not any(event.pseudonym in erased for event in line.recorder.events)
    assert [event.reply for event in line.recorder.events] == ["talk", "forget_me"]
    assert line.story.hot_state.claim(new_message_id(), erased[0], 0.0).conversation == Conversation()
    # The provider's retry still gets the very answer, and nobody else's row is gone.
    assert line.texts(text, message_id=message_id) == [answer]


@pytest.mark.parametrize("text", ["just forget me", "forget me, I am done with life", "he said delete my data or else"])
def test_only_a_whole_message_asks_to_be_forgotten(line: Line, text: str) -> None:
    line.handle(text)
    assert not line.recorder.forgotten


def test_nothing_is_promised_when_erasing_fails(line: Line) -> None:
    [text] = line.with_parts(erasure=Broken()).texts("FORGET ME")
    assert "done" not in text
    assert line.recorder.events[-1].reply == "fallback"


# When parts are broken --------------------------------------------------------------------------------------------


def test_without_hot_state_a_message_is_answered_as_a_first_one(line: Line) -> None:
    assert line.with_parts(hot_state=Broken()).texts("URGENT") == line.texts("URGENT")
    assert {code for code, _ in line.log.troubles} == {"hot_state_failed"}
    assert line.recorder.events[0].degraded == ("hot_state",)


def test_a_degraded_claim_is_written_down(line: Line) -> None:
    class Degraded(InMemoryHotState):
        def claim(self, message_id: str, sender: str, now: float) -> Claim:
            return Claim(degraded=True)

    line.with_parts(hot_state=Degraded()).handle("help")
    assert only_event(line).degraded == ("hot_state",)


@pytest.mark.parametrize("recorder", [Broken(), RefusingRecorder()])
def test_without_outbox_the_answer_leaves_and_the_line_in_the_log_says_so(line: Line, recorder: Any) -> None:
    assert line.with_parts(recorder=recorder).texts("URGENT") == line.texts("URGENT", "+447700900124")
    assert line.log.events[0].degraded == ("outbox",)


def test_without_a_book_every_text_gets_the_built_in_words(make_line: Callable[..., Line]) -> None:
    line = make_line(release=None)
    assert line.texts("URGENT") == [BUILT_IN_FALLBACK]
    assert line.handle("STOP", OptOutType="STOP").body == SILENCE
    assert [event.reply for event in line.recorder.events] == ["fallback", None]
    assert line.recorder.events[0].degraded == ("reply_book",)


@pytest.mark.parametrize("missing", ["no_match", "help", "picture", "slow_down", "stop", "urgent", "fallback"])
def test_a_book_that_lacks_a_reply_still_answers(
    make_line: Callable[..., Line], shipped_release: Release, missing: str
) -> None:
    replies = {key: reply for key, reply in shipped_release.book.replies.items() if key != missing}
    book = shipped_release.book.model_copy(update={"replies": replies})
    release = Release.of(book, Understander(book, frozenset()), now=dt.datetime.now(dt.UTC))
    line = make_line(release=release)
    for text, more in [
        ("qwertyuiop", {}),
        ("HELP", {}),
        ("MORE", {}),
        ("STOP", {}),
        ("URGENT", {}),
        ("", {"NumMedia": "1"}),
    ]:
        assert line.texts(text, f"+4477009001{len(text):02}", **more)
    for _ in range(3):
        assert line.texts("talk")
    assert line.log.troubles == []


def broken_release(release: Release, part: str) -> Release:
    broken: dict[str, Any] = {part: Broken()}
    return dataclasses.replace(release, **broken)


@pytest.mark.parametrize("part", ["understander", "book", "openings"])
def test_whatever_breaks_on_the_way_ends_in_the_fallback_reply(line: Line, shipped_release: Release, part: str) -> None:
    fallback = Renderer(shipped_release.book).render("fallback", Part.TEXT, "en", dt.datetime.now(dt.UTC), frozenset())
    changed = line.with_parts(releases=CurrentRelease(broken_release(shipped_release, part)))
    assert changed.texts("hello there how are you today") == [fallback.text]
    assert [code for code, _ in line.log.troubles] == ["answer_failed"]
    event = only_event(line)
    assert (event.outcome, event.reply, event.degraded) == ("failed", "fallback", ("answer",))


def test_with_a_broken_renderer_the_built_in_words_are_left(line: Line, shipped_release: Release) -> None:
    changed = line.with_parts(releases=CurrentRelease(broken_release(shipped_release, "renderer")))
    assert changed.texts("help") == [BUILT_IN_FALLBACK]


@pytest.mark.parametrize("part", ["releases", "pseudonyms", "clock", "erasure", "hot_state", "recorder"])
def test_any_single_broken_part_still_gives_an_answer(line: Line, part: str) -> None:
    for text in ("URGENT", "FORGET ME"):
        [answer] = line.with_parts(**{part: Broken()}).texts(text)
        assert "999" in answer


def test_everything_broken_at_once_still_gives_an_answer(line: Line) -> None:
    parts = ("releases", "pseudonyms", "hot_state", "recorder", "erasure", "clock", "bank_holidays")
    assert line.with_parts(**{part: Broken() for part in parts}).texts("URGENT") == [BUILT_IN_FALLBACK]


def test_an_answer_that_cannot_be_wrapped_is_replaced(line: Line) -> None:
    class Odd(TwimlAnswers):
        def wrap(self, text: str, message_id: str | None) -> bytes:
            raise ValueError("canary")

    assert line.with_parts(answers=Odd("https://line.example.org")).texts("help") == [BUILT_IN_FALLBACK]


# Two lines ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("opening", ["URGENT", "help", "hello", "STOP", "FORGET ME", "he is going to kill me"])
def test_two_of_our_lines_that_text_each_other_fall_silent(make_line: Callable[..., Line], opening: str) -> None:
    lines = [make_line(), make_line()]
    numbers = ["+447700900001", "+447700900002"]
    said, answers = [opening], 0
    while said and answers < 50:
        answers += 1
        said = lines[answers % 2].texts(said[0], numbers[answers % 2])
    assert answers <= 10
    assert lines[0].texts("talk", "+447700900003")
    assert lines[1].texts("talk", "+447700900003")


def test_a_mirror_falls_silent(line: Line) -> None:
    [text] = line.texts("URGENT")
    echoes = [line.texts(text) for _ in range(20)]
    assert sum(map(len, echoes)) <= 1
    assert line.texts("URGENT", "+447700900003")
