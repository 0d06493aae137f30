"""The telephone of the test page: ring the line, press keys or say something, and read what a caller hears."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from sms_service.service.access import open_to_everybody
from sms_service.service.trying_calls import TryCall

KEYS: Final = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#")
LONGEST_SPEECH: Final = 500

_KEY_NAMES: Final = {"*": "star", "#": "hash"}


def add_telephone(blueprint: Blueprint, call: TryCall) -> None:
    """Add the page at ``/ring`` and its steps. Each is a form and a new page."""

    @blueprint.get("/ring")
    @open_to_everybody
    def telephone() -> str:
        return render_template(
            "try_it/telephone.html", call=call, keys=KEYS, key_names=_KEY_NAMES, longest=LONGEST_SPEECH
        )

    @blueprint.post("/ring")
    @open_to_everybody
    def ring() -> Response:
        call.ring()
        return _newest()

    @blueprint.post("/ring/do")
    @open_to_everybody
    def do() -> Response:
        call.do(request.form.get("done", "")[:LONGEST_SPEECH])
        return _newest()

    @blueprint.post("/ring/hang-up")
    @open_to_everybody
    def hang_up() -> Response:
        call.hang_up()
        return redirect(url_for("try_it.telephone"), 303)


def _newest() -> Response:
    return redirect(url_for("try_it.telephone", _anchor="newest"), 303)
