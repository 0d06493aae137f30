"""Errors to Sentry, for those who have one (SENTRY_DSN): which trouble, which kind of exception, where. Nothing else.

The SDK's usual way, catching whatever it can see, puts the number and the text of a message into its events, even with
``send_default_pii=False``: they stand in local variables, in request bodies and in the words of exceptions. So nothing
of the SDK looks at anything here. An event is made from the trouble's name and the places in the code alone, by the
function below; the SDK only brings it away, from a thread of its own, and drops what it cannot send. Its settings are
the leak-proof ones all the same, for the day somebody captures an event in another way.

This module needs the package ``sentry-sdk`` (requirements-extras.txt) and is imported only where it is wanted.
"""

from __future__ import annotations

import contextlib
import traceback
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import sentry_sdk

from sms_service.core.events import Event
from sms_service.service.ports import LineLog

if TYPE_CHECKING:
    from sentry_sdk.transport import Transport

LEAK_PROOF: Final[dict[str, Any]] = {
    "include_local_variables": False,
    "max_request_body_size": "never",
    "include_source_context": False,
    "send_default_pii": False,
    "before_breadcrumb": lambda _crumb, _hint: None,
    "max_breadcrumbs": 0,
    # Nothing is patched, nothing is looked at, no address with its query is seen.
    "default_integrations": False,
    "auto_enabling_integrations": False,
    "auto_session_tracking": False,
    "propagate_traces": False,
    "traces_sample_rate": None,
    "enable_metrics": False,
    "send_client_reports": False,
    "spotlight": False,
    # Any text: without one the SDK takes the name of the host.
    "server_name": "none",
}
_MOST_FRAMES: Final = 30


class ReportedLog:
    """A :class:`~sms_service.service.ports.LineLog` that also reports trouble; lines are written first, as ever.

    Args:
        log: Writes the lines.
        dsn: Where to report; a bad one raises.
        release: What is deployed.
        environment: ``production`` or ``development``.
        transport: How events leave, for tests.
    """

    def __init__(
        self, log: LineLog, dsn: str, *, release: str | None, environment: str, transport: Transport | None = None
    ) -> None:
        self._log = log
        with warnings.catch_warnings():
            # 'send_default_pii' is going to be called something else; until it is gone, it is said.
            warnings.simplefilter("ignore", DeprecationWarning)
            self._client = sentry_sdk.Client(
                dsn=dsn, release=release, environment=environment, transport=transport, **LEAK_PROOF
            )

    def event(self, event: Event) -> None:
        """Write one line; what happens to messages is reported to nobody."""
        self._log.event(event)

    def refusal(self, code: str) -> None:
        """Write one line; strangers must not be able to fill somebody's quota."""
        self._log.refusal(code)

    def trouble(self, code: str, *, error: BaseException | None = None, message_id: str | None = None) -> None:
        """Write one line and report it, without the message it happened to. Never raises, never waits."""
        self._log.trouble(code, error=error, message_id=message_id)
        with contextlib.suppress(Exception):
            self._client.capture_event(sentry_event(code, error))  # type: ignore[arg-type]  # made of plain values


def sentry_event(code: str, error: BaseException | None) -> dict[str, Any]:
    """Give the whole event: no words of an exception, no values, no source."""
    event: dict[str, Any] = {"level": "error", "message": code, "fingerprint": [code]}
    if error is not None:
        frames = traceback.extract_tb(error.__traceback__)[-_MOST_FRAMES:]
        places = [
            {"filename": Path(frame.filename).name, "function": frame.name, "lineno": frame.lineno} for frame in frames
        ]
        kind = type(error).__name__
        event["fingerprint"] = [code, kind]
        event["exception"] = {
            "values": [{"type": kind, "stacktrace": {"frames": places}} if places else {"type": kind}]
        }
    return event
