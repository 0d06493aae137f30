"""What every store of drafts, releases and history keeps: in memory, SQLite and PostgreSQL alike."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import replace

import pytest

from sms_service.core.history import HistoryEntry, HistoryQuery
from sms_service.core.people import Person
from sms_service.core.publishing.content import digest_of, tree_bytes, tree_digest
from sms_service.core.publishing.errors import NotAllowed
from sms_service.core.publishing.records import Approval, Draft, DraftStatus, Look, ReleaseKind, ReleaseRecord
from sms_service.core.publishing.trying_phones import TryingPhone
from sms_service.storage import erasures
from sms_service.storage.database import Database
from sms_service.storage.outbox_queue import AskedErasure
from tests.sql_databases import NOON
from tests.storage.publishing.conftest import Stores, sql_stores

ANN, BEN = Person("ann", "Ann \N{LATIN SMALL LETTER E WITH ACUTE}"), Person("ben", "Ben")
OPEN = (DraftStatus.OPEN, DraftStatus.IN_REVIEW)
_ids = iter(range(10**6))


def entry(
    action: str = "did", subject: str = "", at: dt.datetime = NOON, detail: str = "", by: Person = ANN
) -> HistoryEntry:
    return HistoryEntry(
        entry_id=f"{next(_ids):032x}", at=at, actor=by.name, actor_id=by.person_id, action=action, subject=subject,
        detail=detail,
    )  # fmt: skip


def a_tree(stores: Stores, words: str = "words") -> str:
    """Keep a book of one file; give its tree."""
    file = words.encode()
    tree = {"meet.yaml": digest_of(file)}
    stores.publishing.put({digest_of(file): file, tree_digest(tree): tree_bytes(tree)})
    return tree_digest(tree)


def a_draft(stores: Stores, author: Person | None = ANN, words: str = "new") -> Draft:
    base = a_tree(stores, "old")
    draft = Draft(
        draft_id=0, title="Title", status=DraftStatus.OPEN, base_number=0, base_tree=base, tree=base, version=1,
        created_by=ANN, created_at=NOON, updated_at=NOON,
    )  # fmt: skip
    kept = stores.publishing.add_draft(draft, entry("opened"))
    if author is None:
        return kept
    return changed(stores, kept, author, words)


def changed(stores: Stores, draft: Draft, author: Person, words: str) -> Draft:
    after = replace(draft, tree=a_tree(stores, words), status=DraftStatus.OPEN, approval=None)
    assert stores.publishing.replace_draft(draft, after, author, entry("edited"))
    return again(stores, draft)


def again(stores: Stores, draft: Draft) -> Draft:
    found = stores.publishing.draft(draft.draft_id)
    assert found is not None
    return found


def approved(stores: Stores, draft: Draft, by: Person = BEN) -> Draft:
    after = replace(draft, status=DraftStatus.IN_REVIEW, approval=Approval(by, draft.tree, NOON))
    assert stores.publishing.replace_draft(draft, after, None, entry("approved"))
    return again(stores, draft)


def a_release(number: int, draft: Draft | None = None, **fields: object) -> ReleaseRecord:
    values: dict[str, object] = {
        "number": number, "kind": ReleaseKind.PUBLISH, "tree": draft.tree if draft else "", "author": ANN,
        "approver": BEN, "publisher": ANN, "note": "Note", "created_at": NOON,
        "draft_id": draft.draft_id if draft else None,
    }  # fmt: skip
    return ReleaseRecord(**{**values, **fields})  # type: ignore[arg-type]


class TestContents:
    def test_come_back_byte_for_byte_and_twice_is_once(self, stores: Stores) -> None:
        contents = {digest_of(data): data for data in (b"", b"\x00\xff\r\n", "zażółć".encode(), b"x" * 10**6)}
        stores.publishing.put(contents)
        stores.publishing.put(contents)
        assert stores.publishing.get([*contents, 64 * "0"]) == contents
        assert stores.publishing.present([*contents, 64 * "0"]) == set(contents)


class TestDrafts:
    def test_come_back_as_they_were_kept(self, stores: Stores) -> None:
        draft = a_draft(stores)
        assert [author.person_id for author in draft.authors] == ["ann"]
        assert draft.created_by.name == ANN.name
        assert (draft.title, draft.status, draft.version, draft.updated_at) == ("Title", DraftStatus.OPEN, 2, NOON)
        assert stores.publishing.draft(99) is None

    def test_a_change_on_an_older_state_is_not_made(self, stores: Stores) -> None:
        draft = a_draft(stores, None)
        changed(stores, draft, ANN, "first")
        late = replace(draft, tree=a_tree(stores, "late"))
        assert stores.publishing.replace_draft(draft, late, BEN, entry("late")) is False
        assert "late" not in {one.action for one in stores.history.search(HistoryQuery(), None, 9).entries}

    def test_authors_stand_in_the_order_of_their_last_change(self, stores: Stores) -> None:
        draft = changed(stores, a_draft(stores), BEN, "two")
        assert [one.person_id for one in draft.authors] == ["ann", "ben"]
        draft = changed(stores, draft, ANN, "three")
        assert [one.person_id for one in draft.authors] == ["ben", "ann"]

    def test_are_listed_newest_first_in_pages(self, stores: Stores) -> None:
        drafts = [a_draft(stores, None) for _ in range(3)]
        gone = replace(drafts[1], status=DraftStatus.DISCARDED)
        assert stores.publishing.replace_draft(drafts[1], gone, None, None)
        first = stores.publishing.drafts(OPEN, None, 1)
        assert [one.draft_id for one in first] == [drafts[2].draft_id]
        rest = stores.publishing.drafts(OPEN, first[-1].draft_id, 9)
        assert [one.draft_id for one in rest] == [drafts[0].draft_id]

    def test_of_many_that_change_it_at_once_each_version_is_one_s(self, stores: Stores) -> None:
        draft = a_draft(stores, None)
        trees = [a_tree(stores, f"words {number}") for number in range(8)]
        won: list[str] = []

        def change(tree: str) -> None:
            if stores.publishing.replace_draft(draft, replace(draft, tree=tree), ANN, None):
                won.append(tree)

        threads = [threading.Thread(target=change, args=(tree,)) for tree in trees]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert won == [again(stores, draft).tree]


class TestNobodyApprovesTheirOwnWords:
    def test_the_store_itself_refuses_an_author(self, stores: Stores) -> None:
        draft = a_draft(stores)
        with pytest.raises(NotAllowed):
            approved(stores, draft, by=ANN)
        assert again(stores, draft).approval is None

    def test_the_store_itself_refuses_an_approval_of_something_else(self, stores: Stores) -> None:
        draft = a_draft(stores)
        other = Approval(BEN, draft.base_tree, NOON)
        with pytest.raises(NotAllowed):
            stores.publishing.replace_draft(
                draft, replace(draft, status=DraftStatus.IN_REVIEW, approval=other), None, None
            )

    def test_the_store_itself_refuses_a_release_that_nobody_approved(self, stores: Stores) -> None:
        draft = a_draft(stores)
        with pytest.raises(NotAllowed):
            stores.publishing.add_release(a_release(1, draft), draft, entry())
        assert stores.publishing.newest_number() == 0
        assert again(stores, draft).status is DraftStatus.OPEN


class TestReleases:
    def test_come_back_as_they_were_kept_and_close_their_draft(self, stores: Stores) -> None:
        draft = approved(stores, a_draft(stores))
        assert stores.publishing.add_release(a_release(1, draft), draft, entry("published", "release 1"))
        found = stores.publishing.release(1)
        assert found is not None
        assert (found.number, found.kind, found.tree, found.note) == (1, ReleaseKind.PUBLISH, draft.tree, "Note")
        assert (found.author.name, found.approver and found.approver.person_id) == (ANN.name, "ben")
        assert found.created_at == NOON
        assert stores.publishing.newest_number() == 1
        assert again(stores, draft).status is DraftStatus.PUBLISHED
        assert stores.publishing.release(2) is None

    def test_a_number_is_taken_once(self, stores: Stores) -> None:
        first, second = (approved(stores, a_draft(stores, words=words)) for words in ("one", "two"))
        assert stores.publishing.add_release(a_release(1, first), first, entry())
        assert stores.publishing.add_release(a_release(1, second), second, entry("lost")) is False
        assert again(stores, second).status is DraftStatus.IN_REVIEW
        assert stores.history.search(HistoryQuery(action="lost"), None, 9).entries == ()

    def test_a_draft_that_changed_meanwhile_is_not_published(self, stores: Stores) -> None:
        draft = a_draft(stores)
        urgent = a_release(1, draft, kind=ReleaseKind.URGENT_FIX, approver=None)
        changed(stores, draft, ANN, "later")
        assert stores.publishing.add_release(urgent, draft, entry()) is False
        assert stores.publishing.newest_number() == 0

    def test_of_many_published_at_once_one_gets_the_number(self, stores: Stores) -> None:
        drafts = [approved(stores, a_draft(stores, words=f"words {number}")) for number in range(6)]
        won: list[int] = []

        def publish(draft: Draft) -> None:
            if stores.publishing.add_release(a_release(1, draft), draft, entry()):
                won.append(draft.draft_id)

        threads = [threading.Thread(target=publish, args=(draft,)) for draft in drafts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(won) == 1
        published = [one for one in drafts if again(stores, one).status is DraftStatus.PUBLISHED]
        assert [one.draft_id for one in published] == won

    def test_are_listed_newest_first_in_pages(self, stores: Stores) -> None:
        tree = a_tree(stores, "old")
        for number in (1, 2, 3):
            release = a_release(number, tree=tree, kind=ReleaseKind.IMPORT, approver=None)
            assert stores.publishing.add_release(release, None, entry())
        assert [one.number for one in stores.publishing.releases(None, 2)] == [3, 2]
        assert [one.number for one in stores.publishing.releases(2, 2)] == [1]
        assert stores.publishing.is_known(tree)
        assert not stores.publishing.is_known(64 * "0")

    def test_a_look_is_a_second_person_s_and_counts_once(self, stores: Stores) -> None:
        alone = a_release(1, tree=a_tree(stores), kind=ReleaseKind.URGENT_FIX, approver=None)
        stores.publishing.add_release(alone, None, entry())
        with pytest.raises(NotAllowed):
            stores.publishing.add_look(Look(1, ANN, NOON), entry())
        for _ in range(2):
            stores.publishing.add_look(Look(1, BEN, NOON), entry("looked"))
        assert [look.person.person_id for look in stores.publishing.looks([1])] == ["ben"]
        assert len(stores.history.search(HistoryQuery(action="looked"), None, 9).entries) == 1


class TestHistory:
    def test_is_given_newest_first_in_pages_that_miss_none_and_repeat_none(self, stores: Stores) -> None:
        entries = [entry(f"act {number}", at=NOON + dt.timedelta(seconds=number // 3)) for number in range(10)]
        for one in entries:
            stores.history.add(one)
        found: list[HistoryEntry] = []
        position = None
        for _ in range(9):
            page = stores.history.search(HistoryQuery(), position, 3)
            found += page.entries
            position = page.older
            if position is None:
                break
        assert found == sorted(entries, key=lambda one: (one.at, one.entry_id), reverse=True)

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            (HistoryQuery(words="PHONE release"), ["a"]),
            (HistoryQuery(words="100%"), ["b"]),
            (HistoryQuery(words="_"), []),
            (HistoryQuery(actor_id="ben"), ["b"]),
            (HistoryQuery(subject="release 1"), ["a"]),
            (HistoryQuery(action="a", actor_id="ben"), []),
            (HistoryQuery(since=NOON + dt.timedelta(seconds=1)), ["b"]),
            (HistoryQuery(until=NOON + dt.timedelta(seconds=1)), ["a"]),
            (HistoryQuery(words="\0"), []),
        ],
    )
    def test_is_searched(self, stores: Stores, query: HistoryQuery, found: list[str]) -> None:
        stores.history.add(entry("a", "release 1", detail="New phone number"))
        stores.history.add(entry("b", "draft 1", NOON + dt.timedelta(seconds=1), "100% of it", BEN))
        assert [one.action for one in stores.history.search(query, None, 9).entries] == found

    def test_takes_any_text(self, stores: Stores) -> None:
        stores.history.add(entry("odd", "subject", detail="zero \0 half \ud800 \N{BLACK HEART SUIT}" + "x" * 3000))
        detail = stores.history.search(HistoryQuery(), None, 1).entries[0].detail
        assert "\N{BLACK HEART SUIT}" in detail


class TestTryingPhones:
    def phone(self, draft: Draft, pseudonym: str = "p1", hours: int = 1, name: str = "one") -> TryingPhone:
        return TryingPhone(name, pseudonym, draft.draft_id, ANN, NOON, NOON + dt.timedelta(hours=hours))

    def test_a_phone_is_found_until_its_time_is_over(self, stores: Stores) -> None:
        phone = self.phone(a_draft(stores))
        stores.phones.add(phone, NOON, entry("phone_allowed"))
        assert stores.phones.current(NOON) == (phone,)
        assert stores.phones.current(phone.until) == ()
        assert [one.action for one in stores.history.search(HistoryQuery(action="phone_allowed"), None, 9).entries]

    def test_it_is_over_when_the_draft_is(self, stores: Stores) -> None:
        draft = a_draft(stores)
        stores.phones.add(self.phone(draft), NOON, entry())
        assert stores.publishing.replace_draft(draft, replace(draft, status=DraftStatus.DISCARDED), None, entry())
        assert stores.phones.current(NOON) == ()

    def test_the_same_phone_tries_one_draft(self, stores: Stores) -> None:
        first, second = a_draft(stores), a_draft(stores)
        stores.phones.add(self.phone(first), NOON, entry())
        stores.phones.add(self.phone(second, name="two"), NOON, entry())
        assert [one.draft_id for one in stores.phones.current(NOON)] == [second.draft_id]

    def test_one_that_is_taken_off_is_gone_and_told_of_once(self, stores: Stores) -> None:
        stores.phones.add(self.phone(a_draft(stores)), NOON, entry())
        stores.phones.remove("one", entry("phone_ended"))
        stores.phones.remove("one", entry("phone_ended"))
        assert stores.phones.current(NOON) == ()
        assert len(stores.history.search(HistoryQuery(action="phone_ended"), None, 9).entries) == 1


def test_forget_me_deletes_the_phone_of_whoever_asked(sqlite_url: str, open_database: Callable[..., Database]) -> None:
    database = open_database(sqlite_url)
    stores = sql_stores(database)
    draft = a_draft(stores)
    until = NOON + dt.timedelta(hours=1)
    for name in ("mine", "theirs"):
        stores.phones.add(TryingPhone(name, name, draft.draft_id, ANN, NOON, until), NOON, entry())
    with database.write() as connection:
        erasures.note(connection, [AskedErasure("mine", NOON.timestamp() + 60)])
        erasures.unlink(connection)
    assert [one.phone_id for one in stores.phones.current(NOON)] == ["theirs"]
