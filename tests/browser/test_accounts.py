"""From the first link to a second person who logs in, by keyboard alone, with and without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from passlib.totp import TOTP
from playwright.sync_api import expect

from tests.browser.keyboard import Keyboard
from tests.staff_accounts import PASSWORD, Site
from tests.staff_site import BrowserStaff


@pytest.mark.timeout(240)
def test_own_account_by_keyboard_without_a_script(  # noqa: PLR0915 - a journey has as many steps as it has
    make_site: Callable[..., Site], serve: Callable[[Flask], str], staff_browser: BrowserStaff, tmp_path: Path
) -> None:
    site = make_site(LINE_ENV="development", PUBLIC_URL="http://127.0.0.1:8000")
    site.pages.test_client()
    jo = site.open_session()
    site.session_of(jo.person_id)
    address = serve(site.app)
    page = staff_browser.open(f"{address}/log-in", width=320, scheme="dark", script=False)
    page.context.add_cookies([{"name": "session", "value": jo.cookie, "url": address}])

    keyboard = Keyboard(page)

    def enter() -> None:
        with page.expect_navigation():
            page.keyboard.press("Enter")

    def press(name: str) -> None:
        keyboard.press(name, exact=True)

    def type_in(field: str, text: str) -> None:
        keyboard.type_in(field, text)
        enter()

    def says(text: str, picture: str) -> None:
        expect(page.get_by_text(text).first).to_be_visible()
        page.screenshot(path=tmp_path / f"{picture}.png", full_page=True)

    page.goto(f"{address}/account")
    press("Change email address")
    type_in("New email address", "person")
    expect(page).to_have_title(re.compile("^Error: Change your email address"))
    press("Enter an email address, such as name@example.org.")
    expect(page).to_have_url(re.compile("#email$"))
    page.keyboard.type("al@example.org")
    enter()
    says("You log in with your new email address from now on. You are logged out everywhere else.", "email")

    press("Set up authenticator app")
    press("Show the code to scan")
    key = re.sub("[- ]", "", page.locator(".secret").inner_text())
    type_in("Code", "000000")
    says("This code is wrong, too old, or has been used. Wait for the next one", "wrong code")
    type_in("Code", str(TOTP(key=key).generate().token))
    says("Your authenticator app is changed.", "authenticator")

    site.session_of(jo.person_id)
    page.reload()
    press("Log out everywhere else")
    expect(page.get_by_role("rowheader", name="This one")).to_be_visible()
    expect(page.get_by_role("button", name="Log out everywhere else")).to_have_count(0)
    press("Make new ones (recovery codes)")
    press("Make recovery codes")
    expect(page.locator("li .secret")).to_have_count(10)
    press("I have kept them")
    expect(page).to_have_title(re.compile("Home"))


@pytest.mark.timeout(240)
@pytest.mark.parametrize("script", [True, False])
def test_first_link_to_second_person(  # noqa: PLR0915 - a journey has as many steps as it has
    make_site: Callable[..., Site],
    serve: Callable[[Flask], str],
    staff_browser: BrowserStaff,
    script: bool,
) -> None:
    site = make_site(LINE_ENV="development", PUBLIC_URL="http://127.0.0.1:8000")
    site.pages.test_client()  # built before a browser waits for it
    address = serve(site.app)

    def set_up(keyboard: Keyboard) -> str:
        page = keyboard.page
        expect(page).to_have_title(re.compile("Set up your authenticator app"))
        keyboard.press("Show the code to scan")
        key = page.locator(".secret").inner_text().replace("-", "").replace(" ", "")
        keyboard.type_in("Code", str(TOTP(key=key).generate().token))
        keyboard.press("Go on")
        expect(page).to_have_title(re.compile("Recovery codes"))
        keyboard.press("Make recovery codes")
        expect(page.locator("li .secret")).to_have_count(10)
        code = page.locator("li .secret").first.inner_text()
        keyboard.press("I have kept them")
        expect(page).to_have_title(re.compile("Home"))
        return code

    page = staff_browser.open(f"{address}/join/{site.staff.accounts.first_admin_link()}", script=script)
    sam = Keyboard(page)
    sam.type_in("Your name", "Sam Patel")
    sam.type_in("Email address", "sam@example.org")
    sam.type_in("Password", "password1234")
    sam.press("Go on")
    expect(page.get_by_role("link", name=re.compile("easy to guess"))).to_be_visible()
    sam.type_in("Password", PASSWORD)
    sam.press("Go on")
    set_up(sam)

    sam.press("Invite somebody")
    sam.type_in("Name", "Jo Smith")
    sam.type_in("Email address", "jo@example.org")
    sam.tick("Editor")
    sam.press("Make the invitation")
    link = page.locator("#link").inner_text().replace("http://127.0.0.1:8000", address)
    page.goto(f"{address}/people")
    sam.press("Jo Smith")

    jo = Keyboard(staff_browser.open(link, width=320, scheme="dark", script=script))
    jo.type_in("Password", PASSWORD)
    jo.press("Go on")
    recovery_code = set_up(jo)
    jo.page.goto(f"{address}/account")
    jo.press("Log out", exact=True)
    expect(jo.page).to_have_title(re.compile("Log in"))
    jo.type_in("Email address", "jo@example.org")
    jo.type_in("Password", PASSWORD)
    jo.press("Log in", exact=True)
    jo.press("Use a recovery code instead")
    jo.type_in("Recovery code", recovery_code)
    jo.press("Go on")
    expect(jo.page).to_have_title(re.compile("Home"))
