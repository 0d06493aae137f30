"""Coming in: the one-time links, the two proofs, and every way that must not lead in."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from werkzeug.test import TestResponse

from sms_service.core.people import Role
from sms_service.service.accounts.accounts import AccountRefused
from tests.staff_accounts import Member, Site
from tests.staff_site import hidden_fields

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)


class TestFirstAdministrator:
    def test_comes_by_a_link_that_is_good_once(self, site: Site) -> None:
        token = site.staff.accounts.first_admin_link()
        first = Member(site.browser(), "sam@example.org")
        first.join(f"/join/{token}", name="Sam Patel", email="sam@example.org")
        assert first.is_in()
        [account] = site.staff.accounts.store.everybody()
        assert (account.name, set(account.roles)) == ("Sam Patel", {Role.ADMIN})
        assert site.staff.accounts.first_admin_link() is None
        again = site.browser().get(f"/join/{token}")
        assert again.status_code == 404
        assert "It has been used, or is too old." in again.get_data(as_text=True)


def a_link(site: Site, kind: str) -> str:
    accounts = site.staff.accounts
    if kind == "first administrator":
        return f"/join/{accounts.first_admin_link()}"
    if kind == "invitation":
        return site.invite()
    admin = site.open_session(Role.ADMIN)
    accounts.store.change(admin.person_id, password_hash="set before")
    account = accounts.store.get(admin.person_id)
    assert account is not None
    return f"/join/{accounts.invite_again(account.person, account.person_id)}"


def test_a_new_database_knows_nobody(site: Site) -> None:
    assert site.staff.accounts.store.everybody() == ()


class TestLinks:
    @pytest.mark.parametrize(
        ("kind", "lasts"),
        [
            ("first administrator", dt.timedelta(hours=12)),
            ("invitation", dt.timedelta(days=7)),
            ("new password", dt.timedelta(hours=24)),
        ],
    )
    def test_run_out(self, site: Site, kind: str, lasts: dt.timedelta) -> None:
        with time_machine.travel(NOW, tick=False) as clock:
            path = a_link(site, kind)
            clock.move_to(NOW + lasts - SECOND)
            assert site.browser().get(path).status_code == 200
            open_page = site.browser()
            open_page.get(path)
            clock.move_to(NOW + lasts)
            late = site.browser().get(path)
            assert late.status_code == 404
            assert "Ask an administrator for a new one." in late.text
            assert open_page.post(path, {"password": "correct horse battery staple"}).status_code in {403, 404}

    def test_looking_uses_none_up(self, site: Site) -> None:
        path = site.invite()
        assert [site.browser().get(path).status_code for _ in range(3)] == [200] * 3  # a mail program's preview

    def test_a_slip_uses_none_up(self, site: Site) -> None:
        path = f"/join/{site.staff.accounts.first_admin_link()}"
        browser = site.browser()
        password = "correct horse battery staple"
        for slip in ({"name": " "}, {"email": "sam"}, {"password": "short"}):
            fields = {"name": "Sam", "email": "sam@example.org", "password": password, **slip}
            assert browser.send(path, fields).status_code == 200
        assert not site.staff.accounts.store.any()
        fields = {"name": "Sam", "email": "sam@example.org", "password": password}
        assert browser.send(path, fields).status_code == 302

    def test_that_of_the_first_administrator_ends_with_the_first_account(self, site: Site) -> None:
        path = f"/join/{site.staff.accounts.first_admin_link()}"
        site.invite()
        assert site.browser().get(path).status_code == 404

    def test_one_for_a_disabled_account_opens_nothing(self, site: Site) -> None:
        path, admin = site.invite(), site.open_session(Role.ADMIN)
        account = site.staff.accounts.store.by_email("jo@example.org")
        by = site.staff.accounts.store.get(admin.person_id)
        assert account is not None
        assert by is not None
        site.staff.accounts.change_standing(by.person, account.person_id, account.roles, active=False)
        assert site.browser().get(path).status_code == 404

    def test_a_new_password_by_link_does_not_go_round_the_second_proof(self, site: Site) -> None:
        jo = site.member()
        account = site.staff.accounts.store.by_email(jo.email)
        assert account is not None
        token = site.staff.accounts.invite_again(account.person, account.person_id)
        thief = Member(site.browser(), jo.email)
        sent = thief.browser.send(f"/join/{token}", {"password": "four unlikely green chairs"})
        assert sent.headers["Location"].startswith("/authenticator-code")
        assert not thief.is_in()
        assert not jo.is_in(), "whoever had the old password is out"
        assert thief.browser.get("/set-up-authenticator").status_code == 302


class TestTheLastAdministrator:
    def test_cannot_lock_everybody_out(self, site: Site) -> None:
        admin, editor = site.open_session(Role.ADMIN), site.open_session(Role.EDITOR)

        def change(member: Member, **fields: object) -> TestResponse:
            page = f"/people/{member.person_id}"
            token = hidden_fields(admin.browser.get(page).text)["csrf_token"]
            return admin.browser.post(f"{page}/standing", {"csrf_token": token, **fields})

        for locks_out in ({"active": "no"}, {"roles": "editor"}, {}):
            assert change(admin, **locks_out).status_code == 200
            assert admin.is_in()
        assert "There must be one administrator who can log in" in change(admin, active="no").text
        assert "is not a valid choice" in change(editor, roles=["editor", "made up"]).text
        assert change(editor, roles=["editor", "admin"]).status_code == 303
        assert change(admin, roles="editor").status_code == 303

    def test_does_not_remove_their_own_second_proof(self, site: Site) -> None:
        admin = site.open_session(Role.ADMIN)
        page = f"/people/{admin.person_id}"
        assert "Lost phone" not in admin.browser.get(page).text
        sent = admin.browser.send(f"{page}/second-proof", {"reason": "lost it"}, form_at=page)
        assert "Ask another administrator" in sent.text
        account = site.staff.accounts.store.get(admin.person_id)
        assert account is not None
        with pytest.raises(AccountRefused):
            site.staff.accounts.reset_second_proof(account.person, admin.person_id, "lost it")
