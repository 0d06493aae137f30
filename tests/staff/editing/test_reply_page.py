"""Editing a reply, without a script: every step is a form."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from sms_service.core.publishing.field_edits import FieldEdit, FieldValue
from tests.editing_site import BEA, ROY, EditingSite
from tests.publishing_in_memory import ANN
from tests.staff.editing.pages import fields_of, words
from tests.staff.editing.pages import send as send_form
from tests.staff_site import StaffClient

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

DRAFT = "/drafts/1/replies/meet"


def send(client: StaffClient, changes: dict[str, str], path: str = DRAFT, page: str | None = None) -> TestResponse:
    return send_form(client, changes, path, page)


def look(client: StaffClient, page: str, changes: dict[str, str]) -> TestResponse:
    """Ask as htmx does while somebody types."""
    return client.post(DRAFT, {**fields_of(page), "do": "look", **changes}, headers={"HX-Request": "true"})


@pytest.fixture
def ann(site: EditingSite) -> StaffClient:
    site.draft()
    return site.client(ANN)


class TestSaving:
    def test_an_untouched_form_changes_not_one_byte(self, site: EditingSite, ann: StaffClient) -> None:
        draft = site.publishing.drafts.get(1)
        for path in site.publishing.drafts.tree(draft):
            is_of_top = path.endswith(".yaml") and "/" not in path
            if is_of_top and path not in {"contacts.yaml", "service.yaml", "golden.yaml"}:
                key = path.removesuffix(".yaml")
                assert send(ann, {}, f"/drafts/1/replies/{key}").status_code == 303
        assert site.publishing.drafts.get(1).tree == draft.tree

    def test_a_contact_is_saved_by_its_key_and_shown_by_its_name(self, site: EditingSite, ann: StaffClient) -> None:
        answer = send(ann, {"text-en": "You are not in trouble.\r\nCall ((Childline)) now."})
        assert answer.status_code == 303
        assert site.field(1, "meet.yaml", "text", "en") == "You are not in trouble.\nCall {contact.childline} now."
        assert "Call ((Childline)) now." in ann.get(DRAFT).get_data(as_text=True)

    def test_every_kind_of_field_is_saved(self, site: EditingSite, ann: StaffClient) -> None:
        changes = {
            "title": "Meeting up",
            "danger": "high",
            "keywords": "meet\r\nMEET UP, seeing him",
            "follow-0": "talk",
            "follow-1": "",
            "follow-2": "signs",
            "spoken-en": "",
        }
        assert send(ann, changes).status_code == 303
        assert site.field(1, "meet.yaml", "title") == "Meeting up"
        assert site.field(1, "meet.yaml", "danger") == "high"
        assert site.field(1, "meet.yaml", "keywords") == ("meet", "MEET UP", "seeing him")
        assert site.field(1, "meet.yaml", "follow") == ("talk", "signs")
        spoken = site.field(1, "meet.yaml", "spoken")
        assert isinstance(spoken, dict)
        assert set(spoken) == {"cy"}

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"title": " "}, "Enter a title"),
            ({"text-en": ""}, "Enter the English text"),
            ({"text-en": "Ring ((Childlin))"}, "((Childlin)) is not a contact. Did you mean Childline?"),
            ({"danger": "rather"}, "Choose how dangerous it is"),
            ({"more-en": "x" * 2001}, "Shorten the text to 2000 characters or fewer"),
            ({"text-en": "bell \x07"}, "unseen control character"),
        ],
    )
    def test_what_cannot_be_saved_says_why_and_keeps_what_was_typed(
        self, site: EditingSite, ann: StaffClient, changes: dict[str, str], sentence: str
    ) -> None:
        before = site.publishing.drafts.get(1).tree
        answer = send(ann, {"again-en": "Typed before", **changes})
        assert answer.status_code == 422
        assert sentence in words(answer)
        assert "Typed before" in words(answer)
        assert "<title>Error: " in answer.get_data(as_text=True)
        assert site.publishing.drafts.get(1).tree == before

    def test_the_history_names_only_what_was_changed(self, site: EditingSite, ann: StaffClient) -> None:
        send(ann, {"title": "Meeting up"})
        from sms_service.core.history import HistoryQuery

        (entry,) = site.publishing.history.search(HistoryQuery(action="edited")).entries
        assert entry.detail == "Meeting somebody from online: Title"


class TestLooking:
    def test_checking_saves_nothing_and_says_everything_beside_its_field(
        self, site: EditingSite, ann: StaffClient
    ) -> None:
        before = site.publishing.drafts.get(1).tree
        answer = send(ann, {"do": "check", "text-en": "Why did you send nudes! Ring 0800 1111 “now”"})
        page = answer.get_data(as_text=True)
        beside = page.partition('id="look-text-en"')[2].partition('id="look-')[0]
        for sentence in ("shows on a locked phone", "exclamation mark", "left double quotation mark", "Reading age"):
            assert sentence in beside
        assert "((Childline))" in beside  # the mend names the contact as the page does
        assert ".yaml" not in words(answer)
        assert site.publishing.drafts.get(1).tree == before

    def test_the_phone_the_lock_screen_the_segments_and_the_price_are_shown(self, ann: StaffClient) -> None:
        page = words(send(ann, {"do": "check", "text-en": "You are not in trouble. Call ((Childline)) please."}))
        assert "Locked phone shows: You are not in trouble. Call 0800 1111 p" in page
        assert "1 segment, 4p each time. 46 characters as they are counted, 114 left" in page

    def test_shut_services_are_shown_at_their_longest(self, site: EditingSite, ann: StaffClient) -> None:
        hours: FieldValue = {"days": {"mon": ("09:00-17:00",)}, "open_on_bank_holidays": "no"}
        drafts = site.publishing.drafts
        seen = drafts.fields(drafts.get(1), "contacts.yaml").seen
        drafts.save_fields(ANN, 1, "contacts.yaml", seen, [FieldEdit(("childline", "hours"), hours)])
        page = words(ann.get(DRAFT))
        assert "while everybody answers" in page
        assert "0800 1111 (opens 29 Dec 10.30am)" in page

    def test_a_contact_is_put_in_by_a_button(self, ann: StaffClient) -> None:
        changes = {"do": "insert:text-en", "contact-text-en": "childline", "text-en": "Talk to"}
        page = send(ann, changes).get_data(as_text=True)
        assert "\nTalk to ((Childline))</textarea>" in page

    def test_a_language_is_added_beside_the_others_and_said_to_be_missing(
        self, site: EditingSite, ann: StaffClient
    ) -> None:
        answer = send(ann, {"do": "language", "new_language": "pl", "title": "Typed before"})
        page = answer.get_data(as_text=True)
        assert 'id="text-pl"' in page
        assert "No Polish text" in words(answer)
        assert 'value="Typed before"' in page
        assert send(ann, {"text-pl": "To nie twoja wina, naprawdę nie"}, page=page).status_code == 303
        assert site.field(1, "meet.yaml", "text", "pl") == "To nie twoja wina, naprawdę nie"
        assert "nothing says the same for less" not in words(ann.get(DRAFT))

    def test_welsh_letters_that_cost_are_named(self, ann: StaffClient) -> None:
        welsh = words(send(ann, {"do": "check", "text-cy": "Dŵr i bawb o bobl y byd"}))
        assert "As typed this would be 1 segment" in welsh
        assert "write w for less" in welsh
        assert "Phones have no cheap ŵ and ŷ" in welsh

    def test_the_look_while_typing_names_each_piece_of_the_page(self, ann: StaffClient) -> None:
        page = ann.get(DRAFT).get_data(as_text=True)
        answer = look(ann, page, {"text-en": "Stop! Now."})
        assert answer.status_code == 200
        pieces = set(re.findall(r'id="(look-[^"]+|glance)" hx-swap-oob', answer.get_data(as_text=True)))
        assert pieces == set(re.findall(r'id="(look-[^"]+|glance)"', page))
        assert "exclamation mark" in words(answer)

    def test_a_form_of_rubbish_is_looked_at_without_an_error(self, ann: StaffClient) -> None:
        page = ann.get(DRAFT).get_data(as_text=True)
        rubbish = {"text-en": "", "danger": "?", "languages": "en,cy,<x>", "text-cy": "{contact.", "follow-0": "nobody"}
        assert look(ann, page, rubbish).status_code == 200

    def test_a_look_that_comes_after_logging_in_again_gives_the_whole_page(self, ann: StaffClient) -> None:
        answer = send(ann, {"do": "look", "text-en": "Typed before"})
        assert "Typed before" in words(answer)
        assert 'data-unsaved="changed"' in answer.get_data(as_text=True)


class TestTwoEditors:
    def test_different_fields_are_both_kept(self, site: EditingSite, ann: StaffClient) -> None:
        bea = site.client(BEA)
        mine, hers = (client.get(DRAFT).get_data(as_text=True) for client in (ann, bea))
        assert send(bea, {"title": "Of Bea"}, page=hers).status_code == 303
        assert send(ann, {"again-en": "Of Ann"}, page=mine).status_code == 303
        assert site.field(1, "meet.yaml", "title") == "Of Bea"
        assert site.field(1, "meet.yaml", "again", "en") == "Of Ann"

    @pytest.mark.parametrize(("keep", "text"), [("mine", "Of Ann"), ("theirs", "Of Bea")])
    def test_the_second_sees_all_versions_and_chooses_and_nothing_is_lost(
        self, site: EditingSite, ann: StaffClient, keep: str, text: str
    ) -> None:
        bea = site.client(BEA)
        mine, hers = (client.get(DRAFT).get_data(as_text=True) for client in (ann, bea))
        assert send(bea, {"text-en": "Of Bea", "title": "Bea's title"}, page=hers).status_code == 303
        answer = send(ann, {"text-en": "Of Ann", "more-en": "Only Ann's"}, page=mine)
        assert answer.status_code == 409
        for version in ("You are not in trouble. We want you safe.", "Of Bea", "Of Ann", "Bea Example"):
            assert version in words(answer)
        page = answer.get_data(as_text=True)
        assert page.count('class="part"') == 1  # the title is nobody's quarrel
        assert send(ann, {"keep-text|en": keep}, page=page).status_code == 303
        assert site.field(1, "meet.yaml", "text", "en") == text
        assert site.field(1, "meet.yaml", "more", "en") == "Only Ann's"
        assert site.field(1, "meet.yaml", "title") == "Bea's title"

    def test_a_third_change_while_choosing_is_asked_about_again(self, site: EditingSite, ann: StaffClient) -> None:
        bea = site.client(BEA)
        mine = ann.get(DRAFT).get_data(as_text=True)
        send(bea, {"text-en": "Of Bea"})
        page = send(ann, {"text-en": "Of Ann"}, page=mine).get_data(as_text=True)
        send(bea, {"text-en": "Of Bea, again"})
        answer = send(ann, {"keep-text|en": "mine"}, page=page)
        assert answer.status_code == 409
        assert "Of Bea, again" in words(answer)
        assert send(ann, {"keep-text|en": "mine"}, page=answer.get_data(as_text=True)).status_code == 303
        assert site.field(1, "meet.yaml", "text", "en") == "Of Ann"


class TestWhoAndWhere:
    def test_only_editors_edit(self, site: EditingSite) -> None:
        site.draft()
        roy = site.client(ROY)
        assert roy.get("/replies").status_code == 200
        assert roy.get("/replies/meet").status_code == 200
        assert "Change this reply" not in words(roy.get("/replies/meet"))
        for path in (DRAFT, "/drafts/1/replies", "/drafts/1/contacts", "/drafts/1/settings"):
            assert roy.get(path).status_code == 403

    @pytest.mark.parametrize(
        "path", ["/replies/nothing", "/drafts/9/replies", "/drafts/1/replies/nothing", "/drafts/1/replies/contacts"]
    )
    def test_what_is_not_there_is_not_found(self, ann: StaffClient, path: str) -> None:
        assert ann.get(path).status_code == 404

    def test_a_closed_draft_says_so(self, site: EditingSite, ann: StaffClient) -> None:
        site.publishing.drafts.discard(ANN, 1)
        answer = ann.get(DRAFT)
        assert answer.status_code == 409
        assert "Draft 1 is closed" in words(answer)

    def test_a_draft_being_read_warns(self, site: EditingSite, ann: StaffClient) -> None:
        send(ann, {"title": "Meeting up"})
        site.publishing.review.submit(ANN, 1)
        assert "they have to read it again" in words(ann.get(DRAFT))
