"""Twilio's REST API, read only: the one place that speaks to it. The SDK's client is loaded when first asked.

Checked in tests against Twilio's own OpenAPI description. Nothing of an answer but what is named here is read; alerts
of the Monitor hold whole requests with texts, so of those the code is taken and the rest left.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from http.client import HTTPException
from typing import Any, Final
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, build_opener

from sms_service.service.provider_ports import (
    Account,
    LineNumber,
    ProviderAlert,
    ProviderTrouble,
    SenderPool,
    Webhook,
)
from sms_service.webhooks.request_verification import SIGNATURE_HEADER
from sms_service.webhooks.signed_request import message_fields, sign

WAIT_SECONDS: Final = 10.0
_MOST: Final = 200
"""Of each kind; a line has a handful."""
_MOST_ALERTS: Final = 500
_MOST_BYTES: Final = 64 * 1024


class TwilioAccount:
    """The :class:`~sms_service.service.provider_ports.ProviderAccount` of Twilio.

    Args:
        account_sid: Ours.
        token: Its auth token.
        clock: Gives the moment, aware.
        wait_seconds: Longest wait for one answer.
    """

    def __init__(
        self, account_sid: str, token: str, clock: Callable[[], dt.datetime], *, wait_seconds: float = WAIT_SECONDS
    ) -> None:
        self._account_sid = account_sid
        self._token = token
        self._clock = clock
        self._wait_seconds = wait_seconds
        self._date: dt.datetime | None = None
        self._status = 0
        self._client: Any = None

    def account(self) -> Account:
        """Give the account."""
        with self._told("the account"):
            found = self._api().api.v2010.accounts(self._account_sid).fetch()
            ahead = None if self._date is None else (self._clock() - self._date).total_seconds()
            return Account(str(found.status) == "active", str(found.type) == "Trial", ahead)

    def numbers(self) -> Sequence[LineNumber]:
        """Give numbers and short codes."""
        with self._told("the numbers"):
            account = self._api().api.v2010.accounts(self._account_sid)
            longer = [_long_number(one) for one in account.incoming_phone_numbers.list(limit=_MOST)]
            return [*longer, *(_short_code(one) for one in account.short_codes.list(limit=_MOST))]

    def pools(self) -> Sequence[SenderPool]:
        """Give messaging services, with their numbers."""
        with self._told("the messaging services"):
            services = self._api().messaging.v1.services
            return [_pool(one, _pool_numbers(services(one.sid))) for one in services.list(limit=_MOST)]

    def alerts(self) -> Sequence[ProviderAlert]:
        """Give the errors of the last day."""
        with self._told("the alerts"):
            since = self._clock() - dt.timedelta(days=1)
            found = self._api().monitor.v1.alerts.list(log_level="error", start_date=since, limit=_MOST_ALERTS)
            codes = Counter(int(one.error_code) for one in found if str(one.error_code).isdigit())
            return [ProviderAlert(code, count) for code, count in codes.most_common()]

    def _api(self) -> Any:  # noqa: ANN401 - the SDK ships no types
        if self._client is None:
            from twilio.http.http_client import TwilioHttpClient
            from twilio.rest import Client

            # Its log lines hold addresses and fields.
            logging.getLogger("twilio.http_client").disabled = True
            hooks = {"response": [self._note]}
            http = TwilioHttpClient(timeout=self._wait_seconds, max_retries=0, request_hooks=hooks)
            self._client = Client(self._account_sid, self._token, http_client=http)
        return self._client

    @contextmanager
    def _told(self, what: str) -> Iterator[None]:
        """Turn whatever the SDK raises into a sentence; its own words can hold addresses and values."""
        from requests.exceptions import RequestException, Timeout
        from twilio.base.exceptions import TwilioException

        self._status = 0
        try:
            yield
        except Timeout:
            raise ProviderTrouble(f"The provider did not answer in time about {what}; try again.") from None
        except RequestException as error:
            raise ProviderTrouble(f"The provider cannot be reached ({type(error).__name__}).") from None
        except (TwilioException, ValueError, KeyError, TypeError, AttributeError) as error:
            # The SDK's exception for a list has no status, so the last answer's own is looked at.
            if self._status >= HTTPStatus.BAD_REQUEST:
                raise ProviderTrouble(_status_words(self._status, what)) from None
            raise ProviderTrouble(f"The provider said something odd about {what} ({type(error).__name__}).") from None

    def _note(self, response: Any, **_options: object) -> None:  # noqa: ANN401 - of requests, by its hook
        self._status = int(response.status_code)
        try:
            self._date = parsedate_to_datetime(response.headers.get("Date", ""))
        except ValueError:
            self._date = None


class FallbackReader:
    """The :class:`~sms_service.service.provider_ports.FallbackPages` over HTTP, signed as the provider signs.

    Args:
        account_sid: Ours.
        token: Our auth token.
        to: One of our numbers.
        wait_seconds: Longest wait.
    """

    def __init__(self, account_sid: str, token: str, to: str, *, wait_seconds: float = WAIT_SECONDS) -> None:
        self._account_sid = account_sid
        self._token = token
        self._to = to
        self._wait_seconds = wait_seconds

    def read(self, webhook: Webhook) -> bytes:
        """Give what an address answers."""
        if urlsplit(webhook.url).scheme not in {"http", "https"}:
            raise ProviderTrouble("The fallback's address is not one that can be read.")
        fields = message_fields("", "+447700900123", self._account_sid, to=self._to)
        signed = sign(webhook.url, fields, self._token)
        headers = {SIGNATURE_HEADER: signed.signature, "Content-Type": "application/x-www-form-urlencoded"}
        request = Request(webhook.url, signed.raw_body, headers)  # noqa: S310 - looked at above
        try:
            with build_opener().open(request, timeout=self._wait_seconds) as answer:
                return bytes(answer.read(_MOST_BYTES))
        except HTTPError as error:
            error.close()
            raise ProviderTrouble(f"The fallback's address answers with status {error.code}.") from None
        except (OSError, HTTPException, ValueError) as error:
            raise ProviderTrouble(f"The fallback's address cannot be read ({type(error).__name__}).") from None


def _status_words(status: int, what: str) -> str:
    if status == HTTPStatus.UNAUTHORIZED:
        return "The provider refuses our token: TWILIO_AUTH_TOKEN is not the one of TWILIO_ACCOUNT_SID."
    if status in {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}:
        return f"The provider does not let this account ask about {what} ({status})."
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return "The provider wants to be asked more slowly; try again in a minute."
    return f"The provider failed to answer about {what} (status {status})."


def _webhook(url: str | None, method: str | None) -> Webhook:
    return Webhook(url or "", method or "POST")


def _long_number(found: Any) -> LineNumber:  # noqa: ANN401 - same
    takes_calls = bool((found.capabilities or {}).get("voice", True))
    return LineNumber(
        number=found.phone_number,
        is_short_code=False,
        texts=_webhook(found.sms_url, found.sms_method),
        texts_fallback=_webhook(found.sms_fallback_url, found.sms_fallback_method),
        calls=_webhook(found.voice_url, found.voice_method) if takes_calls else None,
        calls_fallback=_webhook(found.voice_fallback_url, found.voice_fallback_method) if takes_calls else None,
        application=bool(found.sms_application_sid),
    )


def _short_code(found: Any) -> LineNumber:  # noqa: ANN401 - same
    return LineNumber(
        number=found.short_code,
        is_short_code=True,
        texts=_webhook(found.sms_url, found.sms_method),
        texts_fallback=_webhook(found.sms_fallback_url, found.sms_fallback_method),
        calls=None,
        calls_fallback=None,
    )


def _pool_numbers(service: Any) -> list[str]:  # noqa: ANN401 - same
    numbers = [one.phone_number for one in service.phone_numbers.list(limit=_MOST)]
    return [*numbers, *(one.short_code for one in service.short_codes.list(limit=_MOST))]


def _pool(found: Any, numbers: Sequence[str]) -> SenderPool:  # noqa: ANN401 - same
    return SenderPool(
        name=found.friendly_name or "",
        texts=_webhook(found.inbound_request_url, found.inbound_method),
        texts_fallback=_webhook(found.fallback_url, found.fallback_method),
        number_decides=bool(found.use_inbound_webhook_on_number),
        numbers=numbers,
        sticky_sender=bool(found.sticky_sender),
        fallback_to_long_code=bool(found.fallback_to_long_code),
        smart_encoding=bool(found.smart_encoding),
    )
