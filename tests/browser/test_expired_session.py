"""An editor whose session runs out while they write loses no word, with and without scripts, through both proofs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import text

from sms_service.core.people import Role
from sms_service.factory.stores import database_of
from sms_service.factory.web import app_of
from sms_service.service.messaging import utc_now
from sms_service.service.publishing.publishing import Publishing
from tests.publishing_in_memory import ANN
from tests.staff_accounts import PASSWORD, Member, Site
from tests.staff_site import BrowserStaff, assert_accessible

WORDS = "You did nothing wrong.\nTalk to somebody you trust."


def go_for_a_walk(site: Site) -> None:
    """Let every session run out."""
    database = database_of(site.line.line.settings)
    with database.write() as connection:
        connection.execute(
            text("UPDATE staff_session SET seen_at = :then"), {"then": utc_now() - dt.timedelta(hours=1)}
        )
    database.close()


@pytest.mark.parametrize("script", [True, False])
def test_typed_words_come_through_a_new_log_in(
    make_site: Callable[..., Site],
    publishing: Publishing,
    serve: Callable[[Flask], str],
    staff_browser: BrowserStaff,
    *,
    script: bool,
) -> None:
    site = make_site(LINE_ENV="development")
    site.line.line = replace(site.line.line, publishing=publishing)
    site.app = app_of(site.line.line)
    editor: Member = site.member(Role.EDITOR)
    draft = publishing.drafts.open(ANN, "Kinder words")
    account = site.staff.accounts.store.by_email(editor.email)
    assert account is not None
    cookie = site.session_of(account.person_id).cookie
    address = serve(site.app)
    page = staff_browser.open(f"{address}/log-in", script=script, expect_statuses=(401,))
    page.context.add_cookies([{"name": "session", "value": cookie, "url": address}])
    page.goto(f"{address}/drafts/{draft.draft_id}/replies/talk")
    go_for_a_walk(site)
    page.get_by_label("English: The text", exact=True).fill(WORDS)
    if script:
        expect(page.locator("#page-notice")).to_contain_text("You have been logged out")
        page.get_by_label("English: The text", exact=True).press_sequentially(" Now.")
    page.get_by_role("button", name="Save in this draft").click()
    expect(page.locator("h1")).to_have_text("You have been logged out")
    page.get_by_role("button", name="Log in").click()
    page.get_by_label("Email address").fill(editor.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    page.get_by_label("Code").fill(editor.code())
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("h1")).to_have_text("Your work is still here")
    if script:
        assert_accessible(page)
        assert all("401" in said for said in staff_browser.said), staff_browser.said
        staff_browser.said.clear()  # htmx tells the console too
    page.get_by_role("button", name="Send it now").click()
    expect(page.get_by_text("Saved in this draft")).to_be_visible()
    saved = publishing.drafts.fields(publishing.drafts.get(draft.draft_id), "talk.yaml").fields
    assert saved["text"]["en"].strip() == WORDS + (" Now." if script else "")  # type: ignore[index,call-overload,union-attr]
