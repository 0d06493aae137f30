"""Learning from messages that were not understood: off by default, one click when it is on."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from sms_service.service.publishing.publishing import Publishing
from sms_service.service.unmatched import Unmatched
from tests.publishing_in_memory import OLA, Messages
from tests.publishing_site import APPROVER_ONLY, Site, make_site

if TYPE_CHECKING:
    from tests.conftest import LineUnderTest


@pytest.fixture
def messages() -> Messages:
    return Messages("he wont leave me alone on there", "my mate [name] says hi", *(f"text {n}" for n in range(30)))


@pytest.fixture
def site(make_line: Callable[..., LineUnderTest], publishing: Publishing, messages: Messages) -> Site:
    unmatched = Unmatched(days=14, store=messages, drafts=publishing.drafts, history=publishing.history)
    return make_site(make_line(), publishing, book_watch=SimpleNamespace(unmatched=unmatched, check=lambda: None))


def learn(site: Site, unmatched_id: str, status: int = 303, **fields: str) -> str:
    answer = site.client().send(f"/learn/{unmatched_id}", fields, form_at="/learn")
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def test_it_is_off_by_default_and_the_page_says_how_to_turn_it_on(
    make_line: Callable[..., LineUnderTest], publishing: Publishing
) -> None:
    page = make_site(make_line(), publishing).client().get("/learn").get_data(as_text=True)
    assert "This is off." in page
    assert "KEEP_UNMATCHED_DAYS" in page
    assert publishing.history.search().entries == ()


def test_messages_are_shown_page_by_page_and_looking_is_noted(site: Site) -> None:
    page = site.client(APPROVER_ONLY).get("/learn").get_data(as_text=True)
    assert "he wont leave me alone on there" in page
    assert "Make it a sentence" not in page, "an approver reads only"
    older = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert "text 29" in site.client().get(older).get_data(as_text=True)
    assert {entry.action for entry in site.publishing.history.search().entries} == {"looked_at"}
    assert site.client(OLA).get("/learn").status_code == 403


def test_one_click_makes_it_a_sentence_in_a_draft(site: Site, messages: Messages) -> None:
    learn(site, "u0", do="example", reply="blackmail", words="he wont leave me alone", draft="new")
    draft = site.publishing.drafts.list()[0]
    assert "he wont leave me alone\n" in site.publishing.drafts.file(draft, "examples/blackmail.txt").text
    assert messages.message("u0") is None
    page = site.client().get(f"/drafts/{draft.draft_id}").get_data(as_text=True)
    assert "he wont leave me alone" in page


def test_or_a_keyword_or_nothing(site: Site, messages: Messages) -> None:
    draft = site.publishing.drafts.open(site.client().person, "Mine")  # type: ignore[arg-type]
    learn(site, "u0", do="keyword", reply="meet", words="hangout", draft=str(draft.draft_id))
    fields = site.publishing.drafts.fields(site.publishing.drafts.get(1), "meet.yaml").fields
    assert "HANGOUT" in fields["keywords"]
    learn(site, "u2", do="delete")
    assert messages.message("u2") is None
    again = site.client()
    assert again.send("/learn/u2", {"do": "delete"}, form_at="/learn").status_code == 303
    assert "has dealt with this message" in again.get("/learn").get_data(as_text=True)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"do": "example", "reply": "meet", "words": "my mate [name] says hi"}, "made-up words"),
        ({"do": "example", "reply": "", "words": "x"}, "Choose the reply"),
        ({"do": "keyword", "reply": "harmless", "words": "x"}, "has no keyword"),
    ],
)
def test_what_cannot_be_learned_is_told_and_nothing_is_lost(
    site: Site, messages: Messages, fields: dict[str, str], sentence: str
) -> None:
    assert sentence in learn(site, "u1", 422, **fields)
    assert messages.message("u1") is not None
