"""Changing one's own address, password and authenticator app."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_security import hash_password
from flask_security.proxies import _security

from sms_service.service.access import open_to_anybody_logged_in
from sms_service.service.accounts.accounts import AccountRefused
from sms_service.service.accounts.own_account import OwnAccount
from sms_service.service.accounts.passwords import why_not
from sms_service.service.accounts.ports import Account
from sms_service.staff.accounts.doorman import own_account, proved_now, staff_session
from sms_service.staff.accounts.forms import WRONG_CODE, ChangeEmailForm, ChangePasswordForm, NewCodeForm
from sms_service.staff.accounts.people_of_flask_security import StaffUser

if TYPE_CHECKING:
    from sms_service.staff.accounts.install import AccountParts

_PENDING: Final = "new_authenticator"
"""In the session: the sealed secret of an app that has not shown yet that it works."""

_CODE_SECONDS: Final = 30
_ELSEWHERE: Final = "You are logged out everywhere else."


def own_account_blueprint(parts: AccountParts) -> Blueprint:
    """Give ``/account/email``, ``/account/password`` and ``/account/authenticator``."""
    blueprint = Blueprint("own_account", __name__)
    own = OwnAccount(parts.accounts, parts.post)
    _add_email(blueprint, parts, own)
    _add_password(blueprint, parts, own)
    _add_authenticator(blueprint, parts, own)
    return blueprint


def _add_email(blueprint: Blueprint, parts: AccountParts, own: OwnAccount) -> None:
    @blueprint.route("/account/email", methods=["GET", "POST"])
    @open_to_anybody_logged_in(fresh=True)
    def email() -> ResponseReturnValue:
        account, form = own_account(parts.accounts.store), ChangeEmailForm()
        if form.validate_on_submit():
            try:
                own.change_email(account, form.email.data, but=staff_session().session_hash)
            except AccountRefused as refused:
                form.email.errors = [refused.sentence]
            else:
                return _done(f"You log in with your new email address from now on. {_ELSEWHERE}")
        return render_template("accounts/change_email.html", form=form, account=account, told=parts.post is not None)


def _add_password(blueprint: Blueprint, parts: AccountParts, own: OwnAccount) -> None:
    @blueprint.route("/account/password", methods=["GET", "POST"])
    @open_to_anybody_logged_in()
    def password() -> ResponseReturnValue:
        form = ChangePasswordForm()
        if form.validate_on_submit():
            account = own_account(parts.accounts.store)
            complaint = why_not(
                form.password.data, parts.common_passwords, (account.name, account.email, parts.service_name)
            )
            if not StaffUser(account).verify_and_update_password(form.old.data):
                form.old.errors = ["The password is wrong"]
            elif complaint:
                form.password.errors = [complaint]
            else:
                own.change_password(account, hash_password(form.password.data), but=staff_session().session_hash)
                proved_now(parts.clock())
                parts.throttle.proved(account.person_id, account.email)
                return _done(f"Your password is changed. {_ELSEWHERE}")
        return render_template("accounts/change_password.html", form=form)


def _add_authenticator(blueprint: Blueprint, parts: AccountParts, own: OwnAccount) -> None:
    @blueprint.route("/account/authenticator", methods=["GET", "POST"])
    @open_to_anybody_logged_in(fresh=True)
    def authenticator() -> ResponseReturnValue:
        account, form = own_account(parts.accounts.store), NewCodeForm()
        if request.method == "POST" and "begin" in request.form:
            session[_PENDING] = _security.totp_factory.generate_totp_secret()
            return redirect(url_for("own_account.authenticator"), 303)
        secret = session.get(_PENDING)
        if secret is not None and form.validate_on_submit():
            if _is_of(secret, form.code.data, account):
                session.pop(_PENDING)
                own.change_authenticator(account, secret, but=staff_session().session_hash)
                parts.throttle.proved(account.person_id, account.email)
                return _done(f"Your authenticator app is changed. Delete the old entry in it. {_ELSEWHERE}")
            form.code.errors = [WRONG_CODE]
        shown = None if secret is None else _security.totp_factory.fetch_setup_values(secret, StaffUser(account))
        return render_template("accounts/change_authenticator.html", form=form, shown=shown)


def _is_of(secret: str, code: str, account: Account) -> bool:
    """Whether an app with this secret shows this code now; the code is used up then."""
    typed = "".join(code.split())
    works: bool = _security.totp_factory.verify_totp(typed, secret, StaffUser(account), window=_CODE_SECONDS)
    return works


def _done(sentence: str) -> ResponseReturnValue:
    flash(sentence, "success")
    return redirect(url_for("account.show"), 303)
