"""Sessions end when they should, cannot be planted, and cannot be read out of the database (ASVS 5.0, 7.2-7.5)."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable

import pytest
import time_machine

from sms_service.core.people import Role
from sms_service.service.accounts.accounts import token_hash
from tests.staff_accounts import PASSWORD, Member, Site

MINUTE = dt.timedelta(minutes=1)


def act(site: Site, story: str, person_id: str) -> None:
    """Do to somebody what an administrator can."""
    admin = site.staff.accounts.store.get(site.open_session(Role.ADMIN).person_id)
    assert admin is not None
    accounts, by = site.staff.accounts, admin.person
    if story == "disabled":
        accounts.change_standing(by, person_id, frozenset({Role.EDITOR}), active=False)
    elif story == "other roles":
        accounts.change_standing(by, person_id, frozenset({Role.OPS}), active=True)
    elif story == "ended":
        accounts.end_sessions(by, person_id)
    else:
        accounts.reset_second_proof(by, person_id, "spoke to her")


@pytest.mark.parametrize("story", ["disabled", "other roles", "ended", "second proof reset"])
def test_what_an_administrator_does_ends_sessions_at_once(site: Site, story: str) -> None:
    jo = site.open_session(Role.EDITOR)
    second = site.session_of(jo.person_id)
    assert jo.is_in()
    act(site, story, jo.person_id)
    assert not jo.is_in()
    assert not second.is_in()


def test_logging_out_ends_the_session_for_whoever_has_the_cookie(site: Site) -> None:
    jo = site.open_session()
    thief = Member(site.browser(), "")
    thief.cookie = jo.cookie
    assert thief.is_in()
    jo.browser.send("/log-out", form_at="/account")
    assert not thief.is_in()
    assert thief.browser.post("/log-out").status_code == 401


def test_a_planted_session_is_not_the_one_that_is_logged_in(site: Site) -> None:
    victim = site.member()
    victim.browser.send("/log-out", form_at="/account")
    attacker = Member(site.browser(), "")
    attacker.browser.get("/log-in")  # a session without anybody
    planted = attacker.cookie
    assert planted
    victim.cookie = planted
    victim.log_in()
    assert victim.is_in()
    assert victim.cookie != planted
    assert not attacker.is_in()


def test_whoever_proves_themselves_again_goes_on_under_another_name(site: Site) -> None:
    with time_machine.travel(dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC), tick=False) as clock:
        jo = site.member()
        thief = Member(site.browser(), "")
        for _ in range(71):
            clock.shift(10 * MINUTE)
            assert jo.is_in()
        for path, proof in (
            ("/prove-again?next=/home", {"password": PASSWORD}),
            ("/account/password", {"old": PASSWORD, "password": "four unlikely green chairs"}),
        ):
            thief.cookie = before = jo.cookie
            assert thief.is_in()
            clock.shift(2 * MINUTE)
            assert jo.browser.send(path, proof).status_code in {302, 303}
            assert jo.cookie != before
            assert (jo.is_in(), thief.is_in()) == (True, False)
        clock.shift(7 * MINUTE)
        assert not jo.is_in(), "12 hours after the log-in it is over all the same"


def test_a_made_up_name_is_not_taken_over(site: Site) -> None:
    jo = Member(site.browser(), "")
    jo.cookie = "A" * 43
    jo.browser.get("/log-in")
    assert jo.cookie != "A" * 43


@pytest.mark.parametrize(("minutes", "still_in"), [(14, True), (16, False)])
def test_without_a_click_it_ends_after_15_minutes(site: Site, minutes: int, still_in: bool) -> None:
    with time_machine.travel(dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC), tick=False) as clock:
        jo = site.open_session()
        clock.shift(minutes * MINUTE)
        assert jo.is_in() is still_in


def test_with_clicks_it_ends_after_12_hours(site: Site) -> None:
    with time_machine.travel(dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC), tick=False) as clock:
        jo = site.open_session()
        for _ in range(72):
            assert jo.is_in()
            clock.shift(10 * MINUTE)
        assert jo.is_in()
        clock.shift(MINUTE)
        assert not jo.is_in()


def test_the_cookie_is_256_bits_and_is_not_in_the_database(site: Site) -> None:
    jo = site.member()
    assert len(jo.cookie) == 43
    raw = b"".join(
        path.read_bytes() for path in site.line.line.settings.var_dir.glob("line.sqlite3*") if path.is_file()
    )
    assert token_hash(jo.cookie).encode() in raw
    assert jo.cookie.encode() not in raw
    assert jo.key.encode() not in raw
    assert not [code for code in jo.recovery_codes if code.encode() in raw or code.replace("-", "").encode() in raw]


class TestCost:
    @pytest.fixture
    def cheap_hashes(self) -> None:
        """Hash as in service."""

    def test_the_password_is_kept_as_argon2id(self, site: Site) -> None:
        site.member()
        connection = sqlite3.connect(site.line.line.settings.var_dir / "line.sqlite3")
        [[stored]] = connection.execute("SELECT password_hash FROM staff_account").fetchall()
        connection.close()
        assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


class TestOwnSessions:
    def test_are_listed_and_ended_one_by_one_or_all_but_this(self, site: Site) -> None:
        jo = site.open_session()
        phone, desk = site.session_of(jo.person_id), site.session_of(jo.person_id)
        assert jo.browser.get("/account").get_data(as_text=True).count("Firefox on Linux") >= 3
        jo.browser.send("/account/sessions/end", {"session": token_hash(phone.cookie)}, form_at="/account")
        assert (jo.is_in(), phone.is_in(), desk.is_in()) == (True, False, True)
        jo.browser.send("/account/sessions/end", {"session": "others"}, form_at="/account")
        assert (jo.is_in(), desk.is_in()) == (True, False)

    def test_those_of_others_cannot_be_ended(self, site: Site) -> None:
        jo, sam = site.open_session(), site.open_session()
        jo.browser.send("/account/sessions/end", {"session": token_hash(sam.cookie)}, form_at="/account")
        assert sam.is_in()

    def test_another_password_ends_the_others(self, site: Site) -> None:
        jo = site.member()
        person_id = site.staff.accounts.store.everybody()[0].person_id
        other = site.session_of(person_id)
        new = {"old": "correct horse battery staple", "password": "four unlikely green chairs"}
        assert jo.browser.send("/account/password", {**new, "old": "wrong"}).status_code == 200
        assert other.is_in()
        assert jo.browser.send("/account/password", new).status_code == 303
        assert (jo.is_in(), other.is_in()) == (True, False)


@pytest.mark.parametrize(("proved_ago", "asked"), [(0, False), (590, False), (610, True)])
def test_what_is_hard_to_undo_asks_who_they_are_again(site: Site, proved_ago: float, asked: bool) -> None:
    admin = site.open_session(Role.ADMIN, proved_ago=proved_ago)
    for path in ("/people/invite", "/account/recovery-codes"):
        answer = admin.browser.get(path)
        assert (answer.headers.get("Location") == f"/prove-again?next={path}") is asked


def test_in_development_the_cookie_works_over_plain_http(make_site: Callable[..., Site]) -> None:
    site = make_site(LINE_ENV="development", PUBLIC_URL="http://127.0.0.1:8000")
    answer = site.app.test_client().get("/log-in")
    [cookie] = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("session=")
    assert "Secure" not in cookie
    assert {"HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))
