"""Whatever people do, with accounts, replies, messages or data, stands in one history that everybody can search."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape

import pytest

from sms_service.core.people import Person, Role
from sms_service.core.publishing.field_edits import FieldEdit
from sms_service.factory.stores import database_of, open_retention, sql_link
from sms_service.factory.web import app_of
from sms_service.service.messaging import utc_now
from sms_service.service.publishing.publishing import Outside, make_publishing
from sms_service.storage import message_log
from sms_service.storage.history import SqlHistory
from sms_service.storage.publishing.sql_store import SqlPublishing
from tests.publishing_in_memory import NoLog, at_once
from tests.sql_databases import an_event
from tests.staff_accounts import Member, Site

NUMBER = "+447700900123"
STORY = f"story of message {an_event(1).message_id}"


@pytest.fixture
def whole_site(make_site: Callable[..., Site], outside: Outside) -> Site:
    """Accounts, publishing and the message log on one database."""
    site = make_site()
    settings = site.line.line.settings
    link = sql_link(settings)
    parts = replace(outside, store=SqlPublishing(link, utc_now), history_store=SqlHistory(link))
    publishing = make_publishing(parts, utc_now, NoLog(), run=at_once)
    site.line.line = replace(site.line.line, publishing=publishing)
    site.app = app_of(site.line.line)
    database = database_of(settings)
    with database.write() as connection:
        message_log.add_events(connection, [an_event(1)])
    database.close()
    return site


def person_of(site: Site, member: Member) -> Person:
    account = site.staff.accounts.store.get(member.person_id)
    assert account is not None
    return account.person


def rows(member: Member, query: str = "") -> list[list[str]]:
    """Give who, what, about of each entry on the first page of the history, newest first."""
    page = member.browser.get(f"/history{query}").text
    entries = re.findall(r'<li class="entry">\s*<p class="govuk-body">(.*?)</p>', page, re.DOTALL)
    plain = [" ".join(unescape(re.sub(r"<[^>]+>", "", entry)).split()) for entry in entries]
    return [re.split(r" – |: ", entry, maxsplit=2) for entry in plain]


@pytest.fixture
def member(whole_site: Site) -> Member:
    """Person 0 (everything) has done one thing of each kind with Person 1; a command has placed a hold."""
    everything = whole_site.open_session(*Role)
    other = whole_site.open_session(Role.EDITOR, Role.APPROVER)
    me, them = person_of(whole_site, everything), person_of(whole_site, other)
    accounts, publishing = whole_site.staff.accounts, whole_site.line.line.publishing
    assert publishing is not None
    accounts.change_standing(me, them.person_id, frozenset({Role.APPROVER}), active=True)
    accounts.end_sessions(me, them.person_id)
    draft = publishing.drafts.open(me, "Kinder words")
    seen = publishing.drafts.fields(draft, "meet.yaml").seen
    publishing.drafts.save_fields(me, draft.draft_id, "meet.yaml", seen, [FieldEdit(("title",), "Meeting")])
    waiting = publishing.review.submit(me, draft.draft_id)
    publishing.review.approve(them, draft.draft_id, waiting.tree)
    publishing.releases.publish(them, draft.draft_id)
    with open_retention(whole_site.line.line.settings) as retention:
        retention.hold(NUMBER, "alex")
    assert everything.browser.get(f"/log/message/{an_event(1).message_id}").status_code == 200
    assert everything.browser.get("/log/export.csv").status_code == 200
    return everything


def test_acts_of_all_kinds_name_who_did_what_to_what(member: Member) -> None:
    found = rows(member)
    for entry in (
        ["Person 0", "Took out as a file", "message log"],
        ["Person 0", "Looked at", STORY],
        ["alex", "Placed a hold", "rows about one person"],
        ["Person 1", "Published a release", "release 1"],
        ["Person 1", "Approved a draft", "draft 1"],
        ["Person 0", "Edited a draft", "draft 1"],
        ["Person 0", "Logged somebody out everywhere", "Person 1"],
        ["Person 0", "Changed roles", "Person 1"],
        ["tests", "Invited", "Person 1"],
    ):
        assert entry in found


def test_filters_combine_over_all_of_them(member: Member) -> None:
    person = member.person_id
    assert rows(member, f"?person={person}&action=looked_at") == [["Person 0", "Looked at", STORY]]
    assert rows(member, "?words=person+1&action=roles_changed") == [["Person 0", "Changed roles", "Person 1"]]
    assert rows(member, "?action=held&words=published") == []
    assert rows(member, "?action=held&until=2000-01-01") == []


def test_the_table_holds_all_of_them_and_no_number(member: Member) -> None:
    answer = member.browser.send("/history/export", {"person": ""}, form_at="/history")
    table = list(csv.reader(io.StringIO(answer.text, newline="")))
    found = {row[3] for row in table[1:]}
    assert {"held", "published", "approved", "looked_at", "exported", "invited", "sessions_ended"} <= found
    assert "7700" not in answer.text
