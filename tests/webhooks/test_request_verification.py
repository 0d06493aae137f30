"""Only the provider gets in, and nothing that a request says of itself can change the verdict."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from sms_service.webhooks.form_parsing import FormFields, parse_form
from sms_service.webhooks.request_verification import RequestVerifier

URL = "https://line.example.org"
FIELDS = FormFields([("Body", "hi"), ("From", "+447700900123")])


def signature(url: str = f"{URL}/sms", token: str = "primary", fields: FormFields = FIELDS) -> str:
    return str(RequestValidator(token).compute_signature(url, fields))


def split_url(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    base = f"{parts.scheme}://{parts.netloc}"
    return base, url.removeprefix(base)


def test_every_case_of_the_providers_own_tests_holds(shared_data: Callable[[str], Path]) -> None:
    cases: list[dict[str, Any]] = json.loads(shared_data("twilio_signature_vectors.json").read_text())["cases"]
    wrong = []
    for case in cases:
        base, path_and_query = split_url(case["url"])
        if case["params"] is None:
            signed: FormFields | str = case["body"]
        else:
            signed = parse_form(urlencode([tuple(pair) for pair in case["params"]]).encode())
        verdict = RequestVerifier(base, [case["token"]]).is_genuine(path_and_query, signed, case["signature"])
        if verdict is not case["valid"]:
            wrong.append(case["name"])
    assert len(cases) >= 24
    assert wrong == []


def test_a_json_body_that_was_changed_is_refused() -> None:
    body = '{"property": "value"}'
    path = "/sms?bodySHA256=" + RequestValidator("primary").compute_hash(body)
    signed = str(RequestValidator("primary").compute_signature(URL + path, {}))
    verifier = RequestVerifier(URL, ["primary"])
    assert verifier.is_genuine(path, body, signed)
    assert not verifier.is_genuine(path, body + " ", signed)


@pytest.mark.parametrize(
    ("tokens", "signed_with", "genuine"),
    [
        (["primary"], "primary", True),
        (["primary"], "secondary", False),
        (["primary", "secondary"], "secondary", True),
        (["primary", "secondary"], "older", False),
        ([], "", False),
        ([""], "", False),
    ],
)
def test_primary_and_secondary_token_count_and_no_other(tokens: list[str], signed_with: str, genuine: bool) -> None:
    assert RequestVerifier(URL, tokens).is_genuine("/sms", FIELDS, signature(token=signed_with)) is genuine


@pytest.mark.parametrize("bad", [None, "", " ", "é", "AAAA\N{FULLWIDTH DIGIT ONE}", "x" * 10_000, "\ud800", "\x00"])
def test_a_missing_or_odd_signature_is_a_no(bad: str | None) -> None:
    assert not RequestVerifier(URL, ["primary"]).is_genuine("/sms", FIELDS, bad)


def test_what_the_validator_cannot_bear_is_a_no() -> None:
    with_surrogate = FormFields([("Body", "\ud83d")])
    assert not RequestVerifier(URL, ["primary"]).is_genuine("/sms", with_surrogate, "c2ln")
    assert not RequestVerifier("https://line.example.org:99999", ["primary"]).is_genuine("/sms", FIELDS, "c2ln")
    assert not RequestVerifier("https://line.example.org:x", ["primary"]).is_genuine("/sms", FIELDS, "c2ln")
    assert not RequestVerifier("https://[::1", ["primary"]).is_genuine("/sms", FIELDS, "c2ln")


@given(st.text(), st.text(), st.one_of(st.none(), st.text()))
def test_nothing_makes_it_raise(path: str, value: str, written: str | None) -> None:
    fields = FormFields([("Body", value)])
    assert RequestVerifier(URL, ["primary"]).is_genuine(path, fields, written) is False


ANY_FIELDS = st.lists(st.tuples(st.text(max_size=5), st.text(max_size=5)), max_size=6).map(FormFields)
ANY_URL = st.sampled_from(
    [
        URL,
        f"{URL}:443",
        f"{URL}:8443",
        "http://127.0.0.1:8000",
        "http://h:80",
        "https://[::1]:99",
        "https://a:b@h",
        "x:",
    ]
)


@given(ANY_URL, st.sampled_from(["/sms", "/sms?step=2", "/sms?a=it's", "/sms?", "/voice/menu?a=b#c", ""]), ANY_FIELDS)
def test_takes_no_signature_that_the_providers_validator_would_refuse(
    public_url: str, path_and_query: str, fields: FormFields
) -> None:
    url = public_url + path_and_query
    theirs = RequestValidator("primary")
    try:
        signed = str(theirs.compute_signature(url, fields))
        expected = theirs.validate(url, fields, signed)
    except (ValueError, TypeError):
        return
    assert RequestVerifier(public_url, ["primary"]).is_genuine(path_and_query, fields, signed) is expected


@given(ANY_FIELDS)
def test_signs_as_the_providers_sdk_does(fields: FormFields) -> None:
    try:
        signed = signature(fields=fields)
    except UnicodeEncodeError:
        return
    verifier = RequestVerifier(URL, ["primary"])
    assert verifier._is_signed_plainly(f"{URL}/sms", fields, signed)
    assert not verifier._is_signed_plainly(f"{URL}/sms", fields, signed[:-2] + ("A=" if signed[-2] != "A" else "B="))
