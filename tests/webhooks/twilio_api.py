"""A pretend Twilio REST API: every request and every answer is checked by Twilio's own OpenAPI description."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from openapi_core import OpenAPI
from openapi_core.contrib.requests import RequestsOpenAPIRequest, RequestsOpenAPIResponse
from requests import PreparedRequest, Response

import responses

ACCOUNT = "AC" + 32 * "a"
SLICES = ("twilio_api_v2010_slice.json", "twilio_messaging_v1_slice.json", "twilio_monitor_v1_slice.json")


class TwilioApi:
    """Answers by path; ``answers`` maps the end of a path to what is answered (a body, a status, or an exception)."""

    def __init__(self, find: Callable[[str], Path]) -> None:
        self.described = {}
        for name in SLICES:
            spec = json.loads(find(name).read_text())
            self.described[urlsplit(spec["servers"][0]["url"]).hostname] = OpenAPI.from_dict(spec)
        self.answers: dict[str, Any] = {}
        self.asked: list[str] = []

    @contextmanager
    def running(self) -> Iterator[TwilioApi]:
        with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
            mock.add_callback(responses.GET, re.compile(r"https://\w+\.twilio\.com/.*"), callback=self._answer)
            yield self

    def _answer(self, request: PreparedRequest) -> tuple[int, dict[str, str], str]:
        parts = urlsplit(str(request.url))
        self.asked.append(parts.path)
        described = self.described[parts.hostname]
        asked = RequestsOpenAPIRequest(request)
        described.validate_request(asked)
        answer = next(found for end, found in self.answers.items() if parts.path.endswith(end))
        if isinstance(answer, Exception):
            raise answer
        status, body = answer if isinstance(answer, tuple) else (200, answer)
        headers = {"Content-Type": "application/json", "Date": "Sun, 22 Nov 2026 12:00:00 GMT"}
        if status == 200:
            made = Response()
            made.status_code = status
            made.headers.update(headers)
            made._content = json.dumps(body).encode()
            described.validate_response(asked, RequestsOpenAPIResponse(made))
        return status, headers, json.dumps(body)


def account(**more: Any) -> dict[str, Any]:
    return {"sid": ACCOUNT, "status": "active", "type": "Full", "friendly_name": "Line", **more}


def number(**more: Any) -> dict[str, Any]:
    return {
        "sid": "PN" + 32 * "1",
        "account_sid": ACCOUNT,
        "phone_number": "+447700900000",
        "capabilities": {"voice": True, "sms": True, "mms": False, "fax": False},
        "sms_url": "https://line.example.org/sms",
        "sms_method": "POST",
        "sms_fallback_url": "https://handler.example.com/twiml/EH1",
        "sms_fallback_method": "POST",
        "voice_url": "https://line.example.org/voice",
        "voice_method": "POST",
        "voice_fallback_url": "https://handler.example.com/twiml/EH2",
        "voice_fallback_method": "POST",
        "sms_application_sid": None,
        **more,
    }


def short_code(**more: Any) -> dict[str, Any]:
    return {
        "sid": "SC" + 32 * "1",
        "account_sid": ACCOUNT,
        "short_code": "60777",
        "sms_url": "https://line.example.org/sms",
        "sms_method": "POST",
        "sms_fallback_url": None,
        "sms_fallback_method": "POST",
        **more,
    }


def service(**more: Any) -> dict[str, Any]:
    return {
        "sid": "MG" + 32 * "1",
        "account_sid": ACCOUNT,
        "friendly_name": "Line",
        "inbound_request_url": "https://line.example.org/sms",
        "inbound_method": "POST",
        "fallback_url": None,
        "fallback_method": "POST",
        "sticky_sender": True,
        "fallback_to_long_code": False,
        "smart_encoding": True,
        "use_inbound_webhook_on_number": False,
        "validity_period": 14400,
        **more,
    }


def meta(key: str) -> dict[str, Any]:
    return {
        "first_page_url": "https://messaging.twilio.com/v1/Services?PageSize=50&Page=0",
        "next_page_url": None,
        "previous_page_url": None,
        "url": "https://messaging.twilio.com/v1/Services?PageSize=50&Page=0",
        "page": 0,
        "page_size": 50,
        "key": key,
    }


def everything() -> dict[str, Any]:
    """What a small, well-kept account answers."""
    page = {"end": 0, "start": 0, "page": 0, "page_size": 50, "uri": "/x.json", "first_page_uri": "/x.json"}
    page |= {"next_page_uri": None, "previous_page_uri": None}
    return {
        f"/Accounts/{ACCOUNT}.json": account(),
        "/IncomingPhoneNumbers.json": {**page, "incoming_phone_numbers": [number()]},
        "/SMS/ShortCodes.json": {**page, "short_codes": [short_code()]},
        "/v1/Services": {"services": [service()], "meta": meta("services")},
        "/PhoneNumbers": {
            "phone_numbers": [{"sid": "PN" + 32 * "1", "phone_number": "+447700900000"}],
            "meta": meta("phone_numbers"),
        },
        "/ShortCodes": {"short_codes": [], "meta": meta("short_codes")},
        "/v1/Alerts": {
            "alerts": [
                {"sid": "NO" + 32 * "1", "error_code": code, "alert_text": "Body=canary phrase"}
                for code in ("11200", "11200", "12300")
            ],
            "meta": meta("alerts"),
        },
    }
