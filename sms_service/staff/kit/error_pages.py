"""Errors as people read them: what happened, and what to do now. Webhooks have their own (``webhooks/error_pages.py``).

No page repeats what was asked for: an address may hold what somebody typed.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from flask import Flask, Response, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from jinja2 import TemplateError
from werkzeug.exceptions import HTTPException

from sms_service.core.errors import LineError
from sms_service.service.ports import LineLog


@dataclass(frozen=True, slots=True)
class ErrorWords:
    """A heading and sentences for one status."""

    heading: str
    sentences: tuple[str, ...]


_BROKEN: Final = ErrorWords(
    "Sorry, something went wrong",
    (
        "This page could not be shown. The line itself goes on answering texts.",
        "Try again in a minute. If it goes on, tell the people who run this service when it happened.",
    ),
)
_OLD_FORM: Final = ErrorWords(
    "This page was open for too long",
    (
        "Nothing was saved or changed. You may have logged in again since, perhaps in another window.",
        "Go back to the page. Copy what you typed, load the page again, put it in, and send it.",
    ),
)
WORDS: Final = {
    400: ErrorWords("This request could not be read", ("Go back, load the page again, and try once more.",)),
    403: ErrorWords(
        "You cannot open this page",
        ("Your account has no role for it.", "If you need this page, ask an administrator for the role."),
    ),
    404: ErrorWords("Page not found", ("Check the address. If you followed a link here, the page may have moved.",)),
    405: ErrorWords("This address works another way", ("Go back to the page you came from and use its button.",)),
    413: ErrorWords("That is too big to send", ("Send less at once: a shorter text, or a smaller file.",)),
    429: ErrorWords(
        "Too many tries",
        (
            "For this account, or from your network, too many passwords or codes were tried. Wait 15 minutes, then try "
            "again.",
            "Was it not you? Tell an administrator: somebody may be guessing.",
        ),
    ),
    503: ErrorWords(
        "Staff pages are not available just now",
        (
            "The place where accounts and drafts are kept does not answer. The line itself goes on answering texts.",
            "Try again in a minute.",
        ),
    ),
}
"""For each status its words; the rest reads as 500."""


def install_people_error_pages(app: Flask, log: LineLog) -> None:
    """Answer every error of an app of pages."""

    def answer_http_error(error: HTTPException) -> Response:
        status = error.code or 500
        cause = getattr(error, "original_exception", None)
        if isinstance(cause, LineError):  # raised where Flask asks no handler: when the session is written
            return answer_line_error(cause)
        if status < HTTPStatus.BAD_REQUEST:  # a redirect of the router
            answer: Response = error.get_response()  # type: ignore[assignment]  # Flask's own, as the app makes it
            return answer
        answer = error_page(status)
        for name in ("Allow", "Retry-After"):
            value = error.get_response().headers.get(name)
            if value:
                answer.headers[name] = value
        return answer

    def answer_csrf_error(_error: CSRFError) -> Response:
        return error_page(403, _OLD_FORM)

    def answer_line_error(error: LineError) -> Response:
        log.trouble("page_failed", error=error)
        return error_page(503 if error.retry_helps else 500)

    def answer_exception(error: Exception) -> Response:
        log.trouble("page_failed", error=error)
        return error_page(500)

    app.register_error_handler(HTTPException, answer_http_error)
    app.register_error_handler(CSRFError, answer_csrf_error)
    app.register_error_handler(LineError, answer_line_error)
    app.register_error_handler(Exception, answer_exception)


def error_page(status: int, words: ErrorWords | None = None) -> Response:
    """Give the page for a status; in plain words alone when even the layout fails."""
    words = words or WORDS.get(status, _BROKEN)
    try:
        page = render_template("kit/error_part.html" if _asked_for_a_part() else "error.html", words=words)
        response = make_response(page, status)
    except (TemplateError, LineError, RuntimeError, LookupError):
        response = make_response("\n".join([words.heading, *words.sentences, ""]), status)
        response.headers["Content-Type"] = "text/plain; charset=utf-8"
    return response


def _asked_for_a_part() -> bool:
    """Whether htmx asks, which wants a part of a page."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"
