"""Headers that every answer carries (OWASP ASVS 5.0, 3.4 and 4.1)."""

from __future__ import annotations

from typing import Final

from flask import Flask, Response

_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_ONE_YEAR: Final = "max-age=31536000"


def install_headers(app: Flask, *, https_only: bool) -> None:
    """Add the headers to every answer; one that a page has set itself stays.

    Args:
        app: Before it serves.
        https_only: Tell browsers to come by https alone, for a year.
    """
    headers = {**_HEADERS, "Strict-Transport-Security": _ONE_YEAR} if https_only else _HEADERS

    def add_headers(response: Response) -> Response:
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        return response

    app.after_request(add_headers)
