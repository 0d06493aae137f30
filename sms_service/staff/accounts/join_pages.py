"""The page behind a one-time link: choose a password, then go on to the authenticator app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_security import hash_password
from flask_security.proxies import _security
from flask_security.utils import logout_user

from sms_service.service.access import open_to_everybody
from sms_service.service.accounts.accounts import AccountRefused
from sms_service.service.accounts.passwords import why_not
from sms_service.staff.accounts.doorman import staff_session
from sms_service.staff.accounts.forms import FirstAdminForm, NewPasswordForm
from sms_service.staff.accounts.people_of_flask_security import StaffUser

if TYPE_CHECKING:
    from sms_service.staff.accounts.install import AccountParts


def join_blueprint(parts: AccountParts) -> Blueprint:
    """Give the page at ``/join/<token>``."""
    blueprint = Blueprint("join", __name__)

    @blueprint.route("/join/<token>", methods=["GET", "POST"])
    @open_to_everybody
    def show(token: str) -> ResponseReturnValue:
        seen = parts.accounts.look_at_link(token)
        if seen is None:
            return render_template("accounts/link_is_over.html"), 404
        account = seen[1]
        form = FirstAdminForm() if account is None else NewPasswordForm()
        if form.validate_on_submit():
            name = account.name if account else form.name.data
            email = account.email if account else form.email.data
            complaint = why_not(form.password.data, parts.common_passwords, (name, email, parts.service_name))
            if complaint:
                form.password.errors = [complaint]
            else:
                try:
                    joined = parts.accounts.join(token, hash_password(form.password.data), name=name, email=email)
                except AccountRefused as refused:
                    field = form[refused.about] if refused.about in form else form.password  # noqa: SIM401 - a form has no get()
                    field.errors = [refused.sentence]
                else:
                    return _go_on(StaffUser(joined))
        return render_template("accounts/join.html", form=form, account=account)

    return blueprint


def _go_on(user: StaffUser) -> ResponseReturnValue:
    """Ask for the second proof: the link and the password are only the first."""
    if staff_session().account is not None:  # somebody else's open session in this browser
        logout_user()
        staff_session().end()
    answer = _security.two_factor_plugins.tf_enter(user, None, "link", next_loc=None)
    return answer or redirect(url_for("security.login"), 303)
