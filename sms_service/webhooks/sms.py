"""POST /sms: one plain function from raw bytes to status and TwiML, and a thin Flask view in front of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

from flask import Blueprint, Response, request

from sms_service.core.errors import RequestRefused
from sms_service.core.messages import InboundMessage
from sms_service.service.ports import LineLog
from sms_service.webhooks.raw_request import raw_request
from sms_service.webhooks.request_verification import Verifier, genuine_fields
from sms_service.webhooks.sms_parsing import OwnAccount, parse_message
from sms_service.webhooks.twiml import CONTENT_TYPE, LAST_RESORT, SILENCE

SMS_PATH = "/sms"
HANDLED: Final = "sms_service.answer"
"""Where the fast lane leaves an answer that Flask is to give. No request can bring it: what those bring is HTTP_..."""


class Answers(Protocol):
    """The story behind the webhook. Neither of its two functions raises."""

    def answer(self, message: InboundMessage) -> bytes:
        """Give the bytes to answer a message with."""
        ...

    def last_resort(self, error: BaseException, message_id: str | None = None) -> bytes:
        """Give the fallback reply for a failure outside the story."""
        ...


class WebhookAnswer(NamedTuple):
    """What goes back to the provider; the content type is always ``text/xml; charset=utf-8``."""

    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class SmsWebhook:
    """The one way in for messages: Flask view, simulator, replay and tests all call :meth:`handle`."""

    verifier: Verifier
    own: OwnAccount
    story: Answers
    log: LineLog

    def handle(self, raw_body: bytes, signature: str | None, path_and_query: str = SMS_PATH) -> WebhookAnswer:
        """Verify, read and answer one request. Never raises.

        Once the signature has been found right, somebody is waiting for an answer: any failure from there on is
        answered 200 with the fallback reply, because an error would reach nobody but the provider's log. So is a check
        that fails by a fault of ours: the built-in words tell a stranger nothing.

        Args:
            raw_body: As received.
            signature: The ``X-Twilio-Signature`` header.
            path_and_query: As requested, ``/sms`` or ``/sms?...``; what stands before it is configured.

        Returns:
            400, 403 or 413 with an empty answer for what is not ours to answer, else 200.
        """
        try:
            fields = genuine_fields(self.verifier, raw_body, signature, path_and_query)
        except RequestRefused as refusal:
            return self._refused(refusal)
        except Exception as error:  # noqa: BLE001 - see above
            self.log.trouble("request_failed", error=error)
            return WebhookAnswer(200, LAST_RESORT)
        try:
            return WebhookAnswer(200, self.story.answer(parse_message(fields, self.own)))
        except RequestRefused as refusal:
            return self._refused(refusal)
        except Exception as error:  # noqa: BLE001 - see above
            return WebhookAnswer(200, self.story.last_resort(error))

    def _refused(self, refusal: RequestRefused) -> WebhookAnswer:
        # Only a line, no row: strangers must not be able to fill our disk.
        self.log.refusal(refusal.code)
        return WebhookAnswer(refusal.status, SILENCE)


def sms_blueprint(webhook: SmsWebhook) -> Blueprint:
    """Give the route. A slash at the end is no reason to redirect: the provider would lose the message on the way."""
    blueprint = Blueprint("sms", __name__)

    @blueprint.post(SMS_PATH, strict_slashes=False, provide_automatic_options=False)
    def receive() -> Response:
        answer = request.environ.get(HANDLED) or webhook.handle(*raw_request())
        return Response(answer.body, answer.status, content_type=CONTENT_TYPE)

    return blueprint
