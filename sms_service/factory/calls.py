"""Calls, and what we ask of the provider's API: the stories and the door, put together from the parts of the line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sms_service.core.errors import LineError
from sms_service.factory.line import Line
from sms_service.factory.stores import open_retention
from sms_service.service.call_ports import TextSender
from sms_service.service.call_releases import CallReleases
from sms_service.service.calls import CallService
from sms_service.service.provider_copies import ProviderCopies
from sms_service.settings import Settings
from sms_service.webhooks.provider_api import NoTexts, ProviderApi, ProviderTexts
from sms_service.webhooks.request_verification import RequestVerifier
from sms_service.webhooks.sms_parsing import OwnAccount
from sms_service.webhooks.voice import VoiceWebhook
from sms_service.webhooks.voice_twiml import VoiceTwiml

__all__ = ["call_service", "open_provider_copies", "provider_api", "voice_webhook"]


def call_service(line: Line, texts: TextSender | None = None) -> CallService:
    """Give the story of calls: the same book, stores and log as the story of messages.

    Args:
        line: The line.
        texts: Sends texts to callers; the provider's API unless given.
    """
    messages = line.messaging
    return CallService(
        releases=CallReleases(line.releases),
        pseudonyms=messages.pseudonyms,
        hot_state=messages.hot_state,
        recorder=messages.recorder,
        erasure=messages.erasure,
        log=line.log,
        answers=VoiceTwiml(line.settings.public_url),
        texts=texts or _texts(line),
        unmatched=messages.unmatched,
        repeats=messages.repeats,
        bank_holidays=messages.bank_holidays,
        clock=messages.clock,
    )


def voice_webhook(line: Line, story: CallService) -> VoiceWebhook:
    """Give the one way in for calls."""
    settings = line.settings
    verifier = RequestVerifier(settings.public_url, settings.auth_tokens)
    own = OwnAccount(settings.twilio_account_sid, settings.line_numbers)
    return VoiceWebhook(verifier, own, story, line.log, line.messaging.clock)


def provider_api(settings: Settings) -> ProviderApi | None:
    """Give the provider's API; None without an account, as on a machine where the line is only tried out."""
    if settings.twilio_account_sid is None or settings.twilio_auth_token is None:
        return None
    return ProviderApi(settings.twilio_account_sid, settings.twilio_auth_token)


@contextmanager
def open_provider_copies(settings: Settings) -> Iterator[ProviderCopies]:
    """Open the story of what the provider keeps of messages.

    Raises:
        LineError: Without an account, and when the provider or the history fails, in the block too.
    """
    api = provider_api(settings)
    if api is None:
        raise LineError("There is no account to ask: set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN.")
    with open_retention(settings) as retention:
        yield ProviderCopies(media=api, history=retention.history)


def _texts(line: Line) -> TextSender:
    api = provider_api(line.settings)
    return NoTexts() if api is None else ProviderTexts(api, line.settings.public_url, line.log)
