"""POST /sms before Flask: the same ``SmsWebhook.handle``, the same bytes, for a third less processor time.

Flask's contexts, routing and response objects cost as much as reading and answering a keyword does. This WSGI callable
stands before them and answers what is plainly a genuine message. Everything else goes on to Flask: other paths and
methods, bodies without a plain length, and whatever :meth:`~sms_service.webhooks.sms.SmsWebhook.handle` refuses, so
that a refusal has one home, with all that is hooked to it there. A test holds that both ways give the same bytes and
headers. ``FAST_LANE=off`` takes it away (docs/performance.md).
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from sms_service.webhooks.form_parsing import MOST_BYTES
from sms_service.webhooks.raw_request import SIGNATURE_IN_ENVIRON
from sms_service.webhooks.sms import HANDLED, SMS_PATH, SmsWebhook, WebhookAnswer
from sms_service.webhooks.twiml import CONTENT_TYPE

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_OK: Final = "200 OK"
_LONGEST_LENGTH: Final = len(str(MOST_BYTES))


class FastLane:
    """A WSGI application that answers genuine messages itself and leaves the rest to another.

    Args:
        app: Answers everything else, with the very same webhook.
        webhook: Answers messages.
        headers: What every answer carries besides its type and length.
    """

    def __init__(self, app: WSGIApplication, webhook: SmsWebhook, headers: Sequence[tuple[str, str]]) -> None:
        self._app = app
        self._webhook = webhook
        self._headers = tuple(headers)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        if environ.get("PATH_INFO") != SMS_PATH or environ.get("REQUEST_METHOD") != "POST":
            return self._app(environ, start_response)
        try:
            answer = self._answer(environ)
        except Exception:  # noqa: BLE001 - it fails again in Flask, which has words and a log line for it
            answer = None
        if answer is None or answer.status != HTTPStatus.OK:
            environ[HANDLED] = answer
            return self._app(environ, start_response)
        start_response(_OK, [("Content-Type", CONTENT_TYPE), ("Content-Length", str(len(answer.body))), *self._headers])
        return [answer.body]

    def _answer(self, environ: WSGIEnvironment) -> WebhookAnswer | None:
        """Give the answer, or None where there is none to be had here: Flask then does all of it."""
        length = _plain_length(environ)
        if length is None:
            return None
        raw_body = environ["wsgi.input"].read(length)
        # Whoever reads the body after us finds it as it came, cut short where it was.
        environ["wsgi.input"] = io.BytesIO(raw_body)
        if len(raw_body) < length:
            return None
        query = environ.get("QUERY_STRING")
        address = f"{SMS_PATH}?{query}" if query else SMS_PATH
        return self._webhook.handle(raw_body, environ.get(SIGNATURE_IN_ENVIRON), address)


def _plain_length(environ: WSGIEnvironment) -> int | None:
    """Give how long the body is; None where it comes in pieces, is too long, or does not say."""
    written = environ.get("CONTENT_LENGTH") or ""
    if not written.isascii() or not written.isdigit() or len(written) > _LONGEST_LENGTH:
        return None
    if "HTTP_TRANSFER_ENCODING" in environ or int(written) > MOST_BYTES:
        return None
    return int(written)
