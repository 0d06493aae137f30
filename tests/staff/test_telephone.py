"""The telephone of the test page: the real calls behind it, and nothing of it left behind."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import LineUnderTest as Line


@pytest.fixture
def development(make_line: Callable[..., Line]) -> Line:
    return make_line(LINE_ENV="development")


def after(development: Line, path: str, **fields: str) -> str:
    answer = development.client.post(path, data=fields)
    assert answer.status_code == 303
    return unescape(development.client.get("/ring").get_data(as_text=True))


def test_ringing_says_the_emergency_number_first_and_offers_keys(development: Line) -> None:
    shown = after(development, "/ring")
    assert "9 9 9" in shown
    assert 'aria-label="star"' in shown
    assert "Hang up" in shown


def test_a_key_and_words_are_answered_as_for_a_caller(development: Line) -> None:
    after(development, "/ring")
    assert "Do not pay" in after(development, "/ring/do", done="2")
    assert "press five five" in after(development, "/ring/do", done="urgent")


def test_silence_is_answered_too(development: Line) -> None:
    after(development, "/ring")
    shown = after(development, "/ring/do", done="")
    assert "You do not have to speak" in shown
    assert "silence" in shown


def test_zero_rings_somebody_who_may_answer_or_not(development: Line) -> None:
    after(development, "/ring")
    assert "Nobody answers" in after(development, "/ring/do", done="0")
    assert "Nobody answers" not in after(development, "/ring/do", done="+")


def test_hanging_up_forgets_the_call(development: Line) -> None:
    after(development, "/ring")
    assert "No call yet" in after(development, "/ring/hang-up")


def test_a_step_without_a_call_changes_nothing(development: Line) -> None:
    assert "No call yet" in after(development, "/ring/do", done="1")


def test_nothing_of_it_reaches_the_rows(development: Line) -> None:
    after(development, "/ring")
    after(development, "/ring/do", done="2")
    assert development.recorder.events == []


def test_what_is_said_is_shown_as_said_and_never_run(development: Line) -> None:
    after(development, "/ring")
    development.client.post("/ring/do", data={"done": "<img src=x onerror=alert(1)>"})
    assert "<img" not in development.client.get("/ring").get_data(as_text=True)


@pytest.mark.parametrize("path", ["/ring", "/ring/do", "/ring/hang-up"])
def test_production_has_no_telephone(line: Line, path: str) -> None:
    assert line.client.post(path).status_code in {400, 404, 405}
