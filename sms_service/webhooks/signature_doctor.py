"""Why did a signature not fit? Tries the addresses that the provider may have signed, a few times a minute.

What is found is kept without number, text or query values, and only when a signature made with our own token fits
another address: what strangers write into headers is never kept. The answer to the request stays a no.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Final

from flask import Flask, Response, request
from werkzeug.datastructures import Headers

from sms_service.core.errors import RequestRefused
from sms_service.core.events import Event, EventKind
from sms_service.core.signed_addresses import (
    READ_HEADERS,
    Candidate,
    SeenRequest,
    candidates,
    without_values,
)
from sms_service.service.ports import EventRecorder
from sms_service.webhooks.error_pages import is_webhook_path
from sms_service.webhooks.form_parsing import FormFields, parse_form
from sms_service.webhooks.request_verification import SIGNATURE_HEADER

MOST_A_MINUTE: Final = 10
"""Of one process: a few thousandths of a second each, so that refusing costs strangers more than us."""

_FORBIDDEN: Final = 403


class SignatureDoctor:
    """Examines refused requests.

    Args:
        public_url: The one that signatures are checked against.
        tokens: Those that count.
        recorder: Gets what is found.
        clock: Gives the moment, aware.
    """

    def __init__(
        self,
        public_url: str,
        tokens: Sequence[str],
        recorder: EventRecorder,
        clock: Callable[[], dt.datetime],
    ) -> None:
        self._public_url = public_url
        self._tokens = tuple(token.encode() for token in tokens if token)
        self._recorder = recorder
        self._clock = clock
        self._lock = threading.Lock()
        self._examined: deque[dt.datetime] = deque(maxlen=MOST_A_MINUTE)

    def examine(self, raw_body: bytes, signature: str, seen: SeenRequest) -> Event | None:
        """Look for the address that was signed; give the row that was kept, if any. Never raises."""
        now = self._clock()
        if not signature.isascii() or not self._has_time(now):
            return None
        try:
            fields = parse_form(raw_body)
            found = self._fitting(fields, signature, seen)
            return None if found is None else self._keep(found, seen, now)
        except (RequestRefused, ValueError):  # not a form, or characters that nobody signs
            return None

    def _has_time(self, now: dt.datetime) -> bool:
        with self._lock:
            full = len(self._examined) == MOST_A_MINUTE
            if full and dt.timedelta() <= now - self._examined[0] < dt.timedelta(minutes=1):
                return False
            self._examined.append(now)
            return True

    def _fitting(self, fields: FormFields, signature: str, seen: SeenRequest) -> Candidate | None:
        # As Twilio's validator does: each name with its distinct values, both in order, without anything between.
        signed = "".join(name + value for name in sorted(set(fields)) for value in sorted(set(fields.getlist(name))))
        for candidate in candidates(self._public_url, seen):
            text = (candidate.url + signed).encode()
            for token in self._tokens:
                made = base64.b64encode(hmac.digest(token, text, hashlib.sha1)).decode("ascii")
                if hmac.compare_digest(made, signature):
                    return candidate
        return None

    def _keep(self, found: Candidate, seen: SeenRequest, now: dt.datetime) -> Event:
        seen_url = without_values(self._public_url + seen.path_and_query)
        signed_url = without_values(found.url)
        digest = hashlib.sha256(f"{seen_url} {signed_url} {found.faults}".encode()).hexdigest()[:16]
        event = Event(
            # The same fault is one row an hour, whichever process sees it.
            event_id=f"refused-address:{now:%Y%m%d%H}:{digest}",
            kind=EventKind.REFUSAL,
            at=now,
            refusal="forged",
            count=0,  # it has been counted already
            seen_url=seen_url,
            signed_url=signed_url,
            url_fault="; ".join(found.faults),
        )
        self._recorder.record(event)
        return event


def install_signature_doctor(app: Flask, doctor: SignatureDoctor) -> None:
    """Examine what webhooks refuse, after the answer has been made."""

    def examine(response: Response) -> Response:
        if response.status_code != _FORBIDDEN or not is_webhook_path(request.path):
            return response
        signature = request.headers.get(SIGNATURE_HEADER)
        if signature:
            doctor.examine(request.get_data(), signature, _seen(request.headers))
        return response

    app.after_request(examine)


def _seen(headers: Headers) -> SeenRequest:
    query = request.query_string.decode("latin-1")
    authorization = request.authorization
    user_info = ""
    if authorization is not None and authorization.type == "basic":
        user_info = f"{authorization.username or ''}:{authorization.password or ''}"
    read = {name: headers[name] for name in READ_HEADERS if name in headers}
    return SeenRequest(f"{request.path}?{query}" if query else request.path, read, user_info)
