"""The go-live check as a page: it runs when its button is pressed, because it asks the provider and takes seconds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from flask import Blueprint, render_template

from sms_service.core.findings import Finding, State
from sms_service.service.access import Role, in_menu, open_to


def doctor_blueprint(examine: Callable[[], list[Finding]]) -> Blueprint:
    """Give the page at ``/doctor``."""
    blueprint = Blueprint("ops_doctor", __name__, template_folder=str(Path(__file__).parent / "templates"))

    @blueprint.get("/doctor")
    @in_menu("Go-live check", order=55, about="What is still to do before the number is given out.")
    @open_to(Role.OPS)
    def show() -> str:
        return render_template("ops_doctor/page.html", findings=None, State=State)

    @blueprint.post("/doctor")
    @open_to(Role.OPS)
    def check() -> str:
        return render_template("ops_doctor/page.html", findings=examine(), State=State)

    return blueprint
