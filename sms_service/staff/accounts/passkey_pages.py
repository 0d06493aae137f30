"""Passkeys on pages: one's own are listed, added and removed; one leads in, or proves once more who somebody is.

The script ``static/passkeys.js`` lets the browser talk to the device and sends what it says with a plain form. Without
it these forms stay hidden, and the authenticator app is the way.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_security.tf_plugin import tf_clean_session
from flask_security.utils import _get_post_login_redirect, _get_post_verify_redirect, login_user
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from sms_service.service.access import current_person, open_to_anybody_logged_in, open_to_everybody, person_or_none
from sms_service.service.accounts.accounts import AccountRefused
from sms_service.service.accounts.own_account import OwnAccount
from sms_service.service.accounts.passkeys import Passkeys
from sms_service.service.accounts.ports import Account
from sms_service.staff.accounts.doorman import own_account, proved_now
from sms_service.staff.accounts.forms import PasskeyForm
from sms_service.staff.accounts.passkey_ceremonies import Ceremonies, PasskeyRefused
from sms_service.staff.accounts.people_of_flask_security import StaffUser
from sms_service.staff.accounts.sessions import device_in_words

if TYPE_CHECKING:
    from sms_service.staff.accounts.install import AccountParts

_CHALLENGE: Final = "passkey_challenge"
_CHALLENGE_BYTES: Final = 32
_DID_NOT_WORK: Final = "The passkey did not work. Try again, or use your password and authenticator app."


def passkey_blueprint(parts: AccountParts) -> Blueprint:
    """Give ``/account/passkeys``, and what the forms on the log-in pages send to."""
    blueprint = Blueprint("passkeys", __name__)
    passkeys = Passkeys(parts.accounts.store, parts.accounts.history, parts.clock)
    ceremonies = Ceremonies(parts.public_url, parts.clock)
    blueprint.app_context_processor(lambda: {"passkey_options": lambda: ceremonies.request_options(_challenge())})
    _add_own(blueprint, parts, passkeys, ceremonies)
    _add_proofs(blueprint, parts, passkeys, ceremonies)
    return blueprint


def _add_own(blueprint: Blueprint, parts: AccountParts, passkeys: Passkeys, ceremonies: Ceremonies) -> None:
    store = parts.accounts.store
    own = OwnAccount(parts.accounts, parts.post)

    @blueprint.get("/account/passkeys")
    @open_to_anybody_logged_in()
    def show() -> str:
        own = [(bytes_to_base64url(one.credential_id), one) for one in store.passkeys(current_person().person_id)]
        return render_template("accounts/passkeys.html", passkeys=own)

    @blueprint.route("/account/passkeys/add", methods=["GET", "POST"])
    @open_to_anybody_logged_in(fresh=True)
    def add() -> ResponseReturnValue:
        account = own_account(store)
        form = PasskeyForm(name=device_in_words(request.headers.get("User-Agent", "")))
        if form.validate_on_submit():
            name = " ".join(form.name.data.split())
            try:
                passkeys.add(ceremonies.created(form.credential.data or "", _spent(), account.person_id, name))
            except AccountRefused as refused:
                form.name.errors = [refused.sentence]
            except PasskeyRefused:
                form.name.errors = ["The passkey could not be added. Try again"]
            else:
                own.tell(account, "a passkey was added to your account")
                flash("The passkey is added. You can log in with it from now on.", "success")
                return redirect(url_for("passkeys.show"), 303)
        options = ceremonies.creation_options(
            account,
            store.passkeys(account.person_id),
            handle=passkeys.handle_of(account.person_id),
            challenge=_challenge(),
            service_name=parts.service_name,
        )
        return render_template("accounts/add_passkey.html", form=form, options=options)

    @blueprint.post("/account/passkeys/remove")
    @open_to_anybody_logged_in(fresh=True)
    def remove() -> ResponseReturnValue:
        if passkeys.remove(current_person().person_id, _bytes(request.form.get("passkey", ""))):
            flash("The passkey is removed. Remove it from your device too.", "success")
        return redirect(url_for("passkeys.show"), 303)


def _add_proofs(blueprint: Blueprint, parts: AccountParts, passkeys: Passkeys, ceremonies: Ceremonies) -> None:
    def whose() -> Account | None:
        """Give whose passkey the form holds, when it holds one."""
        challenge = _spent()
        try:
            claim = ceremonies.claimed(request.form.get("credential", ""))
            passkey = parts.accounts.store.passkey(claim.credential_id)
            account = None if passkey is None else parts.accounts.store.get(passkey.person_id)
            if passkey is None or account is None or not account.active:
                return None
            counter = ceremonies.proved(claim, challenge, passkey, account)
        except PasskeyRefused:
            return None
        return account if passkeys.use(passkey, counter) else None

    @blueprint.post("/passkey/log-in")
    @open_to_everybody
    def log_in() -> ResponseReturnValue:
        account = whose()
        if account is None:
            parts.log.refusal("passkey_refused")
            flash(_DID_NOT_WORK, "important")
            return redirect(url_for("security.login", next=request.args.get("next")), 303)
        tf_clean_session()  # type: ignore[no-untyped-call]  # forget whoever had given a password before
        login_user(StaffUser(account), remember=False, authn_via=["passkey"])
        return redirect(_get_post_login_redirect(), 303)

    @blueprint.post("/passkey/prove-again")
    @open_to_anybody_logged_in()
    def prove_again() -> ResponseReturnValue:
        account, person = whose(), person_or_none()
        if account is None or person is None or account.person_id != person.person_id:
            flash("The passkey did not work. Try again, or use your password.", "important")
            return redirect(url_for("security.verify", next=request.args.get("next")), 303)
        proved_now(parts.clock())
        parts.throttle.proved(account.person_id, account.email)
        return redirect(_get_post_verify_redirect(), 303)


def _challenge() -> str:
    """Give the challenge of this session: the same on all its open pages, until an answer to it comes."""
    return str(session.setdefault(_CHALLENGE, secrets.token_urlsafe(_CHALLENGE_BYTES)))


def _spent() -> str:
    """Give the challenge and forget it: no answer is good twice."""
    return str(session.pop(_CHALLENGE, "") or secrets.token_urlsafe(_CHALLENGE_BYTES))


def _bytes(text: str) -> bytes:
    try:
        return base64url_to_bytes(text)
    except ValueError:
        return b""
