"""From the raw bytes of a webhook request to its form fields, strictly and with limits.

Werkzeug's parser would do, but it silently gives an empty form for one raw byte above 0x7F, and takes 10,000 fields.
The provider always sends percent-encoded ASCII, so anything else is refused before it is looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from urllib.parse import parse_qsl

from sms_service.core.errors import RequestRefused

MOST_BYTES: Final = 64 * 1024
"""The longest WhatsApp text, percent-encoded three times over, is well below."""

MOST_FIELDS: Final = 100
"""A real message has about 20 fields; ten pictures add 20."""


class FormFields:
    """Form fields by name, a name may come more than once. Shaped for Twilio's validator (``getlist``, iteration)."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in pairs:
            self._values.setdefault(name, []).append(value)

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        """Show no value: they hold the number and the text."""
        return f"FormFields({len(self._values)} names)"

    def getlist(self, name: str) -> list[str]:
        """Give every value of a name, in the order they came."""
        return list(self._values.get(name, ()))

    def only(self, name: str) -> str:
        """Give the value of a field that comes once, or '' when it is missing.

        Raises:
            RequestRefused: When it comes with two different values. The provider's signature does not protect against
                a captured request being rewritten that way.
        """
        values = set(self._values.get(name, ()))
        if len(values) > 1:
            raise RequestRefused("A field has two values.", code="ambiguous_field", status=400)
        return next(iter(values), "")


def parse_form(raw_body: bytes) -> FormFields:
    """Read an ``application/x-www-form-urlencoded`` body.

    Bytes that are percent-encoded but not UTF-8 become U+FFFD, as in every web framework; the signature then decides.

    Raises:
        RequestRefused: 413 for a body that is too long, 400 for too many fields or bytes outside ASCII.
    """
    if len(raw_body) > MOST_BYTES:
        raise RequestRefused("The body is too long.", code="body_too_long", status=413)
    if not raw_body.isascii():
        raise RequestRefused("The body holds bytes outside ASCII.", code="body_not_ascii", status=400)
    try:
        pairs = parse_qsl(raw_body.decode("ascii"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise RequestRefused("The body holds too many fields.", code="too_many_fields", status=400) from None
    return FormFields(pairs)
