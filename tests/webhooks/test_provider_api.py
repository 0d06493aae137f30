"""What we ask of the provider's API: checked against its own description, bounded in time, silent about numbers."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from openapi_core import OpenAPI
from openapi_core.testing import MockRequest
from pydantic import SecretStr

from sms_service.webhooks.provider_api import NoTexts, ProviderApi, ProviderFailed, ProviderTexts
from tests.waiting import eventually

ACCOUNT = "AC" + 32 * "a"
MESSAGE_ID = "SM" + 32 * "1"
MEDIA_ID = "ME" + 32 * "2"
CALL_ID = "CA" + 32 * "3"


class Provider:
    """A provider on this machine that keeps what it is asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, bytes, dict[str, str]]] = []
        self.status = 200
        self.answer: bytes = b"{}"
        self.goes_on = threading.Event()
        self.goes_on.set()
        self.headers: dict[str, str] = {}
        self.url = ""


@contextmanager
def running(provider: Provider) -> Iterator[Provider]:
    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            provider.asked.append((self.command, self.path, body, dict(self.headers)))
            provider.goes_on.wait(30)
            try:
                self.send_response(provider.status)
                for name, value in provider.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                if provider.status != 204:
                    self.wfile.write(provider.answer)
            except OSError:
                pass  # the other side has given up, as it should

        do_GET = do_POST = do_DELETE = _answer  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    provider.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def provider() -> Iterator[Provider]:
    with running(Provider()) as one:
        yield one


@pytest.fixture
def api(provider: Provider) -> ProviderApi:
    return ProviderApi(ACCOUNT, SecretStr("canary-token"), provider.url, timeout_seconds=0.5)


class Log:
    def __init__(self) -> None:
        self.troubles: list[tuple[str, str]] = []

    def event(self, event: object) -> None: ...

    def refusal(self, code: str) -> None: ...

    def trouble(self, code: str, *, error: BaseException | None = None, message_id: str | None = None) -> None:
        self.troubles.append((code, str(error)))


def is_described(shared_data: Callable[[str], Path], provider: Provider) -> None:
    """Hold every request against the provider's OpenAPI description."""
    described = json.loads(shared_data("twilio_api_v2010_slice.json").read_text(encoding="utf-8"))
    openapi = OpenAPI.from_dict(described)
    for method, path, body, headers in provider.asked:
        bare, _, query = path.partition("?")
        assert bare.endswith(".json"), "an address without it is the picture itself"
        openapi.validate_request(
            MockRequest(
                "https://api.twilio.com",
                method.lower(),
                bare,
                args=dict(pair.split("=") for pair in query.split("&") if pair),
                headers=headers,
                data=body,
                content_type=headers.get("Content-Type", ""),
            )
        )


def test_a_text_is_sent_as_the_provider_describes_it(api: ProviderApi, provider: Provider, shared_data) -> None:
    texts = ProviderTexts(api, "https://line.example.org", Log())
    assert texts.available
    assert texts.send("Ring 999 & co", to="+447700900123", sender="+447700900000", call_id=CALL_ID)
    is_described(shared_data, provider)
    [(method, path, body, headers)] = provider.asked
    assert (method, path) == ("POST", f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json")
    assert b"Body=Ring+999+%26+co" in body
    assert f"answers%3D{CALL_ID}".encode() in body
    assert headers["Authorization"].startswith("Basic ")


def test_media_are_listed_and_deleted_but_never_asked_for(api: ProviderApi, provider: Provider, shared_data) -> None:
    provider.answer = json.dumps({"media_list": [{"sid": MEDIA_ID}, {"sid": "../../x"}, 7]}).encode()
    assert api.media_ids(MESSAGE_ID) == (MEDIA_ID,)
    provider.status = 204
    api.delete_media(MESSAGE_ID, MEDIA_ID)
    is_described(shared_data, provider)
    assert [method for method, *_ in provider.asked] == ["GET", "DELETE"]


@pytest.mark.parametrize(
    ("status", "answer", "said"),
    [
        (400, b'{"code": 21610, "message": "+447700900123 has unsubscribed"}', "code 21610"),
        (500, b"canary", "status 500"),
        (429, b"", "status 429"),
        (200, b"not json", "could not be asked"),
        (200, b"[]", "could not be read"),
        (302, b"", "status 302"),
    ],
)
def test_a_refusal_is_false_and_tells_no_number(
    api: ProviderApi, provider: Provider, status: int, answer: bytes, said: str
) -> None:
    provider.status, provider.answer = status, answer
    if status == 302:
        provider.headers["Location"] = f"{provider.url}/picture"
    log = Log()
    sent = ProviderTexts(api, "https://l.example", log).send("hi", to="+447700900123", sender="+1", call_id=CALL_ID)
    assert not sent
    [(code, words)] = log.troubles
    assert code == "text_failed"
    assert said in words
    assert "7700" not in words
    assert "canary" not in words
    assert len(provider.asked) == 1, "a redirect is not followed, a failure not tried again"


def test_a_slow_provider_is_given_up_in_time(api: ProviderApi, provider: Provider) -> None:
    provider.goes_on.clear()
    with pytest.raises(ProviderFailed):
        api.send_text("hi", to="+447700900123", sender="+447700900000", status_callback="https://l.example")
    eventually(lambda: len(provider.asked) == 1)  # it was asked, and has not answered yet
    provider.goes_on.set()


def test_nobody_there_is_a_failure_like_any_other() -> None:
    api = ProviderApi(ACCOUNT, SecretStr("t"), "http://127.0.0.1:9", timeout_seconds=0.5)
    with pytest.raises(ProviderFailed):
        api.media_ids(MESSAGE_ID)


def test_an_api_does_not_show_its_token(api: ProviderApi) -> None:
    assert "canary" not in repr(api)


def test_without_an_account_nothing_is_offered() -> None:
    texts: Any = NoTexts()
    assert (texts.available, texts.send("hi", to="", sender="", call_id="")) == (False, False)
