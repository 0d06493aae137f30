"""The whole way of a change, in a real browser, on real stores: first link, invitations, edit, refused, approved,
published, another text for a child, restored. Along the way it takes the pictures of ``docs/staff.md``."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from flask import Flask
from passlib.totp import TOTP
from playwright.sync_api import Page, expect

from sms_service.core.people import Person, Role
from sms_service.core.publishing.field_edits import FieldEdit
from sms_service.factory.accounts import first_admin_address
from sms_service.factory.line import Line, build_line
from sms_service.factory.web import app_of
from sms_service.settings import read_settings
from sms_service.webhooks.signed_request import message_fields, sign
from sms_service.webhooks.simulated_phone import texts_in
from tests.staff_accounts import PASSWORD
from tests.staff_site import PATIENCE_MS, BrowserStaff

PUBLIC_URL = "http://127.0.0.1:8000"
TOKEN = "token-of-the-journey"
PEOPLE = {"Eve Editor": "eve@example.org", "Abi Approver": "abi@example.org"}
NEW_LINE = "You can say no, and you can leave."


@pytest.fixture
def line(tmp_path: Path, migrated_var: Path, shipped_files: Mapping[str, str]) -> Line:
    """A line on this machine with few examples, so that it learns them in a moment; one release is published."""
    book, var_dir = tmp_path / "responses", tmp_path / "var"
    for path, text in shipped_files.items():
        (book / path).parent.mkdir(parents=True, exist_ok=True)
        (book / path).write_text(text)
    (book / "golden.yaml").write_text("- text: URGENT\n  reply: urgent\n")
    shutil.copytree(migrated_var, var_dir)
    settings = read_settings(
        {
            "LINE_ENV": "development",
            "TWILIO_AUTH_TOKEN": TOKEN,
            "PUBLIC_URL": PUBLIC_URL,
            "VAR_DIR": str(var_dir),
            "RESPONSES_DIR": str(book),
            "PSEUDONYM_KEYS": "k1:" + 32 * "11",
            "SECRET_KEY": 32 * "s",
        }
    )
    built = build_line(settings)
    assert built.publishing is not None
    founder = Person("founder", "Sam Founder", frozenset(Role))
    drafts = built.publishing.drafts
    draft = drafts.open(founder, "The first book")
    seen = drafts.fields(draft, "talk.yaml").seen
    drafts.save_fields(founder, draft.draft_id, "talk.yaml", seen, [FieldEdit(("title",), "Talk to somebody")])
    built.publishing.releases.publish_alone(founder, draft.draft_id, "The first book")
    built.publishing.releases.look(Person("other", "Kim Other", frozenset(Role)), 1)
    return built


class Journey:
    """One site, and whoever opens it."""

    def __init__(self, line: Line, address: str, browser: BrowserStaff, pictures: Path) -> None:
        self.line = line
        self.address = address
        self._browser = browser
        self._pictures = pictures
        self._senders = (f"+447700900{number}" for number in range(100, 200))

    def open(self, link: str) -> Page:
        """Open the link that somebody was given."""
        page = self._browser.open(link.replace(PUBLIC_URL, self.address), expect_statuses=(403,))
        page.set_default_navigation_timeout(90_000)
        page.set_default_timeout(60_000)
        return page

    def join(self, link: str, **named: str) -> Page:
        """Come in by a link: password, authenticator app, recovery codes."""
        page = self.open(link)
        for label, value in named.items():
            page.get_by_label(label.replace("_", " ")).fill(value)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Go on").click()
        page.get_by_role("button", name="Show the code to scan").click()
        key = page.locator(".secret").inner_text().replace("-", "").replace(" ", "")
        page.get_by_label("Code").fill(TOTP(key=key).generate().token)
        page.get_by_role("button", name="Go on").click()
        page.get_by_role("button", name="Make recovery codes").click()
        page.get_by_role("button", name="I have kept them").click()
        expect(page).to_have_title(re.compile("Home"))
        return page

    def invite(self, admin: Page, name: str, role: str) -> str:
        """Invite somebody; give the link."""
        admin.goto(f"{self.address}/people/invite")
        admin.get_by_label("Name").fill(name)
        admin.get_by_label("Email address").fill(PEOPLE[name])
        admin.get_by_role("checkbox", name=re.compile(role)).check()
        admin.get_by_role("button", name="Make the invitation").click()
        return admin.locator("#link").inner_text()

    def text(self, words: str) -> str:
        """Text the line from another phone, signed, through its web server, as the provider does."""
        request = sign(f"{PUBLIC_URL}/sms", message_fields(words, next(self._senders), "AC" + 32 * "0"), TOKEN)
        headers = {"X-Twilio-Signature": request.signature, "Content-Type": "application/x-www-form-urlencoded"}
        port = self.address.rpartition(":")[2]
        with urlopen(Request(f"http://127.0.0.1:{port}/sms", request.raw_body, headers), timeout=20) as answer:
            return "\n".join(texts_in(answer.read()))

    def goes_live(self) -> None:
        """Let this process look for what is live, as its watcher does every two seconds."""
        assert self.line.book_watch is not None
        self.line.book_watch.live.look()

    def picture(self, page: Page, name: str) -> None:
        """Take a picture for the guide."""
        page.evaluate("window.scrollTo(0, 0)")
        page.screenshot(path=self._pictures / f"staff-{name}.png")


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """Wait for learning on a busy machine."""
    expect.set_options(timeout=60_000)
    yield
    expect.set_options(timeout=PATIENCE_MS)


@pytest.mark.timeout(600)
def test_from_the_first_link_to_another_text_and_back(  # noqa: PLR0915 - a journey has as many steps as it has
    line: Line, serve: Callable[[Flask], str], staff_browser: BrowserStaff, tmp_path: Path, project_root: Path
) -> None:
    keep = os.environ.get("UPDATE_PICTURES") == "1"
    pictures = project_root / "docs" / "images" if keep else tmp_path
    app = app_of(line)
    app.test_client().get("/log-in")  # built before a browser waits for it
    journey = Journey(line, serve(app), staff_browser, pictures)
    journey.goes_live()
    link = first_admin_address(line.settings)
    assert link is not None
    ada = journey.join(link, Your_name="Ada Admin", Email_address="ada@example.org")
    eve = journey.join(journey.invite(ada, "Eve Editor", "Editor"))
    abi = journey.join(journey.invite(ada, "Abi Approver", "Approver"))
    before = journey.text("MEET")
    assert NEW_LINE not in before

    # An editor writes; the words are seen on the phone beside them
    eve.goto(f"{journey.address}/drafts")
    journey.picture(eve, "drafts")
    eve.get_by_label("What do you want to change?").fill("Kinder words about meeting")
    eve.get_by_role("button", name="Start").click()
    eve.get_by_role("link", name="Meeting somebody from online").first.click()
    eve.wait_for_load_state()
    box = eve.locator("textarea[lang=en]").first
    box.fill(box.input_value().replace("You can say no, even at the last minute.", NEW_LINE))
    expect(eve.locator(".phone__bubble", has_text=NEW_LINE).first).to_be_visible()
    journey.picture(eve, "edit")
    eve.get_by_role("button", name="Save in this draft").last.click()
    eve.get_by_role("link", name="See what changes, and publish").click()
    expect(eve.get_by_text("and you can leave")).to_be_visible()
    expect(eve.locator("#tried").get_by_text("texts were tried")).to_be_visible()
    expect(eve).to_have_url(re.compile(r"/drafts/\d+$"))
    draft = eve.url
    eve.get_by_role("button", name="Submit for approval").click()

    # The author is refused, on the page and behind it
    expect(eve.get_by_text("A second person has to approve it.")).to_be_visible()
    expect(eve.get_by_role("button", name="Approve")).to_have_count(0)
    token = eve.locator("input[name=csrf_token]").first.input_value()
    refused = eve.request.post(f"{draft}/approve", form={"csrf_token": token, "seen": "x"}, max_redirects=0)
    assert refused.status == 403

    # A second person reads, approves, publishes
    abi.goto(draft)
    expect(abi.locator("#tried").get_by_text("texts were tried")).to_be_visible()
    journey.picture(abi, "draft")
    abi.get_by_role("button", name="Approve").click()
    abi.get_by_role("button", name="Publish now").click()
    expect(abi.get_by_role("heading", name="Release 2")).to_be_visible()
    journey.goes_live()
    assert NEW_LINE in journey.text("MEET"), "the same text gets the new words"
    abi.goto(f"{journey.address}/releases/2")
    expect(abi.get_by_text("Release 2 answers texts on this host.").first).to_be_visible()
    journey.picture(abi, "release")

    # Tried on the page, and restored in one click
    eve.goto(f"{journey.address}/try")
    eve.get_by_label("Your text").fill("MEET")
    eve.get_by_role("button", name="Send", exact=True).last.click()
    expect(eve.get_by_text(NEW_LINE)).to_be_visible()
    journey.picture(eve, "try")
    abi.goto(f"{journey.address}/releases/1")
    abi.get_by_role("button", name="Make this live again").click()
    abi.get_by_role("button", name="Make it live now").click()
    expect(abi.get_by_role("heading", name="Release 3")).to_be_visible()
    journey.goes_live()
    assert NEW_LINE not in journey.text("MEET")
    abi.goto(f"{journey.address}/history")
    expect(abi.get_by_text("Abi Approver – Restored a release")).to_be_visible()
    journey.picture(abi, "history")
