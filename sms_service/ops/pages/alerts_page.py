"""The alerts page: what is open, what there is to be told, how the worker does, and a test."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from sms_service.core.alert_rules import ALERT_RULES, alert_rule
from sms_service.core.errors import LineError
from sms_service.service.access import Role, current_person, in_menu, open_to
from sms_service.service.monitoring import Monitoring


def alerts_blueprint(monitoring: Monitoring, *, has_addresses: bool) -> Blueprint:
    """Give the page at ``/alerts``."""
    blueprint = Blueprint("ops_alerts", __name__, template_folder=str(Path(__file__).parent / "templates"))

    @blueprint.get("/alerts")
    @in_menu("Alerts", order=50, about="Who is told when something is wrong, and a test.")
    @open_to(Role.OPS)
    def show() -> str:
        return render_template(
            "ops_alerts/page.html",
            open_alerts={name: (alert_rule(name), alert) for name, alert in monitoring.open_alerts().items()},
            runs=monitoring.runs(),
            rules=ALERT_RULES,
            has_addresses=has_addresses,
        )

    @blueprint.post("/alerts/test")
    @open_to(Role.OPS)
    def test() -> Response:
        try:
            sent = monitoring.test_alert(current_person())
        except LineError as error:
            flash(error.sentence, "important")
        else:
            if not has_addresses:
                flash("ALERT_URLS is empty, so the test is only a log line.", "important")
            elif sent:
                flash("The test was sent. Has it arrived everywhere?", "success")
            else:
                flash("No address took the test. The go-live check says which cannot be read.", "important")
        return redirect(url_for("ops_alerts.show"), 303)

    return blueprint
