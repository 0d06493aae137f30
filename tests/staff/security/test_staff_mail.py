"""An invitation goes to its person by e-mail where mail is set up; where it cannot, the link is shown once."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Callable, Iterator

import pytest

from sms_service.core.people import Role
from sms_service.service.accounts.ports import Account
from sms_service.service.messaging import utc_now
from sms_service.settings import read_settings
from sms_service.staff.accounts.staff_mail import StaffMail
from tests.conftest import CapturedLog
from tests.mail_server import MailBox, mail_box
from tests.staff_accounts import Site

OLA = {"name": "Ola Nowak", "email": "ola@example.org", "roles": "editor"}


@pytest.fixture
def box() -> Iterator[MailBox]:
    with mail_box() as running:
        yield running


def read(mail: str) -> email.message.EmailMessage:
    found = email.message_from_string(mail, policy=email.policy.default)
    assert isinstance(found, email.message.EmailMessage)
    return found


def test_the_link_is_in_the_mail_and_nowhere_else(make_site: Callable[..., Site], box: MailBox) -> None:
    site = make_site(MAIL_URL=box.url)
    answer = site.open_session(Role.ADMIN).browser.send("/people/invite", OLA)
    mail = read(box.mails[0])
    assert (mail["To"], mail["From"]) == ("ola@example.org", "line@example.org")
    links = re.findall(r"https://line\.example\.org(/join/[\w-]{43})\s", mail.get_content())
    assert len(links) == 1
    assert "It was sent to ola@example.org" in answer.text
    assert "/join/" not in answer.text
    assert "Ola Nowak" in site.browser().get(links[0]).text


def test_a_new_link_ends_the_one_that_was_sent(make_site: Callable[..., Site], box: MailBox) -> None:
    site = make_site(MAIL_URL=box.url)
    admin = site.open_session(Role.ADMIN)
    admin.browser.send("/people/invite", OLA)
    account = site.staff.accounts.store.by_email("ola@example.org")
    assert account is not None
    page = f"/people/{account.person_id}"
    admin.browser.send(f"{page}/link", form_at=page)
    first, second = (re.search(r"/join/[\w-]{43}", read(mail).get_content())[0] for mail in box.mails)  # type: ignore[index]
    assert [site.browser().get(path).status_code for path in (first, second)] == [404, 200]


def test_a_mail_that_is_not_taken_shows_the_link_and_logs_no_word(make_site: Callable[..., Site], box: MailBox) -> None:
    box.refuses = True
    site = make_site(MAIL_URL=box.url)
    page = site.open_session(Role.ADMIN).browser.send("/people/invite", OLA).text
    assert "The e-mail could not be sent" in page
    assert re.search(r'id="link">https://line\.example\.org/join/[\w-]{43}<', page)
    assert [code for code, _ in site.line.log.troubles] == ["staff_mail_failed"]


def test_nothing_is_said_to_a_server_elsewhere_without_encryption(box: MailBox) -> None:
    server = read_settings({"MAIL_URL": box.url.replace("//", "//me:password@")}).mail_server
    assert server is not None
    post = StaffMail(server=server, plain_allowed=False, service_name="Text line", log=CapturedLog())
    account = Account(
        person_id="ola", name="Ola", email="ola@example.org", roles=frozenset({Role.EDITOR}), made_at=utc_now()
    )
    assert not post.send_link(account, "https://line.example.org/join/x")
    assert all(command.split()[0].upper() in {"EHLO", "QUIT"} for command in box.commands)
    assert box.mails == []
