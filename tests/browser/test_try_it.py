"""The test page in a real browser: no script, no console error, no axe finding; wide, narrow, light and dark."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, expect

from sms_service.factory.web import app_of
from tests.staff_site import assert_accessible_everywhere, served

if TYPE_CHECKING:
    from tests.conftest import LineUnderTest

LEFT = "net::ERR_ABORTED"
"""The page was left before the file came: what a quick finger does, and nobody's fault."""


@pytest.fixture
def address(make_line: Callable[..., LineUnderTest]) -> Iterator[str]:
    with served(app_of(make_line(LINE_ENV="development").line)) as address:
        yield f"{address}/"


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Open the page and fail on anything that the console says."""
    said: list[str] = []
    contexts = []

    def open_it(*, width: int = 1100, script: bool = True) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 800}, java_script_enabled=script)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("requestfailed", lambda request: None if request.failure == LEFT else said.append(request.url))
        page.goto(address)
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert said == []


def text(page: Page, words: str) -> None:
    page.get_by_label("Your text").fill(words)
    page.get_by_role("button", name="Send").click()


def test_texting_works_without_any_script(open_page: Callable[..., Page]) -> None:
    page = open_page(script=False)
    text(page, "URGENT")
    newest = page.locator("#newest")
    expect(newest).to_contain_text("0116 454 1004")
    expect(newest).to_contain_text("Keyword URGENT.")
    page.get_by_role("button", name="MORE", exact=True).click()
    expect(newest).to_contain_text("Say where you are first")
    page.get_by_role("button", name="Start again").click()
    expect(page.get_by_text("No texts yet")).to_be_visible()


def test_axe_finds_nothing_and_nothing_is_cut_off(open_page: Callable[..., Page]) -> None:
    page = open_page()
    text(page, "he keeps asking me for a pic" + " averyveryverylongwordwithoutanyblankinit" * 3)
    text(page, "STOP")
    text(page, "STOP")
    assert_accessible_everywhere(page)


def test_the_telephone_too(open_page: Callable[..., Page]) -> None:
    page = open_page(width=320, script=False)
    page.get_by_role("link", name="Ring it instead").click()
    page.get_by_role("button", name="Ring", exact=True).click()
    page.get_by_role("button", name="2", exact=True).click()
    page.get_by_label("Say something").fill("i want to talk to somebody")
    page.keyboard.press("Enter")
    expect(page.locator(".exchange")).to_have_count(3)
    accessible = open_page()
    accessible.get_by_role("link", name="Ring it instead").click()
    expect(accessible.locator(".exchange")).to_have_count(3)
    assert_accessible_everywhere(accessible)


def test_everything_can_be_done_with_the_keyboard(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.get_by_label("Your text").focus()
    page.keyboard.type("help")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/#newest")
    expect(page.locator("#newest")).to_contain_text("with a picture")
    expect(page).to_have_title("Reply received: Try the line")


def test_what_is_typed_never_runs(open_page: Callable[..., Page]) -> None:
    page = open_page()
    text(page, "<img src=x onerror=\"document.title='run'\"> javascript:alert(1) \u202e")
    expect(page).to_have_title("Reply received: Try the line")
    page.wait_for_load_state()
    expect(page.locator("#newest img")).to_have_count(0)
