"""The call graph, walked: from every place a caller can be in, under everything a caller can do."""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Iterable
from dataclasses import replace

import pytest

from sms_service.core.call_settings import BUILT_IN_WORDS, CallPiece
from sms_service.core.calls.commands import spoken_command
from sms_service.core.calls.machine import advance, told_of_text
from sms_service.core.calls.script import CallWords, Script, dialled_number
from sms_service.core.calls.state import (
    MOST_REPEATS,
    MOST_STEPS,
    CallOutcome,
    CallPlace,
    CallState,
    CallStep,
    Did,
    Heard,
    Spoken,
    Then,
)
from sms_service.core.rendering import Renderer
from sms_service.core.reply_book import ReplyBook
from sms_service.core.understanding.result import Stage, Understanding
from sms_service.service.release import Release

NOW = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
RANG = Heard(Did.RANG)
SILENCE = Heard(Did.WAITED)
NOBODY = Heard(Did.CAME_BACK, reached=False)
SOMEBODY = Heard(Did.CAME_BACK, reached=True)


def pressed(key: str) -> Heard:
    return Heard(Did.PRESSED, key=key)


def said(reply: str, *, stage: Stage = Stage.FREE_TEXT, sure: bool = True, danger_likely: bool = False) -> Heard:
    return Heard(Did.SPOKE, understanding=Understanding(reply, stage, "", danger_likely=danger_likely), sure=sure)


def script_of(book: ReplyBook, *, can_text: bool = True) -> Script:
    return Script(CallWords(book), Renderer(book), NOW, can_text=can_text)


@pytest.fixture(scope="module")
def script(shipped_release: Release) -> Script:
    return script_of(shipped_release.book)


def words_of(step: CallStep) -> str:
    return " ".join(part.text for part in (*step.first_words, *step.words))


INPUTS: tuple[Heard, ...] = (
    *(pressed(key) for key in "0123456789*#"),
    pressed(""),
    SILENCE,
    NOBODY,
    SOMEBODY,
    *(Heard(Did.SPOKE, command=command) for command in Spoken),
    *(said(reply) for reply in ("urgent", "meet", "stop", "no_match", "gone_reply")),
    said("meet", sure=False),
    said("urgent", sure=False),
    Heard(Did.SPOKE),
)


def steps_from(script: Script, state: CallState, heard: Heard) -> Iterable[CallStep]:
    """Give the step, or both ways that sending a text can end."""
    step = advance(script, state, heard)
    if step.outcome is CallOutcome.WANTS_TEXT:
        return [told_of_text(script, step.state, sent=sent) for sent in (True, False)]
    return [step]


def walk(script: Script) -> Iterable[tuple[CallState, Heard, CallStep]]:
    """Give every edge of the call graph that can be reached by ringing. Only the number of the step is left out."""
    begun = CallState()
    waiting, seen = deque([begun]), {begun}
    while waiting:
        state = waiting.popleft()
        for heard in (RANG,) if state is begun else INPUTS:
            for step in steps_from(script, state, heard):
                yield state, heard, step
                after = replace(step.state, step=1)
                if step.then is not Then.HANG_UP and after not in seen:
                    seen.add(after)
                    waiting.append(after)


def with_short_menu(book: ReplyBook) -> ReplyBook:
    """Give a book whose graph is small enough to be walked whole: the other choices lead where this one leads."""
    return book.model_copy(update={"service": book.service.model_copy(update={"menu": ("meet",)})})


@pytest.fixture(scope="module")
def edges(shipped_release: Release) -> list[tuple[CallState, Heard, CallStep]]:
    return list(walk(script_of(with_short_menu(shipped_release.book))))


@pytest.mark.parametrize("place", CallPlace)
def test_every_place_of_the_whole_menu_leads_on_under_every_input(script, place):
    for reply in (None, *script.book.replies):
        for extreme in (CallState(step=1), CallState(step=MOST_STEPS, missed=2, repeated=3, contact=9, rounds=3)):
            for heard in INPUTS:
                for step in steps_from(script, replace(extreme, place=place, reply=reply), heard):
                    assert "9 9 9" in words_of(step)


def test_every_step_says_999_and_leads_on_or_ends_after_the_numbers(edges):
    places = set()
    for state, heard, step in edges:
        words = words_of(step)
        assert "9 9 9" in words, (state, heard)
        assert (step.then is Then.RING) == (step.contact is not None)
        if step.then is Then.HANG_UP:
            assert "0 1 1 6, 4 5 4, 1 0 0 4" in words, (state, heard)
        else:
            places.add(step.state.place)
    assert places == set(CallPlace), "some place is never reached"
    assert len(edges) > 5_000


def test_the_same_words_come_at_most_three_times_again(edges):
    """Follow, for each edge, how long a run of equal words can get: it must end at a first time and three repeats."""
    after: dict[CallState, set[tuple[CallState, str]]] = {}
    for state, _, step in edges:
        if step.then is Then.LISTEN and state != CallState():
            after.setdefault(replace(state, step=1), set()).add((replace(step.state, step=1), words_of(step)))
    longest = 0
    waiting = [(to, words, 1) for reached in after.values() for to, words in reached]
    seen = set(waiting)
    while waiting:
        state, words, run = waiting.pop()
        longest = max(longest, run)
        assert run <= 1 + MOST_REPEATS, words
        for to, said_next in after.get(state, ()):
            entry = (to, said_next, run + 1)
            if said_next == words and entry not in seen:
                seen.add(entry)
                waiting.append(entry)
    assert longest == 1 + MOST_REPEATS


def test_silence_alone_ends_a_call_after_three_times(edges):
    """From every place: nobody is read to for ever, and nobody is cut off without having been told."""
    silent = {state: step for state, heard, step in edges if heard is SILENCE}
    for begin in silent:
        state, steps = begin, 0
        while silent[state].then is not Then.HANG_UP:
            state, steps = replace(silent[state].state, step=1), steps + 1
            assert steps <= 6
    assert silent


def test_a_call_ends_whatever_a_machine_presses(script):
    state, steps = advance(script, CallState(), RANG).state, 1
    while True:
        step = advance(script, state, pressed("12"[steps % 2]))
        if step.then is Then.HANG_UP:
            break
        state, steps = step.state, steps + 1
    assert steps == MOST_STEPS
    assert "9 9 9" in words_of(step)


class TestTheWayThrough:
    def test_the_welcome_names_999_before_anything_can_cut_it_short(self, script):
        step = advance(script, CallState(), RANG)
        first_sentence = step.first_words[0].text.partition(". ")[0]
        assert "9 9 9" in first_sentence
        assert "press zero" in words_of(step)

    def test_the_menu_is_in_the_order_of_the_service_file(self, shipped_release):
        book = shipped_release.book
        menu = tuple(reversed(book.service.menu))
        turned = book.model_copy(update={"service": book.service.model_copy(update={"menu": menu})})
        spoken = words_of(advance(script_of(turned), CallState(), RANG))
        assert "To hear how to reach the police, press 1." in spoken
        assert advance(script_of(turned), CallState(step=1), pressed("1")).reply == "police"

    @pytest.mark.parametrize("number", range(1, 10))
    def test_a_key_gives_the_reply_of_its_number(self, script, number):
        step = advance(script, CallState(step=1), pressed(str(number)))
        assert step.reply == script.book.service.menu[number - 1]
        assert step.state.place is CallPlace.ANSWER

    def test_silence_gets_the_facts_about_a_silent_999_call(self, script):
        spoken = words_of(advance(script, CallState(step=1), SILENCE))
        facts = (
            "You do not have to speak. If you are in danger now, hang up and call 9 9 9, again, 9 9 9. "
            "Cannot speak? Call 9 9 9 from a mobile, and listen. Cough, or tap the screen. "
            "When they ask you to, press five five. Five five does not tell them where you are. "
            "On a house phone, press nothing. Stay on the line."
        )
        assert facts in spoken

    def test_five_five_pressed_here_is_a_cry_for_help(self, script):
        quiet = advance(script, CallState(step=1), SILENCE)
        after_hearing_of_it = advance(script, quiet.state, pressed("5"))
        once = advance(script, CallState(step=1), pressed("5"))
        twice = advance(script, once.state, pressed("5"))
        said_aloud = advance(script, CallState(step=1), Heard(Did.SPOKE, command=Spoken.CRY))
        assert once.reply == "meet"
        assert [step.reply for step in (after_hearing_of_it, twice, said_aloud)] == ["urgent"] * 3

    def test_five_is_a_choice_again_after_the_choices(self, script):
        quiet = advance(script, CallState(step=1), SILENCE)
        menu = advance(script, quiet.state, Heard(Did.SPOKE, command=Spoken.MENU))
        assert advance(script, menu.state, pressed("5")).reply == "meet"

    def test_a_language_that_is_asked_for_leads_to_the_choice_where_there_is_one(self, script, shipped_release):
        asked = said("language", stage=Stage.KEYWORD)
        assert advance(script, CallState(step=1), asked).reply == "language"
        service = shipped_release.book.service.model_copy(update={"languages": ("en", "cy")})
        both = script_of(shipped_release.book.model_copy(update={"service": service}))
        assert "gwasga hash" in words_of(advance(both, CallState(step=1), asked))

    def test_danger_is_answered_however_badly_it_was_heard(self, script):
        assert advance(script, CallState(step=1), said("crisis", sure=False)).reply == "crisis"
        assert advance(script, CallState(step=1), said("meet", sure=False)).reply == "no_match"

    def test_a_keyword_that_was_heard_badly_is_still_a_keyword(self, script):
        assert advance(script, CallState(step=1), said("meet", stage=Stage.KEYWORD, sure=False)).reply == "meet"

    def test_stop_may_be_said_to_somebody_else_in_the_room(self, script):
        step = advance(script, CallState(step=1), said("stop", stage=Stage.OPT_OUT))
        assert step.state.place is CallPlace.QUIET

    def test_likely_danger_puts_999_first(self, script):
        step = advance(script, CallState(step=1), said("friend", danger_likely=True))
        assert step.words[0].text.startswith("If you are not safe, call 9 9 9")
        assert step.emergency_line

    def test_one_text_a_call(self, script):
        first = advance(script, CallState(step=1), pressed("#"))
        assert (first.outcome, first.reply) == (CallOutcome.WANTS_TEXT, "help")
        told = told_of_text(script, first.state, sent=True)
        assert advance(script, told.state, pressed("#")).outcome is CallOutcome.REPEATED

    def test_the_text_is_the_one_of_the_answer(self, script):
        answer = advance(script, CallState(step=1), pressed("5"))
        assert "press hash" in words_of(answer)
        assert advance(script, answer.state, pressed("#")).reply == "meet"

    def test_no_text_is_offered_or_wanted_where_none_can_be_sent(self, shipped_release):
        script = script_of(with_short_menu(shipped_release.book), can_text=False)
        for _, _, step in walk(script):
            assert "press hash" not in words_of(step)
            assert step.outcome is not CallOutcome.WANTS_TEXT


class TestPuttingThrough:
    def test_the_next_one_is_rung_until_somebody_answers(self, script):
        first = advance(script, CallState(step=1), pressed("0"))
        assert (first.then, first.contact) == (Then.RING, "duty_and_advice")
        second = advance(script, first.state, NOBODY)
        assert (second.then, second.contact) == (Then.RING, "safeguarding_team")
        nobody = advance(script, second.state, NOBODY)
        assert (nobody.then, nobody.outcome) == (Then.LISTEN, CallOutcome.NOT_REACHED)
        assert "0 8 0 0, 1 1 1 1" in words_of(nobody)
        again = advance(script, nobody.state, pressed("0"))
        assert again.contact == "duty_and_advice"
        assert advance(script, again.state, SOMEBODY).state.place is CallPlace.BACK

    @pytest.mark.parametrize(("hour", "rung"), [(12, True), (22, False)])
    def test_who_is_shut_is_not_rung(self, shipped_release, hour, rung):
        book = shipped_release.book
        hours = {"days": dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ("09:00-17:00",))}
        team = type(book.contacts["safeguarding_team"]).model_validate(
            {"name": "Team", "number": "0116 277 9190", "hours": hours}
        )
        changed = book.model_copy(update={"contacts": {**book.contacts, "safeguarding_team": team}})
        script = replace(script_of(changed), now=NOW.replace(hour=hour))
        state = CallState(place=CallPlace.CALLING, contact=0, step=2)
        step = advance(script, state, NOBODY)
        assert (step.contact == "safeguarding_team") is rung
        assert (step.outcome is CallOutcome.NOT_REACHED) is not rung

    def test_with_nobody_to_ring_the_numbers_are_said(self, shipped_release):
        book = shipped_release.book
        call = book.service.call.model_copy(update={"put_through": ("emergency", "police", "nobody_here")})
        changed = book.model_copy(update={"service": book.service.model_copy(update={"call": call})})
        step = advance(script_of(changed), CallState(step=1), pressed("0"))
        assert (step.outcome, step.then) == (CallOutcome.NOT_REACHED, Then.LISTEN)

    @pytest.mark.parametrize(
        ("key", "number"),
        [("duty_and_advice", "+441164541004"), ("childline", "+448001111"), ("emergency", None), ("police", None),
         ("samaritans", None), ("iwf", None)],
    )  # fmt: skip
    def test_only_numbers_of_the_public_network_are_rung(self, shipped_release, key, number):
        assert dialled_number(shipped_release.book.contacts[key]) == number


def test_a_book_from_before_there_were_calls_speaks_the_built_in_words(shipped_release):
    book = with_short_menu(shipped_release.book)
    fields = book.service.model_dump(exclude={"call"})
    old = book.model_copy(update={"service": type(book.service).model_validate(fields)})
    for _, _, step in walk(script_of(old)):
        assert "9 9 9" in words_of(step)
    assert BUILT_IN_WORDS.keys() | {CallPiece.OTHER_LANGUAGE} == set(CallPiece)


def test_a_book_without_its_emergency_contact_still_says_999(shipped_release):
    book = shipped_release.book
    contacts = {key: contact for key, contact in book.contacts.items() if key != "emergency"}
    script = script_of(book.model_copy(update={"contacts": contacts}))
    for heard in (RANG, SILENCE, pressed("0"), pressed("2"), said("no_match")):
        assert "9 9 9" in words_of(advance(script, CallState(step=0 if heard is RANG else 1), heard))


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("Say that again, please.", Spoken.AGAIN),
        ("Put me through.", Spoken.PERSON),
        ("zero", Spoken.PERSON),
        ("Text me the numbers", Spoken.TEXT),
        ("menu", Spoken.MENU),
        ("Goodbye", Spoken.GOODBYE),
        ("Five, five.", Spoken.CRY),
        ("55", Spoken.CRY),
        ("Stop it! Get off me!", Spoken.CRY),
        ("Please, don't hurt me.", Spoken.CRY),
        ("he told me to leave him alone and get off me he said", None),
        ("he said goodbye and now i am scared", None),
        ("he texts me again and again", None),
        ("", None),
        ("again " * 50, None),
    ],
)
def test_words_about_the_call_itself(text, command):
    assert spoken_command(text) is command
