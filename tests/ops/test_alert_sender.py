"""Alerts leave through apprise, and none of it leaks an address."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from sms_service.core.alerts import Notice
from sms_service.ops.alert_sender import AppriseSender
from tests.conftest import CapturedLog

NOTICE = Notice("canary", "The line does not answer", "HELP got no text.\n\nDo first: text it.", urgent=True)


@pytest.fixture
def hook() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A webhook of somebody else's."""
    taken: list[dict[str, Any]] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            taken.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Hook) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"json://name:hunter2@127.0.0.1:{server.server_port}/", taken
        server.shutdown()


def test_a_notice_arrives_whole(hook: tuple[str, list[dict[str, Any]]]) -> None:
    url, taken = hook
    assert AppriseSender([url], CapturedLog()).send(NOTICE)
    assert taken[0]["title"] == "The line does not answer"
    assert taken[0]["message"] == NOTICE.body


def test_one_address_that_works_is_enough(hook: tuple[str, list[dict[str, Any]]]) -> None:
    url, taken = hook
    assert AppriseSender(["json://127.0.0.1:9/", url], CapturedLog()).send(NOTICE)
    assert len(taken) == 1


def test_nobody_reached_is_told_without_the_address(caplog: pytest.LogCaptureFixture) -> None:
    log = CapturedLog()
    with caplog.at_level(logging.DEBUG):
        assert not AppriseSender(["json://name:hunter2@127.0.0.1:9/", "nonsense://hunter2"], log).send(NOTICE)
    assert [code for code, _ in log.troubles] == ["alert_failed"]
    assert "hunter2" not in caplog.text + repr(log.troubles)


def test_an_address_that_cannot_be_used_is_named_by_its_kind() -> None:
    assert AppriseSender(["json://127.0.0.1:9/", "nonsense://hunter2"], CapturedLog()).trouble() == [
        "Address 2 of ALERT_URLS (nonsense) is not one that apprise knows."
    ]


def test_without_an_address_there_is_a_log_line() -> None:
    log = CapturedLog()
    assert AppriseSender([], log).send(NOTICE)
    assert [code for code, _ in log.troubles] == ["alert_canary"]
