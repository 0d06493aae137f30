"""The address the provider is given for delivery reports: it names the message that the reply answers.

A report names the reply, whose id nobody here has ever seen: the provider makes it after our answer. So the answer
brings its own address for reports, and that says which message it answers. The provider signs the whole address, so
nobody else can make a report up or move it to another message.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qs, quote_plus

STATUS_PATH: Final = "/sms/status"
_ANSWERS: Final = "answers"
_MESSAGE_ID: Final = re.compile(r"(?:SM|MM)[0-9a-f]{32}")
_ANSWERED_ID: Final = re.compile(r"(?:SM|MM|CA)[0-9a-f]{32}")
"""A message, or a call in which a text was asked for."""


def is_message_id(written: str) -> bool:
    """Whether something has the shape of the provider's message ids."""
    return _MESSAGE_ID.fullmatch(written) is not None


def status_address(public_url: str, message_id: str) -> str:
    """Give the address for reports about the reply to a message."""
    return f"{public_url}{STATUS_PATH}?{_ANSWERS}={quote_plus(message_id)}"


def answered_message(path_and_query: str) -> str | None:
    """Give the id of the answered message that an address names; None when it names none, two or an odd one."""
    found = parse_qs(path_and_query.partition("?")[2]).get(_ANSWERS, [])
    return found[0] if len(found) == 1 and _ANSWERED_ID.fullmatch(found[0]) else None
