"""Headers that every answer carries (OWASP ASVS 5.0, 3.4 and 4.1)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Final

from flask import Flask

if TYPE_CHECKING:
    from _typeshed import OptExcInfo
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

NOTHING_LOADS: Final = "default-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
"""For what is no page."""

_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_ONE_YEAR: Final = "max-age=31536000"


def headers_of(*, https_only: bool, policy: str = NOTHING_LOADS) -> list[tuple[str, str]]:
    """Give the headers.

    Args:
        https_only: Tell browsers to come by https alone, for a year.
        policy: The Content-Security-Policy of what a browser shows.
    """
    headers = {**_HEADERS, "Content-Security-Policy": policy}
    if https_only:
        headers["Strict-Transport-Security"] = _ONE_YEAR
    return list(headers.items())


def install_headers(app: Flask, headers: Sequence[tuple[str, str]]) -> None:
    """Add headers to every answer of an app; one that a page has set itself stays.

    They are added to what leaves, not to Flask's response objects: those check and copy each header twice.
    """
    answer = app.wsgi_app
    pairs = [(name.lower(), (name, value)) for name, value in headers]

    def with_headers(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(
            status: str, given: list[tuple[str, str]], error: OptExcInfo | None = None, /
        ) -> Callable[[bytes], object]:
            own = {name.lower() for name, _ in given}
            return start_response(status, [*given, *[pair for name, pair in pairs if name not in own]], error)

        return answer(environ, start)

    app.wsgi_app = with_headers  # type: ignore[method-assign]  # how Flask wants to be wrapped
