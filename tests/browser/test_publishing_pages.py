"""Whole journeys through drafts, releases and books in a real browser: without any script, and by keyboard alone."""

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
    site, page = tour.site, tour.open(ANN)
    draft = site.draft("Kinder words", FieldEdit(("text", "en"), NEW_WORDS), FieldEdit(("keywords",), ("MEET", "DATE")))
    page.goto(f"{tour.address}/drafts/1")
    page.get_by_label("What should your colleague know?").fill("Please read the first line aloud.")
    page.get_by_role("button", name="Submit for approval").click()
    expect(page.get_by_text("somebody else has to approve it")).to_be_visible()
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)

    ben = tour.open(BEN)
    ben.goto(f"{tour.address}/drafts")
    ben.get_by_role("link", name="Kinder words").click()
    ben.get_by_role("button", name="Send it back").click()
    expect(ben).to_have_title(re.compile("^Error: "))
    ben.get_by_role("button", name="Approve").click()
    ben.get_by_role("button", name="Publish now").click()
    expect(ben).to_have_url(re.compile("/releases/1$"))
    assert site.publishing.drafts.get(draft.draft_id).status.value == "published"


def test_a_wrong_number_and_what_everybody_sees_then(tour: Tour) -> None:
    tour.site.number_draft()
    page = tour.open(ANN)
    page.goto(f"{tour.address}/drafts/1")
    page.get_by_role("button", name="Publish it alone, now").click()
    page.get_by_label("What was wrong").fill("The old number rang out. The new one was answered.")
    page.get_by_role("button", name="Publish now, without a second person").click()
    ben = tour.open(BEN)
    ben.goto(f"{tour.address}/releases")
    ben.get_by_role("link", name="Look at release 1").click()
    ben.get_by_role("button", name="I have looked: it is right").click()
    expect(ben.get_by_text("Looked at by")).to_be_visible()


def test_back_to_an_earlier_release_without_a_script(tour: Tour) -> None:
    tour.site.published("First")
    tour.site.published("Second")
    page = tour.open(BEN)
    page.goto(f"{tour.address}/releases/1")
    page.get_by_role("button", name="Make this live again").click()
    page.get_by_role("button", name="Make it live now").click()
    expect(page.get_by_role("heading", name="Release 3")).to_be_visible()
    assert tour.site.publishing.releases.live().number == 3


def test_blocked_clashing_and_brought_in(tour: Tour) -> None:
    site, page = tour.site, tour.open(ANN)
    site.draft("No keywords", FieldEdit(("keywords",), ("ZZZZ",)), path="urgent.yaml")
    page.goto(f"{tour.address}/drafts/1")
    site.draft("Mine")
    site.published("Theirs")
    page.goto(f"{tour.address}/drafts/2")
    page.get_by_role("button", name="Take in what is live").click()
    expect(page.get_by_role("heading", name="Both changed the same")).to_be_visible()
    page.get_by_label("What this draft says").check()
    page.get_by_role("button", name="Take it in with these choices").click()
    expect(page.get_by_text("Read it once more")).to_be_visible()
    page.goto(f"{tour.address}/book")
    page.get_by_label("Zip file").set_input_files({"name": "x.zip", "mimeType": "application/zip", "buffer": b"no zip"})
    page.get_by_role("button", name="Bring it in as a draft").click()
    expect(page.get_by_role("link", name="cannot be opened")).to_be_visible()


def test_trying_and_learning(tour: Tour) -> None:
    tour.site.draft()
    page = tour.open(ANN)
    page.goto(f"{tour.address}/try?book=1")
    page.get_by_label("Your text").fill("MEET")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#newest")).to_contain_text("We want you safe.")
    page.get_by_role("link", name="Ring it").click()
    page.get_by_role("button", name="Ring", exact=True).click()
    page.get_by_role("button", name="1", exact=True).click()
    expect(page.get_by_text("You press 1.")).to_be_visible()


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
    page = tour.open(ANN, width=320)

    def press(name: str) -> None:
        with page.expect_navigation():
            page.get_by_role("button", name=name).first.click()

    def saved(path: str) -> str:
        return tour.site.publishing.drafts.file(tour.site.publishing.drafts.get(1), path).text

    page.goto(f"{tour.address}/replies")
    page.get_by_label("What do you want to change?").fill("Kinder words")
    press("Start")
    page.get_by_role("link", name="Meeting somebody from online").first.click()
    page.wait_for_load_state()
    text = page.get_by_label("English: The text", exact=True)
    text.fill(text.input_value() + " Or tell ")
    page.get_by_label("Put in a number or address (The text, English)").select_option("childline")
    press("Put it in (The text, English)")
    press("Save in this draft")
    expect(page.get_by_text("Saved in this draft")).to_be_visible()
    assert "Or tell {contact.childline}" in saved("meet.yaml")
    page.get_by_role("link", name="Sentences that lead here").click()
    page.get_by_label("Add sentences").fill("he wants to see me at the park")
    press("Add")
    assert "he wants to see me at the park" in saved("examples/meet.txt")
    page.goto(f"{tour.address}/drafts/1/replies/meet/golden")
    page.get_by_label("Add a text").fill("MEET UP")
    press("Add to this draft")
    assert "MEET UP" in saved("golden.yaml")
    page.goto(f"{tour.address}/drafts/1/contacts/childline")
    press("I rang it today")
    page.goto(f"{tour.address}/drafts/1/settings")
    press("Down")
    press("Save in this draft")
    assert saved("service.yaml").index("- blackmail") < saved("service.yaml").index("- iwf")
    page.get_by_role("link", name="See what changes, and publish").click()
    expect(page.get_by_text("he wants to see me at the park")).to_be_visible()
    press("Submit for approval")
    expect(page.get_by_text("Submitted.")).to_be_visible()


class Keyboard:
    """Somebody without a mouse, who sees where they are."""

    MOST_TABS = 150

    def __init__(self, page: Page) -> None:
        self.page = page

    def to(self, name: str) -> None:
        """Press Tab until the focus is on what is called so."""
        for _ in range(self.MOST_TABS):
            self.page.keyboard.press("Tab")
            here, is_seen = self.page.evaluate(
                """() => {
                  const it = document.activeElement, style = getComputedStyle(it);
                  const seen = style.outlineStyle !== "none" && style.outlineWidth !== "0px";
                  return [(it.labels?.[0] ?? it).innerText ?? "", seen || it === document.body];
                }"""
            )
            assert is_seen, f"nobody sees that the focus is on {here!r}"
            if here.strip().startswith(name):
                return
        raise AssertionError(f"{name!r} is not reached by the keyboard")

    def follow(self, name: str) -> None:
        """Go to a link or button and press Enter."""
        self.to(name)
        self.page.keyboard.press("Enter")


def test_a_change_by_keyboard_alone(tour: Tour) -> None:
    ann = Keyboard(tour.open(ANN, script=True))
    ann.page.goto(f"{tour.address}/drafts")
    ann.to("What do you want to change?")
    ann.page.keyboard.type("Kinder words")
    ann.page.keyboard.press("Enter")
    ann.page.wait_for_url("**/drafts/1/replies")
    ann.follow("Meeting somebody from online")
    ann.page.wait_for_url("**/replies/meet")
    ann.to("English")
    ann.page.keyboard.press("Control+End")
    ann.page.keyboard.type(" You decide.")
    ann.page.keyboard.press("Control+Home")
    ann.follow("Save in this draft")
    expect(ann.page.locator(".govuk-notification-banner")).to_be_focused()
    ann.follow("See what changes, and publish")
    ann.page.wait_for_url("**/drafts/1")
    ann.follow("Submit for approval")
    expect(ann.page.locator(".govuk-notification-banner")).to_be_focused()
    ben = Keyboard(tour.open(BEN, script=True))
    ben.page.goto(f"{tour.address}/drafts/1")
    ben.follow("Approve")
    expect(ben.page.locator(".govuk-notification-banner")).to_be_focused()
    ben.follow("Publish now")
    ben.page.wait_for_url("**/releases/1")
    assert "You decide." in tour.site.publishing.releases.files(1)["meet.yaml"]
