"""What callers hear, and keywords of other languages, on pages without a script."""

from __future__ import annotations

import io
import re
from itertools import chain

import pytest
from pydantic import BaseModel

from sms_service.core.call_settings import CallPiece, CallSettings
from sms_service.core.calls.slots import WORDS
from sms_service.core.publishing.field_edits import FieldEdit
from sms_service.core.reply_book import Contact, Reply, ServiceSettings
from sms_service.service.release import Release
from sms_service.staff.editing.calls_form import places_of_call
from tests.editing_site import BEA, EditingSite
from tests.publishing_in_memory import ANN
from tests.staff.editing.pages import send, words
from tests.staff_site import StaffClient

CALLS = "/drafts/1/calls"
WELCOME = f"{CALLS}/words/welcome"
FIELD = "call-words-welcome-en"
MEET = "/drafts/1/replies/meet"


@pytest.fixture
def ann(site: EditingSite) -> StaffClient:
    site.draft()
    return site.client(ANN)


def test_every_piece_of_a_call_stands_once_in_its_order(shipped_release: Release) -> None:
    slots = list(chain.from_iterable(slots for _, _, slots in places_of_call(shipped_release.book)))
    assert len(slots) == len(set(slots))
    assert {slot.name for slot in slots if slot.room == WORDS} == set(CallPiece)
    assert [slot.name for slot in slots if slot.room != WORDS] == list(shipped_release.book.service.menu)


@pytest.mark.parametrize("path", [CALLS, WELCOME, f"{CALLS}/words/quiet", f"{CALLS}/menu/iwf"])
def test_an_untouched_form_changes_not_one_byte(site: EditingSite, ann: StaffClient, path: str) -> None:
    before = site.publishing.drafts.get(1).tree
    assert send(ann, {"do": "save"}, path).status_code == 303
    assert site.publishing.drafts.get(1).tree == before


def test_words_are_saved_as_they_are_heard_and_every_other_byte_stays(site: EditingSite, ann: StaffClient) -> None:
    drafts = site.publishing.drafts
    before = drafts.file(drafts.get(1), "service.yaml").text
    new = "In danger? Hang up, call ((Emergency services)).\r\nYou are safe to talk here."
    answer = send(ann, {FIELD: new, "do": "next"}, WELCOME)
    assert answer.headers["Location"].endswith(f"{CALLS}/words/emergency"), "the next in a call"
    after = drafts.file(drafts.get(1), "service.yaml").text
    old = re.search(r"    welcome:\n      en: \|\n(.*?)      cy:", before, re.DOTALL)
    assert old is not None
    said = "        In danger? Hang up, call {contact.emergency}.\n        You are safe to talk here.\n"
    assert after == before.replace(old.group(1), said, 1)
    assert "In danger? Hang up, call 9 9 9, again, 9 9 9. You are safe to talk here." in words(ann.get(CALLS))
    sheet = words(ann.get("/drafts/1"))
    assert "A caller hears: In danger? Hang up, call 9 9 9, again, 9 9 9." in sheet


def test_what_may_not_go_live_is_told_beside_the_words_and_linked_from_the_draft(ann: StaffClient) -> None:
    answer = ann.get(send(ann, {FIELD: "Hello.", "do": "save"}, WELCOME).headers["Location"])
    assert "1 to mend before it can go live" in words(answer)
    assert "These words do not name 999. Write ((Emergency services)) into them." in words(answer)
    draft = ann.get("/drafts/1").get_data(as_text=True)
    assert f'href="{WELCOME}#{FIELD}"' in draft
    assert f'id="{FIELD}"' in answer.get_data(as_text=True)


def test_while_somebody_types_the_look_follows(ann: StaffClient) -> None:
    form = {"do": "look", FIELD: "Call ((Childline)).", "seen": "", "csrf_token": ""}
    page = ann.get(WELCOME).get_data(as_text=True)
    form["csrf_token"] = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', page)[0]
    answer = ann.post(WELCOME, form, headers={"HX-Request": "true"})
    assert "Call 0 8 0 0, 1 1 1 1, again, 0 8 0 0, 1 1 1 1." in words(answer)
    assert "do not name 999" in words(answer)
    assert "<html" not in answer.get_data(as_text=True)


def test_a_contact_goes_in_and_a_token_that_is_none_is_told(site: EditingSite, ann: StaffClient) -> None:
    page = send(ann, {"do": f"insert:{FIELD}", f"contact-{FIELD}": "childline"}, WELCOME).get_data(as_text=True)
    assert "We can help. ((Childline))</textarea>" in page
    answer = send(ann, {FIELD: "Call ((Nobody)).", "do": "save"}, WELCOME)
    assert answer.status_code == 422
    assert "((Nobody)) is not a contact" in words(answer)


def test_whom_key_0_rings_is_put_in_order(site: EditingSite, ann: StaffClient) -> None:
    page = send(ann, {"do": "down:duty_and_advice"}, CALLS).get_data(as_text=True)
    page = send(ann, {"do": "on:", "add": "childline"}, CALLS, page).get_data(as_text=True)
    page = send(ann, {"do": "off:safeguarding_team"}, CALLS, page).get_data(as_text=True)
    assert send(ann, {"do": "save"}, CALLS, page).status_code == 303
    assert site.field(1, "service.yaml", "call", "put_through") == ("duty_and_advice", "childline")
    answer = send(ann, {"do": "save", "put_through": ""}, CALLS)
    assert (answer.status_code, "Choose at least one number" in words(answer)) == (422, True)


def test_two_who_write_the_same_words_are_asked_and_others_are_not(site: EditingSite, ann: StaffClient) -> None:
    mine = ann.get(WELCOME).get_data(as_text=True)
    drafts = site.publishing.drafts
    seen = drafts.fields(drafts.get(1), "service.yaml").seen
    theirs = "Of Bea. {contact.emergency}"
    edits = [FieldEdit(("call", "words", piece, "en"), theirs) for piece in ("welcome", "goodbye")]
    drafts.save_fields(BEA, 1, "service.yaml", seen, edits)
    answer = send(ann, {FIELD: "Of Ann. ((Emergency services))", "do": "save"}, WELCOME, mine)
    assert answer.status_code == 409
    assert "The first words of a call, English" in words(answer)
    page = answer.get_data(as_text=True)
    assert send(ann, {"keep-call|words|welcome|en": "mine", "do": "save"}, WELCOME, page).status_code == 303
    assert site.field(1, "service.yaml", "call", "words", "welcome", "en") == "Of Ann. {contact.emergency}"
    assert site.field(1, "service.yaml", "call", "words", "goodbye", "en") == theirs


def test_two_who_change_whom_key_0_rings_see_names(site: EditingSite, ann: StaffClient) -> None:
    mine = ann.get(CALLS).get_data(as_text=True)
    drafts = site.publishing.drafts
    seen = drafts.fields(drafts.get(1), "service.yaml").seen
    drafts.save_fields(BEA, 1, "service.yaml", seen, [FieldEdit(("call", "put_through"), ("childline",))])
    answer = send(ann, {"put_through": "nspcc_helpline,duty_and_advice", "do": "save"}, CALLS, mine)
    assert answer.status_code == 409
    assert "Whom key 0 rings" in words(answer)
    assert "Duty and Advice Service, Leicester Safeguarding team" in words(answer)
    assert "duty_and_advice</" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("path", ["words/nothing", "menu/talking", "other/welcome"])
def test_what_no_call_says_is_not_there(ann: StaffClient, path: str) -> None:
    assert ann.get(f"{CALLS}/{path}").status_code == 404


def test_keywords_of_another_language_are_written_beside_the_english_ones(site: EditingSite, ann: StaffClient) -> None:
    assert send(ann, {"keywords_in-cy": "cwrdd\ncyfarfod, MEET", "do": "save"}, MEET).status_code == 303
    assert site.field(1, "meet.yaml", "keywords_in", "cy") == ("cwrdd", "cyfarfod", "MEET")
    page = ann.get(MEET).get_data(as_text=True)
    assert "The keyword MEET stands here twice" in page
    assert f'href="{MEET}#keywords_in-cy"' in ann.get("/drafts/1").get_data(as_text=True)
    assert 'id="keywords_in-cy"' in page
    assert send(ann, {"keywords_in-cy": "", "do": "save"}, MEET).status_code == 303
    assert site.field(1, "meet.yaml", "keywords_in") is None


def test_the_whole_book_goes_out_and_comes_back_byte_for_byte(site: EditingSite, ann: StaffClient) -> None:
    before = site.publishing.drafts.files(site.publishing.drafts.get(1))
    send(ann, {FIELD: "Hang up, call ((Emergency services)).", "do": "save"}, WELCOME)
    send(ann, {"keywords_in-cy": "cwrdd", "keywords_in-pl": "spotkanie", "languages": "en,cy,pl", "do": "save"}, MEET)
    page = send(ann, {"do": "up:safeguarding_team"}, CALLS).get_data(as_text=True)
    send(ann, {"do": "save"}, CALLS, page)
    page = send(ann, {"do": "language", "new_language": "pl"}, "/drafts/1/settings").get_data(as_text=True)
    send(ann, {"do": "save"}, "/drafts/1/settings", page)
    written = site.publishing.drafts.get(1)
    changed = [path for path, text in site.publishing.drafts.files(written).items() if text != before[path]]
    assert sorted(changed) == ["meet.yaml", "service.yaml"]
    for path in changed:
        notes = [line for line in before[path].splitlines() if line.lstrip().startswith("#")]
        after = site.publishing.drafts.files(written)[path].splitlines()
        assert [line for line in after if line.lstrip().startswith("#")] == notes
    packed = ann.send("/drafts/1/export", form_at="/drafts/1")
    ann.send("/book/import", {"book": (io.BytesIO(packed.data), "book.zip"), "title": "Back"}, form_at="/book")
    assert site.publishing.drafts.get(2).tree == written.tree != site.publishing.drafts.get(2).base_tree


def test_every_field_of_the_book_has_its_place_on_a_page(site: EditingSite, ann: StaffClient) -> None:
    """A field that the book gets later must be given one, or a reason on the page why not."""
    pages: dict[type[BaseModel], tuple[str, dict[str, str]]] = {
        Reply: (MEET, {"examples": "on the page of sentences; beside the reply where its file has some"}),
        Contact: ("/drafts/1/contacts/childline", {}),
        ServiceSettings: ("/drafts/1/settings", {"call": "a page of its own", "waiting_languages": "by language"}),
        CallSettings: (CALLS, {}),
    }
    for model, (path, elsewhere) in pages.items():
        page = ann.get(path).get_data(as_text=True)
        lacking = [name for name in model.model_fields if not re.search(rf'(?:id|name)="{name}["-]', page)]
        assert lacking == [name for name in model.model_fields if name in elsewhere], model
