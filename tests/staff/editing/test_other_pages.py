"""The first page, sentences, texts that must lead to a reply, new replies and those that go."""

from __future__ import annotations

import pytest

from tests.editing_site import EditingSite
from tests.publishing_in_memory import ANN
from tests.staff.editing.pages import send, words
from tests.staff_site import StaffClient

SENTENCES = "/drafts/1/sentences/meet"
NO_REPLIES = {"contacts.yaml", "service.yaml", "golden.yaml"}
GOLDEN = "/drafts/1/replies/meet/golden"


@pytest.fixture
def ann(site: EditingSite) -> StaffClient:
    site.draft()
    return site.client(ANN)


class TestHome:
    def test_it_says_what_is_live_who_works_on_what_and_what_nobody_checked(self, ann: StaffClient) -> None:
        page = words(ann.get("/replies"))
        for said in (
            "came with the installation",
            "New words",
            "12 contacts nobody has checked",
            "Menu 5",
            "2 segments",
        ):
            assert said in page

    @pytest.mark.parametrize(
        ("query", "sign"),
        [
            ("SEXTORTION", "  - SEXTORTION\n"),
            ("SAMARITANS", "amaritans"),
            ("no such words", "?!?"),
            ("", ""),
        ],
    )
    def test_replies_are_found_by_keyword_word_and_number(
        self, ann: StaffClient, shipped_files: dict[str, str], query: str, sign: str
    ) -> None:
        replies = {path for path in shipped_files if path.endswith(".yaml") and "/" not in path} - NO_REPLIES
        page = ann.get("/replies", query_string={"q": query}).get_data(as_text=True)
        assert page.count('class="reply-card"') == sum(sign in shipped_files[path] for path in replies)

    def test_a_change_needs_a_name_and_begins_a_draft(self, site: EditingSite, ann: StaffClient) -> None:
        answer = ann.send("/replies/start", {"title": " "}, form_at="/replies")
        assert answer.status_code == 422
        assert "Say in a few words" in words(answer)
        answer = ann.send("/replies/start", {"title": "Second"}, form_at="/replies")
        assert answer.location == "/drafts/2/replies"
        answer = ann.send("/replies/start", {"draft": "2", "reply": "meet"}, form_at="/replies")
        assert answer.location == "/drafts/2/replies/meet"

    def test_replies_that_miss_a_live_language_are_marked(self, ann: StaffClient) -> None:
        send(ann, {"do": "save", "languages": "pl"}, "/drafts/1/settings")
        page = ann.get("/drafts/1/replies").get_data(as_text=True)
        assert page.count("No Polish") == page.count('class="reply-card"') > 20


class TestSentences:
    def test_they_are_added_found_and_taken_out(self, site: EditingSite, ann: StaffClient) -> None:
        lines = "  he wants 2 meet me at the zoo \n\nhe wants to meet me\n"
        answer = ann.send(f"{SENTENCES}/add", {"sentences": lines}, form_at=SENTENCES)
        assert answer.status_code == 303
        page = words(ann.get(f"{SENTENCES}?q=the zoo"))
        assert "Added 1 sentence to this draft. 1 stood there already." in page
        assert '1 sentences with "the zoo"' in page.replace("&#34;", '"')
        answer = ann.send(f"{SENTENCES}/remove", {"sentence": ["he wants 2 meet me at the zoo"]}, form_at=SENTENCES)
        assert answer.status_code == 303
        assert "zoo" not in words(ann.get(SENTENCES))

    def test_nothing_added_or_ticked_is_said(self, ann: StaffClient) -> None:
        assert ann.send(f"{SENTENCES}/add", {"sentences": " \n"}, form_at=SENTENCES).status_code == 422
        assert "Tick the sentences" in words(ann.send(f"{SENTENCES}/remove", {}, form_at=SENTENCES))

    def test_thousands_are_paged(self, site: EditingSite, ann: StaffClient) -> None:
        site.publishing.drafts.add_examples(ANN, 1, "meet", [f"meet number {count} of many" for count in range(120)])
        assert "Page 2 of 3" in words(ann.get(f"{SENTENCES}?q=of many&page=2"))
        assert "Page 3 of 3" in words(ann.get(f"{SENTENCES}?q=of many&page=99"))


class TestGolden:
    def test_one_is_added_and_taken_off(self, ann: StaffClient) -> None:
        assert ann.send(GOLDEN, {"text": "shall i meet him at 5"}).status_code == 303
        assert "shall i meet him at 5" in words(ann.get(GOLDEN))
        answer = ann.send(f"{GOLDEN}/remove", {"text": "shall i meet him at 5"}, form_at=GOLDEN)
        assert answer.status_code == 303
        assert "shall i meet him at 5" not in words(ann.get(GOLDEN))

    def test_a_text_that_must_lead_elsewhere_is_not_taken_over(self, ann: StaffClient) -> None:
        answer = ann.send(GOLDEN, {"text": "i want to die"})
        assert answer.status_code == 422
        assert "Take it off that list first" in words(answer)


class TestRepliesComeAndGo:
    def test_one_is_added_and_taken_out_with_all_that_is_its(self, site: EditingSite, ann: StaffClient) -> None:
        answer = ann.send("/drafts/1/new-reply", {"title": "A new game", "text": "Call ((Childline))", "key": ""})
        assert answer.location == "/drafts/1/replies/a_new_game"
        assert site.field(1, "a_new_game.yaml", "text", "en") == "Call {contact.childline}"
        ann.send("/drafts/1/sentences/a_new_game/add", {"sentences": "what is this game"}, form_at="/replies")
        ann.send("/drafts/1/replies/a_new_game/golden", {"text": "strange game"})
        answer = ann.send("/drafts/1/replies/a_new_game/remove", {}, form_at="/drafts/1/replies/a_new_game/remove")
        assert answer.status_code == 303
        drafts = site.publishing.drafts
        assert drafts.changed_files(drafts.get(1)) == ()

    @pytest.mark.parametrize("key", ["meet", "urgent", "no_match", "signs"])
    def test_one_that_something_leads_to_stays_and_the_page_says_why(
        self, site: EditingSite, ann: StaffClient, key: str
    ) -> None:
        page = words(ann.get(f"/drafts/1/replies/{key}/remove"))
        assert "cannot be taken out" in page
        ann.send(f"/drafts/1/replies/{key}/remove", {}, form_at="/replies")
        assert site.field(1, f"{key}.yaml", "title")

    @pytest.mark.parametrize(
        ("fields", "sentence"),
        [
            ({"title": "", "text": "x"}, "Enter a title"),
            ({"title": "x", "text": ""}, "Enter the English text"),
            ({"title": "Meet", "text": "x"}, "is taken already"),
            ({"title": "x", "text": "x", "key": "No Spaces"}, "Enter a short name"),
            ({"title": "x", "text": "x", "key": "golden"}, "is taken already"),
        ],
    )
    def test_a_bad_new_one_says_why(self, ann: StaffClient, fields: dict[str, str], sentence: str) -> None:
        answer = ann.send("/drafts/1/new-reply", fields)
        assert answer.status_code == 422
        assert sentence in words(answer)
