"""POST /voice, /voice/status and /voice/fallback: plain functions from raw bytes to TwiML, and routes before them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from flask import Blueprint, Response

from sms_service.core.calls.requests import CallRequest
from sms_service.core.delivery import read_error_code
from sms_service.core.errors import RequestRefused
from sms_service.core.events import Event
from sms_service.service.ports import LineLog
from sms_service.webhooks.form_parsing import FormFields
from sms_service.webhooks.raw_request import raw_request
from sms_service.webhooks.request_verification import Verifier, genuine_fields
from sms_service.webhooks.sms import WebhookAnswer
from sms_service.webhooks.sms_parsing import OwnAccount
from sms_service.webhooks.twiml import CONTENT_TYPE, SILENCE
from sms_service.webhooks.voice_address import VOICE_FALLBACK_PATH, VOICE_PATH, VOICE_STATUS_PATH
from sms_service.webhooks.voice_parsing import checked_call_id, parse_call, parse_call_status

ADDED_AFTER_SIGNING = frozenset({"CallToken", "StirVerstat", "StirPassportToken"})
"""Fields that the provider is said to add to calls after signing them. Nothing here reads them."""


class Calls(Protocol):
    """The story behind this webhook. None of its functions raises."""

    def answer(self, request: CallRequest) -> bytes:
        """Give the bytes to answer a step with."""
        ...

    def fall_back(self, call_id: str, error_code: int | None) -> bytes:
        """Give the fallback words when the provider could not use an answer."""
        ...

    def last_resort(self, error: BaseException) -> bytes:
        """Give the fallback words for a failure outside the story."""
        ...

    def note_end(self, event: Event) -> None:
        """Write down what became of a call."""
        ...


@dataclass(frozen=True, slots=True)
class VoiceWebhook:
    """The one way in for calls: Flask views, simulator and tests all call these functions."""

    verifier: Verifier
    own: OwnAccount
    story: Calls
    log: LineLog
    clock: Callable[[], dt.datetime]

    def handle(self, raw_body: bytes, signature: str | None, path_and_query: str = VOICE_PATH) -> WebhookAnswer:
        """Verify, read and answer one step of a call. Never raises; see ``SmsWebhook.handle``.

        A request with an ``ErrorCode`` says that an answer of ours could not be used: it gets the fallback words,
        because what failed once would fail again.
        """

        def answer(fields: FormFields) -> bytes:
            if fields.only("ErrorCode"):
                return self._fall_back(fields)
            return self.story.answer(parse_call(fields, self.own, path_and_query))

        return self._answered(raw_body, signature, path_and_query, answer)

    def handle_fallback(
        self, raw_body: bytes, signature: str | None, path_and_query: str = VOICE_FALLBACK_PATH
    ) -> WebhookAnswer:
        """Answer the provider's fallback request with the fixed words. Never raises."""
        return self._answered(raw_body, signature, path_and_query, self._fall_back)

    def handle_status(
        self, raw_body: bytes, signature: str | None, path_and_query: str = VOICE_STATUS_PATH
    ) -> WebhookAnswer:
        """Write down what became of a call: 204 when signed, whatever it says. Never raises."""
        try:
            fields = self._genuine(raw_body, signature, path_and_query)
        except RequestRefused as refusal:
            return self._refused(refusal)
        except Exception as error:  # noqa: BLE001 - an error would only bring the same report again
            self.log.trouble("status_failed", error=error)
            return WebhookAnswer(204, b"")
        try:
            self.story.note_end(parse_call_status(fields, self.own, self.clock()))
        except RequestRefused as refusal:
            self.log.refusal(refusal.code)
        except Exception as error:  # noqa: BLE001 - same
            self.log.trouble("status_failed", error=error)
        return WebhookAnswer(204, b"")

    def _answered(
        self, raw_body: bytes, signature: str | None, path_and_query: str, answer: Callable[[FormFields], bytes]
    ) -> WebhookAnswer:
        try:
            fields = self._genuine(raw_body, signature, path_and_query)
        except RequestRefused as refusal:
            return self._refused(refusal)
        except Exception as error:  # noqa: BLE001 - somebody is on the line; fixed words tell a stranger nothing
            return WebhookAnswer(200, self.story.last_resort(error))
        try:
            return WebhookAnswer(200, answer(fields))
        except RequestRefused as refusal:
            return self._refused(refusal)
        except Exception as error:  # noqa: BLE001 - somebody is on the line
            return WebhookAnswer(200, self.story.last_resort(error))

    def _fall_back(self, fields: FormFields) -> bytes:
        return self.story.fall_back(checked_call_id(fields, self.own), read_error_code(fields.only("ErrorCode")))

    def _genuine(self, raw_body: bytes, signature: str | None, path_and_query: str) -> FormFields:
        return genuine_fields(self.verifier, raw_body, signature, path_and_query, perhaps_unsigned=ADDED_AFTER_SIGNING)

    def _refused(self, refusal: RequestRefused) -> WebhookAnswer:
        self.log.refusal(refusal.code)
        return WebhookAnswer(refusal.status, SILENCE)


def voice_blueprint(webhook: VoiceWebhook) -> Blueprint:
    """Give the routes."""
    blueprint = Blueprint("voice", __name__)

    def route(path: str, name: str, handle: Callable[[bytes, str | None, str], WebhookAnswer]) -> None:
        def receive() -> Response:
            answer = handle(*raw_request())
            return Response(answer.body, answer.status, content_type=CONTENT_TYPE)

        blueprint.add_url_rule(
            path, name, receive, methods=["POST"], strict_slashes=False, provide_automatic_options=False
        )

    route(VOICE_PATH, "step", webhook.handle)
    route(VOICE_FALLBACK_PATH, "fallback", webhook.handle_fallback)
    route(VOICE_STATUS_PATH, "status", webhook.handle_status)
    return blueprint
