"""Drafts, releases, books and the history in a real browser: every page and state, narrow and wide, dark and light."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from sms_service.core.people import Person
from sms_service.core.publishing.field_edits import FieldEdit
from sms_service.service.publishing.publishing import Publishing
from tests.publishing_in_memory import ANN, BEN
from tests.publishing_site import NEW_WORDS, Site, log_in, make_site
from tests.staff_site import BrowserStaff, Scheme, assert_accessible

if TYPE_CHECKING:
    from tests.conftest import LineUnderTest

pytestmark = pytest.mark.timeout(300)  # a browser and axe on a busy machine; on an idle one each takes some seconds

_PATIENCE_MS = 60_000
"""The first page about a draft reads two books; on a busy machine that takes its time."""


@dataclass
class Tour:
    """Walks through pages as somebody, and holds each to the rules: once narrow and dark, once wide and light."""

    site: Site
    address: str
    browser: BrowserStaff
    pictures: Path

    def open(self, person: Person, *, width: int = 1100, scheme: Scheme = "light", script: bool = True) -> Page:
        page = self.browser.open(
            f"{self.address}/healthz", width=width, scheme=scheme, script=script, expect_statuses=(409, 422, 403)
        )
        page.set_default_navigation_timeout(_PATIENCE_MS)
        log_in(page, self.address, person)
        return page

    def check(self, page: Page, name: str) -> None:
        """Hold the page as it stands; a picture of each kind is left for people to look at."""
        for width, scheme in ((320, "dark"), (1100, "light")):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            assert_accessible(page)
            page.screenshot(path=self.pictures / f"{name}_{width}_{scheme}.png", full_page=True)

    def go(self, page: Page, path: str, name: str) -> None:
        page.goto(self.address + path)
        self.check(page, name)


@pytest.fixture
def tour(
    make_line: Callable[..., LineUnderTest],
    publishing: Publishing,
    serve: Callable[[Flask], str],
    staff_browser: BrowserStaff,
    tmp_path: Path,
) -> Tour:
    site = make_site(make_line(LINE_ENV="development"), publishing)
    return Tour(site, serve(site.app), staff_browser, tmp_path)


def test_a_change_on_its_way(tour: Tour) -> None:
    site, page = tour.site, tour.open(ANN)
    draft = site.draft("Kinder words", FieldEdit(("text", "en"), NEW_WORDS), FieldEdit(("keywords",), ("MEET", "DATE")))
    tour.go(page, "/drafts/1", "draft_open")
    page.get_by_label("What should your colleague know?").fill("Please read the first line aloud.")
    page.get_by_role("button", name="Submit for approval").click()
    expect(page.get_by_text("somebody else has to approve it")).to_be_visible()
    assert page.get_by_role("button", name="Approve").count() == 0

    ben = tour.open(BEN)
    tour.go(ben, "/drafts", "drafts_to_read")
    ben.get_by_role("link", name="Kinder words").click()
    ben.get_by_role("button", name="Send it back").click()
    expect(ben).to_have_title(re.compile("^Error: "))
    tour.check(ben, "draft_error")
    ben.get_by_role("button", name="Approve").click()
    tour.check(ben, "draft_approved")
    ben.get_by_role("button", name="Publish now").click()
    expect(ben).to_have_url(re.compile("/releases/1$"))
    tour.check(ben, "release")
    assert site.publishing.drafts.get(draft.draft_id).status.value == "published"


def test_a_wrong_number_and_what_everybody_sees_then(tour: Tour) -> None:
    tour.site.number_draft()
    page = tour.open(ANN)
    page.goto(f"{tour.address}/drafts/1")
    page.get_by_role("button", name="Publish it alone, now").click()
    page.get_by_label("What was wrong").fill("The old number rang out. The new one was answered.")
    page.get_by_role("button", name="Publish now, without a second person").click()
    tour.check(page, "urgent_published")
    ben = tour.open(BEN)
    ben.goto(f"{tour.address}/releases")
    ben.get_by_role("link", name="Look at release 1").click()
    ben.get_by_role("button", name="I have looked: it is right").click()
    expect(ben.get_by_text("Looked at by")).to_be_visible()


def test_back_to_an_earlier_release_without_a_script(tour: Tour) -> None:
    tour.site.published("First")
    tour.site.published("Second")
    page = tour.open(BEN, script=False)
    page.goto(f"{tour.address}/releases/1")
    page.get_by_role("button", name="Make this live again").click()
    page.get_by_role("button", name="Make it live now").click()
    assert page.get_by_role("heading", name="Release 3").is_visible()
    assert tour.site.publishing.releases.live().number == 3
    looked = tour.open(BEN)
    tour.go(looked, "/releases/2/restore", "restore")
    tour.go(looked, "/releases/compare?older=1&newer=2", "compare")
    tour.go(looked, "/history", "history")


def test_blocked_clashing_and_brought_in(tour: Tour) -> None:
    site, page = tour.site, tour.open(ANN)
    site.draft("No keywords", FieldEdit(("keywords",), ("ZZZZ",)), path="urgent.yaml")
    tour.go(page, "/drafts/1", "draft_lost_danger")
    site.draft("Mine")
    site.published("Theirs")
    tour.go(page, "/drafts/2", "draft_behind")
    page.get_by_role("button", name="Take in what is live").click()
    expect(page.get_by_role("heading", name="Both changed the same")).to_be_visible()
    tour.check(page, "catch_up")
    page.get_by_label("What this draft says").check()
    page.get_by_role("button", name="Take it in with these choices").click()
    expect(page.get_by_text("Read it once more")).to_be_visible()
    page.goto(f"{tour.address}/book")
    page.get_by_label("Zip file").set_input_files({"name": "x.zip", "mimeType": "application/zip", "buffer": b"no zip"})
    page.get_by_role("button", name="Bring it in as a draft").click()
    expect(page.get_by_role("link", name="cannot be opened")).to_be_visible()
    tour.check(page, "book_error")


def test_trying_and_learning(tour: Tour) -> None:
    tour.site.draft()
    page = tour.open(ANN)
    page.goto(f"{tour.address}/try?book=1")
    page.get_by_label("Your text").fill("MEET")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#newest")).to_contain_text("We want you safe.")
    tour.check(page, "try_text")
    page.get_by_role("link", name="Ring it").click()
    page.get_by_role("button", name="Ring", exact=True).click()
    page.get_by_role("button", name="1", exact=True).click()
    expect(page.get_by_text("You press 1.")).to_be_visible()
    tour.check(page, "try_call")
    tour.go(page, "/learn", "learn_off")


def test_the_page_asks_again_until_the_draft_has_been_tried(tour: Tour) -> None:
    waiting: list[Callable[[], None]] = []
    tour.site.publishing.trials._run = waiting.append
    draft = tour.site.approved()
    page = tour.open(BEN)
    page.goto(f"{tour.address}/drafts/{draft.draft_id}")
    assert page.get_by_text("Being tried now").is_visible()
    tour.check(page, "draft_being_tried")
    waiting.pop(0)()
    expect(page.get_by_role("button", name="Publish now")).to_be_visible()
    expect(page.get_by_text("texts were tried")).to_be_visible()
