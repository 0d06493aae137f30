"""What SQLite and PostgreSQL themselves refuse, whoever asks: the second line behind the program."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from sms_service.storage.database import Database
from sms_service.storage.event_stores import StoreFailed
from sms_service.storage.publishing import sql_contents, sql_drafts
from tests.sql_databases import NOON
from tests.storage.publishing.conftest import Stores, sql_stores
from tests.storage.publishing.test_publishing_contract import BEN, a_draft, a_release, a_tree, approved, entry


@pytest.fixture
def house(database: Database) -> Stores:
    """A published release, an open draft by Ann, and a history."""
    stores = sql_stores(database)
    draft = approved(stores, a_draft(stores))
    stores.publishing.add_release(a_release(1, draft), draft, entry("published"))
    a_draft(stores)
    return stores


RELEASE = (
    "INSERT INTO book_release (number, kind, tree, author_id, author_name, approver_id, publisher_id, publisher_name,"
    " note, at, draft_id, restored_from) SELECT 2, '{kind}', {tree}, 'ann', 'Ann', {approver}, 'ann', 'Ann', '', at,"
    " {draft}, {restored} FROM book_release"
)


def release(**values: str) -> str:
    defaults = {"kind": "publish", "tree": "tree", "approver": "'ben'", "draft": "draft_id", "restored": "NULL"}
    return RELEASE.format(**{**defaults, **values})


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET actor = 'somebody else'",
        "DELETE FROM audit_entry",
        "UPDATE book_release SET note = 'another'",
        "DELETE FROM book_release",
        "UPDATE content SET packed = packed",
        "UPDATE draft_change SET person_id = 'ben'",
        "DELETE FROM draft_change WHERE draft_id = 2",
        "UPDATE draft SET title = 'x' WHERE draft_id = 1",
        "UPDATE draft SET approver_id = 'ann', approved_tree = tree, status = 'in_review' WHERE draft_id = 2",
        "UPDATE draft SET approver_id = 'ben', approved_tree = base_tree, status = 'in_review' WHERE draft_id = 2",
        "UPDATE draft SET approver_id = 'ben', approved_tree = tree WHERE draft_id = 2",
        "INSERT INTO release_look (number, person_id, person_name, at) SELECT 1, 'ann', 'Ann', at FROM book_release",
        release(),
        release(approver="'ann'"),
        release(approver="NULL"),
        release(draft="2"),
        release(kind="anything"),
        release(kind="restore", restored="NULL"),
        release(kind="restore", restored="1", tree="'another'"),
        release(kind="import", approver="NULL").replace("SELECT 2", "SELECT 7"),
    ],
)
def test_is_refused(house: Stores, database: Database, statement: str) -> None:
    with pytest.raises(DBAPIError), database.write() as connection:
        connection.execute(text(statement))


@pytest.mark.parametrize(
    "statement",
    [
        release(kind="urgent_fix", approver="NULL"),
        release(kind="restore", restored="1", approver="NULL"),
        "UPDATE draft SET approver_id = 'ben', approved_tree = tree, status = 'in_review' WHERE draft_id = 2",
        "INSERT INTO release_look (number, person_id, person_name, at) SELECT 1, 'ben', 'Ben', at FROM book_release",
    ],
)
def test_is_not_refused_by_the_way(house: Stores, database: Database, statement: str) -> None:
    with database.write() as connection:
        connection.execute(text(statement))


def test_no_table_of_the_history_is_emptied_at_once(house: Stores, database: Database) -> None:
    # SQLite has no such statement.
    for table in () if database.is_sqlite else ("audit_entry", "book_release", "release_look", "draft_change"):
        with pytest.raises(DBAPIError, match="never emptied"), database.write() as connection:
            connection.execute(text(f"TRUNCATE {table}"))


class TestTidyingUp:
    def test_old_drafts_and_what_only_they_held_go(self, house: Stores, database: Database) -> None:
        loose = a_tree(house, "nobody's")
        old = a_draft(house, words="a draft that is given up")
        with database.write() as connection:
            connection.execute(text("UPDATE draft SET status = 'discarded' WHERE draft_id = 3"))
            assert old.draft_id == 3
            later = NOON + dt.timedelta(days=400)
            assert sql_drafts.delete_over(connection, later, 9) == 2, "the published one and the discarded one"
            assert sql_contents.delete_unused(connection, later) == 4, "a tree and a file each"
        live, under_way = house.publishing.release(1), house.publishing.draft(2)
        assert live is not None
        assert under_way is not None
        assert house.publishing.present([loose, old.tree, live.tree, under_way.tree]) == {live.tree, under_way.tree}

    def test_what_was_tidied_away_is_not_spoken_of(self, house: Stores, database: Database) -> None:
        draft = a_draft(house, None)
        loose = a_tree(house, "kept, then tidied away")
        with database.write() as connection:
            connection.execute(text("DELETE FROM content WHERE digest = :loose"), {"loose": loose})
        with pytest.raises(StoreFailed, match="Try again"):
            house.publishing.replace_draft(draft, replace(draft, tree=loose), BEN, None)
