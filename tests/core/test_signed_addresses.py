"""Addresses that may have been signed, and what to change."""

from __future__ import annotations

import pytest

from sms_service.core.signed_addresses import (
    MOST_CANDIDATES,
    SeenRequest,
    candidates,
    mend,
    without_values,
)

PUBLIC = "https://line.example.org"
STATUS = "/sms/status?answers=SM1"


@pytest.mark.parametrize(
    ("public_url", "path", "headers", "signed", "faults"),
    [
        (PUBLIC, "/sms", {}, "http://line.example.org/sms", ["scheme"]),
        (PUBLIC, "/sms", {"host": "www.line.example.org"}, "https://www.line.example.org/sms", ["host by Host"]),
        (PUBLIC, "/sms", {}, "https://www.line.example.org/sms", ["host: www. in front"]),
        ("https://www.example.org", "/sms", {}, "https://example.org/sms", ["host: www. in front"]),
        (PUBLIC, "/sms", {"x-forwarded-host": "a.example, b"}, "https://a.example/sms", ["host by X-Forwarded-Host"]),
        (PUBLIC, "/sms", {"forwarded": 'for=1.2.3.4;host="c.example";proto=http'}, "http://c.example/sms",
         ["scheme by Forwarded", "host by Forwarded"]),
        (PUBLIC, "/sms", {"host": "line.example.org:8443"}, "https://line.example.org:8443/sms", ["port by Host"]),
        (PUBLIC, "/sms", {"x-forwarded-port": "8443"}, "https://line.example.org:8443/sms",
         ["port by X-Forwarded-Port"]),
        (PUBLIC + ":8443", "/sms", {}, "https://line.example.org/sms", ["port"]),
        (PUBLIC, "/sms", {}, "https://line.example.org:443/sms", ["port"]),
        (PUBLIC, "/sms", {}, "https://line.example.org/sms/", ["path: slash at the end"]),
        (PUBLIC, "/sms/", {}, "https://line.example.org/sms", ["path: slash at the end"]),
        (PUBLIC, "/sms", {"x-forwarded-prefix": "/line"}, "https://line.example.org/line/sms",
         ["path by X-Forwarded-Prefix"]),
        (PUBLIC, "/sms", {"x-original-uri": "/line/sms?a=b"}, "https://line.example.org/line/sms?a=b",
         ["path by X-Original-URI", "query by X-Original-URI"]),
        (PUBLIC + "/line", "/sms", {}, "https://line.example.org/sms", ["path: without the path of PUBLIC_URL"]),
        (PUBLIC, STATUS, {}, "https://line.example.org/sms/status", ["query: left out"]),
        (PUBLIC, "/sms?a=b%20c", {}, "https://line.example.org/sms?a=b c", ["query: decoded"]),
    ],
)  # fmt: skip
def test_the_signed_address_is_among_those_tried(
    public_url: str, path: str, headers: dict[str, str], signed: str, faults: list[str]
) -> None:
    tried = candidates(public_url, SeenRequest(path, headers))
    assert next(list(one.faults) for one in tried if one.url == signed) == faults
    assert public_url + path not in [one.url for one in tried], "that one has been checked"


def test_a_user_name_is_tried_and_not_kept() -> None:
    tried = candidates(PUBLIC, SeenRequest("/sms", {}, user_info="name:secret"))
    assert "https://name:secret@line.example.org/sms" in [one.url for one in tried]
    assert without_values("https://name:secret@line.example.org/sms?a=b&c") == (
        "https://line.example.org/sms?a=...&c=..."
    )


def test_headers_full_of_anything_cost_little() -> None:
    wild = dict.fromkeys(("host", "forwarded", "x-original-uri"), "é \r\n, http://x:99999999/?" * 3)
    tried = candidates(PUBLIC, SeenRequest("/sms?x=" + 500 * "%41", wild))
    assert 0 < len(tried) <= MOST_CANDIDATES


@pytest.mark.parametrize(
    ("signed", "says"),
    [
        ("http://line.example.org/sms", "calls http://line.example.org, PUBLIC_URL says https://"),
        ("https://line.example.org/line/sms", "path /line/sms, /sms arrives"),
        ("https://line.example.org/sms?a=...", "behind the '?'"),
    ],
)
def test_what_to_change_is_said(signed: str, says: str) -> None:
    assert says in mend(f"{PUBLIC}/sms", signed)
