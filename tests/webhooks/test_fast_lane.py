"""The fast lane gives what Flask gives, byte for byte and header for header, and leaves the odd ones to it."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask
from werkzeug.test import run_wsgi_app

from sms_service.factory.pages import PagesBehindTheLine
from sms_service.factory.web import app_of
from sms_service.webhooks.fast_lane import FastLane
from sms_service.webhooks.signed_request import new_message_id, sign
from sms_service.webhooks.sms import HANDLED, SmsWebhook
from sms_service.webhooks.twiml import LAST_RESORT, SILENCE
from tests.conftest import PUBLIC_URL, TOKEN

if TYPE_CHECKING:
    from tests.conftest import LineUnderTest

Answer = tuple[str, list[tuple[str, str]], bytes]


def environ(body: bytes, signature: str | None, **more: Any) -> dict[str, Any]:
    signed = {} if signature is None else {"HTTP_X_TWILIO_SIGNATURE": signature}
    return {
        "REQUEST_METHOD": "POST", "SCRIPT_NAME": "", "PATH_INFO": "/sms", "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "8000", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "x.example",
        "wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(body), "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True, "wsgi.multiprocess": False, "wsgi.run_once": False,
        "CONTENT_LENGTH": str(len(body)), "CONTENT_TYPE": "application/x-www-form-urlencoded", **signed, **more,
    }  # fmt: skip


def ask(line: LineUnderTest, *, lane: bool, request: Mapping[str, Any]) -> Answer:
    settings = dataclasses.replace(line.line.settings, fast_lane=lane)
    app = app_of(dataclasses.replace(line.line, settings=settings))
    assert has_lane(app) is lane
    body, status, headers = run_wsgi_app(app.wsgi_app, {**request, "wsgi.input": io.BytesIO(request["wsgi.input"])})
    return status, list(headers), b"".join(body)


def has_lane(app: Flask) -> bool:
    assert isinstance(app.wsgi_app, PagesBehindTheLine)
    return isinstance(app.wsgi_app.line_app, FastLane)


def signed(line: LineUnderTest, text: str, path: str = "/sms", **fields: str) -> dict[str, Any]:
    request = sign(f"{PUBLIC_URL}{path}", line.fields(text, message_id=new_message_id(), **fields), TOKEN)
    return {"body": request.raw_body, "signature": request.signature}


class Broken:
    """A body whose sender broke off."""

    def read(self, _size: int = -1) -> bytes:
        raise OSError("canary")

    readinto = read


REQUESTS: dict[str, Callable[[LineUnderTest], dict[str, Any]]] = {
    "a reply": lambda line: signed(line, "URGENT"),
    "a reply with letters outside ASCII": lambda line: signed(line, "p\u0142acz\u0119 \U0001f622"),
    "silence": lambda line: signed(line, "hi", From="+441632960123"),
    "own words": lambda line: signed(line, "he keeps asking me for pictures"),
    "a query that was signed": lambda line: {**signed(line, "help", "/sms?a=1&b=%20"), "QUERY_STRING": "a=1&b=%20"},
    "a slash at the end": lambda line: {**signed(line, "help", "/sms/"), "PATH_INFO": "/sms/"},
    "forged": lambda line: {**signed(line, "help"), "signature": "bm8="},
    "unsigned": lambda line: {**signed(line, "help"), "signature": None},
    "another account": lambda line: signed(line, "help", AccountSid="AC" + 32 * "0"),
    "two values": lambda line: {**signed(line, "help"), "body": b"Body=1&Body=2"},
    "not ASCII": lambda _: {"body": b"Body=\xff", "signature": "bm8="},
    "too many fields": lambda _: {"body": b"&".join(b"f%d=1" % number for number in range(101)), "signature": "bm8="},
    "nothing": lambda _: {"body": b"", "signature": "bm8="},
    "too long": lambda _: {"body": b"Body=" + 70_000 * b"x", "signature": "bm8="},
    "no length": lambda line: {**signed(line, "help"), "CONTENT_LENGTH": ""},
    "an odd length": lambda line: {**signed(line, "help"), "CONTENT_LENGTH": "1e1"},
    "cut short": lambda line: {**signed(line, "help"), "CONTENT_LENGTH": "9999"},
    "in pieces": lambda line: {**signed(line, "help"), "HTTP_TRANSFER_ENCODING": "chunked"},
    "GET": lambda line: {**signed(line, "help"), "REQUEST_METHOD": "GET"},
    "HEAD": lambda line: {**signed(line, "help"), "REQUEST_METHOD": "HEAD"},
    "OPTIONS": lambda line: {**signed(line, "help"), "REQUEST_METHOD": "OPTIONS"},
    "another path": lambda line: {**signed(line, "help"), "PATH_INFO": "/sms.php"},
}


@pytest.mark.parametrize("kind", REQUESTS)
def test_both_ways_give_the_same(line: LineUnderTest, kind: str) -> None:
    made = REQUESTS[kind](line)
    request = environ(made.pop("body"), made.pop("signature"), **made)
    request["wsgi.input"] = request["wsgi.input"].getvalue()
    with_lane = ask(line, lane=True, request=request)
    told = (len(line.log.refusals), len(line.log.events))
    without = ask(line, lane=False, request=request)
    assert with_lane == without
    assert {name for name, _ in with_lane[1]} >= {"Content-Type", "Content-Length", "Cache-Control"}
    # Each way tells of a refusal once; a message that was answered is a repeat the second time.
    assert len(line.log.refusals) == 2 * told[0]
    assert len(line.log.events) == told[1]


def test_a_failure_in_the_webhook_is_answered_and_told_once(line: LineUnderTest) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("canary")

    made = signed(line, "help")
    request = environ(made["body"], made["signature"])
    app = app_of(line.line)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SmsWebhook, "handle", broken)
        body, status, _ = run_wsgi_app(app.wsgi_app, request)
    assert (status, b"".join(body)) == ("200 OK", LAST_RESORT)
    assert [code for code, _ in line.log.troubles] == ["request_failed"]


def test_a_body_that_breaks_off_is_refused(line: LineUnderTest) -> None:
    body, status, _ = run_wsgi_app(
        app_of(line.line).wsgi_app, {**environ(b"", "bm8="), "wsgi.input": Broken(), "CONTENT_LENGTH": "9"}
    )
    assert (status.split()[0], b"".join(body)) == ("400", SILENCE)


def test_no_request_can_bring_an_answer_of_its_own(line: LineUnderTest) -> None:
    made = signed(line, "help")
    name = "HTTP_" + HANDLED.upper().replace(".", "_")
    assert name != HANDLED
    body, status, _ = run_wsgi_app(app_of(line.line).wsgi_app, environ(made["body"], "bm8=", **{name: "200"}))
    assert (status.split()[0], b"".join(body)) == ("403", SILENCE)


def test_traces_see_every_request(line: LineUnderTest) -> None:
    settings = dataclasses.replace(line.line.settings, otlp_endpoint="http://127.0.0.1:4318")
    assert not has_lane(app_of(dataclasses.replace(line.line, settings=settings)))
