"""Contacts, hours and settings on pages, without a script."""

from __future__ import annotations

import html
import re

import pytest

from sms_service.staff.editing.hours_form import hours_of_field, hours_of_request, value_of
from tests.editing_site import BEA, EditingSite
from tests.publishing_in_memory import ANN
from tests.staff.editing.pages import fields_of, send, words
from tests.staff_site import StaffClient

CONTACTS = "/drafts/1/contacts"
SETTINGS = "/drafts/1/settings"


@pytest.fixture
def ann(site: EditingSite) -> StaffClient:
    site.draft()
    return site.client(ANN)


class TestContacts:
    def test_an_untouched_form_changes_not_one_byte(self, site: EditingSite, ann: StaffClient) -> None:
        before = site.publishing.drafts.get(1).tree
        for key in ("childline", "iwf", "safeguarding_team"):
            assert send(ann, {}, f"{CONTACTS}/{key}").status_code == 303
        assert site.publishing.drafts.get(1).tree == before

    def test_one_edit_changes_every_reply_and_the_spoken_version(self, site: EditingSite, ann: StaffClient) -> None:
        answer = send(ann, {"number": "0808 157 0000"}, f"{CONTACTS}/childline")
        assert answer.status_code == 303
        page = words(ann.get("/drafts/1/replies/meet"))
        assert "Childline 0808 157 0000" in page
        assert "0 8 0 8, 1 5 7, 0 0 0 0, again" in page

    def test_who_rang_it_when_is_one_click_and_ends_the_alarm(self, site: EditingSite, ann: StaffClient) -> None:
        before = words(ann.get(CONTACTS)).count("Never checked")
        assert ann.send(f"{CONTACTS}/childline/checked", {}, form_at=CONTACTS).status_code == 303
        assert site.field(1, "contacts.yaml", "childline", "checked_by") == ANN.name
        assert site.field(1, "contacts.yaml", "childline", "checked_on") == "2026-11-22"
        assert site.field(1, "contacts.yaml", "childline", "check_again_by") == "2027-05-23"
        assert words(ann.get(CONTACTS)).count("Never checked") == before - 1

    def test_a_contact_in_use_is_not_taken_out_and_the_page_says_where(
        self, site: EditingSite, ann: StaffClient
    ) -> None:
        page = words(ann.get(f"{CONTACTS}/childline/remove"))
        assert "cannot be taken out yet" in page
        assert "Meeting somebody from online" in page
        ann.send(f"{CONTACTS}/childline/remove", {}, form_at=CONTACTS)
        assert site.field(1, "contacts.yaml", "childline", "name") == "Childline"

    def test_a_contact_is_added_chosen_and_taken_out(self, site: EditingSite, ann: StaffClient) -> None:
        new = {"name": "Night Team", "number": "01632 960123", "hours": "always"}
        assert send(ann, new, "/drafts/1/new-contact").status_code == 303
        assert site.field(1, "contacts.yaml", "night_team", "number") == "01632 960123"
        assert 'data-token="((Night Team))"' in ann.get("/drafts/1/replies/meet").get_data(as_text=True)
        assert ann.send(f"{CONTACTS}/night_team/remove", {}, form_at=CONTACTS).status_code == 303
        assert site.field(1, "contacts.yaml", "night_team") is None

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"number": ""}, "Enter a phone number or a web address"),
            ({"address": "x.org"}, "not both"),
            ({"name": ""}, "Enter a name"),
            ({"checked_on-day": "31", "checked_on-month": "2", "checked_on-year": "2026"}, "Enter a real date"),
            ({"hours": "days"}, "Enter the times of at least one day"),
            ({"hours": "days", "mon-0-from": "17:00", "mon-0-to": "09:00"}, "Monday: 09:00 comes before 17:00"),
            ({"hours": "days", "tue-0-from": "09:00"}, "Tuesday: enter both times"),
        ],
    )
    def test_what_cannot_be_saved_says_why(self, ann: StaffClient, changes: dict[str, str], sentence: str) -> None:
        answer = send(ann, changes, f"{CONTACTS}/childline")
        assert answer.status_code == 422
        assert sentence in words(answer)
        ids = re.findall(r'<li><a href="#([^"]+)"', answer.get_data(as_text=True))
        assert ids
        for name in ids:
            assert f'id="{name}"' in answer.get_data(as_text=True)

    def test_two_who_change_one_number_are_asked(self, site: EditingSite, ann: StaffClient) -> None:
        mine = ann.get(f"{CONTACTS}/childline").get_data(as_text=True)
        send(site.client(BEA), {"number": "0808 157 0001", "notes": "Of Bea"}, f"{CONTACTS}/childline")
        answer = send(ann, {"number": "0808 157 0002"}, f"{CONTACTS}/childline", mine)
        assert answer.status_code == 409
        assert "0808 157 0001" in words(answer)
        page = answer.get_data(as_text=True)
        assert send(ann, {"keep-childline|number": "mine"}, f"{CONTACTS}/childline", page).status_code == 303
        assert site.field(1, "contacts.yaml", "childline", "number") == "0808 157 0002"
        assert site.field(1, "contacts.yaml", "childline", "notes") == "Of Bea"


class TestHours:
    @pytest.mark.parametrize(
        "value",
        [
            "always",
            "unknown",
            {"days": {"mon": ("09:00-12:00", "13:00-24:00"), "sun": ("00:00-06:00",)}, "open_on_bank_holidays": "yes"},
            {"days": {"fri": ("08:00-09:00", "10:00-11:00", "12:00-13:00")}, "open_on_bank_holidays": "no"},
        ],
    )
    def test_what_the_form_shows_is_what_it_saves(self, value) -> None:
        form = hours_of_field(value)
        sent = {"hours": form.kind} | ({"bank_holidays": "yes"} if form.on_bank_holidays else {})
        for day, spans in form.days.items():
            for index, (start, end) in enumerate(spans):
                sent |= {f"{day.value}-{index}-from": start, f"{day.value}-{index}-to": end}
        assert value_of(hours_of_request(sent)) == value

    def test_monday_is_copied_to_the_working_days(self, ann: StaffClient) -> None:
        changes = {"do": "copy", "hours": "days", "mon-0-from": "09:00", "mon-0-to": "17:00"}
        fields = fields_of(send(ann, changes, f"{CONTACTS}/childline").get_data(as_text=True))
        assert [fields[f"{day}-0-to"] for day in ("tue", "wed", "thu", "fri", "sat")] == ["17:00"] * 4 + [""]


class TestSettings:
    def test_an_untouched_form_changes_not_one_byte(self, site: EditingSite, ann: StaffClient) -> None:
        before = site.publishing.drafts.get(1).tree
        assert send(ann, {"do": "save"}, SETTINGS).status_code == 303
        assert site.publishing.drafts.get(1).tree == before

    def test_the_menu_is_ordered_with_buttons_and_saved_once(self, site: EditingSite, ann: StaffClient) -> None:
        page = send(ann, {"do": "down:iwf"}, SETTINGS).get_data(as_text=True)
        page = send(ann, {"do": "off:police"}, SETTINGS, page).get_data(as_text=True)
        page = send(ann, {"do": "on:", "menu_add": "signs"}, SETTINGS, page).get_data(as_text=True)
        menu = site.field(1, "service.yaml", "menu")
        assert isinstance(menu, tuple)
        assert menu[:2] == ("iwf", "blackmail")  # nothing saved yet
        assert send(ann, {"do": "save"}, SETTINGS, page).status_code == 303
        menu = site.field(1, "service.yaml", "menu")
        assert isinstance(menu, tuple)
        assert (*menu[:2], menu[-1]) == ("blackmail", "iwf", "signs")

    def test_a_language_that_goes_live_waits_no_more(self, site: EditingSite, ann: StaffClient) -> None:
        assert send(ann, {"do": "save", "languages": "cy"}, SETTINGS).status_code == 303
        assert site.field(1, "service.yaml", "languages") == ("en", "cy")
        assert site.field(1, "service.yaml", "waiting_languages") is None

    def test_a_language_is_begun_written_beside_the_others_and_sent_to_nobody(
        self, site: EditingSite, ann: StaffClient
    ) -> None:
        page = send(ann, {"do": "language", "new_language": "pl"}, SETTINGS).get_data(as_text=True)
        assert site.field(1, "service.yaml", "waiting_languages", "pl") is None  # nothing saved yet
        line = {"do": "save", "emergency_line-pl": "Zadzwon ((Emergency services))."}
        assert send(ann, line, SETTINGS, page).status_code == 303
        assert "native reader" in str(site.field(1, "service.yaml", "waiting_languages", "pl"))
        assert site.field(1, "service.yaml", "languages") == ("en",)
        assert site.field(1, "service.yaml", "emergency_line", "pl") == "Zadzwon {contact.emergency}."
        for path in ("replies/meet", "calls/words/hello"):
            assert re.search(r"<label [^>]*>Polish<", ann.get(f"/drafts/1/{path}").get_data(as_text=True)), path
        shown = words(ann.get(SETTINGS))
        assert re.search(r"Polish: how far it is 0 of \d+ replies have a text in it 0 of \d+ places in a call", shown)
        assert "not live, so nobody gets this" not in words(ann.get("/drafts/1"))

    def test_where_the_menu_is_written_out_otherwise_is_told_and_linked(self, ann: StaffClient) -> None:
        page = send(ann, {"do": "down:iwf"}, SETTINGS).get_data(as_text=True)
        answer = ann.get(send(ann, {"do": "save"}, SETTINGS, page).headers["Location"])
        assert "The menu shows 1 for" in words(answer)
        assert 'href="/drafts/1/replies/help#text-en"' in answer.get_data(as_text=True)

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"menu": ""}, "Put 1 to 9 replies on the menu"),
            ({"pence_per_segment": "four"}, "Enter a price from 0 to 100 pence"),
            ({"pence_per_segment": "nan"}, "Enter a price from 0 to 100 pence"),
            ({"emergency_line-en": ""}, "Enter the emergency line in English"),
        ],
    )
    def test_what_cannot_be_saved_says_why(self, ann: StaffClient, changes: dict[str, str], sentence: str) -> None:
        answer = send(ann, {"do": "save", **changes}, SETTINGS)
        assert answer.status_code == 422
        assert sentence in html.unescape(words(answer))
