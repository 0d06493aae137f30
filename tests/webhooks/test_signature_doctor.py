"""A refused request tells operators which address was signed, and nothing about anybody."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from sms_service.core.events import Event, EventKind
from sms_service.webhooks import signature_doctor
from sms_service.webhooks.signed_request import sign
from tests.conftest import ACCOUNT_SID, PUBLIC_URL, SENDER, TOKEN

if TYPE_CHECKING:
    from tests.conftest import LineUnderTest as Line

TEXT = "canary phrase 4711"


def post(line: Line, signed_url: str, *, path: str = "/sms", token: str = TOKEN, **headers: str) -> list[Event]:
    request = sign(signed_url, line.fields(TEXT), token)
    answer = line.client.post(
        path,
        data=request.raw_body,
        headers={
            "X-Twilio-Signature": request.signature,
            **{name.replace("_", "-"): headers[name] for name in headers},
        },
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code == 403, "it stays a no"
    return [event for event in line.recorder.events if event.kind is EventKind.REFUSAL]


@pytest.mark.parametrize(
    ("signed", "path", "headers", "fault"),
    [
        ("http://line.example.org/sms", "/sms", {}, "scheme"),
        ("https://www.line.example.org/sms", "/sms", {}, "host: www. in front"),
        ("https://other.example/sms", "/sms", {"X_Forwarded_Host": "other.example"}, "host by X-Forwarded-Host"),
        ("https://line.example.org/sms/", "/sms", {}, "path: slash at the end"),
        ("https://line.example.org/line/sms", "/sms", {"X_Forwarded_Prefix": "/line"}, "path by X-Forwarded-Prefix"),
        ("https://line.example.org/sms/status", "/sms/status?answers=SM0", {}, "query: left out"),
        ("https://a:b@line.example.org/sms", "/sms",
         {"Authorization": "Basic " + base64.b64encode(b"a:b").decode()}, "user name by Authorization"),
    ],
)  # fmt: skip
def test_the_signed_address_is_found(line: Line, signed: str, path: str, headers: dict[str, str], fault: str) -> None:
    (row,) = post(line, signed, path=path, **headers)
    assert row.url_fault == fault
    assert row.signed_url == signed.replace("a:b@", "")
    assert row.seen_url == (PUBLIC_URL + path).replace("SM0", "...")
    assert (row.refusal, row.count) == ("forged", 0), "the counter counts, this row only explains"


def test_a_second_token_counts(make_line: Callable[..., Line]) -> None:
    line = make_line(TWILIO_AUTH_TOKEN_SECONDARY="the-other-token")
    (row,) = post(line, "http://line.example.org/sms", token="the-other-token")
    assert row.url_fault == "scheme"


def test_a_stranger_leaves_no_row(line: Line) -> None:
    request = sign(f"{PUBLIC_URL}/sms", line.fields(TEXT), "wrong")
    line.client.post("/sms", data=request.raw_body, headers={"X-Twilio-Signature": request.signature})
    line.client.post("/sms", data=b"\xff", headers={"X-Twilio-Signature": "é"})
    assert line.recorder.events == []


def test_the_same_fault_is_one_row_an_hour(line: Line) -> None:
    rows = [row for _ in range(3) for row in post(line, "http://line.example.org/sms")]
    assert len({row.event_id for row in rows}) == 1


def test_strangers_cannot_keep_it_busy(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[object] = []

    def candidates(*args: object) -> list[object]:
        tried.append(args)
        return []

    monkeypatch.setattr(signature_doctor, "candidates", candidates)
    for _ in range(50):
        post(line, "http://line.example.org/sms")
    assert len(tried) == signature_doctor.MOST_A_MINUTE


def test_no_row_holds_number_or_text(line: Line) -> None:
    (row,) = post(line, "http://line.example.org/sms", path="/sms?Body=canary+phrase")
    told = post(line, "http://line.example.org/sms?x=1", path="/sms")[-1]
    for leak in (SENDER, SENDER[1:], "canary", "4711", ACCOUNT_SID):
        assert leak not in repr(row)
        assert leak not in repr(told)
