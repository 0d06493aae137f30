"""The provider's API is asked as its own description says, and every failure is a sentence."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests
from twilio.request_validator import RequestValidator

from sms_service.service.provider_ports import Account, ProviderAlert, ProviderTrouble, Webhook
from sms_service.webhooks.provider_account import FallbackReader, TwilioAccount
from sms_service.webhooks.twiml import message_twiml
from tests.webhooks import twilio_api
from tests.webhooks.twilio_api import ACCOUNT, TwilioApi

NOON = dt.datetime(2026, 11, 22, 12, 0, 7, tzinfo=dt.UTC)
ASKS: list[Callable[[TwilioAccount], Any]] = [
    TwilioAccount.account,
    TwilioAccount.numbers,
    TwilioAccount.pools,
    TwilioAccount.alerts,
]


@pytest.fixture
def api(shared_data: Callable[[str], Path]) -> Iterator[TwilioApi]:
    with TwilioApi(shared_data).running() as running:
        running.answers = twilio_api.everything()
        yield running


def asked() -> TwilioAccount:
    return TwilioAccount(ACCOUNT, "token", lambda: NOON)


def test_the_account_and_its_clock(api: TwilioApi) -> None:
    assert asked().account() == Account(active=True, is_trial=False, clock_ahead_seconds=7.0)
    api.answers[f"/Accounts/{ACCOUNT}.json"] = twilio_api.account(status="suspended", type="Trial")
    found = asked().account()
    assert (found.active, found.is_trial) == (False, True)


def test_numbers_and_short_codes(api: TwilioApi) -> None:
    long, short = asked().numbers()
    assert (long.number, long.is_short_code) == ("+447700900000", False)
    assert long.texts == Webhook("https://line.example.org/sms", "POST")
    assert long.calls_fallback == Webhook("https://handler.example.com/twiml/EH2", "POST")
    assert (short.number, short.is_short_code, short.calls) == ("60777", True, None)
    assert short.texts_fallback == Webhook("", "POST")


def test_messaging_services_with_their_numbers(api: TwilioApi) -> None:
    (pool,) = asked().pools()
    assert pool.numbers == ["+447700900000"]
    assert (pool.sticky_sender, pool.fallback_to_long_code, pool.smart_encoding) == (True, False, True)
    assert not pool.number_decides


def test_errors_are_counted_and_nothing_else_of_them_is_read(api: TwilioApi) -> None:
    found = asked().alerts()
    assert found == [ProviderAlert(11200, 2), ProviderAlert(12300, 1)]
    assert "canary" not in repr(found)


@pytest.mark.parametrize("ask", ASKS, ids=["account", "numbers", "pools", "alerts"])
@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ((401, {"code": 20003, "message": "canary Authenticate", "status": 401}), "refuses our token"),
        ((403, {"code": 20403, "message": "canary", "status": 403}), "does not let this account ask"),
        ((404, {"code": 20404, "message": "canary", "status": 404}), "does not let this account ask"),
        ((429, {"code": 20429, "message": "canary", "status": 429}), "more slowly"),
        ((500, {"message": "canary"}), "status 500"),
        (requests.exceptions.ReadTimeout("canary"), "did not answer in time"),
        (requests.exceptions.ConnectTimeout("canary"), "did not answer in time"),
        (requests.exceptions.ConnectionError("canary"), "cannot be reached (ConnectionError)"),
        (requests.exceptions.SSLError("canary"), "cannot be reached (SSLError)"),
    ],
)
def test_every_failure_is_a_sentence_without_their_words(
    api: TwilioApi, ask: Callable[[TwilioAccount], Any], answer: Any, says: str
) -> None:
    api.answers = {"": answer}
    with pytest.raises(ProviderTrouble) as told:
        ask(asked())
    assert says in told.value.sentence
    assert "canary" not in told.value.sentence
    assert len(api.asked) == 1, "asked once, not again and again"


def test_an_answer_that_is_no_json_is_told(api: TwilioApi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "_answer", lambda request: (200, {}, "<html>"))
    import re

    import responses

    with responses.RequestsMock() as mock:
        mock.add_callback(responses.GET, re.compile(".*"), callback=lambda request: (200, {}, "<html>"))
        with pytest.raises(ProviderTrouble, match="odd"):
            asked().account()


class TestFallbackReader:
    @pytest.fixture
    def bin(self) -> Iterator[tuple[str, list[dict[str, str]]]]:
        """What the provider's TwiML Bins do: answer whoever signs as the provider."""
        seen: list[dict[str, str]] = []

        class Bin(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                seen.append({"body": body, "signature": self.headers["X-Twilio-Signature"]})
                self.send_response(200 if self.path == "/bin" else 404)
                self.end_headers()
                self.wfile.write(message_twiml("Ring somebody."))

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        with ThreadingHTTPServer(("127.0.0.1", 0), Bin) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            yield f"http://127.0.0.1:{server.server_port}", seen
            server.shutdown()

    def test_reads_with_a_signature(self, bin: tuple[str, list[dict[str, str]]]) -> None:
        from urllib.parse import parse_qsl

        url, seen = bin
        reader = FallbackReader(ACCOUNT, "token", "+447700900000")
        assert reader.read(Webhook(f"{url}/bin", "POST")) == message_twiml("Ring somebody.")
        fields = dict(parse_qsl(seen[0]["body"], keep_blank_values=True))
        assert RequestValidator("token").validate(f"{url}/bin", fields, seen[0]["signature"])

    @pytest.mark.parametrize(
        ("address", "says"),
        [("{}/gone", "status 404"), ("http://127.0.0.1:9/", "cannot be read"), ("file:///etc/passwd", "not one that")],
    )
    def test_failures_are_sentences(self, bin: tuple[str, list[Any]], address: str, says: str) -> None:
        with pytest.raises(ProviderTrouble, match=says):
            FallbackReader(ACCOUNT, "token", "").read(Webhook(address.format(bin[0]), "POST"))
