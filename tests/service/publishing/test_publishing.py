"""From a draft to what a child reads: who may do what, what is refused, what nobody can lose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from sms_service.core.history import HistoryQuery
from sms_service.core.people import Person
from sms_service.core.publishing.errors import (
    Blocked,
    DraftIsBehind,
    EditConflict,
    NotAllowed,
    NotReady,
    WrongState,
)
from sms_service.core.publishing.field_edits import FieldEdit
from sms_service.core.publishing.records import Draft, DraftStatus, ReleaseKind
from sms_service.service.publishing.catching_up import Side
from sms_service.service.publishing.publishing import Outside, Publishing, make_publishing
from tests.publishing_in_memory import ANN, BEN, OLA, Clock, Deploy, NoLog

TITLE = FieldEdit(("title",), "Another title")
NEW_TITLE = "Quite another title"


def edit(publishing: Publishing, person: Person, draft: Draft, path: str, *edits: FieldEdit) -> Draft:
    seen = publishing.drafts.fields(publishing.drafts.get(draft.draft_id), path).seen
    return publishing.drafts.save_fields(person, draft.draft_id, path, seen, edits)


def a_change(publishing: Publishing, person: Person = ANN, value: str = NEW_TITLE) -> Draft:
    draft = publishing.drafts.open(person, "A change")
    return edit(publishing, person, draft, "meet.yaml", FieldEdit(("title",), value))


def lost_danger(publishing: Publishing, draft: Draft) -> list[str]:
    trial = publishing.trials.result(draft)
    assert trial is not None
    return [change.text for change in trial.lost_danger]


def published(publishing: Publishing, value: str = NEW_TITLE) -> int:
    draft = publishing.review.submit(ANN, a_change(publishing, ANN, value).draft_id)
    publishing.review.approve(BEN, draft.draft_id, draft.tree)
    return publishing.releases.publish(ANN, draft.draft_id).number


class TestFromDraftToRelease:
    def test_written_approved_by_another_and_live(self, publishing: Publishing) -> None:
        assert publishing.releases.live().number == 0
        draft = publishing.review.submit(ANN, a_change(publishing).draft_id)
        approved = publishing.review.approve(BEN, draft.draft_id, draft.tree)
        assert approved.is_approved
        release = publishing.releases.publish(ANN, draft.draft_id, "because")
        assert (release.number, release.kind, release.author, release.approver) == (1, ReleaseKind.PUBLISH, ANN, BEN)
        assert publishing.releases.live().record == release
        assert NEW_TITLE in publishing.releases.files(1)["meet.yaml"]
        assert publishing.drafts.get(draft.draft_id).status is DraftStatus.PUBLISHED
        actions = [entry.action for entry in publishing.history.search().entries]
        assert actions == ["published", "approved", "submitted", "edited", "draft_opened"]

    def test_nobody_approves_their_own_words(self, publishing: Publishing) -> None:
        draft = a_change(publishing)
        draft = edit(publishing, BEN, draft, "talk.yaml", TITLE)
        draft = publishing.review.submit(ANN, draft.draft_id)
        for author in (ANN, BEN):
            with pytest.raises(NotAllowed, match="somebody else has to approve"):
                publishing.review.approve(author, draft.draft_id, draft.tree)

    def test_a_later_edit_voids_the_approval(self, publishing: Publishing) -> None:
        draft = publishing.review.submit(ANN, a_change(publishing).draft_id)
        publishing.review.approve(BEN, draft.draft_id, draft.tree)
        edited = edit(publishing, ANN, draft, "talk.yaml", TITLE)
        assert edited.approval is None
        assert edited.status is DraftStatus.OPEN
        with pytest.raises(WrongState, match="Nobody has approved"):
            publishing.releases.publish(ANN, draft.draft_id)

    def test_what_was_not_seen_is_not_approved(self, publishing: Publishing) -> None:
        draft = publishing.review.submit(ANN, a_change(publishing).draft_id)
        with pytest.raises(WrongState, match="since you opened it"):
            publishing.review.approve(BEN, draft.draft_id, draft.base_tree)

    def test_sent_back_it_is_open_again_with_the_comment(self, publishing: Publishing) -> None:
        draft = publishing.review.submit(ANN, a_change(publishing).draft_id)
        back = publishing.review.send_back(BEN, draft.draft_id, "Too long.")
        assert (back.status, back.comment) == (DraftStatus.OPEN, "Too long.")
        with pytest.raises(WrongState):
            publishing.review.approve(BEN, draft.draft_id, draft.tree)

    def test_who_has_no_role_changes_nothing(self, publishing: Publishing) -> None:
        draft = publishing.review.submit(ANN, a_change(publishing).draft_id)
        for act in (
            lambda: publishing.drafts.open(OLA, "Mine"),
            lambda: publishing.drafts.discard(OLA, draft.draft_id),
            lambda: publishing.review.approve(OLA, draft.draft_id, draft.tree),
            lambda: publishing.review.send_back(OLA, draft.draft_id, "no"),
            lambda: publishing.releases.publish(OLA, draft.draft_id),
            lambda: publishing.releases.publish_urgent(OLA, draft.draft_id, ""),
            lambda: publishing.releases.restore(OLA, 1),
        ):
            with pytest.raises(NotAllowed):
                act()

    def test_an_error_of_the_checker_keeps_it_from_going_live(self, publishing: Publishing) -> None:
        draft = publishing.drafts.open(ANN, "Loses the numbers")
        draft = edit(publishing, ANN, draft, "urgent.yaml", FieldEdit(("text", "en"), "You are not in trouble."))
        draft = publishing.review.submit(ANN, draft.draft_id)
        publishing.review.approve(BEN, draft.draft_id, draft.tree)
        with pytest.raises(Blocked, match=r"urgent\.yaml, line \d+: .*"):
            publishing.releases.publish(ANN, draft.draft_id)
        assert publishing.releases.live().number == 0

    def test_a_lost_danger_text_keeps_it_from_going_live(self, publishing: Publishing) -> None:
        draft = publishing.drafts.open(ANN, "Loses a keyword")
        before = publishing.drafts.fields(draft, "blackmail.yaml").fields["keywords"]
        assert "SEXTORTION" in before
        kept = tuple(word for word in before if word != "SEXTORTION")
        draft = publishing.drafts.add_golden(ANN, draft.draft_id, "sextortion", "blackmail")
        draft = edit(publishing, ANN, draft, "blackmail.yaml", FieldEdit(("keywords",), kept))
        assert lost_danger(publishing, draft) == ["sextortion"]
        draft = publishing.review.submit(ANN, draft.draft_id)
        publishing.review.approve(BEN, draft.draft_id, draft.tree)
        with pytest.raises(Blocked, match="'sextortion' is about danger"):
            publishing.releases.publish(ANN, draft.draft_id)

    def test_taking_a_text_off_the_list_does_not_help(self, publishing: Publishing) -> None:
        draft = publishing.drafts.open(ANN, "Golden")
        draft = publishing.drafts.add_golden(ANN, draft.draft_id, "sextortion", "blackmail")
        draft = publishing.review.submit(ANN, draft.draft_id)
        publishing.review.approve(BEN, draft.draft_id, draft.tree)
        publishing.releases.publish(ANN, draft.draft_id)
        draft = publishing.drafts.open(ANN, "Off the list")
        draft = publishing.drafts.remove_golden(ANN, draft.draft_id, "sextortion")
        draft = edit(publishing, ANN, draft, "blackmail.yaml", FieldEdit(("keywords",), ("BLACKMAIL",)))
        assert lost_danger(publishing, draft) == ["sextortion"]

    def test_while_golden_texts_are_tried_it_waits(self, outside: Outside) -> None:
        waiting: list[Callable[[], None]] = []
        publishing = make_publishing(outside, Clock(), NoLog(), run=waiting.append)
        draft = publishing.review.submit(ANN, a_change(publishing).draft_id)
        publishing.review.approve(BEN, draft.draft_id, draft.tree)
        with pytest.raises(NotReady):
            publishing.releases.publish(ANN, draft.draft_id)
        assert len(waiting) == 1, "asked often, worked out once"
        waiting.pop()()
        assert publishing.releases.publish(ANN, draft.draft_id).number == 1


class TestTwoEditors:
    def test_different_fields_are_both_kept(self, publishing: Publishing) -> None:
        draft = publishing.drafts.open(ANN, "Together")
        seen = publishing.drafts.fields(draft, "meet.yaml").seen
        publishing.drafts.save_fields(ANN, draft.draft_id, "meet.yaml", seen, [TITLE])
        form = [FieldEdit(("title",), publishing.drafts.fields(draft, "meet.yaml").fields["title"])]
        follow = FieldEdit(("follow",), ("urgent",))
        after = publishing.drafts.save_fields(BEN, draft.draft_id, "meet.yaml", seen, [*form, follow])
        fields = publishing.drafts.fields(after, "meet.yaml").fields
        assert (fields["title"], fields["follow"]) == ("Another title", ("urgent",))
        assert after.authors == (ANN, BEN)

    def test_the_same_field_is_shown_three_ways_and_nothing_is_lost(self, publishing: Publishing) -> None:
        draft = publishing.drafts.open(ANN, "Together")
        file = publishing.drafts.fields(draft, "meet.yaml")
        publishing.drafts.save_fields(ANN, draft.draft_id, "meet.yaml", file.seen, [TITLE])
        mine = FieldEdit(("title",), "Mine")
        with pytest.raises(EditConflict) as conflict:
            publishing.drafts.save_fields(BEN, draft.draft_id, "meet.yaml", file.seen, [mine])
        clash = conflict.value.clashes[0]
        assert (clash.base, clash.theirs, clash.ours) == (file.fields["title"], "Another title", "Mine")
        assert publishing.drafts.get(draft.draft_id).authors == (ANN,)
        again = publishing.drafts.save_fields(BEN, draft.draft_id, "meet.yaml", conflict.value.seen, [mine])
        assert publishing.drafts.fields(again, "meet.yaml").fields["title"] == "Mine"

    def test_a_whole_file_is_not_overwritten_unseen(self, publishing: Publishing) -> None:
        draft = publishing.drafts.open(ANN, "Together")
        file = publishing.drafts.file(draft, "meet.yaml")
        publishing.drafts.save_fields(ANN, draft.draft_id, "meet.yaml", file.seen, [TITLE])
        with pytest.raises(EditConflict):
            publishing.drafts.save_file(BEN, draft.draft_id, "meet.yaml", file.seen, file.text + "# mine\n")

    def test_saving_what_is_there_changes_nobody_s_authorship(self, publishing: Publishing) -> None:
        draft = a_change(publishing)
        same = edit(publishing, BEN, draft, "meet.yaml", FieldEdit(("title",), f"  {NEW_TITLE} "))
        assert same.authors == (ANN,)
        assert same.version == draft.version


class TestAnotherReleaseMeanwhile:
    def test_an_older_draft_is_refused_until_it_has_caught_up(self, publishing: Publishing) -> None:
        late = publishing.drafts.open(ANN, "Late")
        late = edit(publishing, ANN, late, "talk.yaml", TITLE)
        published(publishing)
        late = publishing.review.submit(ANN, late.draft_id)
        publishing.review.approve(BEN, late.draft_id, late.tree)
        with pytest.raises(DraftIsBehind):
            publishing.releases.publish(ANN, late.draft_id)
        caught_up = publishing.drafts.catch_up(ANN, late.draft_id)
        assert not publishing.drafts.is_behind(caught_up)
        assert NEW_TITLE in publishing.drafts.file(caught_up, "meet.yaml").text
        assert "Another title" in publishing.drafts.file(caught_up, "talk.yaml").text
        assert not caught_up.is_approved, "what was approved is not this any more"

    def test_the_same_field_is_asked_about(self, publishing: Publishing) -> None:
        late = a_change(publishing, value="Late title")
        published(publishing)
        with pytest.raises(EditConflict) as conflict:
            publishing.drafts.catch_up(ANN, late.draft_id)
        clash = conflict.value.clashes[0]
        assert (clash.theirs, clash.ours) == (NEW_TITLE, "Late title")
        kept = publishing.drafts.catch_up(ANN, late.draft_id, {(clash.file, clash.field): Side.OURS})
        assert publishing.drafts.fields(kept, "meet.yaml").fields["title"] == "Late title"

    def test_of_two_that_publish_at_once_one_is_told(self, publishing: Publishing, outside: Outside) -> None:
        drafts = []
        for path in ("meet.yaml", "talk.yaml"):
            draft = publishing.drafts.open(ANN, path)
            draft = edit(publishing, ANN, draft, path, TITLE)
            draft = publishing.review.submit(ANN, draft.draft_id)
            drafts.append(publishing.review.approve(BEN, draft.draft_id, draft.tree))
        publishing.releases.publish(ANN, drafts[0].draft_id)
        with pytest.raises(DraftIsBehind):
            publishing.releases.publish(ANN, drafts[1].draft_id)
        release = replace(publishing.releases.get(1), number=1, draft_id=drafts[1].draft_id)
        entry = publishing.history.entry(ANN, "published")
        assert outside.store.add_release(release, drafts[1], entry) is False, "the store sees it too"


class TestUrgentLane:
    def test_a_number_goes_live_alone_and_is_flagged_until_somebody_looked(self, publishing: Publishing) -> None:
        draft = publishing.drafts.open(ANN, "Wrong number")
        draft = edit(publishing, ANN, draft, "contacts.yaml", FieldEdit(("police_local", "number"), "01632 960 123"))
        release = publishing.releases.publish_urgent(ANN, draft.draft_id, "Rang out")
        assert (release.kind, release.approver) == (ReleaseKind.URGENT_FIX, None)
        assert publishing.releases.waiting_for_a_look() == (release,)
        with pytest.raises(NotAllowed):
            publishing.releases.look(ANN, release.number)
        publishing.releases.look(BEN, release.number)
        assert publishing.releases.waiting_for_a_look() == ()
        assert publishing.releases.looks(release)[release.number][0].person == BEN

    @pytest.mark.parametrize(
        ("path", "change"),
        [
            ("meet.yaml", TITLE),
            ("contacts.yaml", FieldEdit(("emergency", "number"), "101")),
            ("contacts.yaml", FieldEdit(("police_local", "name"), "Somebody else")),
            ("contacts.yaml", FieldEdit(("police_local",), None)),
            ("fallback.yaml", FieldEdit(("text", "en"), "Ring nobody.")),
        ],
    )
    def test_anything_else_needs_a_second_person_first(
        self, publishing: Publishing, path: str, change: FieldEdit
    ) -> None:
        draft = publishing.drafts.open(ANN, "More than a number")
        draft = edit(publishing, ANN, draft, path, change)
        with pytest.raises(NotAllowed, match="urgent way"):
            publishing.releases.publish_urgent(ANN, draft.draft_id, "")

    def test_the_fallback_s_typed_number_may_go_along(self, publishing: Publishing) -> None:
        draft = publishing.drafts.open(ANN, "Wrong number")
        for path in ("contacts.yaml", "fallback.yaml"):
            file = publishing.drafts.file(draft, path)
            text = file.text.replace("0116 454 1004", "01632 960 123")
            text = text.replace("0 1 1 6, 4 5 4, 1 0 0 4", "0 1 6 3 2, 9 6 0, 1 2 3")
            assert text != file.text
            draft = publishing.drafts.save_file(ANN, draft.draft_id, path, file.seen, text)
        assert publishing.releases.publish_urgent(ANN, draft.draft_id, "").number == 1


class TestRestoring:
    def test_it_is_a_new_release_with_the_old_content(self, publishing: Publishing) -> None:
        published(publishing, "First")
        published(publishing, "Second")
        release = publishing.releases.restore(BEN, 1)
        assert (release.number, release.kind, release.restored_from) == (3, ReleaseKind.RESTORE, 1)
        assert publishing.releases.files(3) == publishing.releases.files(1)
        assert publishing.releases.compare(2, 3).replies == ("meet",)
        with pytest.raises(WrongState):
            publishing.releases.restore(BEN, 1)


class TestDeploys:
    def test_other_files_are_told_once_published_and_can_be_taken_in(
        self, publishing: Publishing, deploy: Deploy
    ) -> None:
        assert publishing.releases.deploy_difference() is None
        published(publishing)
        assert publishing.releases.deploy_difference() is None, "the files the draft began from are known"
        deploy.files = {**deploy.files, "meet.yaml": deploy.files["meet.yaml"] + "# a newer deploy\n"}
        difference = publishing.releases.deploy_difference()
        assert difference is not None
        assert difference.paths == ("meet.yaml",)
        draft = publishing.releases.take_in_deploy(ANN)
        assert publishing.drafts.files(draft) == deploy.files
        publishing.drafts.discard(ANN, draft.draft_id)
        assert publishing.releases.deploy_difference() is None, "somebody said no"


class TestWholeBooks:
    def test_a_book_goes_out_and_comes_back_byte_for_byte(self, publishing: Publishing, deploy: Deploy) -> None:
        deploy.files = {**deploy.files, "talk.yaml": deploy.files["talk.yaml"].replace("\n", "\r\n")}
        draft = publishing.drafts.open(ANN, "Export")
        packed = publishing.archive.pack(publishing.drafts.files(draft))
        assert packed == publishing.archive.pack(publishing.drafts.files(draft))
        back = publishing.drafts.take_in(BEN, "Import", publishing.archive.unpack(packed))
        assert publishing.drafts.files(back) == deploy.files
        assert back.tree == draft.tree


def test_the_history_is_found_and_given_out(publishing: Publishing) -> None:
    published(publishing)
    page = publishing.history.search(HistoryQuery(words="RELEASE approved"))
    assert [entry.action for entry in page.entries] == ["published"]
    lines = list(publishing.history.export(BEN, HistoryQuery(actor_id="ann")))
    assert len(lines) == 1 + 4
    assert publishing.history.search().entries[0].action == "exported"
