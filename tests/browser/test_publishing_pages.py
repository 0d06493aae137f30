"""Whole journeys through drafts, releases and books in a real browser, by keyboard alone, most without any script."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from sms_service.core.people import Person
from sms_service.core.publishing.field_edits import FieldEdit
from sms_service.service.publishing.publishing import Publishing
from tests.browser.keyboard import Keyboard
from tests.publishing_in_memory import ANN, BEN
from tests.publishing_site import NEW_WORDS, Site, log_in, make_site
from tests.staff_site import BrowserStaff, Scheme

if TYPE_CHECKING:
    from tests.conftest import LineUnderTest

pytestmark = pytest.mark.timeout(300)  # a browser on a busy machine; on an idle one each takes some seconds

_PATIENCE_MS = 60_000
"""The first page about a draft reads two books; on a busy machine that takes its time."""


@dataclass
class Tour:
    """Walks through pages as somebody; without scripts unless a journey needs them."""

    site: Site
    address: str
    browser: BrowserStaff

    def open(self, person: Person, *, width: int = 1100, scheme: Scheme = "light", script: bool = False) -> Page:
        page = self.browser.open(
            f"{self.address}/healthz", width=width, scheme=scheme, script=script, expect_statuses=(409, 422, 403)
        )
        page.set_default_navigation_timeout(_PATIENCE_MS)
        log_in(page, self.address, person)
        return page


@pytest.fixture
def tour(
    make_line: Callable[..., LineUnderTest],
    publishing: Publishing,
    serve: Callable[[Flask], str],
    staff_browser: BrowserStaff,
) -> Tour:
    site = make_site(make_line(LINE_ENV="development"), publishing)
    return Tour(site, serve(site.app), staff_browser)


def test_a_change_on_its_way(tour: Tour) -> None:
    site, ann = tour.site, Keyboard(tour.open(ANN))
    draft = site.draft("Kinder words", FieldEdit(("text", "en"), NEW_WORDS), FieldEdit(("keywords",), ("MEET", "DATE")))
    ann.page.goto(f"{tour.address}/drafts/1")
    ann.type_in("What should your colleague know?", "Please read the first line aloud.")
    ann.press("Submit for approval")
    expect(ann.page.get_by_text("somebody else has to approve it")).to_be_visible()
    expect(ann.page.get_by_role("button", name="Approve")).to_have_count(0)

    ben = Keyboard(tour.open(BEN))
    ben.page.goto(f"{tour.address}/drafts")
    ben.press("Kinder words")
    ben.press("Send it back")
    expect(ben.page).to_have_title(re.compile("^Error: "))
    ben.type_in("What should be changed?", "Say 'call', not 'contact'.")
    ben.press("Send it back")
    ann.page.reload()
    expect(ann.page.get_by_text("Say 'call', not 'contact'.").first).to_be_visible()
    ann.press("Submit for approval")
    ben.page.goto(f"{tour.address}/drafts/1")
    ben.press("Approve")
    ben.press("Publish now")
    expect(ben.page).to_have_url(re.compile("/releases/1$"))
    assert site.publishing.drafts.get(draft.draft_id).status.value == "published"


def test_a_wrong_number_and_what_everybody_sees_then(tour: Tour) -> None:
    tour.site.number_draft()
    ann = Keyboard(tour.open(ANN))
    ann.page.goto(f"{tour.address}/drafts/1")
    ann.press("Publish it alone, now")
    ann.type_in("What was wrong", "The old number rang out. The new one was answered.")
    ann.press("Publish now, without a second person")
    ben = Keyboard(tour.open(BEN))
    ben.page.goto(f"{tour.address}/releases")
    ben.press("Look at release 1")
    ben.press("I have looked: it is right")
    expect(ben.page.get_by_text("Looked at by")).to_be_visible()


def test_back_to_an_earlier_release_without_a_script(tour: Tour) -> None:
    tour.site.published("First")
    tour.site.published("Second")
    ben = Keyboard(tour.open(BEN))
    ben.page.goto(f"{tour.address}/releases/1")
    ben.press("Make this live again")
    ben.press("Make it live now")
    expect(ben.page.get_by_role("heading", name="Release 3")).to_be_visible()
    assert tour.site.publishing.releases.live().number == 3
    ben.page.goto(f"{tour.address}/history")
    ben.choose("What was done", "Restored a release")
    ben.press("Search")
    expect(ben.page.locator(".entry")).to_have_count(1)


def test_blocked_clashing_and_brought_in(tour: Tour) -> None:
    site, ann = tour.site, Keyboard(tour.open(ANN))
    site.draft("No keywords", FieldEdit(("keywords",), ("ZZZZ",)), path="urgent.yaml")
    ann.page.goto(f"{tour.address}/drafts/1")
    site.draft("Mine")
    site.published("Theirs")
    ann.page.goto(f"{tour.address}/drafts/2")
    ann.press("Take in what is live")
    expect(ann.page.get_by_role("heading", name="Both changed the same")).to_be_visible()
    ann.tick("What this draft says")
    ann.press("Take it in with these choices")
    expect(ann.page.get_by_text("Read it once more")).to_be_visible()
    ann.page.goto(f"{tour.address}/book")
    ann.choose_file("Zip file", {"name": "x.zip", "mimeType": "application/zip", "buffer": b"no zip"})
    ann.press("Bring it in as a draft")
    expect(ann.page.get_by_role("link", name="cannot be opened")).to_be_visible()


def test_trying_texts_and_calls(tour: Tour) -> None:
    tour.site.draft()
    ann = Keyboard(tour.open(ANN))
    ann.page.goto(f"{tour.address}/try?book=1")
    ann.type_in("Your text", "MEET")
    ann.press("Send")
    expect(ann.page.locator("#newest")).to_contain_text("We want you safe.")
    ann.press("Ring it")
    ann.press("Ring", exact=True)
    ann.press("1")
    expect(ann.page.get_by_text("You press 1.")).to_be_visible()


def test_the_page_asks_again_until_the_draft_has_been_tried(tour: Tour) -> None:
    waiting: list[Callable[[], None]] = []
    tour.site.publishing.trials._run = waiting.append
    draft = tour.site.approved()
    page = tour.open(BEN, script=True)
    page.goto(f"{tour.address}/drafts/{draft.draft_id}")
    expect(page.get_by_text("Being tried now")).to_be_visible()
    waiting.pop(0)()
    expect(page.get_by_role("button", name="Publish now")).to_be_visible()
    expect(page.locator("#tried").get_by_text("texts were tried")).to_be_visible()
    expect(page.locator("#page-said")).to_contain_text("texts were tried")


def test_every_step_of_writing_without_a_script(tour: Tour) -> None:
    ann = Keyboard(tour.open(ANN, width=320))

    def saved(path: str) -> str:
        return tour.site.publishing.drafts.file(tour.site.publishing.drafts.get(1), path).text

    ann.page.goto(f"{tour.address}/replies")
    ann.type_in("What do you want to change?", "Kinder words")
    ann.press("Start")
    ann.press("Meeting somebody from online")
    ann.add_to("English: The text", " Or tell ")
    ann.choose("Put in a number or address (The text, English)", "Childline")
    ann.press("Put it in (The text, English)")
    ann.type_in("English: If they ask again", "You did well to ask again. Call ((Childline)).")
    ann.add_to("Keywords", "\nMEET HIM")
    ann.press("Save in this draft")
    expect(ann.page.get_by_text("Saved in this draft")).to_be_visible()
    assert "Or tell {contact.childline}" in saved("meet.yaml")
    assert "You did well to ask again. Call {contact.childline}." in saved("meet.yaml")
    assert "MEET HIM" in saved("meet.yaml")
    ann.press("Sentences that lead here")
    ann.type_in("Add sentences", "he wants to see me at the park")
    ann.press("Add")
    assert "he wants to see me at the park" in saved("examples/meet.txt")
    ann.page.goto(f"{tour.address}/drafts/1/replies/meet/golden")
    ann.type_in("Add a text", "MEET UP")
    ann.press("Add to this draft")
    assert "MEET UP" in saved("golden.yaml")
    ann.page.goto(f"{tour.address}/drafts/1/contacts/childline")
    ann.press("I rang it today")
    ann.page.goto(f"{tour.address}/drafts/1/settings")
    ann.press("Down")
    ann.press("Save in this draft")
    assert saved("service.yaml").index("- blackmail") < saved("service.yaml").index("- iwf")
    ann.press("See what changes, and publish")
    expect(ann.page.get_by_text("he wants to see me at the park")).to_be_visible()
    ann.press("Submit for approval")
    expect(ann.page.get_by_text("Submitted.")).to_be_visible()


def test_a_change_by_keyboard_alone(tour: Tour) -> None:
    ann = Keyboard(tour.open(ANN, script=True))
    ann.page.goto(f"{tour.address}/drafts")
    ann.type_in("What do you want to change?", "Kinder words")
    ann.page.keyboard.press("Enter")
    ann.page.wait_for_url("**/drafts/1/replies")
    ann.press("Meeting somebody from online")
    ann.add_to("English: The text", " You decide.")
    ann.press("Save in this draft")
    expect(ann.page.locator(".govuk-notification-banner")).to_be_focused()
    ann.press("See what changes, and publish")
    ann.press("Submit for approval")
    expect(ann.page.locator(".govuk-notification-banner")).to_be_focused()
    ben = Keyboard(tour.open(BEN, script=True))
    ben.page.goto(f"{tour.address}/drafts/1")
    ben.press("Approve")
    expect(ben.page.locator(".govuk-notification-banner")).to_be_focused()
    ben.press("Publish now")
    ben.page.wait_for_url("**/releases/1")
    assert "You decide." in tour.site.publishing.releases.files(1)["meet.yaml"]
