"""A form is read strictly: what the provider never sends is refused, with a code for the log."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_service.core.errors import RequestRefused
from sms_service.webhooks.form_parsing import MOST_BYTES, MOST_FIELDS, FormFields, parse_form


def as_pairs(fields: FormFields) -> list[tuple[str, str]]:
    return [(name, value) for name in fields for value in fields.getlist(name)]


@given(st.dictionaries(st.text(min_size=1, max_size=20), st.text(max_size=40), max_size=20))
def test_what_a_form_was_made_of_comes_back(values: dict[str, str]) -> None:
    assert dict(as_pairs(parse_form(urlencode(values).encode()))) == values


@pytest.mark.parametrize(
    ("raw_body", "status", "code"),
    [
        (b"Body=\xff", 400, "body_not_ascii"),
        ("Body=é".encode(), 400, "body_not_ascii"),
        (b"a=" + b"x" * MOST_BYTES, 413, "body_too_long"),
        (b"&".join(b"f%d=" % number for number in range(MOST_FIELDS + 1)), 400, "too_many_fields"),
        (b"&" * 10_000, 400, "too_many_fields"),
    ],
)
def test_is_refused(raw_body: bytes, status: int, code: str) -> None:
    with pytest.raises(RequestRefused) as refused:
        parse_form(raw_body)
    assert (refused.value.status, refused.value.code) == (status, code)


@pytest.mark.parametrize(
    ("raw_body", "text"),
    [
        (b"Body=a+b%20c", "a b c"),
        (b"Body=", ""),
        (b"Body", ""),
        (b"Body=%F0%9F%86%98", "\N{SQUARED SOS}"),
        (b"Body=%FF", "\N{REPLACEMENT CHARACTER}"),
        (b"Body=%ED%A0%80", 3 * "\N{REPLACEMENT CHARACTER}"),
        (b"Body=%C0%AF", 2 * "\N{REPLACEMENT CHARACTER}"),
        (b"Body=%00", "\0"),
        (b"Body=%", "%"),
        (b"Body=a=b", "a=b"),
        (b"Body=%26", "&"),
        (b"", ""),
    ],
)
def test_is_read_as(raw_body: bytes, text: str) -> None:
    assert parse_form(raw_body).only("Body") == text


def test_a_field_with_two_values_is_not_guessed_about() -> None:
    fields = parse_form(b"Body=help&Body=stop&To=x&To=x")
    assert fields.getlist("Body") == ["help", "stop"]
    assert fields.only("To") == "x"
    with pytest.raises(RequestRefused, match="two values"):
        fields.only("Body")


def test_shows_no_value() -> None:
    assert "07700" not in repr(parse_form(b"From=%2B447700900123&Body=hi"))


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(raw_body: bytes) -> None:
    try:
        parse_form(raw_body)
    except RequestRefused as refused:
        status = refused.status
    else:
        status = 200
    assert status in {200, 400, 413}


@given(
    st.one_of(
        st.text("abAB09=&+%;-._~ \n%C3%A9", max_size=80),
        st.lists(st.tuples(st.text(max_size=8), st.text(max_size=12)), max_size=8).map(urlencode),
    ).filter(str.isascii)
)
def test_a_form_is_read_as_the_standard_library_reads_it(form: str) -> None:
    expected: dict[str, list[str]] = {}
    for name, value in parse_qsl(form, keep_blank_values=True):
        expected.setdefault(name, []).append(value)
    fields = parse_form(form.encode())
    assert {name: fields.getlist(name) for name in fields} == expected
