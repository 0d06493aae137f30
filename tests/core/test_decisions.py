"""Limits: a machine is met with silence, a person and danger never are."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from sms_service.core.conversation import FORGET_AFTER_SECONDS, Conversation
from sms_service.core.decisions import (
    MOST_ANSWERS_IN_30_SECONDS,
    MOST_MESSAGES_IN_30_SECONDS,
    MOST_SAME_DANGER_TEXTS,
    Decision,
    Outcome,
    Traffic,
    decide,
)
from sms_service.core.messages import InboundMessage, ProviderOptOut
from sms_service.core.rendering import Part
from sms_service.core.reply_book import ReplyBook
from sms_service.core.understanding.result import Stage, Understanding

MakeBook = Callable[..., ReplyBook]


def _stage(text: str) -> Stage:
    return Stage.OPT_OUT if text in ("stop", "start") else Stage.KEYWORD


class Sender:
    """Texts a small line and lets time pass."""

    def __init__(self, book: ReplyBook) -> None:
        self.book = book
        self.now = 1_000_000.0
        self.conversation = Conversation()
        self.arrivals: list[float] = []

    def text(self, text: str, reply: str | None = None, *, after: float = 10.0, **more: Any) -> Decision:
        """Text something that is understood as ``reply`` (the text itself unless given)."""
        self.now += after
        self.arrivals = [at for at in [*self.arrivals, self.now] if self.now - at < 30]
        message = InboundMessage("SM1", "+447700900123", text, provider_opt_out=more.pop("provider", None))
        decision = decide(
            self.book,
            message,
            Understanding(reply or text, _stage(text), "", danger_likely=more.pop("danger_likely", False)),
            self.conversation,
            Traffic(len(self.arrivals), more.pop("own_text", False), text, self.now),
            **more,
        )
        self.conversation = decision.conversation
        return decision

    def outcomes(
        self, text: str, count: int, reply: str | None = None, *, after: float = 1.0, **more: Any
    ) -> list[Outcome]:
        return [self.text(text, reply, after=after, **more).outcome for _ in range(count)]


@pytest.fixture
def sender(make_book: MakeBook) -> Sender:
    return Sender(make_book({"replies.talk.again": {"en": "Again."}, "replies.slow_down.again": {"en": "Wait more."}}))


def test_the_same_text_gets_the_reply_its_next_step_slow_down_then_silence(sender: Sender) -> None:
    decisions = [sender.text("talk") for _ in range(5)]
    assert [(one.outcome, one.reply, one.part) for one in decisions[:3]] == [
        (Outcome.ANSWERED, "talk", Part.TEXT),
        (Outcome.ANSWERED, "talk", Part.AGAIN),
        (Outcome.SLOWED, "slow_down", Part.TEXT),
    ]
    assert {one.outcome for one in decisions[3:]} == {Outcome.SILENT_LOOP}


def test_reading_the_menu_is_no_loop(sender: Sender) -> None:
    for reply in ("talk", "pictures", "urgent"):
        assert sender.text("help").reply == "help"
        assert sender.text("1", reply).reply == reply


def test_the_same_text_for_ever_between_others_is_a_loop(sender: Sender) -> None:
    outcomes = []
    for number in range(12):
        outcomes.append(sender.text("talk", after=2.0).outcome)
        sender.text(f"text {number}", "pictures", after=2.0)
    assert outcomes[-1] is Outcome.SILENT_LOOP


def test_own_words_for_stop_never_lead_to_silence(sender: Sender) -> None:
    for _ in range(2):
        decision = sender.text("dont text me again", "stop")
        assert decision.sends
        assert not decision.conversation.opted_out


def test_a_picture_beside_a_command_changes_nothing(sender: Sender) -> None:
    message = InboundMessage("SM1", "+447700900123", "stop", media_count=1)
    traffic = Traffic(1, False, "stop", sender.now)
    decision = decide(sender.book, message, Understanding("stop", Stage.OPT_OUT, ""), Conversation(), traffic)
    assert (decision.reply, decision.conversation.opted_out) == ("stop", True)


def test_another_text_is_answered_in_the_middle_of_a_loop(sender: Sender) -> None:
    sender.outcomes("talk", 8)
    assert sender.text("pictures").outcome is Outcome.ANSWERED


@pytest.mark.parametrize("seconds", [5.0, 20.0, 60.0, 120.0, 290.0])
def test_whoever_goes_on_and_on_hears_from_us_every_few_minutes(sender: Sender, seconds: float) -> None:
    answered_at = []
    for _ in range(int(3600 / seconds)):
        if sender.text("talk", after=seconds).sends:
            answered_at.append(sender.now)
    gaps = [after - before for before, after in pairwise(answered_at)]
    assert len(answered_at) >= 6
    assert max(gaps) <= 11 * 60
    assert sum(gap < 300 for gap in gaps) <= 2 or seconds >= 100  # a slow sender is no machine


def test_danger_is_answered_in_the_middle_of_any_flood(sender: Sender) -> None:
    sender.outcomes("talk", 100, after=0.05)
    assert sender.text("urgent", after=0.05).outcome is Outcome.ANSWERED
    for number in range(200):
        sender.text(f"text {number}", "talk", after=0.05)
    assert sender.text("urgent now", "urgent", after=0.05).outcome is Outcome.ANSWERED


def test_a_flood_of_different_texts_gets_one_answer_in_30_seconds(sender: Sender) -> None:
    sent = [sender.text(f"text {number}", "talk", after=0.06).sends for number in range(1000)]  # 60 seconds
    assert all(sent[:MOST_MESSAGES_IN_30_SECONDS])
    assert 1 <= sum(sent[MOST_MESSAGES_IN_30_SECONDS:]) <= 3


def test_never_more_answers_than_the_provider_lets_through(sender: Sender) -> None:
    answers = [sender.now for number in range(400) if sender.text(f"danger {number}", "urgent", after=0.25).sends]
    busiest = max(sum(start <= at <= start + 30 for at in answers) for start in answers)
    assert busiest <= MOST_ANSWERS_IN_30_SECONDS < 30


def test_an_auto_responder_that_speaks_of_emergencies_is_slowed_but_not_silenced(sender: Sender) -> None:
    outcomes = sender.outcomes("out of office, in an emergency ring 999", 60, "urgent", after=2.0)
    assert set(outcomes[:MOST_SAME_DANGER_TEXTS]) == {Outcome.ANSWERED}
    assert 2 <= outcomes[MOST_SAME_DANGER_TEXTS:].count(Outcome.ANSWERED) <= 5


def test_a_text_of_our_own_is_answered_once_in_five_minutes_whatever_it_speaks_of(sender: Sender) -> None:
    assert sender.outcomes("our text", 20, "urgent", own_text=True).count(Outcome.ANSWERED) == 1
    assert sender.outcomes("our text", 2, "urgent", own_text=True, after=301).count(Outcome.ANSWERED) == 2
    assert sender.text("talk").outcome is Outcome.ANSWERED


def test_stop_is_always_confirmed_when_it_ends_something(sender: Sender) -> None:
    for _ in range(4):
        stopped = sender.text("stop")
        assert (stopped.reply, stopped.conversation.opted_out) == ("stop", True)
        assert sender.text("stop").outcome is Outcome.SILENT_OPTED_OUT
        assert sender.text("start").conversation.opted_out is False


def test_what_the_provider_answered_is_silence_and_remembered(sender: Sender) -> None:
    assert sender.text("stop", provider=ProviderOptOut.STOP).outcome is Outcome.PROVIDER_ANSWERED
    assert sender.conversation.opted_out
    assert sender.text("help", provider=ProviderOptOut.HELP).outcome is Outcome.PROVIDER_ANSWERED


def test_danger_beside_something_else_puts_the_emergency_line_in_front(sender: Sender) -> None:
    assert sender.text("talk", danger_likely=True).emergency_line
    assert not sender.text("urgent", danger_likely=True).emergency_line


def test_a_clock_that_jumps_neither_revives_nor_freezes(sender: Sender) -> None:
    sender.outcomes("talk", 6)
    sender.now -= 2 * 3600
    sender.arrivals = []
    assert sender.text("talk").outcome is Outcome.ANSWERED
    sender.now += FORGET_AFTER_SECONDS + 60
    assert sender.text("talk").part is Part.TEXT


def test_a_book_that_lacks_the_reply_decides_all_the_same(sender: Sender, make_book: MakeBook) -> None:
    sender.book = make_book({"replies.slow_down": None, "replies.no_match": None})
    assert sender.text("unknown").reply == "no_match"
    assert sender.outcomes("talk", 3)[-1] is Outcome.SLOWED
