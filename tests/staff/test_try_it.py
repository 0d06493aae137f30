"""The test page: the real line behind it, reasons beside it, nothing of it left behind, and only for this machine."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import TYPE_CHECKING

import pytest
from flask.testing import FlaskClient

from sms_service.core.decisions import Outcome
from sms_service.core.understanding.result import Stage
from sms_service.service.trying import Exchange
from sms_service.staff.try_it import wording
from tests.sql_databases import an_event

if TYPE_CHECKING:
    from tests.conftest import LineUnderTest as Line


@pytest.fixture
def development(make_line: Callable[..., Line]) -> Line:
    return make_line(LINE_ENV="development")


def text(client: FlaskClient, words: str, **more: str) -> str:
    answer = client.post("/", data={"text": words, **more})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/#newest")
    return page(client)


def page(client: FlaskClient) -> str:
    answer = client.get("/")
    assert answer.status_code == 200
    return unescape(answer.get_data(as_text=True))


def test_a_text_gets_the_reply_of_the_line_and_the_reasons(development: Line) -> None:
    shown = text(development.client, "URGENT!!")
    assert "0116 454 1004" in shown
    assert "A sign of danger." in shown
    assert "Keyword URGENT." in shown
    assert "2 segments" in shown
    [expected] = development.texts("URGENT!!")
    assert expected in shown


def test_a_reply_is_read_aloud_in_its_own_language() -> None:
    exchange = Exchange("CYMORTH", False, ("Dwyt ti ddim mewn trwbl.",), 1, an_event(1, language="cy"), None)
    assert wording.explained(exchange).language == "cy"


def test_a_slip_shows_what_it_was_read_as_and_what_there_was_without_guessing(development: Line) -> None:
    shown = text(development.client, "ugrent")
    assert "A keyword with a slip of the thumb." in shown
    assert "'ugrent', read as URGENT" in shown
    assert "Without guessing" in shown


def test_the_phone_has_a_memory_until_it_starts_again(development: Line) -> None:
    text(development.client, "talk")
    assert "what it says the second time" in text(development.client, "talk")
    assert "its second part" in text(development.client, "more")
    assert development.client.post("/start-again").headers["Location"] == "/"
    assert "No texts yet" in page(development.client)
    assert "what it says the second time" not in text(development.client, "talk")


def test_silence_is_explained(development: Line) -> None:
    text(development.client, "STOP")
    assert "they asked us to stop" in text(development.client, "STOP")


def test_a_picture_can_come_along(development: Line) -> None:
    shown = text(development.client, "", picture="yes")
    assert "with a picture" in shown
    assert "We do not open pictures" in shown


def test_nothing_of_it_reaches_the_message_log_or_the_lines_own_memory(development: Line) -> None:
    text(development.client, "talk")
    assert development.recorder.events == []
    assert [event.reply for event in development.log.events] == ["talk"]  # the terminal shows it
    assert development.texts("talk") != []
    assert development.recorder.events[0].part == "text"


@pytest.mark.parametrize(
    "words", ["<img src=x onerror=alert(1)>", "</textarea><script>1</script>", "{{1234*1234}}", "\u202e", "\0 \ud7ff"]
)
def test_what_is_typed_is_shown_as_typed_and_never_run(development: Line, words: str) -> None:
    development.client.post("/", data={"text": words})
    raw = development.client.get("/").get_data(as_text=True)
    assert "<img" not in raw
    assert "<script" not in raw
    assert "1522756" not in raw


def test_the_page_needs_no_script_and_lets_none_run(development: Line) -> None:
    answer = development.client.get("/")
    raw = answer.get_data(as_text=True)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "script" not in policy
    assert "<script" not in raw
    assert "style=" not in raw
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers


def test_its_files_are_there(development: Line) -> None:
    files = re.findall(r'href="(/assets/[^"]+)"', development.client.get("/").get_data(as_text=True))
    assert len(files) == 2
    for path in files:
        with development.client.get(path) as answer:
            assert answer.status_code == 200


@pytest.mark.parametrize("path", ["/", "/start-again"])
def test_production_has_no_such_page(line: Line, path: str) -> None:
    assert line.client.post(path).status_code in {400, 404, 405}


@pytest.mark.parametrize(
    ("headers", "environ", "status"),
    [
        ({}, {}, 200),
        ({"Host": "127.0.0.1:8000"}, {}, 200),
        ({"Host": "[::1]:8000"}, {"REMOTE_ADDR": "::1"}, 200),
        ({"Host": "line.example.org"}, {}, 404),
        ({"Host": "127.0.0.1.evil.example"}, {}, 404),
        ({}, {"REMOTE_ADDR": "192.0.2.7"}, 404),
        ({"X-Forwarded-For": "127.0.0.1"}, {"REMOTE_ADDR": "192.0.2.7"}, 404),
    ],
)
def test_it_is_only_for_this_machine(
    development: Line, headers: dict[str, str], environ: dict[str, str], status: int
) -> None:
    assert development.client.get("/", headers=headers, environ_overrides=environ).status_code == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://localhost"}, 303),
        ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, 303),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
    ],
)
def test_another_sites_form_is_refused(development: Line, headers: dict[str, str], status: int) -> None:
    assert development.client.post("/", data={"text": "help"}, headers=headers).status_code == status


def test_without_a_book_the_page_still_works(make_line: Callable[..., Line]) -> None:
    client = make_line(release=None, LINE_ENV="development").client
    assert "0116 454 1004" in text(client, "help")


def test_every_stage_and_outcome_has_words() -> None:
    assert set(wording._STAGES) == set(Stage)
    assert set(wording._OUTCOMES) == {outcome.value for outcome in Outcome}
