"""Operators' pages say what the log says, to those who may see it, and write down who looked."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, text

from sms_service.core.decisions import Outcome
from sms_service.core.events import Event, EventKind
from sms_service.core.publishing.field_edits import FieldEdit
from sms_service.core.understanding.result import Stage
from sms_service.factory.stores import database_of
from sms_service.ops.pages.log_words import KIND_WORDS, OUTCOME_WORDS, STAGE_WORDS
from sms_service.service.access import Role
from sms_service.service.publishing.publishing import Outside, make_publishing
from sms_service.storage.tables import audit_entry
from sms_service.storage.worker_memory import SqlWorkerMemory
from tests.ops.conftest import URLS, pseudonym_of
from tests.publishing_in_memory import ANN, BEN, Clock, at_once
from tests.sql_databases import a_delivery, an_event

if TYPE_CHECKING:
    from tests.conftest import LineUnderTest as Line
    from tests.staff_site import StaffClient

Watched = Callable[..., "Line"]
Staff = Callable[..., "StaffClient"]
PAGES = ("/status", "/status?period=week", "/status?period=month", "/log", "/doctor", "/alerts")


def audited(line: Line) -> list[tuple[str, str]]:
    database = database_of(line.line.settings)
    with database.read() as connection:
        rows = connection.execute(select(audit_entry.c.action, audit_entry.c.subject)).all()
    database.close()
    return [(row.action, row.subject) for row in rows]


@pytest.fixture
def line_of_today(watched: Watched) -> Line:
    return watched()


def test_every_outcome_stage_and_kind_has_words() -> None:
    assert {outcome.value for outcome in Outcome} <= set(OUTCOME_WORDS)
    assert set(Stage) == set(STAGE_WORDS)
    assert set(EventKind) == set(KIND_WORDS)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_opens_for_operations(staff_client: Staff, line_of_today: Line, path: str) -> None:
    answer = staff_client(Role.OPS, line=line_of_today).get(path)
    assert answer.status_code == 200, line_of_today.log.troubles
    assert "<h1" in answer.text


@pytest.mark.parametrize("role", [Role.EDITOR, Role.APPROVER, Role.ADMIN])
@pytest.mark.parametrize(
    "path", ["/log", "/log/export.csv", "/log/message/SM1", "/doctor", "/alerts", "/log?sender_of=SM1"]
)
def test_the_log_is_for_operations_only(staff_client: Staff, line_of_today: Line, role: Role, path: str) -> None:
    assert staff_client(role, line=line_of_today).get(path).status_code == 403


def test_nobody_edits_here(staff_client: Staff, line_of_today: Line) -> None:
    client = staff_client(Role.OPS, line=line_of_today)
    for path in PAGES:
        assert client.post(path.partition("?")[0], {}).status_code in {403, 405}


class TestStatus:
    def test_a_line_that_answers_is_said_to(self, staff_client: Staff, watched: Watched) -> None:
        now = dt.datetime.now(dt.UTC)
        page = staff_client(Role.OPS, line=watched(an_event(1, at=now - dt.timedelta(minutes=3)))).get("/status").text
        assert re.search(r"<h1[^>]*>The line is answering", page)

    def test_without_a_sign_of_life_nobody_knows(self, staff_client: Staff, watched: Watched) -> None:
        long_ago = dt.datetime.now(dt.UTC) - dt.timedelta(days=3)
        page = staff_client(Role.OPS, line=watched(an_event(1, at=long_ago))).get("/status").text
        assert "Nothing shows yet whether the line answers" in page

    def test_small_counts_are_hidden_from_others(self, staff_client: Staff, watched: Watched) -> None:
        now = dt.datetime.now(dt.UTC)
        line = watched(an_event(1, at=now, reply="meet"), an_event(2, at=now, reply="meet", media_count=1))
        mine = staff_client(Role.OPS, line=line).get("/status").text
        theirs = staff_client(Role.EDITOR, line=line).get("/status").text
        assert "fewer than 5" in theirs
        assert "fewer than 5" not in mine
        assert '<data value="2">' in mine
        assert '<data value="2">' not in theirs
        assert "1 message with pictures" in mine
        assert "1 message with pictures" not in theirs
        assert "A picture was sent to the line" in theirs
        assert "Do what stands below when you can." in theirs

    @pytest.mark.parametrize(("last", "words"), [(None, "It has never run here."), (11, "It did nothing since")])
    def test_a_worker_that_does_not_run_is_told(
        self, staff_client: Staff, line_of_today: Line, last: int | None, words: str
    ) -> None:
        client = staff_client(Role.OPS, line=line_of_today)
        assert "The worker is not running" not in client.get("/status").text
        database = database_of(line_of_today.line.settings)
        with database.write() as connection:
            connection.execute(text("DELETE FROM job_run"))
        if last is not None:
            then = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=last)
            SqlWorkerMemory(database).note_run("alerts", then, None)
        database.close()
        page = client.get("/status").text
        assert "The worker is not running" in page
        assert words in page
        assert "but not everything works" in page

    def test_marks_are_the_moments_of_publishing(
        self, staff_client: Staff, line_of_today: Line, outside: Outside
    ) -> None:
        clock = Clock()
        publishing = make_publishing(outside, clock, line_of_today.log, run=at_once)
        for minutes_ago in (5000, 90, 10):
            clock.now = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=minutes_ago)
            draft = publishing.drafts.open(ANN, "Words")
            seen = publishing.drafts.fields(draft, "meet.yaml").seen
            edit = FieldEdit(("title",), f"Meeting {minutes_ago}")
            publishing.drafts.save_fields(ANN, draft.draft_id, "meet.yaml", seen, [edit])
            waiting = publishing.review.submit(ANN, draft.draft_id)
            publishing.review.approve(BEN, draft.draft_id, waiting.tree)
            publishing.releases.publish(ANN, draft.draft_id)
        line_of_today.line = replace(line_of_today.line, publishing=publishing)
        page = staff_client(Role.OPS, line=line_of_today).get("/status").text
        table = page.partition('id="releases"')[2].partition("</table>")[0]
        assert re.findall(r'rowheader" class="govuk-table__header">(\d+)<', table) == ["2", "3"]
        assert re.findall(r'datetime="([^"]+)"', table) == [
            publishing.releases.get(number).created_at.isoformat() for number in (2, 3)
        ]

    def test_a_database_that_is_gone_leaves_the_verdict(self, staff_client: Staff, line: Line) -> None:
        page = staff_client(Role.OPS, line=line).get("/status")
        assert page.status_code == 200
        assert "cannot be read now" in page.text


class TestLog:
    def test_pages_go_to_the_end_and_filters_stay(self, staff_client: Staff, line_of_today: Line) -> None:
        client = staff_client(Role.OPS, line=line_of_today)
        path, seen = "/log?outcome=answered", []
        while path:
            page = client.get(path).text
            seen += re.findall(r'/log/message/(SM\w+)"', page)
            older = re.search(r'rel="next" href="([^"]+)"', page)
            path = older[1].replace("&amp;", "&") if older else ""
            assert not path or "outcome=answered" in path
        assert seen == [str(an_event(number).message_id) for number in range(1, 64)]

    def test_filters_combine_in_the_address(self, staff_client: Staff, line_of_today: Line) -> None:
        client = staff_client(Role.OPS, line=line_of_today)
        page = client.get("/log?reply=urgent&delivery=undelivered&error_code=30003").text
        assert re.findall(r'/log/message/(SM\w+)"', page) == [str(an_event(9).message_id)]
        assert "handset could not be reached (30003)" in page
        assert "No row fits" in client.get("/log?reply=help&error_code=30003").text

    def test_what_cannot_be_read_is_told_at_its_field(self, staff_client: Staff, line_of_today: Line) -> None:
        answer = staff_client(Role.OPS, line=line_of_today).get("/log?error_code=abc&first=yesterday")
        assert answer.status_code == 400
        assert 'href="#error_code"' in answer.text
        assert 'value="abc"' in answer.text
        assert "<title>Error: " in answer.text

    def test_a_message_tells_its_story_without_number_or_text(self, staff_client: Staff, line_of_today: Line) -> None:
        client = staff_client(Role.OPS, line=line_of_today)
        page = client.get(f"/log/message/{an_event(9).message_id}").text
        assert "Undelivered: handset could not be reached (30003)" in page
        assert "danger" in page
        assert "9" + 31 * "0" not in page
        assert pseudonym_of(9) not in page, "the pseudonym stays out of the page"
        assert client.get("/log/message/SM-nobody").status_code == 404

    def test_a_call_tells_every_step(self, staff_client: Staff, watched: Watched) -> None:
        steps = [
            an_event(1, event_id=f"call_step:CA1:{n}", kind=EventKind.CALL_STEP, message_id="CA1", outcome=outcome)
            for n, outcome in enumerate(("welcomed", "not_understood", "put_through"))
        ]
        page = staff_client(Role.OPS, line=watched(*steps)).get("/log/message/CA1").text
        assert page.index("welcomed") < page.index("not understood") < page.index("put through")

    def test_looking_at_a_sender_is_audited(self, staff_client: Staff, line_of_today: Line) -> None:
        client = staff_client(Role.OPS, line=line_of_today)
        message_id = str(an_event(3).message_id)
        assert audited(line_of_today) == []
        page = client.get(f"/log?sender_of={message_id}").text
        found = re.findall(r'/log/message/(SM\w+)"', page)
        assert set(found) == {str(an_event(number).message_id) for number in range(3, 64, 5)}
        assert audited(line_of_today) == [("looked_at", f"messages of the sender of {message_id}")]
        assert "linked to nobody" in client.get("/log?sender_of=SM-nobody").text

    def test_a_pseudonym_is_posted_and_stands_in_no_address(self, staff_client: Staff, line_of_today: Line) -> None:
        client = staff_client(Role.OPS, line=line_of_today)
        answer = client.send("/log/sender", {"pseudonym": pseudonym_of(3)}, form_at="/log")
        assert answer.status_code == 303
        assert pseudonym_of(3) not in answer.headers["Location"]
        assert "sender_of=SM" in answer.headers["Location"]
        assert client.send("/log/sender", {"pseudonym": "+447700900123"}, form_at="/log").status_code == 400
        assert client.send("/log/sender", {"pseudonym": 32 * "f"}, form_at="/log").status_code == 404

    def test_a_pseudonym_in_the_address_is_no_filter(self, staff_client: Staff, line_of_today: Line) -> None:
        page = staff_client(Role.OPS, line=line_of_today).get(f"/log?pseudonym={pseudonym_of(3)}").text
        assert len(set(re.findall(r'/log/message/(SM\w+)"', page))) == 50
        assert audited(line_of_today) == []

    def test_live_rows_come_alone(self, staff_client: Staff, line_of_today: Line) -> None:
        client = staff_client(Role.OPS, line=line_of_today)
        assert 'hx-trigger="every 5s"' in client.get("/log?live=1").text
        assert 'hx-trigger="every 5s"' not in client.get("/log").text
        part = client.get("/log?live=1&part=rows").text
        assert "<html" not in part
        assert part.count("<tr") == 51

    def test_exports_hold_every_row_and_are_audited(self, staff_client: Staff, line_of_today: Line) -> None:
        client = staff_client(Role.OPS, line=line_of_today)
        answer = client.get("/log/export.csv?reply=urgent")
        rows = list(csv.DictReader(io.StringIO(answer.text)))
        assert {row["reply"] for row in rows} == {"urgent"}
        assert len(rows) == 16
        assert "attachment" in answer.headers["Content-Disposition"]
        everything = json.loads(client.get("/log/export.json?kind=all").text)
        assert {row["kind"] for row in everything} == {"message", "delivery", "canary", "refusal"}
        assert "pseudonym" not in everything[0]
        assert [action for action, _ in audited(line_of_today)] == ["exported", "exported"]
        assert client.get("/log/export.exe").status_code == 404
        assert client.get("/log/export.csv?error_code=x").status_code == 400

    def test_nothing_is_shown_that_cannot_be_written_down(self, staff_client: Staff, line_of_today: Line) -> None:
        database = database_of(line_of_today.line.settings)
        with database.write() as connection:
            connection.execute(text("DROP TABLE audit_entry"))
        database.close()
        client = staff_client(Role.OPS, line=line_of_today)
        assert client.get(f"/log?sender_of={an_event(3).message_id}").status_code == 503
        assert client.get(f"/log/message/{an_event(3).message_id}").status_code == 503
        assert client.get("/log/export.csv").status_code == 503

    def test_a_database_that_is_gone_is_a_page_of_its_own(self, staff_client: Staff, line: Line) -> None:
        assert staff_client(Role.OPS, line=line).get("/log").status_code == 503


def test_the_check_runs_when_its_button_is_pressed(staff_client: Staff, watched: Watched) -> None:
    now = dt.datetime.now(dt.UTC)
    refused = Event(event_id="w", kind=EventKind.REFUSAL, at=now, refusal="forged", count=0, **URLS)  # type: ignore[arg-type]
    line = watched(refused, PUBLIC_URL="http://127.0.0.1:9", LINE_ENV="development", TWILIO_ACCOUNT_SID="")
    client = staff_client(Role.OPS, line=line)
    assert "looked at" not in client.get("/doctor").text
    page = client.send("/doctor").text
    assert "Nobody listens at the public address." in page
    assert "signed was http://line.example.org/sms (scheme)" in page


class TestAlerts:
    def test_a_test_is_sent_and_audited(self, staff_client: Staff, line_of_today: Line) -> None:
        client = staff_client(Role.OPS, line=line_of_today)
        assert client.send("/alerts/test", form_at="/alerts").status_code == 303
        assert "the test is only a log line" in client.get("/alerts").text
        assert [action for action, _ in audited(line_of_today)] == ["alerts_tested"]
        assert ("alert_test", None) in line_of_today.log.troubles

    def test_a_call_has_a_story_of_its_own_kind(self, staff_client: Staff, watched: Watched) -> None:
        now = dt.datetime.now(dt.UTC)
        call_id = "CA" + 32 * "5"
        step = replace(
            an_event(1, at=now, outcome="welcomed", reply=None), kind=EventKind.CALL_STEP, message_id=call_id
        )
        page = staff_client(Role.OPS, line=watched(step)).get(f"/log/message/{call_id}").text
        assert "One call</h1>" in page
        assert "What became of" not in page, "nothing was texted"
        assert "What was understood" not in page, "each step has its own"

    def test_a_message_that_was_asked_for_again_says_how_often(self, staff_client: Staff, watched: Watched) -> None:
        now = dt.datetime.now(dt.UTC)
        message = an_event(1, at=now)
        before = Event(
            event_id="repeat:1",
            kind=EventKind.REPEAT,
            at=now - dt.timedelta(minutes=1),
            message_id=message.message_id,
            count=3,
        )
        client = staff_client(Role.OPS, line=watched(message, before))
        page = client.get(f"/log/message/{message.message_id}").text
        assert "Asked again by the provider" in page
        assert 'data-column="Times">3</td>' in page
        assert "One message</h1>" in page
        assert client.get("/log").text.count("<tr") == 2, "a repeat is no message"

    def test_a_delivery_row_alone_has_a_story(self, staff_client: Staff, watched: Watched) -> None:
        line = watched(a_delivery(5, "sent"))
        page = staff_client(Role.OPS, line=line).get(f"/log/message/{an_event(5).message_id}")
        assert page.status_code == 200
        assert "Sent." in page.text
