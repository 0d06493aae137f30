"""From the first link to a second person who logs in, in a real browser, with and without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from passlib.totp import TOTP
from playwright.sync_api import Page, expect

from tests.staff_accounts import PASSWORD, Site
from tests.staff_site import BrowserStaff


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
        page.get_by_role("button", name=name).first.focus()
        page.keyboard.press("Enter")

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
