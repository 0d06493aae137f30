"""A pretend phone that reaches the line through the very function that the provider's requests go through."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final
from xml.sax.saxutils import unescape

from sms_service.core.events import Event
from sms_service.service.trying import PhoneAnswer
from sms_service.webhooks.signed_request import message_fields, sign
from sms_service.webhooks.sms import SMS_PATH, SmsWebhook

SAMPLE_SENDER: Final = "+447700900123"
"""Of the range that Ofcom keeps free for drama: it belongs to nobody."""

_MESSAGE: Final = re.compile("<Message[^>]*>(.*?)</Message>", re.DOTALL)


class SimulatedPhone:
    """Texts a webhook.

    Args:
        webhook: With a story of its own, so that nothing of this is remembered elsewhere.
        public_url: The one that the webhook's verifier was made with.
        token: The one that the webhook's verifier was made with.
        account_sid: One that the webhook takes for its own.
        to: A number that the webhook takes for its own.
        last_event: Gives the row of the newest message, or None.
    """

    def __init__(
        self,
        webhook: SmsWebhook,
        *,
        public_url: str,
        token: str,
        account_sid: str,
        to: str,
        last_event: Callable[[], Event | None],
    ) -> None:
        self._webhook = webhook
        self._url = public_url + SMS_PATH
        self._token = token
        self._account_sid = account_sid
        self._to = to
        self._last_event = last_event

    def text(self, text: str, media_count: int = 0) -> PhoneAnswer:
        """Sign a message as the provider would, hand it in, and read the answer as the provider would."""
        # What no phone can send (half of a character pair) becomes a question mark, as it does in a browser.
        text = text.encode("utf-8", "replace").decode("utf-8")
        fields = message_fields(text, SAMPLE_SENDER, self._account_sid, to=self._to, media_count=media_count)
        request = sign(self._url, fields, self._token)
        answer = self._webhook.handle(request.raw_body, request.signature)
        return PhoneAnswer(texts_in(answer.body), self._last_event())


def texts_in(twiml: bytes) -> tuple[str, ...]:
    """Give the texts of an answer that we built ourselves."""
    return tuple(unescape(found) for found in _MESSAGE.findall(twiml.decode("utf-8")))
