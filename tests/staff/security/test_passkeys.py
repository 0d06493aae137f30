"""A passkey leads in by itself, for its person, on this site, once; and nothing that only looks like one does."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable
from html import unescape

import pytest

from sms_service.core.people import Role
from sms_service.service.accounts import throttle
from sms_service.service.accounts.passkeys import MOST
from tests.passkey_device import PRESENT, PasskeyDevice
from tests.staff_accounts import Member, Site
from tests.staff_site import hidden_fields


def options_on(member: Member, path: str) -> str:
    page = member.browser.get(path).get_data(as_text=True)
    found = re.search(r'data-options="([^"]+)"', page)
    assert found, page
    return unescape(found[1])


def add(member: Member, device: PasskeyDevice, name: str = "Work laptop") -> str:
    """Add a passkey; give the page that answers."""
    answer = device.create(options_on(member, "/account/passkeys/add"))
    sent = member.browser.send("/account/passkeys/add", {"name": name, "credential": answer})
    return sent.get_data(as_text=True) if sent.status_code == 200 else ""


def log_in(site: Site, device: PasskeyDevice, path: str = "/log-in") -> Member:
    """Log in with nothing but the passkey."""
    member = Member(site.browser(), "")
    answer = device.get(options_on(member, path))
    sent = member.browser.send("/passkey/log-in", {"credential": answer}, form_at=path)
    assert sent.status_code == 303
    assert sent.headers["Location"] == ("/welcome" if member.is_in() else "/log-in")
    return member


@pytest.fixture
def jo(site: Site) -> Member:
    return site.open_session(Role.EDITOR)


@pytest.fixture
def device(jo: Member) -> PasskeyDevice:
    """Jo's."""
    made = PasskeyDevice()
    assert add(jo, made) == ""
    return made


class TestLoggingIn:
    def test_without_password_and_code(self, site: Site, jo: Member, device: PasskeyDevice) -> None:
        for _ in range(2):
            member = log_in(site, device)
            assert member.is_in()
            assert "Person 0" in member.browser.get("/account").get_data(as_text=True)
        [passkey] = site.staff.accounts.store.passkeys(jo.person_id)
        assert (passkey.sign_count, passkey.used_at is not None) == (2, True)

    def test_the_session_gets_another_name(self, site: Site, device: PasskeyDevice) -> None:
        member = Member(site.browser(), "")
        answer = device.get(options_on(member, "/log-in"))
        planted = member.cookie
        member.browser.send("/passkey/log-in", {"credential": answer}, form_at="/log-in")
        assert member.is_in()
        assert member.cookie != planted

    def test_leads_on_to_where_somebody_wanted_to_go_and_nowhere_else(self, site: Site, device: PasskeyDevice) -> None:
        for wanted, arrives in (("/account", "/account"), ("https://evil.example/", "/welcome")):
            member = Member(site.browser(), "")
            answer = device.get(options_on(member, "/log-in"))
            path = f"/passkey/log-in?next={wanted}"
            sent = member.browser.send(path, {"credential": answer}, form_at="/log-in")
            assert sent.headers["Location"] == arrives

    def test_what_only_looks_like_it_leads_nowhere(self, site: Site, device: PasskeyDevice) -> None:
        assert log_in(site, device).is_in()
        lies: list[dict[str, object]] = [
            {"origin": "https://line.example.org.evil.example"},
            {"origin": "http://line.example.org"},
            {"rp_id": "evil.example"},
            {"flags": PRESENT},  # the device did not make sure of the person: only one proof
            {"counter": -1},  # a copy that was used less often
            {"credential_id": b"unknown" * 5},
            {"key": PasskeyDevice().key},
            {"handle": ""},
            {"handle": "c29tZWJvZHkgZWxzZQ"},
        ]
        taken = [lie for lie in lies if log_in(site, dataclasses.replace(device, **lie)).is_in()]  # type: ignore[arg-type]
        assert taken == []
        assert site.line.log.refusals == ["passkey_refused"] * len(lies)

    def test_rubbish_leads_nowhere(self, site: Site) -> None:
        empty = '{"id": "a", "rawId": "a", "type": "public-key", "response": {}}'
        for rubbish in ("", "{}", "[]", "null", "\0", empty, "9" * 30_000):
            browser = site.browser()
            sent = browser.send("/passkey/log-in", {"credential": rubbish}, form_at="/log-in")
            assert (sent.status_code, sent.headers["Location"]) == (303, "/log-in")
            assert "The passkey did not work." in browser.get("/log-in").text

    def test_any_part_may_be_rubbish(self, site: Site, device: PasskeyDevice, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(throttle, "MOST_FROM_AN_ADDRESS", 1000)
        member = Member(site.browser(), "")
        good = json.loads(device.get(options_on(member, "/log-in")))
        token = hidden_fields(member.browser.get("/log-in").get_data(as_text=True))
        for part in ("id", "rawId", "type", "response.clientDataJSON", "response.authenticatorData",
                     "response.signature", "response.userHandle"):  # fmt: skip
            rubbish: object
            for rubbish in ("AAAA", "\N{SNOWMAN}", 7, None, ["x"], {}):
                bad = json.loads(json.dumps(good))
                where, _, name = part.rpartition(".")
                (bad[where] if where else bad)[name] = rubbish
                sent = member.browser.post("/passkey/log-in", {**token, "credential": json.dumps(bad)})
                assert sent.status_code == 303, part
        assert not member.is_in()

    @pytest.mark.parametrize("story", ["removed", "disabled", "reset"])
    def test_not_after_it_was_taken_away(self, site: Site, jo: Member, device: PasskeyDevice, story: str) -> None:
        admin = site.staff.accounts.store.get(site.open_session(Role.ADMIN).person_id)
        assert admin is not None
        if story == "removed":
            jo.browser.send("/account/passkeys/remove", form_at="/account/passkeys")
        elif story == "disabled":
            roles = frozenset({Role.EDITOR})
            site.staff.accounts.change_standing(admin.person, jo.person_id, roles, active=False)
        else:
            site.staff.accounts.reset_second_proof(admin.person, jo.person_id, "spoke to her")
        assert not log_in(site, device).is_in()

    def test_tries_are_counted(self, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(throttle, "MOST_FROM_AN_ADDRESS", 4)
        browser = site.browser()
        statuses = [browser.send("/passkey/log-in", form_at="/log-in").status_code for _ in range(5)]
        assert statuses == [303] * 4 + [429]

    def test_takes_the_place_of_the_code(self, site: Site) -> None:
        sam = site.member(email="sam@example.org")
        device = PasskeyDevice()
        assert add(sam, device) == ""
        sam.browser.send("/log-out", form_at="/account")
        sam.give_password()
        answer = device.get(options_on(sam, "/authenticator-code"))
        sent = sam.browser.send("/passkey/log-in", {"credential": answer}, form_at="/authenticator-code")
        assert sent.headers["Location"] == "/welcome"
        assert sam.is_in()


class TestProvingOnceMore:
    def test_does_instead_of_the_password(self, site: Site, jo: Member, device: PasskeyDevice) -> None:
        stale = site.session_of(jo.person_id, proved_ago=700)
        path = "/prove-again?next=/account/passkeys/add"
        assert stale.browser.get("/account/passkeys/add").headers["Location"] == path
        answer = device.get(options_on(stale, path))
        sent = stale.browser.send(
            "/passkey/prove-again?next=/account/passkeys/add", {"credential": answer}, form_at=path
        )
        assert sent.headers["Location"] == "/account/passkeys/add"
        assert stale.browser.get("/account/passkeys/add").status_code == 200

    def test_an_answer_is_good_once(self, jo: Member, device: PasskeyDevice) -> None:
        device.counter = -1  # a device without a counter always says 0
        answer = device.get(options_on(jo, "/prove-again"))
        places = [
            jo.browser.send("/passkey/prove-again", {"credential": answer}, form_at="/account").headers["Location"]
            for _ in range(2)
        ]
        assert places == ["/account", "/prove-again"]

    def test_not_with_somebody_elses(self, site: Site, device: PasskeyDevice) -> None:
        thief = site.session_of(site.open_session(Role.ADMIN).person_id, proved_ago=700)
        answer = device.get(options_on(thief, "/prove-again"))
        thief.browser.send("/passkey/prove-again", {"credential": answer}, form_at="/prove-again")
        assert thief.browser.get("/account/passkeys/add").status_code == 303


class TestOwn:
    def test_are_listed_by_name_and_removed(self, site: Site, jo: Member, device: PasskeyDevice) -> None:
        assert add(jo, PasskeyDevice(), "Key <in> the  drawer") == ""
        page = jo.browser.get("/account/passkeys").get_data(as_text=True)
        assert "Work laptop" in page
        assert "Key &lt;in&gt; the drawer" in page
        jo.browser.send("/account/passkeys/remove", form_at="/account/passkeys")  # the first of the list
        assert [one.name for one in site.staff.accounts.store.passkeys(jo.person_id)] == ["Key <in> the drawer"]

    def test_adding_and_removing_ask_who_they_are_again(self, site: Site, jo: Member, device: PasskeyDevice) -> None:
        stale = site.session_of(jo.person_id, proved_ago=700)
        assert stale.browser.get("/account/passkeys/add").headers["Location"].startswith("/prove-again")
        sent = stale.browser.send("/account/passkeys/remove", form_at="/account/passkeys")
        assert sent.headers["Location"].startswith("/prove-again")
        assert site.staff.accounts.store.passkeys(jo.person_id)

    def test_those_of_others_cannot_be_removed(self, site: Site, jo: Member, device: PasskeyDevice) -> None:
        page = jo.browser.get("/account/passkeys").get_data(as_text=True)
        found = re.search(r'name="passkey" value="([^"]+)"', page)
        assert found
        other = site.open_session()
        other.browser.send("/account/passkeys/remove", {"passkey": found[1]}, form_at="/account")
        assert log_in(site, device).is_in()

    def test_one_made_for_another_site_or_without_the_person_is_not_added(self, jo: Member) -> None:
        lies: list[dict[str, object]] = [
            {"origin": "https://evil.example"},
            {"rp_id": "evil.example"},
            {"flags": PRESENT},
        ]
        for lie in lies:
            assert "could not be added" in add(jo, dataclasses.replace(PasskeyDevice(), **lie))  # type: ignore[arg-type]

    def test_one_that_somebody_has_is_not_added(self, site: Site, device: PasskeyDevice) -> None:
        assert "has been added already" in add(site.open_session(), device)

    def test_needs_a_name(self, jo: Member) -> None:
        for name in ("", "   ", "x" * 61):
            assert "Error:" in add(jo, PasskeyDevice(), name)

    def test_ten_are_the_most(self, jo: Member) -> None:
        pages = [add(jo, PasskeyDevice()) for _ in range(MOST + 1)]
        assert pages[:MOST] == [""] * MOST
        assert "Remove one first" in pages[MOST]

    def test_are_told_in_the_history(self, site: Site, jo: Member, device: PasskeyDevice) -> None:
        jo.browser.send("/account/passkeys/remove", form_at="/account/passkeys")
        assert [entry.action for entry in site.history() if "passkey" in entry.action] == [
            "passkey_added",
            "passkey_removed",
        ]

    def test_without_a_script_the_page_says_what_to_do(self, jo: Member) -> None:
        page = jo.browser.get("/account/passkeys/add").get_data(as_text=True)
        assert "Go on with your password and authenticator app" in page
        assert re.search(r"<form[^>]* hidden>", page)


def test_the_site_is_the_one_of_the_settings(make_site: Callable[..., Site]) -> None:
    """A Host header, and X-Forwarded-Host, can lie."""
    site = make_site(TRUSTED_PROXY_HOPS="1")
    member = Member(site.browser(), "")
    member.browser.http.environ_base.update(HTTP_X_FORWARDED_HOST="evil.example", HTTP_HOST="evil.example")
    assert json.loads(options_on(member, "/log-in"))["rpId"] == "line.example.org"
