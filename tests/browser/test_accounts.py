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
from tests.staff_site import BrowserStaff, Scheme, assert_accessible


@pytest.mark.timeout(240)
@pytest.mark.parametrize("script", [True, False])
def test_first_link_to_second_person(  # noqa: PLR0915 - a journey has as many steps as it has
    make_site: Callable[..., Site],
    serve: Callable[[Flask], str],
    staff_browser: BrowserStaff,
    tmp_path: Path,
    script: bool,
) -> None:
    site = make_site(LINE_ENV="development", PUBLIC_URL="http://127.0.0.1:8000")
    site.pages.test_client()  # built before a browser waits for it
    address = serve(site.app)
    pictures = iter(range(100))
    looks: list[tuple[int, Scheme]] = [(320, "dark"), (1100, "light")]

    def look(page: Page) -> None:
        if script:
            for width, scheme in looks:
                page.set_viewport_size({"width": width, "height": 900})
                page.emulate_media(color_scheme=scheme)
                assert_accessible(page)
            page.screenshot(path=tmp_path / f"{next(pictures):02}.png", full_page=True)

    def button(page: Page, name: str) -> None:
        """Press a button by the keyboard alone."""
        page.get_by_role("button", name=name).first.focus()
        page.keyboard.press("Enter")

    def set_up(page: Page) -> str:
        expect(page).to_have_title(re.compile("Set up your authenticator app"))
        look(page)
        button(page, "Show the code to scan")
        key = page.locator(".secret").inner_text().replace("-", "").replace(" ", "")
        look(page)
        page.get_by_label("Code").fill(TOTP(key=key).generate().token)
        button(page, "Go on")
        expect(page).to_have_title(re.compile("Recovery codes"))
        look(page)
        button(page, "Make recovery codes")
        expect(page.locator("li .secret")).to_have_count(10)
        look(page)
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
    look(page)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    button(page, "Go on")
    set_up(page)
    look(page)

    page.goto(f"{address}/people/invite")
    page.get_by_label("Name").fill("Jo Smith")
    page.get_by_label("Email address").fill("jo@example.org")
    page.get_by_role("checkbox", name=re.compile("Editor")).check()
    look(page)
    button(page, "Make the invitation")
    link = page.locator("#link").inner_text().replace("http://127.0.0.1:8000", address)
    look(page)
    page.goto(f"{address}/people")
    look(page)
    page.get_by_role("link", name="Jo Smith").click()
    look(page)

    jo = staff_browser.open(link, width=320, scheme="dark", script=script)
    jo.get_by_label("Password", exact=True).fill(PASSWORD)
    button(jo, "Go on")
    recovery_code = set_up(jo)
    jo.goto(f"{address}/account")
    look(jo)
    button(jo, "Log out")
    expect(jo).to_have_title(re.compile("Log in"))
    look(jo)
    jo.get_by_label("Email address").fill("jo@example.org")
    jo.get_by_label("Password", exact=True).fill(PASSWORD)
    button(jo, "Log in")
    look(jo)
    jo.get_by_role("link", name="Use a recovery code instead").click()
    look(jo)
    jo.get_by_label("Recovery code").fill(recovery_code)
    button(jo, "Go on")
    expect(jo).to_have_title(re.compile("Home"))
