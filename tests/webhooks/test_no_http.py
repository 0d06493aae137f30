"""Whoever answers in the place of the provider, or of our own address, may speak no HTTP: a sentence tells it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator

import pytest
from pydantic import SecretStr

from sms_service.core.errors import LineError
from sms_service.service.provider_ports import Webhook
from sms_service.webhooks.provider_account import FallbackReader
from sms_service.webhooks.provider_api import ProviderApi
from sms_service.webhooks.public_line import SignedPhone, refuses_unsigned
from tests.conftest import ACCOUNT_SID, TOKEN

NO_STATUS = b"SSH-2.0-OpenSSH_9.2\r\n\r\n"
CUT_OFF = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\nfff\r\nshort"
WAIT = 5.0

WAYS: dict[str, Callable[[str], object]] = {
    "canary": lambda url: SignedPhone(url, TOKEN, ACCOUNT_SID, "", wait_seconds=WAIT).text(
        "HELP", sender="", message_id=""
    ),
    "without signature": lambda url: refuses_unsigned(url, wait_seconds=WAIT),
    "fallback": lambda url: FallbackReader(ACCOUNT_SID, TOKEN, "", wait_seconds=WAIT).read(Webhook(url, "POST")),
    "api": lambda url: ProviderApi(ACCOUNT_SID, SecretStr(TOKEN), url, WAIT).media_ids("SM" + 32 * "a"),
}


@pytest.fixture
def answering() -> Iterator[Callable[[bytes], str]]:
    """Answer one connection with some bytes; gives the address."""
    listening = socket.create_server(("127.0.0.1", 0))
    listening.settimeout(WAIT)

    def begin(answer: bytes) -> str:
        def serve() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.sendall(answer)
                connection.shutdown(socket.SHUT_WR)
                while connection.recv(64 * 1024):  # what is left unread when it closes would take the answer back
                    pass

        threading.Thread(target=serve, daemon=True).start()
        return f"http://127.0.0.1:{listening.getsockname()[1]}"

    with listening:
        yield begin


@pytest.mark.parametrize("way", WAYS)
def test_what_is_no_http_is_told(answering: Callable[[bytes], str], way: str) -> None:
    with pytest.raises(LineError, match="BadStatusLine"):
        WAYS[way](answering(NO_STATUS))


@pytest.mark.parametrize("way", ["canary", "fallback", "api"])
def test_an_answer_that_breaks_off_is_told(answering: Callable[[bytes], str], way: str) -> None:
    with pytest.raises(LineError, match="IncompleteRead"):
        WAYS[way](answering(CUT_OFF))
