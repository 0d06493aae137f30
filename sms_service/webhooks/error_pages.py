"""Errors under a webhook's path: always the provider's content type, never words.

The provider reads text/html as TwiML and would text a plain body to the young person
(docs: api/twiml/sms/your_response), so not even a 404 may carry one.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from sms_service.service.ports import LineLog
from sms_service.webhooks import twiml, voice_twiml
from sms_service.webhooks.sms import SMS_PATH
from sms_service.webhooks.status_address import STATUS_PATH
from sms_service.webhooks.twiml import CONTENT_TYPE, SILENCE
from sms_service.webhooks.voice_address import VOICE_FALLBACK_PATH, VOICE_PATH, VOICE_STATUS_PATH

WEBHOOK_PATHS: Final = ("sms", "voice")

_STILL_ANSWERED: Final = {
    SMS_PATH: (twiml.LAST_RESORT, 200),
    STATUS_PATH: (b"", 204),
    VOICE_PATH: (voice_twiml.LAST_RESORT, 200),
    VOICE_FALLBACK_PATH: (voice_twiml.LAST_RESORT, 200),
    VOICE_STATUS_PATH: (b"", 204),
}
"""Whatever broke, somebody may be waiting: an error would reach nobody but the provider's log."""


def is_webhook_path(path: str) -> bool:
    """Whether a path is, or is a slip of, one that the provider calls."""
    first = path.strip("/.").partition("/")[0].casefold()
    return first.startswith(WEBHOOK_PATHS)


def install_error_pages(app: Flask, log: LineLog) -> None:
    """Answer every error of the app, and every exception that nobody caught.

    Outside the webhooks an error is one plain sentence; Flask's own page says no more either.
    """

    def answer_http_error(error: HTTPException) -> Response:
        status = error.code or 500
        if not is_webhook_path(request.path):
            plain = Response(f"{status} {error.name}\n", status, content_type="text/plain; charset=utf-8")
            plain.headers.extend(_allow(error))
            return plain
        # A redirect would be followed without the message.
        answer = Response(SILENCE, status if status >= HTTPStatus.BAD_REQUEST else 404, content_type=CONTENT_TYPE)
        answer.headers.extend(_allow(error))
        return answer

    def answer_exception(error: Exception) -> Response:
        log.trouble("request_failed", error=error)
        still = _STILL_ANSWERED.get(request.path.rstrip("/"))
        if request.method == "POST" and still is not None:
            return Response(*still, content_type=CONTENT_TYPE)
        if is_webhook_path(request.path):
            return Response(SILENCE, 500, content_type=CONTENT_TYPE)
        return Response("500 Internal Server Error\n", 500, content_type="text/plain; charset=utf-8")

    app.register_error_handler(HTTPException, answer_http_error)
    app.register_error_handler(Exception, answer_exception)


def _allow(error: HTTPException) -> list[tuple[str, str]]:
    """Give the header that a 405 must carry (RFC 9110, 15.5.6)."""
    methods = getattr(error, "valid_methods", None)
    return [("Allow", ", ".join(sorted(methods)))] if methods else []
