"""The first page, and everybody's own account: what is set, recovery codes, sessions, logging out."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_security.utils import logout_user

from sms_service.service.access import ROLE_WORDS, Role, current_person, open_to_anybody_logged_in, open_to_everybody
from sms_service.service.accounts.accounts import Accounts
from sms_service.service.accounts.ports import Account
from sms_service.staff.accounts.doorman import own_account, staff_session

if TYPE_CHECKING:
    from sms_service.staff.accounts.install import AccountParts


def account_blueprint(parts: AccountParts) -> Blueprint:
    """Give ``/home``, ``/welcome``, ``/account`` and what hangs on it."""
    blueprint = Blueprint("account", __name__, template_folder="templates")
    _add_first_pages(blueprint, parts)
    _add_recovery_codes(blueprint, parts.accounts)
    _add_sessions(blueprint, parts)
    return blueprint


def _add_first_pages(blueprint: Blueprint, parts: AccountParts) -> None:
    accounts = parts.accounts

    @blueprint.get("/home")
    @open_to_anybody_logged_in()
    def home() -> str:
        may_invite = current_person().may(Role.ADMIN)
        return render_template("accounts/home.html", missing=_missing(accounts.store.everybody()) if may_invite else ())

    if parts.has_first_page:

        @blueprint.get("/")
        @open_to_everybody
        def first() -> ResponseReturnValue:
            return redirect(url_for("account.home"), 303)

    @blueprint.get("/welcome")
    @open_to_anybody_logged_in()
    def welcome() -> ResponseReturnValue:
        if parts.unsaved.kept_for(current_person().person_id) is not None:
            return redirect(url_for("unsaved.show"), 303)
        account = own_account(accounts.store)
        needs_codes = account.totp_secret is not None and not account.recovery_codes
        return redirect(url_for("account.recovery_codes" if needs_codes else "account.home"), 303)

    @blueprint.get("/account")
    @open_to_anybody_logged_in()
    def show() -> str:
        person_id = current_person().person_id
        return render_template(
            "accounts/account.html",
            account=own_account(accounts.store),
            passkeys=len(accounts.store.passkeys(person_id)),
            sessions=accounts.sessions.of_person(person_id),
            here=staff_session().session_hash,
            role_words=ROLE_WORDS,
        )


def _missing(everybody: Iterable[Account]) -> tuple[str, ...]:
    """Say who is missing, so that whoever comes first knows what to do first."""
    roles = [account.roles for account in everybody if account.active]
    pairs = itertools.permutations(roles, 2)
    sentences = {
        "To change what the line says, two people are needed: an editor, who writes, and an approver, who is somebody "
        "else, reads it and publishes it.": any(Role.EDITOR in one and Role.APPROVER in other for one, other in pairs),
        "Nobody sees yet whether young people get their answers. Give somebody the role Operations.": any(
            Role.OPS in one for one in roles
        ),
    }
    return tuple(sentence for sentence, is_met in sentences.items() if not is_met)


def _add_recovery_codes(blueprint: Blueprint, accounts: Accounts) -> None:
    @blueprint.route("/account/recovery-codes", methods=["GET", "POST"])
    @open_to_anybody_logged_in(fresh=True)
    def recovery_codes() -> ResponseReturnValue:
        codes = accounts.new_recovery_codes(current_person().person_id) if request.method == "POST" else ()
        return render_template(
            "accounts/recovery_codes.html", codes=codes, left=own_account(accounts.store).recovery_codes
        )


def _add_sessions(blueprint: Blueprint, parts: AccountParts) -> None:
    accounts = parts.accounts

    @blueprint.post("/account/sessions/end")
    @open_to_anybody_logged_in()
    def end_session() -> ResponseReturnValue:
        chosen = request.form.get("session", "")
        person_id = current_person().person_id
        if chosen == "others":
            accounts.sessions.end_all(person_id, but=staff_session().session_hash)
        else:
            accounts.sessions.end(chosen, of=person_id)
        flash("Logged out there.", "success")
        return redirect(url_for("account.show"), 303)

    @blueprint.post("/log-out")
    @open_to_anybody_logged_in()
    def log_out() -> ResponseReturnValue:
        came_by_sign_on = session.get("came_by_sign_on")
        logout_user()
        staff_session().end()
        return redirect(url_for("sign_on.logged_out" if came_by_sign_on else "security.login"), 303)
