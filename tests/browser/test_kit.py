"""The page kit in a real browser: every piece of it, light and dark, narrow and wide, with and without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from playwright.sync_api import expect

from sms_service.service.access import Role
from tests.staff_sampler import sampler_blueprint
from tests.staff_site import (
    BrowserStaff,
    Scheme,
    StaffClient,
    assert_accessible,
    pages_app,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import LineUnderTest


@pytest.fixture
def site(
    staff_client: Callable[..., StaffClient], make_line: Callable[..., LineUnderTest], serve: Callable[[Flask], str]
) -> str:
    app = staff_client(Role.EDITOR, Role.OPS, line=make_line(LINE_ENV="development")).app
    pages_app(app).register_blueprint(sampler_blueprint())
    return serve(app)


@pytest.mark.parametrize(
    ("width", "scheme", "script"), [(320, "light", True), (1100, "dark", True), (320, "dark", False)]
)
def test_every_piece_is_accessible(
    site: str, staff_browser: BrowserStaff, width: int, scheme: Scheme, script: bool, tmp_path: Path
) -> None:
    page = staff_browser.open(f"{site}/sampler", width=width, scheme=scheme, script=script)
    if script:
        assert_accessible(page)
    page.get_by_role("button", name="Press the button").click()
    expect(page.get_by_text("Mind the gap")).to_be_visible()
    if script:
        assert_accessible(page)
    page.get_by_role("button", name="Save").click()
    expect(page).to_have_title(re.compile("^Error: Sampler"))
    expect(page.get_by_role("link", name="Enter a name")).to_be_visible()
    if script:
        expect(page.locator(".govuk-error-summary")).to_be_focused()
        assert_accessible(page)
    page.screenshot(path=tmp_path / f"kit_{width}_{scheme}_{script}.png", full_page=True)


def test_the_keyboard_alone_skips_to_the_content_and_opens_the_menu(site: str, staff_browser: BrowserStaff) -> None:
    page = staff_browser.open(f"{site}/sampler", width=320)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#main-content")).to_be_focused()
    page.reload()
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Not for editors")).to_be_visible()


def test_htmx_works_under_the_policy_and_failures_are_said_aloud(site: str, staff_browser: BrowserStaff) -> None:
    page = staff_browser.open(f"{site}/sampler", expect_statuses=(500,))
    page.evaluate("htmx.ajax('GET', '/sampler/part', '#target')")
    page.locator("#part").wait_for()
    page.evaluate("htmx.ajax('GET', '/sampler/broken', '#target')")
    page.get_by_text("What you typed is still here.").wait_for()
    staff_browser.said[:] = [said for said in staff_browser.said if "Response Status Error Code 500" not in said]
