"""The page that the footer of every page leads to: what is stored, what for, and for how long."""

from __future__ import annotations

from flask import Blueprint, render_template

from sms_service.core.data_register import REGISTER
from sms_service.service.access import open_to_anybody_logged_in


def about_data_blueprint() -> Blueprint:
    """Give the page at ``/what-is-stored``."""
    blueprint = Blueprint("about_data", __name__)

    @blueprint.get("/what-is-stored")
    @open_to_anybody_logged_in()
    def show() -> str:
        return render_template("kit/about_data.html", register=REGISTER)

    return blueprint
