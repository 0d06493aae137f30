"""Single sign-on: people who were invited come in by the organisation's identity provider."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_security.proxies import _security
from flask_security.utils import login_user, logout_user, validate_redirect_url

from sms_service.service.access import open_to_everybody
from sms_service.service.accounts.ports import Account
from sms_service.staff.accounts.doorman import FRESH, staff_session
from sms_service.staff.accounts.openid import Identity, ProviderFailed, SignOnFailed
from sms_service.staff.accounts.people_of_flask_security import StaffUser
from sms_service.staff.accounts.sessions import KEPT

if TYPE_CHECKING:
    from sms_service.staff.accounts.install import AccountParts, SignOn

_KEPT: Final = "sign_on"
_LONGEST_AWAY_SECONDS: Final = 600
_REFUSED: Final = 403
_NOT_NOW: Final = 503


def sign_on_blueprint(parts: AccountParts, sign_on: SignOn) -> Blueprint:
    """Give the pages under ``/single-sign-on``. It begins with a link: a form may lead to no other site."""
    blueprint, provider = Blueprint("sign_on", __name__), sign_on.provider

    @blueprint.get("/single-sign-on")
    @open_to_everybody
    def start() -> ResponseReturnValue:
        again = request.args.get("again") == "1"
        sent = provider.begin(again=again)
        wanted = request.args.get("next", "")
        stays_here = wanted.startswith("/") and "\\" not in wanted and validate_redirect_url(wanted)
        session[_KEPT] = {**sent.kept, "after": wanted if stays_here else "", "again": again, "at": time.time()}
        return redirect(sent.address, 303)

    @blueprint.get("/single-sign-on/callback")
    @open_to_everybody
    def callback() -> ResponseReturnValue:
        kept = session.pop(_KEPT, {})  # whatever comes of it, it is good once
        if time.time() - float(kept.get("at", 0)) > _LONGEST_AWAY_SECONDS:
            kept = {}
        identity = provider.finish(kept, request.args)
        if kept["again"] and time.time() - (identity.proved_at or 0) > FRESH.total_seconds():
            raise SignOnFailed("The identity provider did not ask you again who you are.")
        return _come_in(_account_of(parts, identity), identity, kept["after"])

    @blueprint.errorhandler(SignOnFailed)
    def failed(error: SignOnFailed) -> ResponseReturnValue:
        parts.log.refusal(error.code)
        page = render_template("accounts/sign_on_failed.html", sentence=error.sentence)
        return page, _NOT_NOW if isinstance(error, ProviderFailed) else _REFUSED

    @blueprint.get("/single-sign-on/logged-out")
    @open_to_everybody
    def logged_out() -> str:
        there = provider.log_out_address(sign_on.log_in_address)
        return render_template("accounts/signed_off.html", there=there)

    return blueprint


def _account_of(parts: AccountParts, identity: Identity) -> Account:
    """Find who was invited; an address counts only until the provider's own name for the person is known.

    Raises:
        SignOnFailed: For everybody else.
    """
    store = parts.accounts.store
    account = store.by_sign_on(identity.subject)
    if account is None and identity.email is not None:
        account = store.by_email(identity.email)
        if account is not None and account.sign_on_subject is None:
            store.change(account.person_id, sign_on_subject=identity.subject)
            parts.accounts.history.note(account.person_id, "sign_on_linked", "", "")
        elif account is not None:  # the address went to somebody else
            account = None
    if account is None or not account.active:
        raise SignOnFailed("Nobody was invited here with the email address of this account. Ask an administrator.")
    return account


def _come_in(account: Account, identity: Identity, after: str) -> ResponseReturnValue:
    user = StaffUser(account)
    if staff_session().account is not None:  # the same person once more, or somebody else's open session
        kept = session.get(KEPT)
        logout_user()
        staff_session().end()
        if kept is not None:
            session[KEPT] = kept
    session["came_by_sign_on"] = True
    if not identity.two_factors:
        answer = _security.two_factor_plugins.tf_enter(user, None, "sign_on", next_loc=after or None)
        if answer is not None:
            return answer
    if not login_user(user, authn_via=["sign_on"]):
        raise SignOnFailed("This account cannot log in.")
    return redirect(after or url_for("account.welcome"), 303)
