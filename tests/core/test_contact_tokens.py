"""Contacts in texts as editors see them: nothing changes on the way there and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_service.core.contact_tokens import ContactTokens
from sms_service.core.reply_book import Contact, KnownHours


def contact(name: str) -> Contact:
    return Contact(name=name, number="01632 960001", hours=KnownHours.ALWAYS)


TOKENS = ContactTokens(
    {
        "childline": contact("Childline"),
        "report_remove": contact("Report Remove (Childline and IWF)"),
        "team": contact("Team"),
        "other_team": contact("team"),
        "odd": contact("childline "),
    }
)


@pytest.mark.parametrize(
    ("key", "token"),
    [
        ("report_remove", "((Report Remove))"),
        ("team", "((team))"),
        ("other_team", "((other_team))"),
        ("nobody", "{contact.nobody}"),
    ],
)
def test_a_contact_is_shown_by_its_name_where_that_is_its_own(key: str, token: str) -> None:
    assert TOKENS.token(key) == token


def test_names_are_taken_back_whatever_their_case_and_spaces() -> None:
    assert TOKENS.taken("Call (( report  remove )) or ((TEAM))") == "Call {contact.report_remove} or {contact.team}"


def test_a_token_of_nobody_stays_and_is_named_with_a_hint() -> None:
    taken = TOKENS.taken("Call ((Report Remov))")
    assert taken == "Call ((Report Remov))"
    assert TOKENS.unknown(taken) == [("((Report Remov))", "Did you mean Report Remove?")]


@given(st.lists(st.sampled_from(["{contact.childline}", "{contact.team}", "{contact.odd}", "((", "))", " a\n", "{x}"])))
def test_what_is_shown_and_taken_back_is_the_same_text(pieces: list[str]) -> None:
    text = TOKENS.taken("".join(pieces))
    assert TOKENS.taken(TOKENS.shown(text)) == text
