"""What Sentry is told: which trouble and where, and nothing about anybody."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pytest

from sms_service.ops.extras import with_error_reports
from sms_service.service.ports import Claim
from sms_service.settings import read_settings
from tests.conftest import SENDER, CapturedLog

sentry_sdk = pytest.importorskip("sentry_sdk", reason="sentry-sdk is not installed (requirements-extras.txt)")

from sentry_sdk.envelope import Envelope  # noqa: E402 - after the skip
from sentry_sdk.transport import Transport  # noqa: E402

from sms_service.ops.error_reports import LEAK_PROOF, ReportedLog  # noqa: E402

if TYPE_CHECKING:
    from tests.conftest import LineUnderTest

DSN = "https://public-key@sentry.example.org/1"
PHRASE = "purple-giraffe-canary"
HOST = "host-canary"


class KeptTransport(Transport):
    """Keeps what would have left, as the bytes that would have."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[bytes] = []

    def capture_envelope(self, envelope: Envelope) -> None:
        self.sent.append(envelope.serialize())


class Telling:
    """Breaks with everything it was told in its words and in its local variables."""

    def claim(self, message_id: str, sender: str, now: float) -> Claim:
        told = f"{SENDER} wrote {PHRASE} in {message_id} as {sender}"
        raise RuntimeError(told) from ValueError(told)

    settle = claim

    def forget(self, sender: str) -> None:
        raise RuntimeError(sender)


@pytest.fixture
def transport(monkeypatch: pytest.MonkeyPatch) -> KeptTransport:
    monkeypatch.setattr("socket.gethostname", lambda: HOST)
    return KeptTransport()


def reported(line: LineUnderTest, transport: KeptTransport) -> LineUnderTest:
    log = ReportedLog(line.log, DSN, release="v1", environment="production", transport=transport)
    return line.with_parts(log=log, hot_state=Telling())


def events_of(transport: KeptTransport) -> list[dict[str, Any]]:
    return [json.loads(sent.splitlines()[2]) for sent in transport.sent]


def test_an_event_says_what_and_where_and_nothing_about_anybody(line: LineUnderTest, transport: KeptTransport) -> None:
    broken = reported(line, transport)
    message_id = "SM" + 32 * "7"
    [answer] = broken.texts(f"urgent {PHRASE}", message_id=message_id)
    assert "999" in answer
    [claim, settle] = events_of(transport)
    assert (claim["message"], claim["level"], claim["release"]) == ("hot_state_failed", "error", "v1")
    [error] = claim["exception"]["values"]
    assert error["type"] == "RuntimeError"
    assert [frame["function"] for frame in error["stacktrace"]["frames"]] == ["_claim", "claim"]
    assert settle["message"] == "hot_state_failed"
    pseudonyms = line.story.pseudonyms.all(SENDER)
    for secret in ("7700900123", PHRASE, message_id, HOST, *pseudonyms, "told", "/"):
        assert secret not in json.dumps([claim["exception"], claim.get("server_name"), claim.get("extra")])
        if secret != "/":
            assert not any(secret.encode() in sent for sent in transport.sent)
    assert [code for code, _ in line.log.troubles] == ["hot_state_failed", "hot_state_failed"]


def test_the_words_of_exceptions_would_have_told(line: LineUnderTest, transport: KeptTransport) -> None:
    """The canary is where the SDK looks: its own way of capturing, with its usual settings, sends it."""
    client = sentry_sdk.Client(dsn=DSN, transport=transport, default_integrations=False)
    try:
        Telling().claim("SM1", "ab12", 0.0)
    except RuntimeError:
        event, hint = sentry_sdk.utils.event_from_exception(sys.exc_info(), client_options=client.options)
        client.capture_event(event, hint)
    assert any(PHRASE.encode() in sent for sent in transport.sent)


def test_messages_and_refusals_are_no_errors(line: LineUnderTest, transport: KeptTransport) -> None:
    log = ReportedLog(line.log, DSN, release=None, environment="production", transport=transport)
    line.with_parts(log=log).texts("urgent")
    log.refusal("forged")
    assert transport.sent == []
    assert (len(line.log.events), line.log.refusals) == (1, ["forged"])


def test_the_settings_are_the_leak_proof_ones() -> None:
    assert {name: LEAK_PROOF[name] for name in ("include_local_variables", "include_source_context")} == {
        "include_local_variables": False,
        "include_source_context": False,
    }
    assert (LEAK_PROOF["send_default_pii"], LEAK_PROOF["max_request_body_size"]) == (False, "never")
    assert LEAK_PROOF["before_breadcrumb"]({"message": PHRASE}, {}) is None


class Breaking(KeptTransport):
    def capture_envelope(self, envelope: Envelope) -> None:
        raise OSError(PHRASE)


def test_a_transport_that_breaks_costs_nothing(line: LineUnderTest) -> None:
    assert reported(line, Breaking()).texts("urgent")


def test_off_unless_asked_for() -> None:
    log = CapturedLog()
    assert with_error_reports(log, read_settings({})) is log
    assert isinstance(with_error_reports(log, read_settings({"SENTRY_DSN": DSN})), ReportedLog)


def test_a_missing_package_is_said_once_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    log = CapturedLog()
    monkeypatch.setitem(sys.modules, "sentry_sdk", None)
    monkeypatch.delitem(sys.modules, "sms_service.ops.error_reports")
    assert with_error_reports(log, read_settings({"SENTRY_DSN": DSN})) is log
    assert [code for code, _ in log.troubles] == ["error_reports_off_package_missing"]
