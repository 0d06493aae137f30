"""The simulator for staff: the line's own code, any book, any moment, nothing left behind."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from sms_service.core.publishing.field_edits import FieldEdit, FieldValue
from sms_service.service.publishing.publishing import Publishing
from sms_service.service.unmatched_ports import NothingKept
from tests.publishing_in_memory import ANN, OLA
from tests.publishing_site import APPROVER_ONLY, Site, make_site

if TYPE_CHECKING:
    from tests.conftest import LineUnderTest


class Kept(NothingKept):
    """Would keep messages that were not understood."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def keep(self, at, pseudonym, text) -> None:
        self.texts.append(text)


@pytest.fixture
def line(make_line: Callable[..., LineUnderTest]) -> LineUnderTest:
    return make_line()


@pytest.fixture
def site(line: LineUnderTest, publishing: Publishing) -> Site:
    return make_site(line, publishing)


def tried(site: Site, fields: dict, path: str = "/try", status: int = 200) -> str:
    answer = site.client(OLA).send(path, {"do": "send", **fields}, form_at="/try")
    assert answer.status_code == status
    return answer.get_data(as_text=True)


class TestTexting:
    def test_it_answers_as_the_line_does_and_says_why(self, site: Site, line: LineUnderTest) -> None:
        page = tried(site, {"text": "URGENT"})
        assert line.texts("URGENT")[0].splitlines()[0] in page
        assert "Keyword URGENT." in page
        assert "In danger now" in page, "replies are named by title"

    def test_the_page_carries_the_conversation(self, site: Site) -> None:
        page = tried(site, {"sent": ["t:MEET"], "text": "MORE"})
        assert "There with them now?" in page
        assert page.count('name="sent"') == 2
        assert 'name="sent"' not in tried(site, {"sent": ["t:MEET"], "do": "again"})

    def test_nothing_of_it_is_kept_counted_or_logged(self, site: Site, line: LineUnderTest) -> None:
        for _ in range(3):
            tried(site, {"text": "blargh flumox"})
        assert line.recorder.events == []
        assert line.log.events == []
        assert site.publishing.history.search().entries == ()

    def test_what_is_not_understood_is_not_kept_either(self, line: LineUnderTest, publishing: Publishing) -> None:
        kept = Kept()
        other = line.with_parts(unmatched=kept)
        tried(make_site(other, publishing), {"text": "blargh flumox"})
        other.texts("blargh flumox")
        assert kept.texts == ["blargh flumox"], "the real one alone"

    def test_a_draft_answers_when_it_is_chosen(self, site: Site) -> None:
        draft = site.draft("Words", FieldEdit(("text", "en"), "New words. Call {contact.emergency}\n"))
        assert '<span lang="en" dir="auto">New words. Call 999' in tried(
            site, {"text": "MEET", "book": str(draft.draft_id)}
        )
        assert "New words" not in tried(site, {"text": "MEET"})

    def test_opening_hours_are_those_of_the_chosen_moment(self, site: Site) -> None:
        hours: FieldValue = {"days": {"mon": ("09:00-17:00",)}, "open_on_bank_holidays": "no"}
        draft = site.draft("Hours", FieldEdit(("police_local", "hours"), hours), path="contacts.yaml")
        fields = {"text": "POLICE", "book": str(draft.draft_id), "date": "2026-11-23"}
        bubbles = [tried(site, {**fields, "time": time}).split('class="bubble">')[1] for time in ("10:00", "20:00")]
        assert bubbles[0].split("</p>")[0] != bubbles[1].split("</p>")[0]

    @pytest.mark.parametrize("fields", [{"date": "x"}, {"date": "0001-01-01"}, {"time": "25:99"}])
    def test_a_moment_that_is_none_is_told(self, site: Site, fields: dict) -> None:
        assert "Enter a " in tried(site, {"text": "MEET", **fields}, status=422)

    @pytest.mark.parametrize("book", ["99", "nonsense"])
    def test_a_book_that_is_none(self, site: Site, book: str) -> None:
        assert tried(site, {"text": "MEET", "book": book}, status=404 if book == "99" else 200)

    def test_a_book_that_cannot_be_read_is_told(self, site: Site) -> None:
        draft = site.draft()
        site.publishing.trials._run = lambda work: None
        file = site.publishing.drafts.file(draft, "service.yaml")
        site.publishing.drafts.save_file(ANN, draft.draft_id, "service.yaml", file.seen, "name: [\n")
        assert "cannot be" in tried(site, {"book": "1"}, status=409)

    def test_too_many_texts_end_it(self, site: Site) -> None:
        page = tried(site, {"sent": ["t:hi"] * 25, "text": "MEET"})
        assert page.count('name="sent"') == 20
        assert 'id="text"' not in page


class TestRinging:
    def test_keys_and_words_go_through_the_call_s_own_code(self, site: Site, line: LineUnderTest) -> None:
        greeting = tried(site, {"do": "ring"}, "/try/ring")
        assert "You ring the line." in greeting
        assert '<p class="spoken" lang="en-GB" dir="auto">' in greeting
        assert line.call().ring().spoken[0].split(".")[0] in greeting
        page = tried(site, {"do": "say", "said": "someone wants to meet me", "in_call": "yes"}, "/try/ring")
        assert "You say: someone wants to meet me" in page
        pressed = tried(site, {"do": "key:1", "done": ["2"], "in_call": "yes"}, "/try/ring")
        assert "You press 2." in pressed
        assert "You press 1." in pressed
        assert len(line.recorder.events) == 1, "the real call alone"

    def test_whose_phone_would_ring_is_named_and_signs_have_names(self, site: Site) -> None:
        page = tried(site, {"do": "key:0", "in_call": "yes"}, "/try/ring")
        assert "Duty and Advice Service, Leicester, 0116 454 1004: this phone would ring now." in page
        page = tried(site, {"do": "key:#", "done": ["5"], "in_call": "yes"}, "/try/ring")
        assert "You press hash." in page
        assert 'aria-label="star">*</button>' in page

    def test_hanging_up_ends_it(self, site: Site) -> None:
        assert "No call yet" in tried(site, {"do": "hang-up", "done": ["1"]}, "/try/ring")


def test_who_has_no_role_for_it_sees_nothing(site: Site) -> None:
    assert site.client(APPROVER_ONLY).get("/try").status_code == 200
    assert site.client().get("/try?book=live&date=2026-12-25").status_code == 200
