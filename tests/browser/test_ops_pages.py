"""Operators' pages in a real browser: charts, live rows, keyboard, no script, narrow, dark."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect

from sms_service.factory.stores import database_of
from sms_service.service.access import Role
from sms_service.storage import message_log
from tests.ops.conftest import *  # noqa: F403 - fixtures are found by their names
from tests.sql_databases import an_event
from tests.staff_site import BrowserStaff, assert_accessible, assert_accessible_everywhere

EVERY_MS = 5_000
"""How often the log asks for new rows."""


@pytest.fixture
def site(
    staff_client: Callable[..., Any], watched: Callable[..., Any], serve: Callable[[Flask], str]
) -> tuple[str, Any]:
    line = watched(LINE_ENV="development", PUBLIC_URL="http://127.0.0.1:9", TWILIO_ACCOUNT_SID="")
    return serve(staff_client(Role.OPS, line=line).app), line


def test_the_status_page_answers_its_question_first_and_draws(
    site: tuple[str, Any], staff_browser: BrowserStaff
) -> None:
    page = staff_browser.open(f"{site[0]}/status")
    expect(page.locator("h1")).to_have_text("The line is answering")
    assert page.locator("h1").bounding_box()["y"] < 300  # type: ignore[index]
    charts = page.locator(".chart__plot").count()
    assert charts > 3
    expect(page.locator(".uplot canvas")).to_have_count(charts)
    assert_accessible_everywhere(page)


def test_the_charts_are_tables_without_script(site: tuple[str, Any], staff_browser: BrowserStaff) -> None:
    page = staff_browser.open(f"{site[0]}/status", script=False, width=320)
    expect(page.locator(".chart__plot:visible")).to_have_count(0)
    page.locator("summary").first.click()
    expect(page.locator("details[open] tbody tr")).to_have_count(24)


def test_the_log_is_used_by_keyboard(site: tuple[str, Any], staff_browser: BrowserStaff) -> None:
    page = staff_browser.open(f"{site[0]}/log")
    page.locator("summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("#kind")).to_be_focused()
    page.locator("#reply").select_option("urgent")
    page.locator("#error_code").fill("30003")
    page.locator("#error_code").press("Enter")
    page.wait_for_url("**error_code=30003**")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.locator("tbody a").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/log/message/**")
    assert_accessible(page)


def test_new_rows_appear_while_following_also_after_the_connection_was_gone(
    site: tuple[str, Any], staff_browser: BrowserStaff
) -> None:
    address, line = site
    page = staff_browser.open(f"{address}/log?live=1", expect_statuses=(503,))
    page.clock.install()
    page.reload()
    page.route("**/log?*part=rows*", lambda route: route.fulfill(status=503, body=""))
    page.clock.fast_forward(EVERY_MS)
    expect(page.locator("#page-notice")).not_to_be_empty()
    page.unroute("**/log?*part=rows*")
    followed = page.locator("tbody a").first
    here = page.locator(f"[id='{followed.get_attribute('id')}']")
    followed.focus()
    database = database_of(line.line.settings)
    with database.write() as connection:
        message_log.add_events(connection, [an_event(5000, at=dt.datetime.now(dt.UTC), reply="talk")])
    database.close()
    page.clock.fast_forward(EVERY_MS)
    page.wait_for_selector("tbody tr:first-child td:has-text('talk')")
    expect(here).to_be_focused()
    expect(page.locator("#page-said")).to_contain_text("Newest row: ")
    assert_accessible(page)
    staff_browser.said[:] = [said for said in staff_browser.said if "503" not in said]  # htmx tells the console too
