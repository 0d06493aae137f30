"""Puts accounts on the pages: sessions on the server, Flask-Security's views, counted tries, our own pages."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from flask import Flask, Response, abort, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import user_logged_in
from flask_security import Security
from flask_wtf.csrf import CSRFError

from sms_service.service.access import open_to_anybody_logged_in, open_to_everybody, person_or_none
from sms_service.service.accounts.accounts import Accounts
from sms_service.service.accounts.ports import StaffPost
from sms_service.service.accounts.throttle import Throttle
from sms_service.service.ports import LineLog
from sms_service.staff.accounts import forms
from sms_service.staff.accounts.account_pages import account_blueprint
from sms_service.staff.accounts.doorman import keep_if_sent_too_late, staff_session
from sms_service.staff.accounts.join_pages import join_blueprint
from sms_service.staff.accounts.own_account_pages import own_account_blueprint
from sms_service.staff.accounts.passkey_pages import passkey_blueprint
from sms_service.staff.accounts.people_of_flask_security import (
    StaffDatastore,
    StaffUser,
    hashed_recovery_codes,
    one_time_totp,
)
from sms_service.staff.accounts.people_pages import people_blueprint
from sms_service.staff.accounts.sessions import RAN_OUT_PERSON, ServerSessions
from sms_service.staff.accounts.tries import watch_tries
from sms_service.staff.accounts.unsaved import UnsavedWorkKeeper
from sms_service.staff.accounts.unsaved_pages import unsaved_blueprint
from sms_service.staff.kit.error_pages import error_page

if TYPE_CHECKING:
    from sms_service.staff.accounts.openid import OpenIdProvider

_OPEN: Final = {"login", "two_factor_setup", "two_factor_token_validation", "mf_recovery"}
"""Flask-Security's views that are for everybody: each checks in the session how far the person has come."""

_FOR_PEOPLE: Final = {"verify"}
_FIRST_AUTHENTICATOR: Final = {"security.two_factor_setup", "security.two_factor_token_validation"}


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountParts:
    """What accounts on pages are made of.

    Attributes:
        accounts: The stories.
        throttle: Counts tries.
        unsaved: Keeps what was sent too late.
        common_passwords: That nobody may use.
        service_name: As authenticator apps show it.
        public_url: Where the pages are; passkeys are bound to its host.
        totp_key: Seals the secrets of authenticator apps.
        join_address: Gives the address of a one-time link; from the settings, because a Host header can lie.
        post: Sends one-time links, and tells of changes; None: links are shown to whoever made them.
        has_first_page: Whether ``/`` leads to the pages; in development the test page is there.
        sign_on: Single sign-on, where it is set up.
        log: Told of refused tries.
        clock: Gives the moment in UTC.
    """

    accounts: Accounts
    throttle: Throttle
    unsaved: UnsavedWorkKeeper
    common_passwords: frozenset[str]
    service_name: str
    public_url: str
    totp_key: bytes
    join_address: Callable[[str], str]
    post: StaffPost | None
    sign_on: SignOn | None
    has_first_page: bool
    log: LineLog
    clock: Callable[[], dt.datetime]


@dataclass(frozen=True, slots=True)
class SignOn:
    """Single sign-on.

    Attributes:
        provider: Who vouches for people.
        name: What they call it.
        log_in_address: Where people are sent back to after logging out there.
    """

    provider: OpenIdProvider
    name: str
    log_in_address: str


def install_accounts(app: Flask, parts: AccountParts) -> None:
    """Add accounts to an app that has the kit."""
    app.session_interface = ServerSessions(parts.accounts.sessions, parts.clock)
    app.config.update(_settings(parts))
    forms_of_ours: dict[str, Any] = {
        "login_form": forms.StaffLoginForm,
        "verify_form": forms.StaffVerifyForm,
        "two_factor_setup_form": forms.StaffSetupForm,
        "two_factor_rescue_form": forms.StaffRescueForm,
        "two_factor_verify_code_form": forms.StaffCodeForm,
        "mf_recovery_form": forms.StaffRecoveryForm,
    }
    security = Security(
        app,
        StaffDatastore(parts.accounts),
        totp_cls=one_time_totp(parts.accounts),
        mf_recovery_codes_util_cls=hashed_recovery_codes(parts.accounts),
        **forms_of_ours,
    )
    security.want_json(lambda _request: False)
    app.login_manager.session_protection = None  # type: ignore[attr-defined]  # Flask-Login's; the session itself is guarded
    _rule_the_views_of_flask_security(app)
    app.before_request(_refuse_without_sessions)
    watch_tries(app, parts.throttle, parts.log)
    app.before_request(_one_way_to_another_authenticator)
    app.register_error_handler(CSRFError, lambda _error: _page_of_another_session(parts.unsaved))
    user_logged_in.connect(_on_login(parts), app, weak=False)
    for blueprint in (
        join_blueprint,
        account_blueprint,
        own_account_blueprint,
        passkey_blueprint,
        people_blueprint,
        unsaved_blueprint,
    ):
        app.register_blueprint(blueprint(parts))
    if parts.sign_on is not None:
        _install_sign_on(app, parts, parts.sign_on)


def _install_sign_on(app: Flask, parts: AccountParts, sign_on: SignOn) -> None:
    from sms_service.staff.accounts.sign_on_pages import sign_on_blueprint

    app.register_blueprint(sign_on_blueprint(parts, sign_on))
    app.context_processor(lambda: {"sso_name": sign_on.name})


def _settings(parts: AccountParts) -> dict[str, Any]:
    key = base64.urlsafe_b64encode(parts.totp_key).decode()
    return {
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        "SECURITY_PASSWORD_SINGLE_HASH": {"argon2"},
        "SECURITY_PASSWORD_NORMALIZE_FORM": "NFKC",
        "SECURITY_USER_IDENTITY_ATTRIBUTES": [{"email": {"mapper": lambda text: text, "case_insensitive": True}}],
        "SECURITY_API_ENABLED_METHODS": ["session"],
        "SECURITY_LOGOUT_METHODS": None,
        "SECURITY_STATIC_FOLDER": None,
        "SECURITY_FLASH_MESSAGES": False,
        "SECURITY_CACHE_CONTROL": None,  # http_headers.py says no-store for every page
        "SECURITY_LOGIN_URL": "/log-in",
        "SECURITY_VERIFY_URL": "/prove-again",
        "SECURITY_TWO_FACTOR_SETUP_URL": "/set-up-authenticator",
        "SECURITY_TWO_FACTOR_TOKEN_VALIDATION_URL": "/authenticator-code",
        "SECURITY_MULTI_FACTOR_RECOVERY_URL": "/recovery-code",
        "SECURITY_LOGIN_USER_TEMPLATE": "accounts/log_in.html",
        "SECURITY_VERIFY_TEMPLATE": "accounts/prove_again.html",
        "SECURITY_TWO_FACTOR_SETUP_TEMPLATE": "accounts/set_up_authenticator.html",
        "SECURITY_TWO_FACTOR_VERIFY_CODE_TEMPLATE": "accounts/authenticator_code.html",
        "SECURITY_MULTI_FACTOR_RECOVERY_TEMPLATE": "accounts/recovery_code.html",
        "SECURITY_POST_LOGIN_VIEW": "/welcome",
        "SECURITY_POST_VERIFY_VIEW": "/account",
        "SECURITY_TWO_FACTOR_POST_SETUP_VIEW": "/account",
        "SECURITY_FRESHNESS": dt.timedelta(minutes=10),
        "SECURITY_FRESHNESS_GRACE_PERIOD": dt.timedelta(0),
        "SECURITY_TWO_FACTOR": True,
        "SECURITY_TWO_FACTOR_REQUIRED": True,
        "SECURITY_TWO_FACTOR_ALWAYS_VALIDATE": True,
        "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY": 30,
        "SECURITY_TWO_FACTOR_RESCUE_EMAIL": False,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
        "SECURITY_TOTP_SECRETS": {"1": key},
        "SECURITY_TOTP_ISSUER": parts.service_name,
    }


def _rule_the_views_of_flask_security(app: Flask) -> None:
    """Say who may open which of its views; those we do not use are not there."""

    def not_there(**_values: object) -> Response:
        abort(404)

    for endpoint, view in list(app.view_functions.items()):
        blueprint, _, name = endpoint.partition(".")
        if blueprint != "security":
            continue
        if name in _OPEN:
            open_to_everybody(view)
        elif name in _FOR_PEOPLE:
            open_to_anybody_logged_in()(view)
        else:
            app.view_functions[endpoint] = open_to_everybody(not_there)


def _refuse_without_sessions() -> None:
    """Say at once that accounts cannot be asked; files and the test page work without."""
    if request.blueprint not in {None, "kit", "try_it"} and (trouble := staff_session().trouble) is not None:
        raise trouble


def _one_way_to_another_authenticator() -> ResponseReturnValue | None:
    """Keep who is logged in from Flask-Security's way, which ends no other session and tells nobody."""
    if request.endpoint in _FIRST_AUTHENTICATOR and person_or_none() is not None:
        return redirect(url_for("own_account.authenticator"), 303)
    return None


def _page_of_another_session(unsaved: UnsavedWorkKeeper) -> ResponseReturnValue:
    """Answer a form with a strange token: work of a page that was left open over a log-in is offered, not lost."""
    person = person_or_none()
    if person is not None and person.person_id == session.get(RAN_OUT_PERSON) and keep_if_sent_too_late(unsaved):
        return redirect(url_for("unsaved.show"), 303)
    return error_page(403)


def _on_login(parts: AccountParts) -> Callable[..., None]:
    def logged_in(_app: Flask, user: StaffUser, **_more: object) -> None:
        account = parts.accounts.store.get(user.fs_uniquifier)
        if account is None or not account.active:  # disabled while they were logging in
            abort(403)
        session.pop("csrf_token", None)
        staff_session().belongs_to(account)
        parts.throttle.proved(account.person_id, account.email)
        parts.accounts.store.change(account.person_id, logged_in_at=parts.clock())
        parts.accounts.history.note(account.person_id, "logged_in", "", "")

    return logged_in
