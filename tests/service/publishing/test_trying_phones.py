"""A draft is tried from a real phone: whose phone, of which draft, for how long, and nobody else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from sms_service.core.events import EventKind
from sms_service.core.publishing.errors import BadEdit, NotAllowed, WrongState
from sms_service.core.publishing.field_edits import FieldEdit
from sms_service.core.publishing.records import Draft
from sms_service.core.traffic import counted
from sms_service.service.publishing.publishing import Publishing
from sms_service.service.publishing.trying_phones import TryingPhones, WatchedPhones
from sms_service.storage.event_stores import StoreFailed
from tests.publishing_in_memory import ANN, BEN, NOON, OLA

if TYPE_CHECKING:
    from tests.conftest import LineUnderTest

PHONE, CHILD = "+447700900456", "+447700900123"
NEW = "We want you to be safe. Scared now? Call {contact.emergency}, or {contact.duty_and_advice} day or night."


@dataclass
class Trying:
    """A line on which a draft of other words for MEET is tried."""

    line: LineUnderTest
    watched: WatchedPhones
    publishing: Publishing
    draft: Draft

    def allow(self, number: str = "07700 900456", hours: int = 1) -> None:
        self.publishing.phones.allow(ANN, self.draft.draft_id, number, hours)
        self.watched.look()

    def is_new(self, sender: str) -> bool:
        """Text MEET, and say whether the answer is the draft's."""
        return self.line.texts("MEET", sender)[0].startswith("We want you to be safe.")


@pytest.fixture
def trying(make_line: Callable[..., LineUnderTest], publishing: Publishing) -> Trying:
    watched = WatchedPhones(phones=publishing.phones, log=make_line().log, clock=lambda: NOON)
    line = make_line().with_parts(tried=watched, clock=lambda: NOON)
    return Trying(line, watched, publishing, edited(publishing))


def edited(publishing: Publishing, *edits: FieldEdit, path: str = "meet.yaml") -> Draft:
    draft = publishing.drafts.open(ANN, "Kinder words")
    seen = publishing.drafts.fields(draft, path).seen
    changes = edits or (FieldEdit(("text", "en"), NEW),)
    return publishing.drafts.save_fields(ANN, draft.draft_id, path, seen, changes)


def test_an_allowed_phone_gets_the_draft_and_nobody_else_does(trying: Trying) -> None:
    trying.allow()
    assert trying.is_new(PHONE)
    assert not trying.is_new(CHILD)


@pytest.mark.parametrize("number", ["07700900456", "+44 7700 900456", "(07700) 900 456", "0044 7700 900456"])
def test_a_number_is_read_as_people_write_it(trying: Trying, number: str) -> None:
    trying.allow(number)
    assert trying.is_new(PHONE)


@pytest.mark.parametrize("number", ["", "999", "0116 496 0123", "+1 212 555 0100", "ring me", "07700 9004567890"])
def test_what_is_no_mobile_is_refused_and_says_so(trying: Trying, number: str) -> None:
    with pytest.raises(BadEdit, match="07700 900123"):
        trying.allow(number)


def test_its_texts_are_marked_in_the_log_and_in_no_count(trying: Trying) -> None:
    trying.allow()
    trying.line.texts("MEET", PHONE)
    [event] = trying.line.recorder.events
    assert event.kind is EventKind.TRIAL
    assert event.release is None
    assert counted([event]) == {}


def test_a_repeat_gets_the_same_bytes(trying: Trying) -> None:
    trying.allow()
    first = trying.line.handle("MEET", PHONE, "SM" + 32 * "1")
    assert trying.line.handle("MEET", PHONE, "SM" + 32 * "1").body == first.body
    assert len(trying.line.recorder.events) == 1


def test_it_is_over_with_the_time(trying: Trying, publishing: Publishing) -> None:
    trying.allow(hours=1)
    later = trying.line.with_parts(clock=lambda: NOON + dt.timedelta(hours=1, minutes=1))
    assert not later.texts("MEET", PHONE)[0].startswith("We want you to be safe.")


def test_it_is_over_at_once_when_the_draft_is_published_or_discarded(trying: Trying) -> None:
    """The watcher has not looked since: the store is asked."""
    trying.allow()
    trying.publishing.drafts.discard(ANN, trying.draft.draft_id)
    assert not trying.is_new(PHONE)


def test_it_is_over_at_once_when_the_phone_is_taken_off(trying: Trying) -> None:
    trying.allow()
    [phone] = trying.publishing.phones.list(trying.draft)
    trying.publishing.phones.end(BEN, phone.phone_id)
    assert not trying.is_new(PHONE)


def test_a_phone_tries_one_draft_at_a_time(trying: Trying) -> None:
    trying.allow()
    other = edited(trying.publishing, FieldEdit(("text", "en"), NEW.replace("We want", "We still want")))
    trying.publishing.phones.allow(BEN, other.draft_id, "07700 900456", 4)
    trying.watched.look()
    assert trying.line.texts("MEET", PHONE)[0].startswith("We still want you to be safe.")
    assert trying.publishing.phones.list(trying.draft) == ()


def test_what_is_changed_meanwhile_is_tried_too(trying: Trying) -> None:
    trying.allow()
    drafts = trying.publishing.drafts
    seen = drafts.fields(drafts.get(trying.draft.draft_id), "meet.yaml").seen
    edit = FieldEdit(("text", "en"), NEW.replace("We want", "Please stay, we want"))
    drafts.save_fields(ANN, trying.draft.draft_id, "meet.yaml", seen, [edit])
    trying.watched.look()
    assert trying.line.texts("MEET", PHONE)[0].startswith("Please stay")


@pytest.mark.parametrize(
    ("path", "edit", "why"),
    [
        ("urgent.yaml", FieldEdit(("keywords",), ("ZZZZ",)), "wrong reply"),
        ("urgent.yaml", FieldEdit(("text", "en"), "Wait."), "must be mended"),
        ("meet.yaml", FieldEdit(("title",), "Meeting somebody from online"), "Nothing is changed"),
    ],
)
def test_what_could_not_go_live_is_not_tried(publishing: Publishing, path: str, edit: FieldEdit, why: str) -> None:
    draft = edited(publishing, edit, path=path)
    with pytest.raises(WrongState, match=why):
        publishing.phones.allow(ANN, draft.draft_id, "07700 900456", 1)


def test_a_text_that_comes_while_the_watcher_looks_gets_the_draft_too(
    trying: Trying, monkeypatch: pytest.MonkeyPatch
) -> None:
    trying.allow()
    why_not, meanwhile = TryingPhones.why_not, []

    def texted_meanwhile(story: TryingPhones, draft: Draft) -> str | None:
        meanwhile.append(trying.is_new(PHONE))
        return why_not(story, draft)

    monkeypatch.setattr(TryingPhones, "why_not", texted_meanwhile)
    trying.watched.look()
    assert meanwhile == [True]


def test_a_draft_that_is_broken_later_is_tried_no_more(trying: Trying) -> None:
    trying.allow()
    drafts = trying.publishing.drafts
    seen = drafts.fields(drafts.get(trying.draft.draft_id), "urgent.yaml").seen
    edits = [FieldEdit(("text", "en"), "Wait.")]
    drafts.save_fields(ANN, trying.draft.draft_id, "urgent.yaml", seen, edits)
    trying.watched.look()
    assert not trying.is_new(PHONE)


def test_a_store_that_fails_costs_the_trial_and_never_the_answer(
    trying: Trying, monkeypatch: pytest.MonkeyPatch
) -> None:
    trying.allow()

    def fails(_now: dt.datetime) -> None:
        raise StoreFailed("down")

    monkeypatch.setattr(trying.publishing.phones.store, "current", fails)
    assert not trying.is_new(PHONE)
    assert trying.line.recorder.events[-1].kind is EventKind.MESSAGE


def test_who_did_it_is_in_the_history_without_the_number(trying: Trying) -> None:
    trying.allow()
    [phone] = trying.publishing.phones.list(trying.draft)
    trying.publishing.phones.end(BEN, phone.phone_id)
    entries = trying.publishing.history.search().entries
    assert [(one.actor, one.action) for one in entries[:2]] == [
        ("Ben Example", "phone_ended"),
        ("Ann Example", "phone_allowed"),
    ]
    assert "456" not in repr(entries)
    assert "900456" not in repr(phone)


def test_only_those_who_work_with_drafts_may(trying: Trying) -> None:
    with pytest.raises(NotAllowed):
        trying.publishing.phones.allow(OLA, trying.draft.draft_id, "07700 900456", 1)
