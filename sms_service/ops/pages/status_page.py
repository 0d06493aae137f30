"""The status page: is the line answering, what to do, and how the last day, week or month went."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from flask import Blueprint, render_template, request

from sms_service.core.charts import PERIODS
from sms_service.core.errors import LineError
from sms_service.core.line_status import COUNTS_PEOPLE, words_of
from sms_service.service.access import Role, current_person, in_menu, open_to_anybody_logged_in
from sms_service.service.monitoring import Monitoring

PERIOD_WORDS: Final = {"day": "Last 24 hours", "week": "Last 7 days", "month": "Last 28 days"}


def status_blueprint(monitoring: Monitoring) -> Blueprint:
    """Give the page at ``/status`` and the part of it that is brought up to date."""
    blueprint = Blueprint("ops_status", __name__, template_folder=str(Path(__file__).parent / "templates"))

    @blueprint.get("/status")
    @in_menu("Status", order=40, about="Whether the line answers, and what to do if not.")
    @open_to_anybody_logged_in()
    def show() -> str:
        period = request.args.get("period", "day")
        period = period if period in PERIODS else "day"
        trouble, drawn = None, None
        try:
            drawn = monitoring.picture(PERIODS[period], to_operator=_to_operator())
        except LineError as error:
            trouble = error.sentence
        return render_template(
            "ops_status/page.html",
            picture=drawn,
            trouble=trouble,
            period=period,
            periods=PERIOD_WORDS,
            **_now(monitoring),
        )

    @blueprint.get("/status/now")
    @open_to_anybody_logged_in()
    def show_now() -> str:
        return render_template("ops_status/now.html", **_now(monitoring))

    return blueprint


def _to_operator() -> bool:
    return Role.OPS in current_person().roles


def _now(monitoring: Monitoring) -> dict[str, Any]:
    """Give what the upper part of the page shows."""
    return {
        "status": monitoring.status(),
        "words_of": words_of,
        "counts_people": COUNTS_PEOPLE,
        "to_operator": _to_operator(),
    }
