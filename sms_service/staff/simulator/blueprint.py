"""The blueprint of the simulator."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from sms_service.core.publishing.errors import NotFound, PublishingError
from sms_service.staff.kit.error_pages import error_page
from sms_service.staff.simulator import call_page, text_page
from sms_service.staff.simulator.bench import Bench

_NOT_FOUND: Final = 404
_CONFLICT: Final = 409


def simulator_blueprint(bench: Bench) -> Blueprint:
    """Give the pages at ``/try``."""
    blueprint = Blueprint("simulator", __name__, template_folder=str(Path(__file__).parent / "templates"))
    blueprint.register_error_handler(PublishingError, _explained)
    text_page.add_to(blueprint, bench)
    call_page.add_to(blueprint, bench)
    return blueprint


def _explained(error: PublishingError) -> ResponseReturnValue:
    if isinstance(error, NotFound):
        return error_page(_NOT_FOUND)
    return render_template("simulator/problem.html", sentences=error.sentence.splitlines()), _CONFLICT
