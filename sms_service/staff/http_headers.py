"""Headers that every answer carries (OWASP ASVS 5.0, 3.4 and 4.1)."""

from __future__ import annotations

from typing import Final

from flask import Flask, Response

NOTHING_LOADS: Final = "default-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
"""For what is no page."""

_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_ONE_YEAR: Final = "max-age=31536000"


def install_headers(app: Flask, *, https_only: bool, policy: str = NOTHING_LOADS) -> None:
    """Add the headers to every answer; one that a page has set itself stays.

    Args:
        app: Before it serves.
        https_only: Tell browsers to come by https alone, for a year.
        policy: The Content-Security-Policy of what a browser shows.
    """
    headers = {**_HEADERS, "Content-Security-Policy": policy}
    if https_only:
        headers["Strict-Transport-Security"] = _ONE_YEAR
    pairs = [(name.lower(), (name, value)) for name, value in headers.items()]

    def add_headers(response: Response) -> Response:
        own = {name.lower() for name, _ in response.headers}
        response.headers.extend([pair for lowered, pair in pairs if lowered not in own])
        return response

    app.after_request(add_headers)
