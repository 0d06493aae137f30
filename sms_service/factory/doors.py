"""The doors that the provider comes in by: plain functions from bytes to bytes, without a web server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sms_service.factory.environment import canary_key_of
from sms_service.factory.line import Line
from sms_service.service.messaging import MessagingService
from sms_service.service.ports import LineLog
from sms_service.settings import Settings

if TYPE_CHECKING:
    from sms_service.webhooks.signature_doctor import SignatureDoctor
    from sms_service.webhooks.sms import SmsWebhook
    from sms_service.webhooks.status_callback import StatusWebhook

__all__ = ["signature_doctor", "sms_webhook", "status_webhook"]


def sms_webhook(settings: Settings, story: MessagingService, log: LineLog) -> SmsWebhook:
    """Give the one way in for messages."""
    from sms_service.webhooks.request_verification import RequestVerifier
    from sms_service.webhooks.sms import SmsWebhook
    from sms_service.webhooks.sms_parsing import OwnAccount

    verifier = RequestVerifier(settings.public_url, settings.auth_tokens)
    own = OwnAccount(settings.twilio_account_sid, settings.line_numbers, canary_key_of(settings))
    return SmsWebhook(verifier, own, story, log)


def status_webhook(line: Line) -> StatusWebhook:
    """Give the one way in for delivery reports."""
    from sms_service.service.deliveries import DeliveryService
    from sms_service.webhooks.request_verification import RequestVerifier
    from sms_service.webhooks.status_callback import StatusWebhook

    verifier = RequestVerifier(line.settings.public_url, line.settings.auth_tokens)
    story = DeliveryService(recorder=line.messaging.recorder, log=line.log)
    return StatusWebhook(verifier, story, line.log, line.messaging.clock)


def signature_doctor(line: Line) -> SignatureDoctor:
    """Give what finds out why a signature did not fit."""
    from sms_service.webhooks.signature_doctor import SignatureDoctor

    settings, story = line.settings, line.messaging
    return SignatureDoctor(settings.public_url, settings.auth_tokens, story.recorder, story.clock)
