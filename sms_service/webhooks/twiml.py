"""Answers in TwiML, the XML that the provider reads. Built by hand: two elements, always well-formed.

Twilio's own builder lets control characters and lone surrogates through, which makes ill-formed XML (error 12100: the
sender gets nothing). XML 1.0, section 2.2, says which characters are allowed.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from sms_service.core.fallback import BUILT_IN_FALLBACK
from sms_service.webhooks.status_address import is_message_id, status_address

CONTENT_TYPE: Final = "text/xml; charset=utf-8"

OPEN: Final = '<?xml version="1.0" encoding="UTF-8"?><Response>'
CLOSE: Final = "</Response>"
NOT_IN_XML: Final = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINE_ENDS: Final = re.compile("\r\n?|\u0085|\u2028|\u2029")

SILENCE: Final = b'<?xml version="1.0" encoding="UTF-8"?><Response/>'
"""Received, nothing to send. Only for silence that somebody decided on, and for refusals."""


def message_twiml(text: str, status_callback: str | None = None) -> bytes:
    """Give the answer that sends one text back to the sender; a text without any character that can be sent raises.

    Args:
        text: What is sent.
        status_callback: Where the provider reports what became of it.

    Raises:
        ValueError: When nothing is left of the text. The caller then has something better to say.
    """
    reports = "" if status_callback is None else f" statusCallback={quoteattr(status_callback)}"
    return f"{OPEN}<Message{reports}>{_escaped(text)}</Message>{CLOSE}".encode()


@lru_cache(maxsize=1024)
def _escaped(text: str) -> str:
    """Give a text as it stands in XML. Kept, because the texts that are sent are the book's and the same few."""
    sendable = NOT_IN_XML.sub("", _LINE_ENDS.sub("\n", text))
    if not sendable.strip():
        raise ValueError("nothing to send")
    return escape(sendable)


LAST_RESORT: Final = message_twiml(BUILT_IN_FALLBACK)
"""Made when the program starts, so that nothing can go wrong with it later."""


class TwimlAnswers:
    """How the stories put their texts into the provider's words.

    Args:
        public_url: What stands before the path in the addresses that the provider calls.
    """

    def __init__(self, public_url: str) -> None:
        self._public_url = public_url
        self._reports_to = escape(status_address(public_url, ""), {'"': "&quot;"})

    def wrap(self, text: str, message_id: str | None) -> bytes:
        """Give the bytes that send a text; reports about it come back with the id of the message it answers."""
        if message_id is None:
            return message_twiml(text)
        if not is_message_id(message_id):
            return message_twiml(text, status_address(self._public_url, message_id))
        # As above, without quoting what cannot need it.
        address = f"{self._reports_to}{message_id}"
        return f'{OPEN}<Message statusCallback="{address}">{_escaped(text)}</Message>{CLOSE}'.encode()

    @property
    def silence(self) -> bytes:
        """The bytes that send nothing."""
        return SILENCE

    @property
    def last_resort(self) -> bytes:
        """The bytes that send the built-in fallback; no report joins them, because they are the same for everybody."""
        return LAST_RESORT
