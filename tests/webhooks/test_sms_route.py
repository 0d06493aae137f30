"""POST /sms as the provider meets it: always its own content type, never a redirect, a cookie or a word too many."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from twilio.request_validator import RequestValidator
from werkzeug.test import EnvironBuilder, run_wsgi_app

from sms_service.factory.web import app_of
from sms_service.webhooks.error_pages import is_webhook_path
from sms_service.webhooks.sms import SmsWebhook
from sms_service.webhooks.twiml import CONTENT_TYPE, LAST_RESORT, SILENCE

if TYPE_CHECKING:
    from tests.conftest import LineUnderTest as Line


def send(app: Flask, method: str, path: str, **environ: Any) -> tuple[int, dict[str, str], bytes]:
    """Send a request with the path exactly as written (a test client tidies it first)."""
    built = EnvironBuilder(method=method, data=b"Body=hi" if method == "POST" else None).get_environ()
    built.update({"PATH_INFO": path, **environ})
    body, status, headers = run_wsgi_app(app, built, buffered=True)
    return int(status.split()[0]), dict(headers), b"".join(body)


def test_a_request_signed_with_the_providers_sdk_gets_the_urgent_reply(line: Line) -> None:
    fields = line.fields("URGENT")
    signature = RequestValidator("token-of-the-tests").compute_signature("https://line.example.org/sms", fields)
    answer = line.client.post("/sms", data=fields, headers={"X-Twilio-Signature": signature})
    assert (answer.status_code, answer.content_type) == (200, CONTENT_TYPE)
    messages = [message.text or "" for message in ET.fromstring(answer.data).iter("Message")]
    assert len(messages) == 1
    assert "0116 454 1004" in messages[0]
    assert "999" in messages[0]


def test_view_and_plain_function_give_the_same_bytes(line: Line, make_line: Callable[..., Line]) -> None:
    message_id = "SM" + 32 * "7"
    assert line.post("help", message_id=message_id).data == make_line().handle("help", message_id=message_id).body


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http", "X-Forwarded-Port": "81"},
        {"X-Forwarded-Host": "evil.example, evil.example", "X-Forwarded-Prefix": "/other, /other"},
        {"Forwarded": "host=evil.example;proto=http"},
        {"X-Original-URL": "/other", "X-Rewrite-URL": "/other"},
        {"Content-Type": "text/plain"},
        {"Authorization": "Basic dXNlcjpwYXNz"},
        {"I-Twilio-Idempotency-Token": "x"},
    ],
)
@pytest.mark.parametrize("hops", ["0", "2"])
def test_what_a_request_says_of_itself_changes_nothing(
    make_line: Callable[..., Line], headers: dict[str, str], hops: str
) -> None:
    line = make_line(TRUSTED_PROXY_HOPS=hops)  # for the log-in limit alone
    assert line.post("help", headers=headers).status_code == 200
    forged = line.client.post("/sms", data=line.fields("help"), headers={"X-Twilio-Signature": "forged", **headers})
    assert forged.status_code == 403


def test_the_query_is_part_of_what_was_signed(line: Line) -> None:
    assert line.post("help", path="/sms?step=2&name=It%27s%20me").status_code == 200
    signed = line.post("help", path="/sms?step=2").request.headers["X-Twilio-Signature"]
    moved = line.client.post("/sms?step=3", data=line.fields("help"), headers={"X-Twilio-Signature": signed})
    assert moved.status_code == 403


@pytest.mark.parametrize("signature", [None, "", "AAAA", "é", "A" * 5000])
def test_unsigned_and_forged_requests_are_refused_without_any_effect(line: Line, signature: str | None) -> None:
    headers = {} if signature is None else {"X-Twilio-Signature": signature}
    answer = line.client.post("/sms", data=line.fields("URGENT"), headers=headers)
    assert (answer.status_code, answer.content_type, answer.data) == (403, CONTENT_TYPE, SILENCE)
    assert line.recorder.events == []
    assert line.log.refusals in (["unsigned"], ["forged"])


def test_another_account_is_refused_although_signed(line: Line) -> None:
    assert line.handle("help", AccountSid="AC" + 32 * "b").status == 403
    assert line.log.refusals == ["other_account"]


METHODS = ("GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND")
VARIANTS = (
    "/sms",
    "/sms/",
    "//sms",
    "/sms//",
    "/SMS",
    "/Sms/",
    "/sms/x",
    "/sms.php",
    "/./sms",
    "/sms%2F",
    "/voice",
    "/smsx",
)


@pytest.mark.parametrize("path", VARIANTS)
@pytest.mark.parametrize("method", ["POST", *METHODS])
def test_no_variant_redirects_or_says_a_word(line: Line, method: str, path: str) -> None:
    status, headers, body = send(app_of(line.line), method, path)
    assert status in {403, 404, 405}
    assert headers["Content-Type"] == CONTENT_TYPE
    assert body == (b"" if method == "HEAD" else SILENCE)
    assert "Set-Cookie" not in headers
    assert "Location" not in headers


@pytest.mark.parametrize("method", METHODS)
def test_only_post_is_allowed_and_said_so(line: Line, method: str) -> None:
    status, headers, _ = send(app_of(line.line), method, "/sms")
    assert (status, headers["Allow"]) == (405, "POST")


def test_a_slash_at_the_end_is_the_same_address_when_it_was_signed_so(line: Line) -> None:
    assert line.post("help", path="/sms/").status_code == 200


@pytest.mark.parametrize(
    ("raw_body", "status"),
    [
        (b"Body=" + b"x" * 70_000, 413),
        (b"Body=" + b"x" * 2_000_000, 413),
        (b"Body=\xff", 400),
        (b"&".join(b"f%d=1" % number for number in range(10_000)), 413),
        (b"&".join(b"f%d=1" % number for number in range(101)), 400),
    ],
)
def test_odd_bodies_are_refused_in_the_providers_type(line: Line, raw_body: bytes, status: int) -> None:
    answer = line.client.post("/sms", data=raw_body, headers={"X-Twilio-Signature": "c2ln"})
    assert (answer.status_code, answer.content_type, answer.data) == (status, CONTENT_TYPE, SILENCE)


def test_an_answer_sets_no_cookie_and_may_not_be_kept(line: Line) -> None:
    answer = line.post("help")
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_a_failure_in_front_of_the_line_is_answered_too(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("canary words of an exception")

    monkeypatch.setattr(SmsWebhook, "handle", broken)
    answer = line.post("help")
    assert (answer.status_code, answer.content_type, answer.data) == (200, CONTENT_TYPE, LAST_RESORT)
    assert [code for code, _ in line.log.troubles] == ["request_failed"]


def test_every_route_is_known_here(line: Line) -> None:
    routes = {(rule.rule, *sorted(rule.methods or ())) for rule in app_of(line.line).url_map.iter_rules()}
    assert routes == {
        ("/sms", "POST"),
        ("/sms/status", "POST"),
        ("/voice", "POST"),
        ("/voice/fallback", "POST"),
        ("/voice/status", "POST"),
        ("/healthz", "GET", "HEAD", "OPTIONS"),
        ("/readyz", "GET", "HEAD", "OPTIONS"),
    }


@pytest.mark.parametrize(
    ("path", "webhook"),
    [("/sms", True), ("//SMS/status", True), ("/voice/menu", True), ("/", False), ("/healthz", False)],
)
def test_which_paths_are_the_providers(path: str, webhook: bool) -> None:
    assert is_webhook_path(path) is webhook
