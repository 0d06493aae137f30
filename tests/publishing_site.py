"""Staff pages on publishing in memory, opened as several people: whoever is named in the cookie ``who`` is there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from flask import Flask, request
from playwright.sync_api import Page

from sms_service.core.people import Person, Role
from sms_service.core.publishing.field_edits import FieldEdit
from sms_service.core.publishing.records import Draft, ReleaseRecord
from sms_service.factory.web import app_of
from sms_service.service.publishing.publishing import Publishing
from sms_service.staff.kit.guard import Doorman
from tests.publishing_in_memory import ANN, BEN, OLA
from tests.staff_site import StaffClient

if TYPE_CHECKING:
    from tests.conftest import CapturedLog, LineUnderTest

EDITOR_ONLY = Person("eve", "Eve Example", frozenset({Role.EDITOR}))
APPROVER_ONLY = Person("abi", "Abi Example", frozenset({Role.APPROVER}))
PEOPLE = {person.person_id: person for person in (ANN, BEN, OLA, EDITOR_ONLY, APPROVER_ONLY)}

NEW_WORDS = "You are not in trouble. We want you to be safe.\nScared now? Call {contact.emergency}\n"


def doorman_by_cookie() -> Doorman:
    """Give a doorman who believes the cookie ``who``."""

    def refuse() -> tuple[str, int]:
        return "log in", 401

    return Doorman(lambda: PEOPLE.get(request.cookies.get("who", "")), refuse, lambda: True, refuse)


@dataclass
class Site:
    """The pages, and the stories behind them."""

    app: Flask
    publishing: Publishing
    log: CapturedLog

    def client(self, person: Person = ANN) -> StaffClient:
        """Give a browser of sorts in which somebody is logged in."""
        client = StaffClient(self.app, person)
        client.http.set_cookie("who", person.person_id, domain="line.example.org")
        return client

    def edit(self, draft: Draft, path: str, *edits: FieldEdit, person: Person = ANN) -> Draft:
        """Change fields of a draft."""
        drafts = self.publishing.drafts
        seen = drafts.fields(drafts.get(draft.draft_id), path).seen
        return drafts.save_fields(person, draft.draft_id, path, seen, edits)

    def draft(self, title: str = "Kinder words", *edits: FieldEdit, path: str = "meet.yaml") -> Draft:
        """Give a draft by Ann; of the text of one reply unless other edits are given."""
        draft = self.publishing.drafts.open(ANN, title)
        return self.edit(draft, path, *(edits or [FieldEdit(("title",), title)]))

    def number_draft(self, number: str = "01632 960 123") -> Draft:
        """Give a draft by Ann that changes one number."""
        return self.draft("Wrong number", FieldEdit(("police_local", "number"), number), path="contacts.yaml")

    def submitted(self, draft: Draft | None = None) -> Draft:
        """Give a draft that waits for a second person."""
        return self.publishing.review.submit(ANN, (draft or self.draft()).draft_id, "Please read.")

    def approved(self, draft: Draft | None = None) -> Draft:
        """Give a draft that Ben has approved."""
        submitted = self.submitted(draft)
        return self.publishing.review.approve(BEN, submitted.draft_id, submitted.tree)

    def published(self, title: str = "Kinder words") -> ReleaseRecord:
        """Publish a change."""
        return self.publishing.releases.publish(ANN, self.approved(self.draft(title)).draft_id)


def make_site(line: LineUnderTest, publishing: Publishing, **parts: Any) -> Site:
    """Put the pages of publishing on a line."""
    app = app_of(replace(line.line, publishing=publishing, **parts), doorman_by_cookie())
    return Site(app, publishing, line.log)


def log_in(page: Page, address: str, person: Person) -> None:
    """Become somebody in a browser."""
    page.context.add_cookies([{"name": "who", "value": person.person_id, "url": address}])
