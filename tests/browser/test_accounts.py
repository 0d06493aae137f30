"""From the first link to a second person who logs in, in a real browser, with and without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from passlib.totp import TOTP
from playwright.sync_api import Page, expect

from tests.staff_accounts import PASSWORD, Site
from tests.staff_site import BrowserStaff


def tab_to(page: Page, name: str) -> None:
    """Go to a link, button or field with the Tab key alone, as somebody without a mouse does."""
    pressed = page.get_by_role("link", name=name, exact=True).or_(page.get_by_role("button", name=name, exact=True))
    wanted = pressed.or_(page.get_by_label(name, exact=True))
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.locator(":focus").and_(wanted).count():
            return
    pytest.fail(f"the Tab key does not lead to {name}")


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

    def enter() -> None:
        """Press Enter, and wait for what it leads to: the next Tab must not be pressed on the page before."""
        with page.expect_navigation():
            page.keyboard.press("Enter")

    def press(name: str) -> None:
        tab_to(page, name)
        enter()

    def type_in(field: str, text: str) -> None:
        tab_to(page, field)
        page.keyboard.type(text)
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

    def button(page: Page, name: str) -> None:
        """Press a button by the keyboard alone."""
        with page.expect_navigation():
            page.get_by_role("button", name=name).first.press("Enter")

    def set_up(page: Page) -> str:
        expect(page).to_have_title(re.compile("Set up your authenticator app"))
        button(page, "Show the code to scan")
        key = page.locator(".secret").inner_text().replace("-", "").replace(" ", "")
        page.get_by_label("Code").fill(TOTP(key=key).generate().token)
        button(page, "Go on")
        expect(page).to_have_title(re.compile("Recovery codes"))
        button(page, "Make recovery codes")
        expect(page.locator("li .secret")).to_have_count(10)
        code = page.locator("li .secret").first.inner_text()
        page.get_by_role("button", name="I have kept them").click()
        expect(page).to_have_title(re.compile("Home"))
        return code

    page = staff_browser.open(f"{address}/join/{site.staff.accounts.first_admin_link()}", script=script)
    page.get_by_label("Your name").fill("Sam Patel")
    page.get_by_label("Email address").fill("sam@example.org")
    page.get_by_label("Password", exact=True).fill("password1234")
    button(page, "Go on")
    expect(page.get_by_role("link", name=re.compile("easy to guess"))).to_be_visible()
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    button(page, "Go on")
    set_up(page)

    page.goto(f"{address}/people/invite")
    page.get_by_label("Name").fill("Jo Smith")
    page.get_by_label("Email address").fill("jo@example.org")
    page.get_by_role("checkbox", name=re.compile("Editor")).check()
    button(page, "Make the invitation")
    link = page.locator("#link").inner_text().replace("http://127.0.0.1:8000", address)
    page.goto(f"{address}/people")
    page.get_by_role("link", name="Jo Smith").click()

    jo = staff_browser.open(link, width=320, scheme="dark", script=script)
    jo.get_by_label("Password", exact=True).fill(PASSWORD)
    button(jo, "Go on")
    recovery_code = set_up(jo)
    jo.goto(f"{address}/account")
    button(jo, "Log out")
    expect(jo).to_have_title(re.compile("Log in"))
    jo.get_by_label("Email address").fill("jo@example.org")
    jo.get_by_label("Password", exact=True).fill(PASSWORD)
    button(jo, "Log in")
    jo.get_by_role("link", name="Use a recovery code instead").click()
    jo.get_by_label("Recovery code").fill(recovery_code)
    button(jo, "Go on")
    expect(jo).to_have_title(re.compile("Home"))
