"""One site with everything on it that a page can show: accounts, drafts in every state, releases, messages, a history.

Built once a worker; what opens its pages only reads. The books are in memory, accounts and message log in SQLite.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

from sms_service.core.people import Person, Role
from sms_service.core.publishing.content import BookFiles
from sms_service.core.publishing.field_edits import FieldEdit, FieldValue
from sms_service.core.publishing.records import Draft
from sms_service.factory.accounts import staff_accounts
from sms_service.factory.stores import database_of, event_stores
from sms_service.factory.web import app_of
from sms_service.service.publishing.publishing import Publishing, make_publishing
from sms_service.service.unmatched import Unmatched
from sms_service.storage import message_log
from tests.ops.conftest import lately
from tests.publishing_in_memory import Clock, Deploy, Messages, NoLog, outside_of
from tests.staff_accounts import Site

if TYPE_CHECKING:
    from tests.conftest import LineUnderTest

EVERYTHING = frozenset(Role)


@dataclass
class Run:
    """Does what is to be done in the background at once, or later when it is told to wait."""

    waits: bool = False
    waiting: list[Callable[[], None]] = field(default_factory=list)

    def __call__(self, work: Callable[[], None]) -> None:
        if self.waits:
            self.waiting.append(work)
        else:
            work()


@dataclass
class WholeSite:
    """The site, and who and what is on it.

    Attributes:
        accounts: The application with its accounts; ``open_session`` and ``session_of`` log people in.
        publishing: Its books.
        run: Its background.
        ann: May do everything, and wrote most drafts.
        ben: May do everything, and reads what Ann wrote.
        drafts: Their numbers, by what they are for.
        messages: Those that were not understood; kept on the whole site only.
    """

    accounts: Site
    publishing: Publishing
    run: Run
    ann: Person
    ben: Person
    messages: Messages
    drafts: dict[str, int] = field(default_factory=dict)

    def edit(self, draft: Draft, path: str, *edits: FieldEdit) -> Draft:
        drafts = self.publishing.drafts
        seen = drafts.fields(drafts.get(draft.draft_id), path).seen
        return drafts.save_fields(self.ann, draft.draft_id, path, seen, edits)

    def draft(self, name: str, title: str, path: str = "meet.yaml", *edits: FieldEdit) -> Draft:
        draft = self.publishing.drafts.open(self.ann, title)
        self.drafts[name] = draft.draft_id
        return self.edit(draft, path, *(edits or [FieldEdit(("title",), title)]))

    def approved(self, draft: Draft) -> Draft:
        submitted = self.publishing.review.submit(self.ann, draft.draft_id, "Please read the first line aloud.")
        return self.publishing.review.approve(self.ben, submitted.draft_id, submitted.tree)


def build_empty_site(line: LineUnderTest, files: BookFiles, migrated_var: Path) -> WholeSite:
    """Put a site together on which nothing has happened: Ann, who came first, is alone, with every role."""
    return _site(line, files, migrated_var, kept_days=0)


def build_whole_site(line: LineUnderTest, files: BookFiles, migrated_var: Path) -> WholeSite:
    """Put the site together."""
    site = _site(line, files, migrated_var, kept_days=14)
    texts = ("he wont leave me alone on there", "my mate [name] says hi", *(f"text {n}" for n in range(30)))
    site.messages.kept = Messages(*texts).kept
    database = database_of(line.line.settings)
    with database.write() as connection:
        message_log.add_events(connection, lately())
    database.close()
    site.ben = _member(site.accounts, "Ben Example")
    _member(site.accounts, "Jo Invited", Role.EDITOR)
    _member(site.accounts, "Eve Editor", Role.EDITOR)
    _releases(site)
    _drafts(site)
    return site


def _site(line: LineUnderTest, files: BookFiles, migrated_var: Path, *, kept_days: int) -> WholeSite:
    shutil.copytree(migrated_var, line.line.settings.var_dir, dirs_exist_ok=True)
    run, messages = Run(), Messages()
    publishing = make_publishing(outside_of(Deploy(dict(files))), Clock(), NoLog(), run=run)
    unmatched = Unmatched(days=kept_days, store=messages, drafts=publishing.drafts, history=publishing.history)
    watch = SimpleNamespace(unmatched=unmatched, check=lambda: None)
    line.line = replace(
        line.line,
        events=event_stores(line.line.settings, line.log),
        publishing=publishing,
        book_watch=watch,  # type: ignore[arg-type]  # what pages ask of it
    )
    accounts = Site(app_of(line.line), staff_accounts(line.line.settings), line)
    ann = _member(accounts, "Ann Example")
    return WholeSite(accounts, publishing, run, ann, ann, messages)


def _member(site: Site, name: str, *roles: Role) -> Person:
    email = f"{name.split(maxsplit=1)[0].lower()}@example.org"
    account, _ = site.staff.accounts.invite("tests", name, email, frozenset(roles) or EVERYTHING)
    return account.person


def _releases(site: WholeSite) -> None:
    """Of each kind, urgent ones that nobody has looked at among them; the last clashes with a draft."""
    releases = site.publishing.releases
    for title in ("Kinder words about meeting", "Shorter words about meeting"):
        releases.publish(site.ann, site.approved(site.draft("published", title)).draft_id)
    behind = site.draft("behind", "Mine")
    site.edit(behind, "talk.yaml", FieldEdit(("text", "en"), "Mine. {contact.childline}"))
    releases.publish(site.ann, site.approved(site.draft("theirs", "Theirs")).draft_id)
    number = FieldEdit(("police_local", "number"), "01632 960 123")
    urgent = site.draft("urgent", "Wrong number", "contacts.yaml", number)
    releases.publish_urgent(site.ann, urgent.draft_id, "The old number rang out. The new one was answered.")
    releases.restore(site.ben, 2, "The words of last week were better.")
    again = site.draft("second urgent", "Wrong number again", "contacts.yaml", number)
    releases.publish_urgent(site.ann, again.draft_id, "I rang it at ten, and the police answered.")
    releases.publish(site.ben, site.approved(site.draft("theirs again", "Theirs again")).draft_id)


def _drafts(site: WholeSite) -> None:
    """One in each state that a page tells apart."""
    hours: FieldValue = {"days": {"mon": ("09:00-12:00", "13:00-17:00")}, "open_on_bank_holidays": "no"}
    full = site.draft(
        "full", "New hours for the team", "contacts.yaml", FieldEdit(("safeguarding_team", "hours"), hours)
    )
    welsh = FieldEdit(("text", "cy"), "Dŵr a thŷ. {contact.childline}")
    site.edit(full, "talk.yaml", welsh, FieldEdit(("again", "en"), "Why did you not ring “us”!"))
    site.edit(
        full, "meet.yaml", FieldEdit(("text", "en"), "You are not in trouble.\nScared? Call {contact.emergency}\n")
    )
    gone, said = FieldEdit(("call", "words", "goodbye", "cy"), None), "Hello. Hang up, and call {contact.emergency}."
    greeting = FieldEdit(("call", "words", "welcome", "en"), said)
    site.edit(full, "service.yaml", FieldEdit(("languages",), ("en", "cy")), greeting, gone)
    site.edit(full, "meet.yaml", FieldEdit(("keywords",), ("MEET", "DATE")))
    site.publishing.drafts.add_examples(site.ann, full.draft_id, "meet", ["he wants to see me at the park"])
    site.publishing.drafts.add_golden(site.ann, full.draft_id, "shall i meet him", "meet")
    site.draft("clash", "Two editors")
    site.draft("blocked", "No keywords", "urgent.yaml", FieldEdit(("keywords",), ("ZZZZ",)))
    site.drafts["empty"] = site.publishing.drafts.open(site.ann, "Nothing yet").draft_id
    site.draft("number", "Another number", "contacts.yaml", FieldEdit(("police_local", "number"), "01632 960 124"))
    submitted = site.draft("submitted", "To be read")
    site.publishing.review.submit(site.ann, submitted.draft_id, "Please read the first line aloud.")
    back = site.draft("sent back", "Sent back")
    site.publishing.review.submit(site.ann, back.draft_id)
    site.publishing.review.send_back(site.ben, back.draft_id, "Say 'call', not 'contact'.")
    site.approved(site.draft("approved", "Read and approved"))
    site.publishing.drafts.discard(site.ann, site.draft("discarded", "Not this way").draft_id)
    site.run.waits = True
    site.approved(site.draft("being tried", "Being tried"))
    site.run.waits = False
