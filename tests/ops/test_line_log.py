"""Log lines: one JSON object each, whatever somebody tries, and nothing that should not be there."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_service.core.events import Event, EventKind
from sms_service.ops.line_log import StructuredLog

if TYPE_CHECKING:
    from tests.conftest import LineUnderTest

NOW = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)


def lines_of(write: Callable[[StructuredLog], None]) -> list[dict[str, Any]]:
    stream = io.StringIO()
    write(StructuredLog(stream))
    written = stream.getvalue()
    assert written.isascii()
    return [json.loads(line) for line in written.splitlines()]


def event(**values: Any) -> Event:
    return Event(**{"event_id": "message:SM1", "kind": EventKind.MESSAGE, "at": NOW, **values})


def test_an_event_is_one_line_with_what_operators_need() -> None:
    [line] = lines_of(
        lambda log: log.event(
            event(message_id="SM1", pseudonym="ab12", key_id="k1", outcome="answered", stage="danger", reply="urgent",
                  release=7, segments=2, latency_ms=1.5, degraded=("hot_state",), danger_likely=False)
        )
    )  # fmt: skip
    assert line.pop("timestamp")
    assert line == {
        "event": "message", "level": "info", "event_id": "message:SM1", "message_id": "SM1", "pseudonym": "ab12",
        "key_id": "k1", "outcome": "answered", "stage": "danger", "reply": "urgent", "release": 7, "segments": 2,
        "latency_ms": 1.5, "degraded": ["hot_state"], "media_count": 0, "at": "2026-11-22T12:00:00+00:00",
    }  # fmt: skip


def test_zero_is_told_and_nothing_is_left_out() -> None:
    [line] = lines_of(lambda log: log.event(event(segments=0, score=0.0)))
    assert (line["segments"], line["score"]) == (0, 0.0)
    assert "reply" not in line


@given(st.text())
def test_no_value_can_split_or_colour_a_line(value: str) -> None:
    [line] = lines_of(lambda log: log.event(event(reply=value, outcome="\r\n\x1b[31m\u2028{")))
    assert line.get("reply", value) == value


def test_trouble_tells_kind_and_place_but_not_the_words() -> None:
    def write(log: StructuredLog) -> None:
        try:
            "canary\ud800".encode()
        except UnicodeEncodeError as error:
            log.trouble("answer_failed", error=error, message_id="SM1")

    [line] = lines_of(write)
    assert (line["event"], line["level"], line["error"], line["message_id"]) == (
        "answer_failed",
        "error",
        "UnicodeEncodeError",
        "SM1",
    )
    assert "test_line_log.py" in line["where"][-1]
    assert "canary" not in json.dumps(line)


def test_a_refusal_is_one_line() -> None:
    [line] = lines_of(lambda log: log.refusal("forged"))
    assert (line["event"], line["refusal"], line["level"]) == ("refusal", "forged", "warning")


def test_a_closed_stream_is_no_trouble() -> None:
    stream = io.StringIO()
    log = StructuredLog(stream)
    stream.close()
    log.event(event())
    log.trouble("x", error=ValueError("x"))
    log.refusal("x")


@pytest.mark.parametrize(
    "text", ["canary words\r\nof a child", "canary \x1b[2J", "URGENT canary \u2028", "canary {{7*7}}"]
)
def test_neither_number_nor_text_reaches_a_line(make_line: Callable[..., LineUnderTest], text: str) -> None:
    def write(log: StructuredLog) -> None:
        line = make_line().with_parts(log=log)
        line.handle(text, ProfileName="canary name", FromCity="canary city")
        line.with_parts(releases=None).handle(text)
        line.handle(text, AccountSid="canary")

    lines = lines_of(write)
    told = json.dumps(lines)
    assert len(lines) >= 3
    assert "canary" not in told
    assert "7700900123" not in told
