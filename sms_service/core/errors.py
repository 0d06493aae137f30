"""The one error tree. Every error carries a code, a sentence for a person, and whether retrying helps."""

from __future__ import annotations


class LineError(Exception):
    """Base of all errors this service raises on purpose.

    Attributes:
        code: Stable, machine-readable name, used in logs and tests.
        retry_helps: Whether the same call may succeed later without any change.
    """

    code: str = "line_error"
    retry_helps: bool = False

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class SettingsError(LineError):
    """A setting is missing or bad. The sentence names every such variable and its mend."""

    code = "settings"


class BookError(LineError):
    """The reply book cannot be used. The sentence lists every complaint with file, line and mend."""

    code = "reply_book"


class RequestRefused(LineError):
    """A webhook request is not ours to answer: unsigned, forged, or for another account.

    Attributes:
        status: HTTP status to answer with (never 5xx: the provider would show the sender an error).
    """

    code = "request_refused"

    def __init__(self, sentence: str, *, code: str, status: int) -> None:
        super().__init__(sentence)
        self.code = code
        self.status = status
