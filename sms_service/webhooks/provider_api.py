"""The provider's REST API, as little of it as we need: sending a text to a caller, and the media of a message.

By hand with the standard library: the provider's own client takes a second and 30 MB to load, and waits without a limit
unless told. One request, one try, few seconds. The contents of media are never asked for: only addresses that end in
``.json`` are, which give a description (docs: messaging/api/media-resource).
"""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPException
from typing import Any, Final
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, build_opener

from pydantic import SecretStr

from sms_service.core.errors import LineError
from sms_service.service.ports import LineLog
from sms_service.webhooks.no_redirects import NoRedirects
from sms_service.webhooks.status_address import status_address

API_URL: Final = "https://api.twilio.com"
TIMEOUT_SECONDS: Final = 4.0
"""For each wait on the network. The provider waits 15 seconds for us while a caller listens to nothing."""

_LARGEST_ANSWER_BYTES: Final = 256 * 1024
_MEDIA_ID: Final = re.compile(r"ME[0-9a-f]{32}")


class ProviderFailed(LineError):
    """The provider's API did not do what it was asked to. The sentence names the kind of failure, nothing else."""

    code = "provider_failed"
    retry_helps = True


@dataclass(frozen=True, slots=True)
class ProviderApi:
    """One account's API.

    Attributes:
        account_sid: Of our account.
        token: Its auth token.
        api_url: Another address than the provider's, for tests.
        timeout_seconds: For each wait.
    """

    account_sid: str
    token: SecretStr = field(repr=False)
    api_url: str = API_URL
    timeout_seconds: float = TIMEOUT_SECONDS

    def send_text(self, text: str, *, to: str, sender: str, status_callback: str) -> None:
        """Hand a text over for sending.

        Raises:
            ProviderFailed: When the provider did not take it, or not in time.
        """
        form = {"To": to, "From": sender, "Body": text, "StatusCallback": status_callback}
        self._ask("POST", "Messages.json", form)

    def media_ids(self, message_id: str) -> tuple[str, ...]:
        """Give the ids of the media that the provider keeps of a message.

        Raises:
            ProviderFailed: When it does not say.
        """
        listed = self._ask("GET", f"Messages/{message_id}/Media.json?{urlencode({'PageSize': 50})}")
        found = [str(one.get("sid", "")) for one in listed.get("media_list", []) if isinstance(one, dict)]
        return tuple(one for one in found if _MEDIA_ID.fullmatch(one))

    def delete_media(self, message_id: str, media_id: str) -> None:
        """Delete one of them at the provider, for good.

        Raises:
            ProviderFailed: When it was not deleted.
        """
        self._ask("DELETE", f"Messages/{message_id}/Media/{media_id}.json")

    def _ask(self, method: str, path: str, form: dict[str, str] | None = None) -> dict[str, Any]:
        address = f"{self.api_url}/2010-04-01/Accounts/{self.account_sid}/{path}"
        credentials = base64.b64encode(f"{self.account_sid}:{self.token.get_secret_value()}".encode()).decode()
        headers = {"Authorization": f"Basic {credentials}", "Accept": "application/json"}
        body = None if form is None else urlencode(form).encode()
        request = Request(address, body, headers, method=method)  # noqa: S310 - our own address
        try:
            with build_opener(NoRedirects).open(request, timeout=self.timeout_seconds) as answer:
                answered = answer.read(_LARGEST_ANSWER_BYTES)
                if answer.status == HTTPStatus.NO_CONTENT:
                    return {}
            read = json.loads(answered)
        except HTTPError as error:
            with error:  # it holds the connection
                reason = _reason(error)
            raise ProviderFailed(f"The provider refused it ({reason}).") from None
        except (OSError, HTTPException, ValueError) as error:
            raise ProviderFailed(f"The provider could not be asked ({type(error).__name__}).") from None
        if not isinstance(read, dict):
            raise ProviderFailed("The provider's answer could not be read.")
        return read


def _reason(error: HTTPError) -> str:
    """Give the status and the provider's own code, no words: they can hold the number."""
    try:
        code = int(json.loads(error.read(_LARGEST_ANSWER_BYTES))["code"])
    except (OSError, HTTPException, ValueError, TypeError, KeyError):
        return f"status {error.code}"
    return f"status {error.code}, code {code}"


@dataclass(frozen=True, slots=True)
class ProviderTexts:
    """The :class:`~sms_service.service.call_ports.TextSender` that sends through the provider."""

    api: ProviderApi
    public_url: str
    log: LineLog

    @property
    def available(self) -> bool:
        """Whether texts can be sent: always, with an account."""
        return True

    def send(self, text: str, *, to: str, sender: str, call_id: str) -> bool:
        """Hand a text to the provider; False when it did not take it in time."""
        try:
            self.api.send_text(text, to=to, sender=sender, status_callback=status_address(self.public_url, call_id))
        except ProviderFailed as error:
            self.log.trouble("text_failed", error=error, message_id=call_id)
            return False
        return True


class NoTexts:
    """Sends nothing: a line without an account offers no texts."""

    @property
    def available(self) -> bool:
        """Whether texts can be sent: never."""
        return False

    def send(self, text: str, *, to: str, sender: str, call_id: str) -> bool:  # noqa: ARG002 - the port's shape
        """Send nothing."""
        return False
