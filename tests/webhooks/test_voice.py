"""POST /voice as the provider meets it: signed only, always spoken, the same step the same bytes, nothing in a URL."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from sms_service.core.calls.state import CallPlace, CallState, Did
from sms_service.core.errors import RequestRefused
from sms_service.core.rendering import Part
from sms_service.service.text_limit import MOST_TEXTS
from sms_service.webhooks.form_parsing import FormFields
from sms_service.webhooks.signed_request import call_fields, new_call_id, sign
from sms_service.webhooks.sms_parsing import OwnAccount
from sms_service.webhooks.status_address import answered_message
from sms_service.webhooks.twiml import CONTENT_TYPE, SILENCE
from sms_service.webhooks.voice_address import state_in, step_address
from sms_service.webhooks.voice_parsing import parse_call
from sms_service.webhooks.voice_twiml import LAST_RESORT, VOICES, VoiceTwiml
from tests.twiml_rules import check_own_rules, checked

if TYPE_CHECKING:
    from tests.conftest import LineUnderTest as Line

ACCOUNT = "AC" + 32 * "a"
CALL_ID = "CA" + 32 * "1"
CALLER = "+447700900123"
TOKEN = "token-of-the-tests"
URL = "https://line.example.org"


def post(line: Line, path: str = "/voice", signature: str | None = None, **more: str):
    fields = {**call_fields(CALLER, ACCOUNT, CALL_ID), **more}
    request = sign(URL + path, fields, TOKEN)
    headers = {"X-Twilio-Signature": request.signature if signature is None else signature}
    return line.client.post(path, data=request.raw_body, headers=headers)


def test_the_rules_are_those_of_the_providers_builder() -> None:
    check_own_rules()


def test_a_call_is_answered_with_999_first(line: Line) -> None:
    answer = post(line)
    assert (answer.status_code, answer.content_type) == (200, CONTENT_TYPE)
    root = checked(answer.data)
    assert [verb.tag for verb in root] == ["Say", "Gather", "Say"]
    assert "9 9 9" in (root[0].text or "")
    assert root[1].attrib["language"] == "en-GB"
    assert root[1].attrib["profanityFilter"] == "false"
    assert not re.search(rb"(?i)record=|transcri|<Record", answer.data)


def test_the_providers_own_signature_counts_and_no_other(line: Line) -> None:
    fields = call_fields(CALLER, ACCOUNT, CALL_ID)
    signature = RequestValidator(TOKEN).compute_signature(f"{URL}/voice", fields)
    headers = {"X-Twilio-Signature": signature}
    assert line.client.post("/voice", data=fields, headers=headers).status_code == 200
    for path in ("/voice", "/voice/fallback", "/voice/status", "/voice?step=2"):
        for headers in ({}, {"X-Twilio-Signature": "forged"}, {"X-Twilio-Signature": ""}):
            refused = line.client.post(path, data=fields, headers=headers)
            assert (refused.status_code, refused.content_type, refused.data) == (403, CONTENT_TYPE, SILENCE)
    assert len(line.recorder.events) <= 1


def test_the_step_is_signed_too(line: Line) -> None:
    signed = sign(f"{URL}/voice?step=1", call_fields(CALLER, ACCOUNT, CALL_ID), TOKEN)
    moved = line.voice.handle(signed.raw_body, signed.signature, "/voice?step=1&place=answer&reply=urgent")
    assert moved.status == 403


@pytest.mark.parametrize("added", ["CallToken", "StirVerstat"])
def test_a_field_added_after_signing_does_not_cost_the_call(line: Line, added: str) -> None:
    signed = sign(f"{URL}/voice", call_fields(CALLER, ACCOUNT, CALL_ID), TOKEN)
    assert line.voice.handle(signed.raw_body + f"&{added}=x".encode(), signed.signature).status == 200
    assert line.voice.handle(signed.raw_body + b"&From=%2B447700900999", signed.signature).status == 403


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"AccountSid": "AC" + 32 * "b"}, "other_account"),
        ({"To": "+447700900001"}, "other_number"),
        ({"CallSid": "CA1"}, "odd_call_id"),
        ({"CallSid": "SM" + 32 * "1"}, "odd_call_id"),
    ],
)
def test_is_not_ours(changes: dict[str, str], code: str) -> None:
    own = OwnAccount(ACCOUNT, frozenset({"+447700900000"}))
    fields = FormFields(list({**call_fields(CALLER, ACCOUNT, CALL_ID), **changes}.items()))
    with pytest.raises(RequestRefused) as refused:
        parse_call(fields, own, "/voice")
    assert (refused.value.status, refused.value.code) == (403, code)


@pytest.mark.parametrize(
    ("fields", "did", "key"),
    [
        ({"Digits": "5"}, Did.PRESSED, "5"),
        ({"Digits": "*"}, Did.PRESSED, "*"),
        ({"Digits": "#"}, Did.PRESSED, "#"),
        ({"Digits": "9" * 10_000}, Did.PRESSED, "9"),
        ({"Digits": "\N{ARABIC-INDIC DIGIT THREE}"}, Did.PRESSED, ""),
        ({"Digits": "-1"}, Did.PRESSED, ""),
        ({"Digits": "", "SpeechResult": " hi "}, Did.SPOKE, ""),
        ({"SpeechResult": "  "}, Did.WAITED, ""),
        ({}, Did.WAITED, ""),
        ({"DialCallStatus": "busy"}, Did.CAME_BACK, ""),
        ({"DialCallStatus": "a new one"}, Did.CAME_BACK, ""),
        ({"CallStatus": "completed", "Digits": "5"}, Did.HUNG_UP, ""),
    ],
)
def test_what_was_done(fields: dict[str, str], did: Did, key: str) -> None:
    form = FormFields(list({**call_fields(CALLER, ACCOUNT, CALL_ID), **fields}.items()))
    request = parse_call(form, OwnAccount(), "/voice?step=3")
    assert (request.did, request.key) == (did, key)
    assert "07700" not in repr(request)
    assert "hi" not in repr(request).split("did=")[1]


@pytest.mark.parametrize(
    ("written", "confidence"),
    [("0.93", 0.93), ("1.0", 1.0), ("0", 0.0), ("", None), ("1e9", None), ("-1", None), ("nan", None), ("1.9", 1.0)],
)
def test_confidence_is_read_safely(written: str, confidence: float | None) -> None:
    form = FormFields(list({**call_fields(CALLER, ACCOUNT, CALL_ID), "Confidence": written}.items()))
    assert parse_call(form, OwnAccount(), "/voice?step=1").confidence == confidence


@pytest.mark.parametrize("caller", ["", "anonymous", "Anonymous", "+266696687", "Restricted", "unknown"])
def test_a_withheld_caller_is_nobody(line: Line, caller: str) -> None:
    call = line.call(caller)
    spoken = " ".join(call.ring().spoken)
    assert "press hash" not in spoken
    call.do("2")
    assert {event.pseudonym for event in line.recorder.events} == {None}


states = st.builds(
    CallState,
    place=st.sampled_from(CallPlace),
    reply=st.sampled_from([None, "urgent", "no_match"]),
    language=st.sampled_from(["en", "cy"]),
    missed=st.integers(0, 3),
    repeated=st.integers(0, 3),
    contact=st.integers(0, 9),
    rounds=st.integers(0, 3),
    texted=st.booleans(),
    forgotten=st.booleans(),
    step=st.integers(0, 99),
    release=st.integers(0, 10_000),
)


@given(states)
def test_a_state_survives_its_address(state: CallState) -> None:
    assert state_in(step_address(URL, state)) == state


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80)
@given(
    query=st.dictionaries(
        st.sampled_from(["step", "place", "reply", "language", "missed", "contact", "rounds", "release", "x"]),
        st.one_of(st.text(max_size=20), st.integers(-5, 10**30).map(str)),
    ),
    fields=st.dictionaries(
        st.sampled_from(["Digits", "SpeechResult", "Confidence", "DialCallStatus", "CallStatus", "From", "ErrorCode"]),
        st.text(max_size=40),
    ),
)
def test_whatever_is_signed_is_answered_with_999(line: Line, query: dict[str, str], fields: dict[str, str]) -> None:
    path = f"/voice?{urlencode(query)}" if query else "/voice"
    form = {**call_fields(CALLER, ACCOUNT, new_call_id()), **fields}
    request = sign(URL + path, form, TOKEN)
    answer = line.voice.handle(request.raw_body, request.signature, path)
    assert answer.status == 200
    assert "9 9 9" in " ".join(checked(answer.body).itertext())


def test_the_same_step_gets_the_same_bytes_and_one_row(line: Line) -> None:
    first = post(line, "/voice?step=1", Digits="5")
    again = post(line, "/voice?step=1", Digits="5")
    assert first.data == again.data
    assert [event.event_id for event in line.recorder.events] == [f"call_step:{CALL_ID}:1"]


def test_a_row_a_step_without_number_or_words(line: Line) -> None:
    call = line.call()
    call.ring()
    call.do("someone is canary making threats")
    call.do("")
    rows = line.recorder.events
    assert [row.event_id for row in rows] == [f"call_step:{call.call_id}:{step}" for step in range(3)]
    assert {(row.kind.value, row.channel, row.message_id) for row in rows} == {("call_step", "voice", call.call_id)}
    assert [row.outcome for row in rows] == ["welcomed", "answered", "silent_caller"]
    assert rows[1].reply == "blackmail"
    assert all(row.pseudonym for row in rows)
    assert "canary" not in repr(rows)
    assert "7700" not in repr(rows)


def test_no_address_holds_a_number_or_a_word(line: Line) -> None:
    call = line.call()
    call.ring()
    for done in ("my canary is in danger", "#", "0", "", "", "*", "2"):
        call.do(done)
        path = call._next_path or ""
        assert "canary" not in path
        assert not re.search(r"\d{4}", path)


class TestATextToTheCaller:
    def test_goes_to_a_mobile_that_asked_for_it(self, line: Line) -> None:
        call = line.call()
        call.ring()
        call.do("5")
        spoken = " ".join(call.do("#").spoken)
        assert "We are sending you a text" in spoken
        [(to, text)] = line.sent_texts.sent
        assert to == CALLER
        rendered = line.release.renderer.render("meet", Part.TEXT, "en", dt.datetime.now(dt.UTC), frozenset())
        assert text == rendered.text
        row = line.recorder.events[-1]
        assert (row.outcome, row.segments) == ("texted", rendered.segments)

    @pytest.mark.parametrize("caller", ["+441164541004", "+441632960123", "anonymous", "+448001111000", "60777"])
    def test_never_goes_anywhere_else(self, line: Line, caller: str) -> None:
        call = line.call(caller)
        call.ring()
        call.do("5")
        spoken = " ".join(call.do("#").spoken)
        assert line.sent_texts.sent == []
        assert "0 1 1 6, 4 5 4, 1 0 0 4" in spoken

    def test_whoever_rings_again_and_again_gets_three(self, line: Line) -> None:
        """A number can be forged: nobody can have somebody else texted without end, not by FORGET ME either."""
        outcomes = []
        for _ in range(MOST_TEXTS + 2):
            call = line.call()
            call.ring()
            call.do("forget me")
            call.do("#")
            outcomes.append(line.recorder.events[-1].outcome)
        assert outcomes == ["texted"] * MOST_TEXTS + ["not_texted"] * 2
        assert len(line.sent_texts.sent) == MOST_TEXTS
        other = line.call("+447700900555")
        other.ring()
        other.do("#")
        assert line.recorder.events[-1].outcome == "texted"

    def test_that_fails_is_spoken_instead(self, line: Line) -> None:
        line.sent_texts.works = False
        call = line.call()
        call.ring()
        spoken = " ".join(call.do("#").spoken)
        assert "0 1 1 6, 4 5 4, 1 0 0 4" in spoken
        assert line.recorder.events[-1].outcome == "not_texted"

    def test_its_delivery_reports_come_back_to_the_call(self) -> None:
        assert answered_message(f"/sms/status?answers={CALL_ID}") == CALL_ID


def test_a_phone_that_rings_for_the_caller_sees_the_lines_number(line: Line) -> None:
    root = checked(post(line, "/voice?step=1", Digits="0").data)
    dial = root.find("Dial")
    assert dial is not None
    assert dial.attrib["callerId"] == "+447700900000"
    assert dial.findtext("Number") == "+441164541004"
    assert CALLER.encode() not in post(line, "/voice?step=1", Digits="0").data


def test_forgetting_by_voice_erases_and_leaves_no_pseudonym(line: Line) -> None:
    call = line.call()
    call.ring()
    call.do("forget me")
    call.do("2")
    rows = line.recorder.events
    assert line.recorder.forgotten
    assert [row.pseudonym for row in rows] == [None, None]  # the welcome's row was theirs, and is gone


@pytest.mark.parametrize("status", ["completed", "busy", "failed", "no-answer", "canceled", "in-progress", "a new one"])
def test_what_became_of_a_call_joins_its_steps(line: Line, status: str) -> None:
    answer = post(line, "/voice/status", CallStatus=status, CallDuration="31")
    assert (answer.status_code, answer.data) == (204, b"")
    [row] = line.recorder.events
    named = "unknown" if status == "a new one" else status.replace("-", "_")
    assert (row.message_id, row.outcome, row.pseudonym) == (CALL_ID, f"call_{named}", None)


class TestInAnyCase:
    def test_the_fallback_speaks_the_numbers(self, line: Line) -> None:
        for path in ("/voice/fallback", "/voice", "/voice?step=7"):
            answer = post(line, path, ErrorCode="12100", ErrorUrl="https://canary.example/")
            assert (answer.status_code, answer.data) == (200, LAST_RESORT)
        row = line.recorder.events[-1]
        assert (row.outcome, row.error_code, row.reply) == ("failed", 12100, "fallback")
        assert "canary" not in repr(line.recorder.events)

    def test_the_last_words_hold_the_rules_too(self) -> None:
        spoken = " ".join(checked(LAST_RESORT).itertext())
        assert "9 9 9" in spoken
        assert "0 1 1 6, 4 5 4, 1 0 0 4" in spoken

    def test_without_a_book_the_fallback_is_spoken(self, make_line) -> None:
        line = make_line(release=None)
        assert post(line).data == LAST_RESORT
        assert line.recorder.events[0].degraded == ("reply_book",)

    def test_words_that_cannot_be_said_end_in_the_fallback(self, line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken(*_: object) -> bytes:
            raise RuntimeError("canary words of an exception")

        monkeypatch.setattr(VoiceTwiml, "wrap", broken)
        assert post(line).data == LAST_RESORT
        assert line.recorder.events[0].outcome == "failed"


def test_every_language_has_a_voice_of_its_own() -> None:
    assert len({voice.voice for voice in VOICES.values()}) == len(VOICES)


def test_an_address_of_a_step_is_the_lines_own() -> None:
    assert urlsplit(step_address(URL, CallState())).path == "/voice"
