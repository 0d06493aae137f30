"""A second language: a keyword in it is answered in it, and not before it is live."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from sms_service.core.checks import check_book
from sms_service.core.rendering import Part
from sms_service.core.segments import Encoding, count_segments
from sms_service.core.understanding.pipeline import Understander
from sms_service.service.release import Release

if TYPE_CHECKING:
    from tests.conftest import LineUnderTest as Line

WELSH_HELP = "Dwyt ti ddim mewn trwbl"
ENGLISH_HELP = "You are not in trouble"


@pytest.fixture(scope="module")
def bilingual(shipped_release: Release) -> Release:
    """The shipped book as if Welsh had been approved."""
    book = shipped_release.book
    service = book.service.model_copy(update={"languages": ("en", "cy"), "waiting_languages": {}})
    changed = book.model_copy(update={"service": service})
    return Release.of(changed, Understander(changed, frozenset()), now=dt.datetime.now(dt.UTC))


@pytest.fixture
def welsh_line(make_line: Callable[..., Line], bilingual: Release) -> Line:
    return make_line(release=bilingual)


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("CYMORTH", WELSH_HELP),
        ("perygl", "Ffonia 999"),
        ("SIARAD", WELSH_HELP),
        ("CYMRAEG", WELSH_HELP),
        ("welsh please", WELSH_HELP),
        ("HELP", ENGLISH_HELP),
        ("ENGLISH", ENGLISH_HELP),
    ],
)
def test_a_keyword_in_a_language_answers_in_it(welsh_line: Line, text: str, begins: str) -> None:
    [answer] = welsh_line.texts(text)
    assert answer.startswith(begins)


def test_the_language_is_remembered_until_another_one_is_texted(welsh_line: Line) -> None:
    welsh_line.texts("CYMORTH")
    assert welsh_line.texts("5")[0].startswith(WELSH_HELP)
    assert welsh_line.texts("URGENT")[0].startswith("Ffonia 999")
    assert welsh_line.texts("ENGLISH")[0].startswith(ENGLISH_HELP)
    assert welsh_line.texts("5")[0].startswith(ENGLISH_HELP)


def test_what_a_language_lacks_comes_in_english(make_line: Callable[..., Line], bilingual: Release) -> None:
    replies = dict(bilingual.book.replies)
    replies["nudes"] = replies["nudes"].model_copy(update={"text": {"en": replies["nudes"].text["en"]}, "spoken": {}})
    book = bilingual.book.model_copy(update={"replies": replies})
    line = make_line(release=Release.of(book, bilingual.understander, now=dt.datetime.now(dt.UTC)))
    line.texts("CYMRAEG")
    assert line.texts("NUDES")[0].startswith(ENGLISH_HELP)
    assert line.recorder.events[-1].language == "en"


@pytest.mark.parametrize("text", ["CYMORTH", "PERYGL", "CYMRAEG"])
def test_nobody_gets_a_language_that_is_not_live(line: Line, text: str) -> None:
    [answer] = line.texts(text)
    assert "Dwyt" not in answer
    assert "Ffonia" not in answer
    assert "999" in answer


@pytest.mark.parametrize("text", ["LANGUAGE", "languages please", "iaith"])
def test_language_lists_those_that_are_live(line: Line, welsh_line: Line, text: str) -> None:
    [answer] = line.texts(text)
    assert answer.endswith("\nENGLISH")
    [answer] = welsh_line.texts(text)
    assert answer.endswith("\nENGLISH\nCYMRAEG")


def test_welsh_waits_for_a_native_reader(shipped_release: Release) -> None:
    service = shipped_release.book.service
    assert service.languages == ("en",)
    assert "native reader" in service.waiting_languages["cy"]


def test_the_way_is_whole(bilingual: Release) -> None:
    """Were Welsh live, the checker would ask for nothing in it: every reply and every word of a call is written."""
    assert not [one for one in check_book(bilingual.book) if "'cy'" in one.what or one.is_error]
    never_said = {"voice_note"}
    for key, reply in bilingual.book.replies.items():
        assert "cy" in reply.text, key
        assert "cy" in reply.spoken or key in never_said, key


def test_every_welsh_text_is_short_and_plain(bilingual: Release) -> None:
    for key in bilingual.book.replies:
        rendered = bilingual.renderer.render(key, Part.TEXT, "cy", dt.datetime.now(dt.UTC), frozenset())
        counted = count_segments(rendered.text)
        assert (counted.encoding, rendered.language) == (Encoding.GSM_7, "cy"), key
        assert counted.segments <= (3 if key in {"help", "no_match"} else 2), key


def test_welsh_numbers_are_said_twice_in_welsh(bilingual: Release) -> None:
    """Nothing in English is said by the Welsh voice but names and addresses."""
    for key in bilingual.book.replies:
        said = bilingual.renderer.render(key, Part.SPOKEN, "cy", dt.datetime.now(dt.UTC), frozenset()).text
        assert "again" not in said, key
        assert "9 9 9" in said, key


def test_a_language_is_live_or_waits_but_not_both(shipped_release: Release) -> None:
    book = shipped_release.book
    both = book.service.model_copy(update={"languages": ("en", "cy")})
    neither = book.service.model_copy(update={"waiting_languages": {}})
    said = [one.what for one in check_book(book.model_copy(update={"service": both}))]
    assert "'cy' is live and waits as well." in said
    said = [one.what for one in check_book(book.model_copy(update={"service": neither}))]
    assert "'cy' is not live, so nobody gets this." in said


class TestACall:
    def test_is_offered_in_both_and_spoken_by_the_right_voice(self, welsh_line: Line) -> None:
        call = welsh_line.call()
        assert any("gwasga hash" in words for words in call.ring().spoken)
        answer = call.do("#")
        welsh = answer.spoken
        assert set(answer.languages) == {"cy-GB", "en-GB"}
        assert any("gwasga sero" in words or "pwyswch 1" in words for words in welsh)
        assert any("For English, press hash" in words for words in welsh)
        assert call.do("5").spoken[0].startswith(WELSH_HELP)
        assert "9 9 9" in " ".join(call.do("").spoken)

    def test_in_one_language_offers_no_other(self, line: Line) -> None:
        assert not any("gwasga" in words for words in line.call().ring().spoken)

    def test_goes_on_in_the_language_of_what_is_said(self, welsh_line: Line) -> None:
        call = welsh_line.call()
        call.ring()
        assert call.do("cymorth").spoken[0].startswith(WELSH_HELP)
        assert call.do("*").spoken[0].startswith(WELSH_HELP)


def test_a_release_swap_keeps_what_was_chosen(welsh_line: Line, bilingual: Release) -> None:
    welsh_line.texts("CYMRAEG")
    welsh_line.line.releases.swap(replace(bilingual, number=7))
    assert welsh_line.texts("5")[0].startswith(WELSH_HELP)
