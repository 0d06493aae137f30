"""A draft on its pages: read, agreed to by another person, published, taken back."""

from __future__ import annotations

import pytest

from sms_service.core.people import Person
from sms_service.core.publishing.field_edits import FieldEdit
from sms_service.core.publishing.records import DraftStatus
from tests.publishing_in_memory import ANN, BEN, OLA
from tests.publishing_site import APPROVER_ONLY, EDITOR_ONLY, NEW_WORDS, Site


def text_of(site: Site, path: str, person: Person = ANN) -> str:
    answer = site.client(person).get(path)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


class TestReadingADraft:
    def test_every_changed_word_is_said_to_eye_and_ear(self, site: Site) -> None:
        draft = site.draft("Kinder words", FieldEdit(("text", "en"), NEW_WORDS))
        page = text_of(site, f"/drafts/{draft.draft_id}")
        assert "<ins>" in page
        assert " [added: " in page
        assert "<del>" in page
        assert " [taken out: " in page
        assert "((Childline))" in page, "contacts stand there by name"
        assert "{contact." not in page

    def test_a_contact_names_the_replies_that_change_with_it(self, site: Site) -> None:
        page = text_of(site, f"/drafts/{site.number_draft().draft_id}")
        assert "01632 960 123" in page
        assert "Changes in " in page
        assert "Publish it alone, now" in page

    def test_a_lost_danger_text_blocks_in_plain_words(self, site: Site) -> None:
        draft = site.draft("No keywords", FieldEdit(("keywords",), ("ZZZZ",)), path="urgent.yaml")
        draft = site.approved(draft)
        page = text_of(site, f"/drafts/{draft.draft_id}")
        assert "A text about danger would get the wrong reply" in page
        assert "Publish now" not in page
        answer = site.client().send(f"/drafts/{draft.draft_id}/publish", form_at=f"/drafts/{draft.draft_id}")
        assert answer.status_code == 409
        assert "is about danger" in answer.get_data(as_text=True)
        assert site.publishing.releases.live().number == 0

    def test_what_keeps_it_from_going_live_is_told_with_the_mend(self, site: Site) -> None:
        draft = site.draft("Bad", FieldEdit(("text", "en"), "Ring 07700 900123 now\n"))
        page = text_of(site, f"/drafts/{draft.draft_id}")
        assert "This must be mended before it can be published." in page
        assert "complaint--error" in page

    def test_a_draft_that_cannot_be_read_still_has_a_page(self, site: Site) -> None:
        site.publishing.trials._run = lambda work: None
        draft = site.draft()
        file = site.publishing.drafts.file(draft, "service.yaml")
        site.publishing.drafts.save_file(ANN, draft.draft_id, "service.yaml", file.seen, "name: [\n")
        assert "complaint--error" in text_of(site, f"/drafts/{draft.draft_id}")

    def test_while_it_is_tried_the_page_asks_again_with_and_without_script(self, site: Site) -> None:
        site.publishing.trials._run = lambda work: None
        page = text_of(site, f"/drafts/{site.draft().draft_id}")
        assert 'hx-trigger="every 2s"' in page
        assert "Look again</a>" in page

    def test_what_comes_when_it_is_tried_brings_the_button(self, site: Site) -> None:
        draft = site.approved()
        part = text_of(site, f"/drafts/{draft.draft_id}/tried")
        assert "hx-trigger" not in part
        assert "Publish now" in part
        assert "<html" not in part


class TestTwoPeople:
    def test_the_author_sees_no_button_but_the_reason_and_is_refused(self, site: Site) -> None:
        draft = site.submitted()
        path = f"/drafts/{draft.draft_id}"
        page = text_of(site, path)
        assert f'action="{path}/approve"' not in page
        assert "You changed something in this draft yourself" in page
        answer = site.client().send(f"{path}/approve", {"seen": draft.tree}, form_at=path)
        assert answer.status_code == 403
        assert "somebody else has to approve it" in answer.get_data(as_text=True)
        assert not site.publishing.drafts.get(draft.draft_id).is_approved

    def test_an_editor_without_the_role_is_told(self, site: Site) -> None:
        draft = site.submitted()
        assert "Only approvers may approve" in text_of(site, f"/drafts/{draft.draft_id}", EDITOR_ONLY)

    def test_another_approves_what_they_saw_and_it_goes_live(self, site: Site) -> None:
        draft = site.submitted()
        path, ben = f"/drafts/{draft.draft_id}", site.client(BEN)
        assert "Please read." in text_of(site, path, BEN)
        assert ben.send(f"{path}/approve", form_at=path).status_code == 303
        assert "Publish now" in text_of(site, path, BEN)
        answer = ben.send(f"{path}/publish", {"note": "At last"}, form_at=path)
        assert answer.headers["Location"] == "/releases/1"
        release = site.publishing.releases.get(1)
        assert (release.note, release.approver, release.publisher) == ("At last", BEN, BEN)
        assert "published" in text_of(site, path)

    def test_what_changed_since_it_was_opened_is_not_approved(self, site: Site) -> None:
        draft = site.submitted()
        answer = site.client(BEN).send(
            f"/drafts/{draft.draft_id}/approve", {"seen": draft.base_tree}, form_at=f"/drafts/{draft.draft_id}"
        )
        assert answer.status_code == 409
        assert "Read it again" in answer.get_data(as_text=True)

    def test_sent_back_with_a_comment_only(self, site: Site) -> None:
        draft = site.submitted()
        path, abi = f"/drafts/{draft.draft_id}", site.client(APPROVER_ONLY)
        empty = abi.send(f"{path}/send-back", {"comment": " "}, form_at=path)
        assert empty.status_code == 422
        assert "Say what should be changed" in empty.get_data(as_text=True)
        assert abi.send(f"{path}/send-back", {"comment": "Too long"}, form_at=path).status_code == 303
        assert "Too long" in text_of(site, path)
        assert "Too long" in text_of(site, "/drafts")

    @pytest.mark.parametrize("way", ["submit", "approve", "send-back", "publish", "urgent", "discard", "catch-up"])
    def test_operations_change_nothing(self, site: Site, way: str) -> None:
        draft = site.submitted()
        answer = site.client(OLA).send(f"/drafts/{draft.draft_id}/{way}", {"note": "x"}, form_at="/history")
        assert answer.status_code == 403
        assert site.publishing.drafts.get(draft.draft_id) == draft


class TestTheList:
    def test_what_waits_for_me_stands_first(self, site: Site) -> None:
        site.draft("Being written draft")
        site.submitted()
        page = text_of(site, "/drafts", BEN)
        assert page.index("For you to read") < page.index("Being written draft")
        assert "Waiting for a colleague to read" in text_of(site, "/drafts")

    def test_a_draft_is_started_and_needs_a_title(self, site: Site) -> None:
        ann = site.client()
        assert ann.send("/drafts", {"title": " "}).status_code == 422
        assert ann.send("/drafts", {"title": "New hours"}).status_code == 303
        assert [draft.title for draft in site.publishing.drafts.list()] == ["New hours"]

    def test_discarded_after_a_question(self, site: Site) -> None:
        draft = site.draft()
        path = f"/drafts/{draft.draft_id}/discard"
        assert "meet.yaml" in text_of(site, path)
        assert site.client().send(path).status_code == 303
        assert site.publishing.drafts.get(draft.draft_id).status is DraftStatus.DISCARDED
        assert "Discarded" in text_of(site, "/drafts/closed")
        assert "is discarded" in text_of(site, f"/drafts/{draft.draft_id}")

    @pytest.mark.parametrize("number", ["99", 30 * "9", 5000 * "9", "²", "-1"])
    def test_no_such_draft_is_404(self, site: Site, number: str) -> None:
        assert site.client().get(f"/drafts/{number}").status_code == 404
        assert (
            site.client().send("/replies/start", {"draft": number, "reply": "meet"}, form_at="/replies").status_code
            < 500
        )


class TestCatchingUp:
    def test_each_clash_is_asked_and_the_choice_is_kept(self, site: Site) -> None:
        draft = site.draft("Mine")
        site.published("Theirs")
        path, ann = f"/drafts/{draft.draft_id}", site.client()
        assert "Another release went live meanwhile" in text_of(site, path)
        asked = ann.send(f"{path}/catch-up", form_at=path)
        assert asked.status_code == 409
        page = asked.get_data(as_text=True)
        assert "Both changed the same" in page
        assert 'name="side|meet.yaml|title"' in page
        answer = ann.send(f"{path}/catch-up", {"side|meet.yaml|title": "ours"}, form_at=path)
        assert answer.status_code == 303
        after = site.publishing.drafts.get(draft.draft_id)
        assert after.base_number == 1
        assert site.publishing.drafts.fields(after, "meet.yaml").fields["title"] == "Mine"

    def test_a_draft_that_is_behind_is_not_published(self, site: Site) -> None:
        draft = site.approved(site.draft("Mine"))
        other = site.draft("Other", FieldEdit(("title",), "Other"), path="talk.yaml")
        site.publishing.releases.publish(ANN, site.approved(other).draft_id)
        page = text_of(site, f"/drafts/{draft.draft_id}")
        assert "Publish now" not in page
        assert "Take in what is live" in page
        assert "Other" not in page.split("What the checker says")[0].split("draft-bar")[1]


class TestUrgentLane:
    def test_a_number_goes_live_alone_is_flagged_loudly_and_looked_at(self, site: Site) -> None:
        draft = site.number_draft()
        path, ann = f"/drafts/{draft.draft_id}/urgent", site.client()
        assert ann.send(path, {"note": ""}).status_code == 422
        assert ann.send(path, {"note": "It rang out"}).headers["Location"] == "/releases/1"
        for page in ("/drafts", "/releases", "/releases/1"):
            assert 'class="loud"' in text_of(site, page), page
        assert "somebody else has to do this" in text_of(site, "/releases/1")
        assert ann.send("/releases/1/look", form_at="/releases/1").status_code == 403
        assert site.client(BEN).send("/releases/1/look", form_at="/releases/1").status_code == 303
        assert 'class="loud"' not in text_of(site, "/drafts")
        assert "Looked at by" in text_of(site, "/releases/1")

    def test_words_do_not_go_that_way(self, site: Site) -> None:
        draft = site.draft()
        assert "Publish it alone, now" not in text_of(site, f"/drafts/{draft.draft_id}")
        answer = site.client().get(f"/drafts/{draft.draft_id}/urgent")
        assert answer.status_code == 403
        assert "meet.yaml is changed as well" in answer.get_data(as_text=True)
