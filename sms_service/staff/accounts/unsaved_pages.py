"""The page that offers work again which was sent after the session had run out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from sms_service.service.access import current_person, open_to_anybody_logged_in

if TYPE_CHECKING:
    from sms_service.staff.accounts.install import AccountParts


def unsaved_blueprint(parts: AccountParts) -> Blueprint:
    """Give the page at ``/unsaved``."""
    blueprint = Blueprint("unsaved", __name__)

    @blueprint.get("/unsaved")
    @open_to_anybody_logged_in()
    def show() -> ResponseReturnValue:
        work = parts.unsaved.kept_for(current_person().person_id)
        parts.unsaved.forget()  # shown once: it lives on in the page, and nobody meets it again by surprise
        return render_template("accounts/unsaved.html", work=work)

    @blueprint.post("/unsaved/forget")
    @open_to_anybody_logged_in()
    def forget() -> ResponseReturnValue:
        return redirect(url_for("account.home"), 303)

    return blueprint
