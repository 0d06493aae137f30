"""Changing one's own address, password and authenticator app: asked again first, told afterwards, over elsewhere."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from html import unescape

import pytest
import time_machine

from sms_service.core.people import Role
from sms_service.service.accounts import throttle
from tests.mail_server import MailBox, mail_box
from tests.staff_accounts import PASSWORD, Member, Site

OTHER_PASSWORD = "four unlikely green chairs"


@pytest.fixture
def box() -> Iterator[MailBox]:
    with mail_box() as running:
        yield running


@pytest.fixture
def site_with_mail(make_site: Callable[..., Site], box: MailBox) -> Site:
    return make_site(MAIL_URL=box.url)


def other_session(site: Site, member: Member) -> Member:
    account = site.staff.accounts.store.by_email(member.email)
    assert account is not None
    return site.session_of(account.person_id)


def new_app(member: Member) -> Member:
    """Begin with another authenticator app; give it as somebody whose codes it shows."""
    path = "/account/authenticator"
    assert member.browser.send(path, {"begin": "yes"}).status_code == 303
    found = re.search(r'<strong class="secret">([A-Z2-7 -]+)</strong>', unescape(member.browser.get(path).text))
    assert found
    app = Member(member.browser, member.email)
    app.key = re.sub("[- ]", "", found[1])
    app._counter = member._counter
    return app


@pytest.mark.parametrize("path", ["/account/email", "/account/authenticator"])
def test_asks_who_they_are_again(site: Site, path: str) -> None:
    jo = site.open_session(proved_ago=700)
    assert jo.browser.get(path).headers["Location"] == f"/prove-again?next={path}"
    sent = jo.browser.send(path, {"email": "new@example.org", "begin": "yes"}, form_at="/account")
    assert sent.headers["Location"].startswith("/prove-again")
    assert site.staff.accounts.store.by_email("new@example.org") is None


class TestEmail:
    def test_is_what_one_logs_in_with_from_then_on(self, site: Site) -> None:
        jo = site.member()
        other = other_session(site, jo)
        sent = jo.browser.send("/account/email", {"email": " Jo.Smith@Example.org "})
        assert sent.headers["Location"] == "/account"
        assert (jo.is_in(), other.is_in()) == (True, False)
        jo.browser.send("/log-out", form_at="/account")
        assert "is wrong" in jo.give_password().text
        jo.email = "jo.smith@example.org"
        assert jo.log_in().status_code == 302
        assert site.history()[-2].action == "email_changed"

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ("", "Enter your new email address"),
            ("jo", "Enter an email address, such as name@example.org"),
            ("jo,sam@example.org", "Enter an email address, such as name@example.org"),
            ("person0@example.org", "This is your email address already"),
            ("PERSON1@example.org", "Somebody has an account with this email address already"),
        ],
    )
    def test_must_be_one_and_nobody_elses(self, site: Site, typed: str, sentence: str) -> None:
        jo, sam = site.open_session(), site.open_session()
        assert sentence in jo.browser.send("/account/email", {"email": typed}).text
        assert jo.is_in()
        assert sam.is_in()
        assert site.staff.accounts.store.by_email("person0@example.org") is not None

    def test_the_address_of_before_is_told(self, site_with_mail: Site, box: MailBox) -> None:
        jo = site_with_mail.open_session()
        jo.browser.send("/account/email", {"email": "new@example.org"})
        [mail] = box.mails
        assert "To: person0@example.org" in mail
        assert "your email address was changed" in mail
        assert "new@example.org" not in mail

    def test_a_mail_that_is_not_taken_undoes_nothing(self, site_with_mail: Site, box: MailBox) -> None:
        box.refuses = True
        jo = site_with_mail.open_session()
        assert jo.browser.send("/account/email", {"email": "new@example.org"}).status_code == 303
        assert site_with_mail.staff.accounts.store.by_email("new@example.org") is not None


class TestPassword:
    def test_another_one_is_told(self, site_with_mail: Site, box: MailBox) -> None:
        jo = site_with_mail.member()
        jo.browser.send("/account/password", {"old": PASSWORD, "password": OTHER_PASSWORD})
        [mail] = box.mails
        assert "To: jo@example.org" in mail
        assert "your password was changed" in mail
        assert OTHER_PASSWORD not in mail
        assert site_with_mail.history()[-1].action == "password_set"


class TestAuthenticatorApp:
    def test_the_new_one_takes_the_place_of_the_old_one(self, site_with_mail: Site, box: MailBox) -> None:
        jo = site_with_mail.member()
        other = other_session(site_with_mail, jo)
        app = new_app(jo)
        code = app.code()
        assert jo.browser.send("/account/authenticator", {"code": f"{code[:3]} {code[3:]}"}).status_code == 303
        assert (jo.is_in(), other.is_in()) == (True, False)
        assert "your authenticator app was changed" in box.mails[0]
        assert site_with_mail.history()[-1].action == "authenticator_changed"
        jo.browser.send("/log-out", form_at="/account")
        with time_machine.travel(time.time() + 120):  # each code is good once, so later ones are wanted
            assert jo.give_password().status_code == 302
            assert jo.browser.send("/authenticator-code", {"code": jo.code()}).status_code == 200
            assert jo.browser.send("/authenticator-code", {"code": app.code()}).status_code == 302
        assert jo.is_in()

    def test_the_old_one_works_until_the_new_one_has_shown_a_right_code(self, site: Site) -> None:
        jo = site.member()
        new_app(jo)
        wrong = jo.browser.send("/account/authenticator", {"code": "000000"})
        assert "This code is wrong, too old, or has been used" in wrong.text
        assert "data:image/svg+xml" in wrong.text
        jo.browser.send("/log-out", form_at="/account")
        assert jo.log_in().status_code == 302

    def test_no_code_is_taken_before_a_secret_was_shown(self, site: Site) -> None:
        jo = site.open_session()
        sent = jo.browser.send("/account/authenticator", {"code": "000000"}, form_at="/account")
        assert "Show the code to scan" in sent.text

    @pytest.mark.parametrize("path", ["/set-up-authenticator", "/authenticator-code"])
    def test_there_is_no_other_way(self, site: Site, path: str) -> None:
        jo = site.open_session(Role.ADMIN)
        assert jo.browser.get(path).headers["Location"] == "/account/authenticator"
        sent = jo.browser.send(path, {"setup": "authenticator", "code": "000000"}, form_at="/account")
        assert sent.headers["Location"] == "/account/authenticator"

    def test_guessing_is_counted(self, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(throttle, "MOST_SECOND_PROOFS", 3)
        jo = site.open_session()
        new_app(jo)
        path = "/account/authenticator"
        statuses = [jo.browser.send(path, {"code": f"{n:06}"}, form_at="/account").status_code for n in range(3)]
        assert statuses == [200, 200, 429]
