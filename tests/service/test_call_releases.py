"""A call that outlives its release: it goes on with the newest one, never into a dead end, never to a wrong choice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from sms_service.core.calls.machine import advance
from sms_service.core.calls.script import CallWords, Script
from sms_service.core.calls.state import CallPlace, CallState, Did, Heard, Then
from sms_service.core.reply_book import ReplyBook
from sms_service.service.release import Release

NOW = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)

if TYPE_CHECKING:
    from tests.conftest import LineUnderTest as Line


def as_number(release: Release, number: int, book: ReplyBook | None = None) -> Release:
    return replace(release, number=number, book=book or release.book)


def turned(book: ReplyBook) -> ReplyBook:
    """Give a book whose menu runs the other way: key 1 is police there."""
    menu = tuple(reversed(book.service.menu))
    return book.model_copy(update={"service": book.service.model_copy(update={"menu": menu})})


@pytest.fixture
def line(make_line: Callable[..., Line], shipped_release: Release) -> Line:
    return make_line(release=as_number(shipped_release, 1))


def publish(line: Line, *releases: Release) -> None:
    """Make releases live, one after the other, each with somebody ringing meanwhile."""
    for release in releases:
        line.line.releases.swap(release)
        line.call("+447700900777").ring()


def test_the_release_before_the_newest_still_answers_its_calls(line: Line, shipped_release: Release) -> None:
    call = line.call()
    call.ring()
    publish(line, as_number(shipped_release, 2, turned(shipped_release.book)))
    call.do("1")
    assert line.recorder.events[-1].reply == "iwf"


def test_an_older_call_hears_the_new_choices_before_a_key_counts(line: Line, shipped_release: Release) -> None:
    call = line.call()
    call.ring()
    publish(line, as_number(shipped_release, 2), as_number(shipped_release, 3, turned(shipped_release.book)))
    spoken = " ".join(call.do("1").spoken)
    assert "To hear how to reach the police, press 1." in spoken
    assert (line.recorder.events[-1].reply, line.recorder.events[-1].release) == (None, 3)
    call.do("1")
    assert line.recorder.events[-1].reply == "police"


@pytest.mark.parametrize("done", ["*", "0", "#", "", "he wants to meet me", "goodbye"])
def test_everything_else_goes_on_at_once(line: Line, shipped_release: Release, done: str) -> None:
    call = line.call()
    call.ring()
    call.do("5")
    publish(line, as_number(shipped_release, 2), as_number(shipped_release, 3, turned(shipped_release.book)))
    answer = call.do(done)
    assert "9 9 9" in " ".join(answer.spoken)
    assert answer.listens or answer.rings or done == "goodbye"


@pytest.mark.parametrize("place", CallPlace)
def test_a_place_and_reply_and_language_that_are_gone_are_no_dead_end(shipped_release: Release, place) -> None:
    book, renderer = shipped_release.book, shipped_release.renderer
    script = Script(CallWords(book), renderer, NOW, can_text=True)
    gone = CallState(place=place, reply="gone_reply", language="xx", contact=9, step=3, release=1)
    for heard in (
        *(Heard(Did.PRESSED, key=key) for key in "0123456789*#"),
        Heard(Did.WAITED),
        Heard(Did.CAME_BACK),
        Heard(Did.CAME_BACK, reached=True),
    ):
        step = advance(script, gone, heard)
        words = " ".join(part.text for part in (*step.first_words, *step.words))
        assert "9 9 9" in words or step.outcome.value == "wants_text"
        assert step.then is not Then.HANG_UP
