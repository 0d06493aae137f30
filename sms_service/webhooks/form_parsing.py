"""From the raw bytes of a webhook request to its form fields, strictly and with limits.

Werkzeug's parser would do, but it silently gives an empty form for one raw byte above 0x7F, and takes 10,000 fields.
The provider always sends percent-encoded ASCII, so anything else is refused before it is looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Final
from urllib.parse import unquote_to_bytes

from sms_service.core.errors import RequestRefused

MOST_BYTES: Final = 64 * 1024
"""The longest WhatsApp text, percent-encoded three times over, is well below."""

MOST_FIELDS: Final = 100
"""A real message has about 20 fields; ten pictures add 20."""


class FormFields:
    """Form fields by name, a name may come more than once. Shaped for Twilio's validator (``getlist``, iteration)."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self._values = dict(pairs)
        self._repeated: dict[str, list[str]] = {}
        """Every value of the names that come more than once; hardly ever any."""
        if len(self._values) < len(pairs):
            every: dict[str, list[str]] = {}
            for name, value in pairs:
                every.setdefault(name, []).append(value)
            self._repeated = {name: values for name, values in every.items() if len(values) > 1}

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        """Show no value: they hold the number and the text."""
        return f"FormFields({len(self._values)} names)"

    def getlist(self, name: str) -> list[str]:
        """Give every value of a name, in the order they came."""
        if name in self._repeated:
            return list(self._repeated[name])
        return [self._values[name]] if name in self._values else []

    def without(self, names: frozenset[str]) -> FormFields:
        """Give the fields that have none of these names."""
        return FormFields([(name, value) for name in self._values if name not in names for value in self.getlist(name)])

    def only(self, name: str) -> str:
        """Give the value of a field that comes once, or '' when it is missing.

        Raises:
            RequestRefused: When it comes with two different values. The provider's signature does not protect against
                a captured request being rewritten that way.
        """
        if name in self._repeated and len(set(self._repeated[name])) > 1:
            raise RequestRefused("A field has two values.", code="ambiguous_field", status=400)
        return self._values.get(name, "")

    def as_signed(self) -> str:
        """Give what the provider signs of a form: every name and value, sorted, the same pair once."""
        if not self._repeated:
            return "".join(chain.from_iterable(sorted(self._values.items())))
        return "".join([name + value for name in sorted(self._values) for value in sorted(set(self.getlist(name)))])


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
    if raw_body.count(b"&") >= MOST_FIELDS:
        raise RequestRefused("The body holds too many fields.", code="too_many_fields", status=400)
    # As urllib.parse.parse_qsl reads it (a test compares them), which takes three times as long: most fields of a
    # message are names, ids and nothing, and need no decoding.
    pairs = []
    for field in filter(None, raw_body.decode("ascii").split("&")):
        name, _, value = field.partition("=")
        pairs.append((_unquoted(name), _unquoted(value)) if "%" in field or "+" in field else (name, value))
    return FormFields(pairs)


def _unquoted(written: str) -> str:
    return unquote_to_bytes(written.replace("+", " ")).decode("utf-8", "replace")
