"""A phone for the canary: texts the public address over the network, signed as the provider signs."""

from __future__ import annotations

import socket
import ssl
from http import HTTPStatus
from http.client import HTTPException
from typing import Final
from urllib.error import HTTPError, URLError
from urllib.request import Request, build_opener

from sms_service.service.canary import LineUnreachable
from sms_service.webhooks.no_redirects import NoRedirects
from sms_service.webhooks.request_verification import SIGNATURE_HEADER
from sms_service.webhooks.signed_request import message_fields, sign
from sms_service.webhooks.simulated_phone import texts_in
from sms_service.webhooks.sms import SMS_PATH

WAIT_SECONDS: Final = 10.0
"""The provider waits 15."""

_MOST_BYTES: Final = 64 * 1024


class SignedPhone:
    """The :class:`~sms_service.service.canary.PublicLine` over HTTP.

    Args:
        public_url: What stands before the path in the address that the provider calls.
        token: Our auth token.
        account_sid: Ours.
        to: One of our numbers.
        wait_seconds: Longest wait for an answer.
    """

    def __init__(
        self, public_url: str, token: str, account_sid: str, to: str, *, wait_seconds: float = WAIT_SECONDS
    ) -> None:
        self._url = public_url + SMS_PATH
        self._token = token
        self._account_sid = account_sid
        self._to = to
        self._wait_seconds = wait_seconds
        self._opener = build_opener(NoRedirects)

    def text(self, text: str, *, sender: str, message_id: str) -> tuple[str, ...]:
        """Text the line and give what comes back.

        Raises:
            LineUnreachable: When there is no answer, or none that the provider could use.
        """
        fields = message_fields(text, sender, self._account_sid, to=self._to, message_id=message_id)
        signed = sign(self._url, fields, self._token)
        headers = {
            SIGNATURE_HEADER: signed.signature,
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "User-Agent": "canary",
        }
        request = Request(self._url, signed.raw_body, headers)  # noqa: S310 - http or https, checked by the settings
        try:
            with self._opener.open(request, timeout=self._wait_seconds) as answer:
                if "xml" not in answer.headers.get_content_type():
                    raise LineUnreachable("Something in front of the line answers in its place, not with TwiML.")
                return texts_in(answer.read(_MOST_BYTES))
        except HTTPError as error:
            error.close()
            raise LineUnreachable(_status_words(error.code)) from None
        except (OSError, HTTPException, ValueError) as error:
            raise LineUnreachable(_trouble_words(error)) from None


def refuses_unsigned(public_url: str, *, wait_seconds: float = WAIT_SECONDS) -> bool:
    """Whether the public address refuses a request without a signature.

    Raises:
        LineUnreachable: When it does not answer at all.
    """
    request = Request(public_url + SMS_PATH, b"Body=HELP", {"User-Agent": "doctor"})  # noqa: S310 - same
    try:
        with build_opener(NoRedirects).open(request, timeout=wait_seconds):
            return False
    except HTTPError as error:
        error.close()
        return error.code == HTTPStatus.FORBIDDEN
    except (OSError, HTTPException, ValueError) as error:
        raise LineUnreachable(_trouble_words(error)) from None


def _status_words(status: int) -> str:
    if status in {401, 403}:
        return f"The line refuses its own signature ({status}): a proxy changes the address, or PUBLIC_URL is wrong."
    if status in {301, 302, 303, 307, 308}:
        return f"The public address redirects ({status}): the provider loses the message on the way."
    if status == HTTPStatus.NOT_FOUND:
        return "The public address leads somewhere else (404): PUBLIC_URL or the proxy is wrong."
    return f"The public address answers with status {status}."


def _trouble_words(error: Exception) -> str:
    reason = error.reason if isinstance(error, URLError) else error
    if isinstance(reason, ssl.SSLCertVerificationError):
        return "The certificate of the public address is not good: expired, for another name, or not trusted."
    if isinstance(reason, ssl.SSLError):
        return "TLS with the public address fails."
    if isinstance(reason, socket.gaierror):
        return "The name of the public address is not known to this host (DNS)."
    if isinstance(reason, TimeoutError):
        return "The public address does not answer in time."
    if isinstance(reason, ConnectionRefusedError):
        return "Nobody listens at the public address."
    return f"The public address cannot be reached ({type(reason).__name__})."
