"""What is kept of a reading: of keywords, which are the same for everybody, and of nobody's own words."""

from __future__ import annotations

import datetime as dt

import pytest

from sms_service.core.messages import InboundMessage
from sms_service.core.normalisation import normalise
from sms_service.core.understanding.pipeline import Understander
from sms_service.service import planning
from sms_service.service.planning import read
from sms_service.service.release import Release

NOW = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)


@pytest.fixture
def release(shipped_release: Release) -> Release:
    book = shipped_release.book
    return Release.of(book, Understander(book, frozenset()), now=NOW)


def texted(text: str, choice: str = "") -> InboundMessage:
    return InboundMessage("SM1", "+447700900123", text, choice=choice)


@pytest.mark.parametrize("text", ["HELP", "help please", "Urgent!", "STOP", "more", "2"])
def test_the_second_reading_of_a_keyword_is_the_first(release: Release, text: str) -> None:
    first = read(release, texted(text))
    assert list(release.readings) == [text]
    assert read(release, texted(text)) is first
    assert first.understanding == planning.understand(release, normalise(text), first.command)


@pytest.mark.parametrize("text", ["he says he will send my pictures round", "help " * 9, "", "groomign"])
def test_nobody_s_own_words_are_kept(release: Release, text: str) -> None:
    read(release, texted(text))
    assert release.readings == {}


def test_what_stands_behind_a_button_is_neither_kept_nor_taken_for_the_text(release: Release) -> None:
    kept = read(release, texted("help"))
    chosen = read(release, texted("help", choice="stop"))
    assert chosen.understanding.reply == "stop"
    assert read(release, texted("help")) is kept
    assert list(release.readings) == ["help"]


def test_only_so_many_are_kept(release: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "_MOST_KEPT", 1)
    for text in ("help", "stop"):
        read(release, texted(text))
    assert list(release.readings) == ["help"]
