"""People and their roles, for administrators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sms_service.service.access import ROLE_WORDS, Role, current_person, in_menu, open_to
from sms_service.service.accounts.accounts import AccountRefused, Accounts
from sms_service.service.accounts.ports import Account
from sms_service.staff.accounts.forms import InviteForm, ReasonForm, StandingForm

if TYPE_CHECKING:
    from sms_service.staff.accounts.install import AccountParts


def people_blueprint(parts: AccountParts) -> Blueprint:
    """Give ``/people``."""
    blueprint = Blueprint("people", __name__)
    _add_list_and_invitations(blueprint, parts)
    _add_person(blueprint, parts.accounts)
    _add_access(blueprint, parts)
    return blueprint


def _add_list_and_invitations(blueprint: Blueprint, parts: AccountParts) -> None:
    accounts = parts.accounts

    @blueprint.get("/people")
    @in_menu("People", order=70, about="Who has an account. Invite somebody, change roles.")
    @open_to(Role.ADMIN)
    def everybody() -> str:
        return render_template("accounts/people.html", people=accounts.store.everybody(), role_words=ROLE_WORDS)

    @blueprint.route("/people/invite", methods=["GET", "POST"])
    @open_to(Role.ADMIN, fresh=True)
    def invite() -> ResponseReturnValue:
        form = InviteForm()
        if form.validate_on_submit():
            try:
                account, token = accounts.invite(
                    current_person().person_id, form.name.data, form.email.data, _roles(form.roles.data)
                )
            except AccountRefused as refused:
                form[refused.about].errors = [refused.sentence]
            else:
                return _link_page(parts, account, token)
        return render_template("accounts/invite.html", form=form)


def _add_person(blueprint: Blueprint, accounts: Accounts) -> None:
    @blueprint.get("/people/<person_id>")
    @open_to(Role.ADMIN)
    def person(person_id: str) -> str:
        account = _known(accounts, person_id)
        form = StandingForm(roles=[role.value for role in account.roles])
        return _person_page(accounts, account, form, ReasonForm(formdata=None))

    @blueprint.post("/people/<person_id>/standing")
    @open_to(Role.ADMIN, fresh=True)
    def standing(person_id: str) -> ResponseReturnValue:
        account, form = _known(accounts, person_id), StandingForm()
        try:
            if form.validate_on_submit():
                active = request.form.get("active", "yes" if account.active else "no") == "yes"
                roles = account.roles if "active" in request.form else _roles(form.roles.data)
                accounts.change_standing(current_person(), person_id, roles, active=active)
                flash(f"{account.name} is changed, and logged out everywhere.", "success")
                return redirect(url_for("people.person", person_id=person_id), 303)
        except AccountRefused as refused:
            form.roles.errors = [refused.sentence]
        return _person_page(accounts, account, form, ReasonForm(formdata=None))


def _add_access(blueprint: Blueprint, parts: AccountParts) -> None:
    accounts = parts.accounts

    @blueprint.post("/people/<person_id>/end-sessions")
    @open_to(Role.ADMIN, fresh=True)
    def end_sessions(person_id: str) -> ResponseReturnValue:
        account = _known(accounts, person_id)
        accounts.end_sessions(current_person(), person_id)
        flash(f"{account.name} is logged out everywhere.", "success")
        return redirect(url_for("people.person", person_id=person_id), 303)

    @blueprint.post("/people/<person_id>/link")
    @open_to(Role.ADMIN, fresh=True)
    def link(person_id: str) -> ResponseReturnValue:
        account = _known(accounts, person_id)
        return _link_page(parts, account, accounts.invite_again(current_person(), person_id))

    @blueprint.post("/people/<person_id>/second-proof")
    @open_to(Role.ADMIN, fresh=True)
    def second_proof(person_id: str) -> ResponseReturnValue:
        account, form = _known(accounts, person_id), ReasonForm()
        try:
            if form.validate_on_submit():
                accounts.reset_second_proof(current_person(), person_id, form.reason.data)
                flash(f"{account.name} sets up an authenticator app at the next log-in.", "success")
                return redirect(url_for("people.person", person_id=person_id), 303)
        except AccountRefused as refused:
            form.reason.errors = [refused.sentence]
        return _person_page(
            accounts, account, StandingForm(formdata=None, roles=[role.value for role in account.roles]), form
        )


def _known(accounts: Accounts, person_id: str) -> Account:
    account = accounts.store.get(person_id)
    if account is None:
        abort(404)
    return account


def _person_page(accounts: Accounts, account: Account, form: StandingForm, reason: ReasonForm) -> str:
    sessions = accounts.sessions.of_person(account.person_id)
    shown = reason if reason.errors else form
    return render_template(
        "accounts/person.html", account=account, standing=form, reason=reason, form=shown, sessions=sessions
    )


def _link_page(parts: AccountParts, account: Account, token: str) -> str:
    """Send the link, or show it once where no mail is set up or none could be sent."""
    link = parts.join_address(token)
    was_sent = parts.post is not None and parts.post.send_link(account, link)
    return render_template(
        "accounts/link.html",
        account=account,
        link="" if was_sent else link,
        mail_failed=parts.post is not None and not was_sent,
    )


def _roles(values: list[str] | None) -> frozenset[Role]:
    return frozenset(Role(value) for value in values or ())
