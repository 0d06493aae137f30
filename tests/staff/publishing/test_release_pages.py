"""Releases, whole books and the history on their pages."""

from __future__ import annotations

import io
import zipfile

import pytest

from tests.publishing_in_memory import ANN, BEN, OLA, Deploy
from tests.publishing_site import APPROVER_ONLY, Site


def text_of(site: Site, path: str) -> str:
    answer = site.client(BEN).get(path)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


class TestReleases:
    def test_nothing_published_yet_says_so(self, site: Site) -> None:
        assert "Nothing has been published yet" in text_of(site, "/releases")

    def test_each_shows_what_it_changed_and_who_stands_behind_it(self, site: Site) -> None:
        site.published("First")
        site.published("Second")
        page = text_of(site, "/releases/2")
        assert "First" in page
        assert "Second" in page
        assert "Ann Example" in page
        assert "Ben Example" in page
        assert "Make this live again" not in page, "it is live"

    def test_what_answers_on_this_host_is_told_until_it_is_what_was_published(self, site: Site) -> None:
        site.published()
        assert "Changing over:" in text_of(site, "/releases/in-use"), "this line's process never looks"

    def test_two_are_compared_in_either_order(self, site: Site) -> None:
        site.published("First")
        site.published("Second")
        page = text_of(site, "/releases/compare?older=2&newer=1")
        assert "From release 1 to release 2" in page
        assert site.client().get("/releases/compare?older=1&newer=x").status_code == 303
        assert site.client().get("/releases/compare?older=1&newer=9").status_code == 404

    def test_an_earlier_one_is_made_live_again_in_one_click(self, site: Site) -> None:
        site.published("First")
        site.published("Second")
        assert "It becomes release 3" in text_of(site, "/releases/1/restore")
        answer = site.client(BEN).send("/releases/1/restore", {"note": "Second was wrong"})
        assert answer.headers["Location"] == "/releases/3"
        assert site.publishing.releases.live().tree == site.publishing.releases.get(1).tree
        again = site.client(BEN).send("/releases/1/restore", form_at="/book")
        assert again.status_code == 409
        assert "is live already" in again.get_data(as_text=True)

    @pytest.mark.parametrize("path", ["/releases", "/releases/1", "/drafts", "/book"])
    def test_operations_see_none_of_it(self, site: Site, path: str) -> None:
        assert site.client(OLA).get(path).status_code == 403


class TestWholeBooks:
    def test_it_goes_out_and_comes_back_byte_for_byte_and_both_are_in_the_history(self, site: Site) -> None:
        draft = site.draft()
        ann = site.client()
        packed = ann.send(f"/drafts/{draft.draft_id}/export", form_at=f"/drafts/{draft.draft_id}")
        assert packed.headers["Content-Disposition"] == 'attachment; filename="reply-book-draft-1.zip"'
        answer = ann.send(
            "/book/import", {"book": (io.BytesIO(packed.data), "b.zip"), "title": "Back"}, form_at="/book"
        )
        assert answer.headers["Location"] == "/drafts/2"
        back = site.publishing.drafts.get(2)
        assert (back.tree, back.title) == (draft.tree, "Back")
        assert [entry.action for entry in site.publishing.history.search().entries][:2] == ["imported", "exported"]

    def test_live_and_old_releases_go_out_too(self, site: Site) -> None:
        site.published()
        for path, page in (("/book/export", "/book"), ("/releases/1/export", "/releases/1")):
            answer = site.client().send(path, form_at=page)
            assert zipfile.ZipFile(io.BytesIO(answer.data)).testzip() is None

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (b"", "Choose the zip file"),
            (b"no zip", "cannot be opened as a zip file"),
            (b"empty", "There is no contacts.yaml"),
            (b"../", "has no place in a book"),
        ],
    )
    def test_what_is_no_book_is_told(self, site: Site, content: bytes, sentence: str) -> None:
        if content in {b"empty", b"../"}:
            buffer = io.BytesIO()
            with zipfile.ZipFile(buffer, "w") as archive:
                archive.writestr("x.txt", "x")
                if content == b"../":
                    archive.writestr("contacts.yaml", "a: b")
                    archive.writestr("../../evil.yaml", "x")
                    archive.writestr("sub/deep/x.yaml", "x")
            content = buffer.getvalue()
        answer = site.client().send("/book/import", {"book": (io.BytesIO(content), "b.zip")}, form_at="/book")
        assert answer.status_code == 422
        assert sentence in answer.get_data(as_text=True)
        assert site.publishing.drafts.list() == ()

    def test_who_may_not_edit_brings_nothing_in(self, site: Site) -> None:
        assert "Bring it in" not in site.client(APPROVER_ONLY).get("/book").get_data(as_text=True)
        answer = site.client(APPROVER_ONLY).send("/book/import", form_at="/book")
        assert answer.status_code == 403

    def test_other_files_of_a_deploy_are_offered_and_taken_in(self, site: Site, deploy: Deploy) -> None:
        site.published()
        assert "files of this installation" not in text_of(site, "/releases")
        deploy.files = {**deploy.files, "meet.yaml": deploy.files["meet.yaml"] + "# newer\n"}
        for page in ("/releases", "/drafts", "/book"):
            assert "The files of this installation are not what is live" in text_of(site, page)
        assert site.client().send("/book/from-deploy", form_at="/book").headers["Location"] == "/drafts/2"
        assert "The files of this installation are not what is live" not in text_of(site, "/book")


class TestHistory:
    def test_it_is_searched_filtered_and_paged(self, site: Site) -> None:
        site.published()
        page = text_of(site, "/history?action=approved")
        assert "Ben Example" in page
        assert "Published a release:" not in page
        assert "content" not in page.partition("card-list")[2], "a checksum is for the file that is taken out"
        by_ann = text_of(site, f"/history?person={ANN.person_id}&name=Ann+Example")
        assert "name=Ben+Example" not in by_ann
        assert "Nothing fits." in text_of(site, "/history?words=nothinglikethis")
        assert "Nothing fits." in text_of(site, "/history?since=2030-01-01")
        for number in range(60):
            site.publishing.history.note(ANN, "exported", f"release {number}")
        first = text_of(site, "/history")
        assert "Older entries" in first
        older = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
        assert "Newest entries" in text_of(site, older)

    @pytest.mark.parametrize("query", ["since=x", "until=9999-12-31", "since=2026-02-30"])
    def test_a_day_that_is_none_is_told(self, site: Site, query: str) -> None:
        answer = site.client().get(f"/history?{query}")
        assert answer.status_code == 422
        assert "Enter a real date" in answer.get_data(as_text=True)

    def test_a_place_that_is_none_shows_the_first_page(self, site: Site) -> None:
        assert site.client().get("/history?after=nonsense").status_code == 200

    def test_taken_out_as_csv_and_that_is_noted(self, site: Site) -> None:
        site.published()
        answer = site.client(OLA).send("/history/export", {"words": "release"}, form_at="/history")
        assert answer.content_type == "text/csv; charset=utf-8"
        assert '"Ben Example"' not in answer.get_data(as_text=True).splitlines()[0]
        assert "published" in answer.get_data(as_text=True)
        assert site.publishing.history.search().entries[0].actor == "Ola Example"
