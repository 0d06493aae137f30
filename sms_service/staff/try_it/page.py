"""The routes of the test page. It works without a script: every step is a form and a new page."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from sms_service.service.access import open_to_everybody
from sms_service.service.trying import TryLine
from sms_service.service.trying_calls import TryCall
from sms_service.staff.try_it.telephone import add_telephone
from sms_service.staff.try_it.wording import explained

LONGEST_TEXT: Final = 1600
"""The provider's longest message."""

SAMPLES: Final = ("URGENT", "hlep", "someone online wants a pic of me", "MORE", "STOP")


_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""It needs no script, so none may run."""


def try_it_blueprint(line: TryLine, call: TryCall) -> Blueprint:
    """Give the pages at ``/`` (texts) and ``/ring`` (calls)."""
    here = Path(__file__).parent
    blueprint = Blueprint("try_it", __name__, template_folder=str(here / "templates"))
    blueprint.before_request(_only_for_this_machine)
    blueprint.after_request(_without_scripts)

    @blueprint.get("/")
    @open_to_everybody
    def show() -> str:
        exchanges = [explained(exchange) for exchange in line.exchanges]
        return render_template("try_it/page.html", exchanges=exchanges, samples=SAMPLES, longest=LONGEST_TEXT)

    @blueprint.post("/")
    @open_to_everybody
    def send() -> Response:
        text = request.form.get("text", "")[:LONGEST_TEXT]
        line.text(text, with_picture="picture" in request.form)
        return redirect(url_for("try_it.show", _anchor="newest"), 303)

    @blueprint.post("/start-again")
    @open_to_everybody
    def start_again() -> Response:
        line.start_again()
        return redirect(url_for("try_it.show"), 303)

    add_telephone(blueprint, call)
    return blueprint


def _without_scripts(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = _POLICY
    return response


def _only_for_this_machine() -> None:
    """Answer 404 to anybody else, also through a tunnel (another Host), and 403 to another site's form."""
    if not (_is_loopback(request.remote_addr) and _is_loopback(urlsplit(f"//{request.host}").hostname)):
        abort(404)
    if request.method == "POST" and not _comes_from_this_page():
        abort(403)


def _comes_from_this_page() -> bool:
    """Say whether a form is ours. Our own forms carry 'Origin: null', because the pages ask to send no referrer."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


def _is_loopback(host: str | None) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False
