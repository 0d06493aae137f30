"""Is a request really from the provider? Twilio's own validator, wrapped so that it only ever says yes or no.

Twilio signs the URL it was configured with plus every field (docs: usage/security, "Validating requests"). So the URL
is put together from *our* configuration; what the request says of its own host, scheme or port counts for nothing.

The validator signs every request twice and takes ten times as long as the signature does, so the usual case is decided
before it: the signature that we compute ourselves for the configured URL is right. Everything else is still asked of
the validator, so nothing is refused that it would take, and a test holds that nothing is taken that it would refuse.
"""

from __future__ import annotations

import binascii
import hmac
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, Protocol
from urllib.parse import urlparse

from twilio.request_validator import RequestValidator

from sms_service.core.errors import RequestRefused
from sms_service.webhooks.form_parsing import FormFields, parse_form

SIGNATURE_HEADER: Final = "X-Twilio-Signature"


class Verifier(Protocol):
    """Says whether a request is genuine."""

    def is_genuine(self, path_and_query: str, fields: FormFields | str, signature: str | None) -> bool:
        """Give the verdict; never raises."""
        ...


class RequestVerifier:
    """Checks signatures.

    Args:
        public_url: What stands before the path in the URL that the provider was given, without a slash at the end.
        tokens: Auth tokens that count: the primary one and, during a rotation, the secondary one.
    """

    def __init__(self, public_url: str, tokens: Sequence[str]) -> None:
        self._public_url = public_url
        self._validators = tuple(RequestValidator(token) for token in tokens if token)
        self._keys = tuple(token.encode() for token in tokens if token)

    def is_genuine(self, path_and_query: str, fields: FormFields | str, signature: str | None) -> bool:
        """Say whether a signature fits; a missing or unreadable one does not, whatever the validator thinks of it.

        Args:
            path_and_query: As requested: ``/sms`` or ``/sms?step=2``.
            fields: Of the form, or the body as text where it is JSON (then the URL carries ``bodySHA256``).
            signature: Value of the header.
        """
        if not signature or not signature.isascii():
            return False
        url = self._public_url + path_and_query
        try:
            if isinstance(fields, FormFields) and _is_plain(url) and self._is_signed_plainly(url, fields, signature):
                return True
            return any(
                validator.validate(form, fields, signature) for validator in self._validators for form in _forms_of(url)
            )
        except (ValueError, TypeError, AttributeError):
            # A lone surrogate in a field (UnicodeEncodeError), an odd port: not something the provider signed.
            return False

    def _is_signed_plainly(self, url: str, fields: FormFields, signature: str) -> bool:
        """Whether one of our tokens gives this signature for the URL as it is and every field."""
        signed, given = (url + fields.as_signed()).encode(), signature.encode()
        return any(hmac.compare_digest(_signature(key, signed), given) for key in self._keys)


def genuine_fields(
    verifier: Verifier,
    raw_body: bytes,
    signature: str | None,
    path_and_query: str,
    *,
    perhaps_unsigned: frozenset[str] = frozenset(),
) -> FormFields:
    """Give the fields of a form that the provider has signed.

    Args:
        verifier: Says whether it has.
        raw_body: As received.
        signature: Value of the header.
        path_and_query: As requested.
        perhaps_unsigned: Fields that may have been added after signing. Where only the others are signed, these are
            left out of what is given.

    Raises:
        RequestRefused: 403 when it has not, 400 or 413 when the form cannot be read.
    """
    if not signature:
        raise RequestRefused("The request is not signed.", code="unsigned", status=403)
    fields = parse_form(raw_body)
    if verifier.is_genuine(path_and_query, fields, signature):
        return fields
    signed = fields.without(perhaps_unsigned)
    if len(signed) < len(fields) and verifier.is_genuine(path_and_query, signed, signature):
        return signed
    raise RequestRefused("The signature does not fit.", code="forged", status=403)


def _signature(key: bytes, signed: bytes) -> bytes:
    return binascii.b2a_base64(hmac.digest(key, signed, "sha1"), newline=False)


@lru_cache(maxsize=32)
def _is_plain(url: str) -> bool:
    """Whether the validator, too, would sign this URL letter by letter: it takes every URL apart and puts it together.

    Raises:
        ValueError: For a URL that cannot be taken apart.
    """
    parts = urlparse(url)
    return parts.geturl() == url and (parts.port is None or parts.port > 0)


def _forms_of(url: str) -> tuple[str, ...]:
    """Give a URL as it may have been signed: an apostrophe in the query is signed as %27 (see twilio-node)."""
    path, mark, query = url.partition("?")
    return (url, f"{path}{mark}{query.replace(chr(39), '%27')}") if "'" in query else (url,)
