"""Editors' pages in a real browser: writing with scripts and without."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from playwright.sync_api import Dialog, expect

from sms_service.core.publishing.field_edits import FieldEdit, FieldValue
from sms_service.service.publishing.publishing import Publishing
from tests.browser.keyboard import Keyboard
from tests.editing_site import BEA, EditingSite
from tests.staff_site import BrowserStaff

if TYPE_CHECKING:
    from tests.conftest import LineUnderTest

REPLY = "/drafts/1/replies/talk"


@pytest.fixture
def editing(make_line: Callable[..., LineUnderTest], publishing: Publishing) -> EditingSite:
    """A site with a draft in which everything that a page can say is said."""
    site = EditingSite(make_line, publishing)
    site.draft("New hours for the team")
    hours: FieldValue = {"days": {"mon": ("09:00-12:00", "13:00-17:00")}, "open_on_bank_holidays": "no"}
    edits = {
        "contacts.yaml": [FieldEdit(("safeguarding_team", "hours"), hours)],
        "talk.yaml": [
            FieldEdit(("text", "cy"), "Dŵr a thŷ. {contact.childline}"),
            FieldEdit(("again", "en"), "Why did you not ring “us”!"),
        ],
    }
    drafts = publishing.drafts
    for path, changes in edits.items():
        drafts.save_fields(BEA, 1, path, drafts.fields(drafts.get(1), path).seen, changes)
    return site


@pytest.fixture
def address(editing: EditingSite, serve: Callable[[Flask], str]) -> str:
    return serve(editing.app(LINE_ENV="development"))


def test_the_phone_follows_the_typing_and_contacts_go_in_at_the_cursor(
    address: str, staff_browser: BrowserStaff, editing: EditingSite
) -> None:
    page = staff_browser.open(address + REPLY)
    text = page.get_by_label("English: The text", exact=True)
    text.fill("Stop! Talk to  today.")
    expect(page.locator("#look-text-en .phone__bubble").first).to_have_text("Stop! Talk to  today.", timeout=15_000)
    expect(page.locator("#look-text-en")).to_contain_text("exclamation mark")
    expect(page.locator("#glance")).to_contain_text("to mend")
    text.evaluate("field => field.setSelectionRange(14, 14)")
    page.get_by_label("Put in a number or address (The text, English)").select_option("childline")
    page.get_by_role("button", name="Put it in (The text, English)").click()
    expect(text).to_have_value("Stop! Talk to ((Childline)) today.")
    expect(page.locator("#look-text-en .phone__bubble").first).to_contain_text("0800 1111", timeout=15_000)
    expect(text).to_be_focused()
    page.get_by_role("button", name="Save in this draft").click()
    page.get_by_text("Saved in this draft").wait_for()
    assert editing.field(1, "talk.yaml", "text", "en") == "Stop! Talk to {contact.childline} today."


def test_leaving_with_unsaved_words_is_asked_about(address: str, staff_browser: BrowserStaff) -> None:
    page = staff_browser.open(f"{address}/drafts/1/new-reply")
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    page.get_by_label("Title").press_sequentially("x")
    page.get_by_role("link", name="Contacts", exact=True).click()
    page.wait_for_url("**/contacts")
    assert asked == ["beforeunload"]


def test_two_editors_without_a_script(address: str, staff_browser: BrowserStaff, editing: EditingSite) -> None:
    page = staff_browser.open(address + REPLY, width=320, script=False, expect_statuses=(409, 422))
    drafts = editing.publishing.drafts
    seen = drafts.fields(drafts.get(1), "talk.yaml").seen
    drafts.save_fields(BEA, 1, "talk.yaml", seen, [FieldEdit(("text", "en"), "Of Bea")])
    ann = Keyboard(page)
    ann.type_in("English: The text", "Of Ann")
    ann.press("Save in this draft")
    expect(page.get_by_role("heading", name="Two people changed the same")).to_be_visible()
    ann.tick("Mine")
    ann.press("Save the choice")
    expect(page.get_by_text("Saved in this draft")).to_be_visible()
    assert editing.field(1, "talk.yaml", "text", "en") == "Of Ann"


def test_what_a_caller_hears_follows_the_typing(
    address: str, staff_browser: BrowserStaff, editing: EditingSite
) -> None:
    """By keyboard alone: written, looked at, saved, and on to the next words of a call."""
    page = staff_browser.open(f"{address}/drafts/1/calls/words/welcome")
    text, heard = page.get_by_label("English", exact=True), page.locator("#look-call-words-welcome-en .phone__bubble")
    text.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("Hello. Hang up and call ((Emergency services)).")
    expect(heard).to_have_text("Hello. Hang up and call 9 9 9, again, 9 9 9.", timeout=15_000)
    expect(page.locator("#look-call-words-welcome-en")).to_contain_text("says other things before 999")
    expect(page.locator("#glance")).to_contain_text("1 to mend")
    page.get_by_role("button", name="Save, and go on to the next").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("999, put before what does not name it")
    assert str(editing.field(1, "service.yaml", "call", "words", "welcome", "en")).startswith("Hello.")
