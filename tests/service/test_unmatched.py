"""Learning from messages that were not understood: once each, in a draft, by whom it is open to."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sms_service.core.people import Person, Role
from sms_service.core.publishing.errors import BadEdit, NotAllowed, NotFound
from sms_service.core.publishing.records import Draft
from sms_service.service.publishing.publishing import Publishing
from sms_service.service.unmatched import Unmatched
from tests.publishing_in_memory import ANN, OLA, Messages

APPROVER = Person("abi", "Abi", frozenset({Role.APPROVER}))
Learn = Callable[..., Draft]


@pytest.fixture
def messages() -> Messages:
    return Messages("he wont leave me alone on there", "my mate [name] says hi", "third")


@pytest.fixture
def unmatched(publishing: Publishing, messages: Messages) -> Unmatched:
    return Unmatched(days=14, store=messages, drafts=publishing.drafts, history=publishing.history)


@pytest.fixture
def draft(publishing: Publishing) -> Draft:
    return publishing.drafts.open(ANN, "Learned")


def told(publishing: Publishing) -> list[tuple[str, str]]:
    return [(one.action, one.detail) for one in publishing.history.search().entries]


def test_looking_is_noted_and_what_was_read_is_not(unmatched: Unmatched, publishing: Publishing) -> None:
    assert [one.unmatched_id for one in unmatched.list(APPROVER, most=2)] == ["u0", "u1"]
    [entry] = publishing.history.search().entries
    assert (entry.actor, entry.action, entry.subject) == ("Abi", "looked_at", "messages not understood")
    assert "alone" not in repr(entry)


def test_the_next_page_begins_behind_the_last_message(unmatched: Unmatched) -> None:
    first = unmatched.list(ANN, most=2)
    assert [one.text for one in unmatched.list(ANN, before=first[-1])] == ["third"]


def test_switched_off_it_shows_nothing_and_notes_nothing(publishing: Publishing, messages: Messages) -> None:
    off = Unmatched(days=0, store=messages, drafts=publishing.drafts, history=publishing.history)
    assert not off.is_on
    assert off.list(ANN) == ()
    assert told(publishing) == []


def test_an_example_goes_into_the_draft_and_the_message_goes(
    unmatched: Unmatched, draft: Draft, messages: Messages, publishing: Publishing
) -> None:
    unmatched.make_example(ANN, "u0", draft.draft_id, "blackmail", "he wont leave me alone")
    text = publishing.drafts.file(publishing.drafts.get(draft.draft_id), "examples/blackmail.txt").text
    assert "he wont leave me alone" in text.splitlines()
    assert messages.message("u0") is None
    assert ("learned_from", f"example of blackmail in draft {draft.draft_id}") in told(publishing)


def test_a_keyword_joins_those_that_were_there_once(unmatched: Unmatched, draft: Draft, publishing: Publishing) -> None:
    before = publishing.drafts.fields(draft, "meet.yaml").fields["keywords"]
    assert isinstance(before, tuple)
    unmatched.make_keyword(ANN, "u0", draft.draft_id, "meet", " see  him ")
    unmatched.make_keyword(ANN, "u1", draft.draft_id, "meet", "See Him")
    after = publishing.drafts.fields(publishing.drafts.get(draft.draft_id), "meet.yaml").fields["keywords"]
    assert after == (*before, "SEE HIM")


@pytest.mark.parametrize("learn", [Unmatched.make_example, Unmatched.make_keyword])
def test_a_gap_where_a_name_was_teaches_nothing(
    unmatched: Unmatched, draft: Draft, messages: Messages, learn: Learn
) -> None:
    with pytest.raises(BadEdit, match="made-up words"):
        learn(unmatched, ANN, "u1", draft.draft_id, "meet", "my mate [name]")
    assert messages.message("u1") is not None


@pytest.mark.parametrize("learn", [Unmatched.make_example, Unmatched.make_keyword])
def test_what_somebody_else_has_dealt_with_is_not_learned_twice(
    unmatched: Unmatched, draft: Draft, publishing: Publishing, learn: Learn
) -> None:
    unmatched.remove(ANN, "u0")
    with pytest.raises(NotFound, match="already"):
        learn(unmatched, ANN, "u0", draft.draft_id, "meet", "see him")
    assert publishing.drafts.get(draft.draft_id).tree == draft.tree


@pytest.mark.parametrize("learn", [Unmatched.make_example, Unmatched.make_keyword])
def test_who_may_not_edit_learns_nothing_and_loses_nothing(
    unmatched: Unmatched, draft: Draft, messages: Messages, learn: Learn
) -> None:
    with pytest.raises(NotAllowed):
        learn(unmatched, APPROVER, "u0", draft.draft_id, "meet", "see him")
    assert messages.message("u0") is not None


def test_nobody_else_reads_or_deletes(unmatched: Unmatched, messages: Messages) -> None:
    with pytest.raises(NotAllowed):
        unmatched.list(OLA)
    with pytest.raises(NotAllowed):
        unmatched.remove(OLA, "u0")
    assert messages.message("u0") is not None


def test_a_reply_that_is_not_there_gets_no_keyword(unmatched: Unmatched, draft: Draft, messages: Messages) -> None:
    with pytest.raises(NotFound):
        unmatched.make_keyword(ANN, "u0", draft.draft_id, "nothing_like_it", "see him")
    assert messages.message("u0") is not None
