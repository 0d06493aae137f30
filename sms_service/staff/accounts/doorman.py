"""Who is there, and what to do when nobody is: the answers the guard asks for, out of the session."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Final

from flask import abort, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import validate_csrf
from wtforms.validators import ValidationError

from sms_service.core.people import Person
from sms_service.service.access import current_person
from sms_service.service.accounts.ports import Account, AccountStore
from sms_service.staff.accounts.sessions import PROVED_AT, RAN_OUT_PERSON, RAN_OUT_TOKEN, StaffSession
from sms_service.staff.accounts.unsaved import UnsavedWorkKeeper
from sms_service.staff.kit.guard import Doorman

FRESH: Final = dt.timedelta(minutes=10)


def session_doorman(unsaved: UnsavedWorkKeeper, clock: Callable[[], dt.datetime]) -> Doorman:
    """Give the doorman of a site with accounts."""

    def is_fresh() -> bool:
        proved = dt.datetime.fromtimestamp(float(session.get(PROVED_AT, 0)), dt.UTC)
        return dt.timedelta(0) <= clock() - proved + dt.timedelta(seconds=1) <= FRESH

    def ask_to_log_in() -> ResponseReturnValue:
        if "HX-Request" in request.headers:  # a part of a page, which still holds what was typed, and says so
            return make_response("", 401)
        if request.method == "GET":
            return redirect(url_for("security.login", next=request.full_path.rstrip("?")), 303)
        keep_if_sent_too_late(unsaved)
        return make_response(render_template("accounts/logged_out.html", kept=unsaved.is_there()), 401)

    def ask_again() -> ResponseReturnValue:
        after = request.full_path.rstrip("?")
        if request.method != "GET":
            account = staff_session().account
            if account is not None and _sent_by_a_page_of("csrf_token"):
                unsaved.keep(account.person_id)
            after = url_for("unsaved.show")
        return redirect(url_for("security.verify", next=after), 303)

    return Doorman(who=_who, ask_to_log_in=ask_to_log_in, is_fresh=is_fresh, ask_again=ask_again)


def staff_session() -> StaffSession:
    """Give the request's session with what is known about its person."""
    found = session._get_current_object()  # type: ignore[attr-defined]
    if not isinstance(found, StaffSession):
        raise TypeError("this site keeps its sessions elsewhere")
    return found


def own_account(store: AccountStore) -> Account:
    """Give the account of whoever is logged in; 403 when it is gone."""
    account = store.get(current_person().person_id)
    if account is None:
        session.clear()
        abort(403)
    return account


def proved_now(now: dt.datetime) -> None:
    """Note that whoever is logged in has just proved who they are."""
    session[PROVED_AT] = now.timestamp()


def _who() -> Person | None:
    found = staff_session()
    if found.trouble is not None:
        raise found.trouble
    return None if found.account is None else found.account.person


def keep_if_sent_too_late(unsaved: UnsavedWorkKeeper) -> bool:
    """Keep the form of this request when a page sent it whose session ran out in this browser; say whether."""
    if RAN_OUT_PERSON not in session or not _sent_by_a_page_of(RAN_OUT_TOKEN):
        return False
    unsaved.keep(session[RAN_OUT_PERSON])
    return True


def _sent_by_a_page_of(token_key: str) -> bool:
    """Whether the form carries the token that the session notes under this name: else anybody could have planted it."""
    try:
        validate_csrf(request.form.get("csrf_token"), token_key=token_key)
    except ValidationError:
        return False
    return True
