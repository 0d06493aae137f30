"""Fixtures: the site with real accounts in SQL, and people who come in as people do."""

from __future__ import annotations

import re
import secrets
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask
from passlib.totp import TOTP
from werkzeug.test import TestResponse

from sms_service.core.history import HistoryEntry, HistoryQuery
from sms_service.core.people import Role
from sms_service.factory.accounts import StaffAccounts, staff_accounts
from sms_service.factory.stores import event_stores, sql_link
from sms_service.factory.web import app_of
from sms_service.service.accounts.accounts import token_hash
from sms_service.service.messaging import utc_now
from sms_service.storage.event_stores import set_up
from sms_service.storage.history import SqlHistory
from tests.staff_site import StaffClient, pages_app

if TYPE_CHECKING:
    from tests.conftest import LineUnderTest

PASSWORD = "correct horse battery staple"


@pytest.fixture(scope="session")
def migrated_var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A VAR_DIR with empty stores, to be copied."""
    var_dir = tmp_path_factory.mktemp("migrated")
    set_up(var_dir, None)
    return var_dir


@dataclass
class Site:
    """The site: its application, its stories, and browsers that open it."""

    app: Flask
    staff: StaffAccounts
    line: LineUnderTest

    @property
    def pages(self) -> Flask:
        return pages_app(self.app)

    def browser(self) -> StaffClient:
        return StaffClient(self.app, None)

    def history(self) -> list[HistoryEntry]:
        """Give what people did, oldest first."""
        found = SqlHistory(sql_link(self.line.line.settings)).search(HistoryQuery(), None, 200)
        return list(reversed(found.entries))

    def invite(self, *roles: Role, email: str = "jo@example.org", name: str = "Jo Smith") -> str:
        """Give the path by which somebody joins."""
        _, token = self.staff.accounts.invite("tests", name, email, frozenset(roles or {Role.EDITOR}))
        return f"/join/{token}"

    def open_session(self, *roles: Role, proved_ago: float = 0, email: str = "") -> Member:
        """Give somebody who is logged in, written straight into the stores: quick."""
        number = len(self.staff.accounts.store.everybody())
        account, _ = self.staff.accounts.invite(
            "tests", f"Person {number}", email or f"person{number}@example.org", frozenset(roles or {Role.EDITOR})
        )
        return self.session_of(account.person_id, proved_ago=proved_ago)

    def session_of(self, person_id: str, *, proved_ago: float = 0) -> Member:
        """Give another browser of somebody."""
        account = self.staff.accounts.store.get(person_id)
        assert account is not None
        token = secrets.token_urlsafe(32)
        self.staff.accounts.sessions.save(
            token_hash(token),
            {"_user_id": person_id, "_fresh": True, "fs_paa": time.time() - proved_ago},
            utc_now(),
            person_id=person_id,
            device="Firefox on Linux",
        )
        member = Member(self.browser(), account.email)
        member.person_id = person_id
        member.cookie = token
        return member

    def member(self, *roles: Role, email: str = "jo@example.org") -> Member:
        """Give somebody who is logged in, having come by an invitation."""
        member = Member(self.browser(), email)
        member.join(self.invite(*roles, email=email))
        return member


class Member:
    """Somebody with a browser, a password and an authenticator app."""

    def __init__(self, browser: StaffClient, email: str) -> None:
        self.browser = browser
        self.email = email
        self.key = ""
        self.person_id = ""
        self.recovery_codes: list[str] = []
        self._counter = 0

    def code(self, seconds_later: float = 0) -> str:
        """Give a code of the app that was not given before, moving on to the next time step where it must."""
        totp = TOTP(key=self.key)
        now = time.time() + seconds_later
        token = totp.generate(now)
        if token.counter <= self._counter:
            token = totp.generate(self._counter * 30 + 30)
        self._counter = token.counter
        return str(token.token)

    def join(self, path: str, **fields: str) -> TestResponse:
        """Use a link: password, authenticator app, recovery codes."""
        answer = self.browser.send(path, {"password": PASSWORD, **fields})
        assert answer.status_code == 302, answer.get_data(as_text=True)
        self.set_up_authenticator()
        page = self.browser.send("/account/recovery-codes").get_data(as_text=True)
        self.recovery_codes = re.findall(r'<strong class="secret">([a-z0-9-]{19})</strong>', page)
        assert len(self.recovery_codes) == 10
        return answer

    def set_up_authenticator(self) -> None:
        page = self.browser.send("/set-up-authenticator", {"setup": "authenticator"}).get_data(as_text=True)
        found = re.search(r'<strong class="secret">([A-Z2-7 -]+)</strong>', unescape(page))
        assert found, page
        self.key = found[1].replace("-", "").replace(" ", "")
        answer = self.browser.send("/authenticator-code", {"code": self.code()})
        assert answer.status_code == 302, answer.get_data(as_text=True)

    def give_password(self, password: str = PASSWORD, **more: Any) -> TestResponse:
        return self.browser.send("/log-in", {"email": self.email, "password": password}, **more)

    def log_in(self) -> TestResponse:
        assert self.give_password().status_code == 302
        return self.browser.send("/authenticator-code", {"code": self.code()})

    def is_in(self) -> bool:
        return self.browser.get("/home").status_code == 200

    @property
    def cookie(self) -> str:
        found = self.browser.http.get_cookie("__Host-session", domain="line.example.org")
        return found.value if found else ""

    @cookie.setter
    def cookie(self, token: str) -> None:
        self.browser.http.set_cookie("__Host-session", token, domain="line.example.org", secure=True)


@pytest.fixture
def make_site(
    make_line: Callable[..., LineUnderTest], migrated_var: Path, tmp_path: Path, cheap_hashes: None
) -> Callable[..., Site]:
    """Make a site: ``make_site(DATABASE_URL=...)`` changes a setting."""

    def make(**environ: str) -> Site:
        var_dir = tmp_path / "site"
        if not var_dir.exists():
            shutil.copytree(migrated_var, var_dir)
        under_test = make_line(VAR_DIR=str(var_dir), **environ)
        line = replace(under_test.line, events=event_stores(under_test.line.settings, under_test.log))
        under_test.line = line
        return Site(app_of(line), staff_accounts(line.settings), under_test)

    return make


@pytest.fixture
def site(make_site: Callable[..., Site]) -> Site:
    """The site as in production, with a SQLite database of its own."""
    return make_site()
