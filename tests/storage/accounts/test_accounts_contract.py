"""What the stores of accounts, sessions and counted tries keep: SQLite and PostgreSQL alike."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from sms_service.core.people import Role
from sms_service.service.accounts.ports import Account, Link, LinkPurpose, Passkey
from sms_service.storage.accounts.access import AccountDatabase
from sms_service.storage.accounts.accounts import SqlAccounts
from sms_service.storage.accounts.sessions import SqlAttempts, SqlSessions
from tests.sql_databases import *  # noqa: F403 - fixtures are found by their names
from tests.sql_databases import NOON

MINUTE = dt.timedelta(minutes=1)
EDITOR, ADMIN = frozenset({Role.EDITOR}), frozenset({Role.ADMIN})
AT_ONCE = 4


@dataclass
class Stores:
    """The three on one database."""

    accounts: SqlAccounts
    sessions: SqlSessions
    attempts: SqlAttempts

    def add(self, name: str, roles: frozenset[Role] = EDITOR, email: str = "") -> Account:
        account = Account(
            person_id=name, name=name.title(), email=email or f"{name}@example.org", roles=roles, made_at=NOON
        )
        assert self.accounts.add(account)
        return account

    def session(self, name: str, of: str | None, now: dt.datetime = NOON) -> None:
        self.sessions.save(name, {"of": of}, now, person_id=of, device="Firefox on Linux")


@pytest.fixture
def stores(database_url: str) -> Iterator[Stores]:
    database = AccountDatabase(database_url)
    yield Stores(SqlAccounts(database), SqlSessions(database), SqlAttempts(database))
    database.database.close()


def together(act: Callable[[int], object]) -> list[object]:
    """Do it from several threads at the same moment; give what came out."""
    gate, came = threading.Barrier(AT_ONCE), list[object]()

    def one(number: int) -> None:
        gate.wait(20)
        came.append(act(number))

    threads = [threading.Thread(target=one, args=(number,)) for number in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return came


class TestAccounts:
    def test_are_found_as_they_were_added(self, stores: Stores) -> None:
        assert not stores.accounts.any()
        zoe = stores.add("zoë", EDITOR | ADMIN)
        ann = stores.add("ann")
        assert stores.accounts.any()
        assert stores.accounts.get("zoë") == zoe
        assert stores.accounts.by_email("ann@example.org") == ann
        assert stores.accounts.everybody() == (ann, zoe)
        assert stores.accounts.get("nobody") is None
        assert stores.accounts.by_email("nobody@example.org") is None

    def test_an_address_is_taken_once(self, stores: Stores) -> None:
        ann, ben = stores.add("ann"), stores.add("ben")
        assert not stores.accounts.add(Account(person_id="c", name="C", email=ann.email, roles=EDITOR, made_at=NOON))
        assert not stores.accounts.change_email("ben", ann.email)
        assert stores.accounts.get("ben") == ben
        assert stores.accounts.change_email("ben", "new@example.org")
        assert stores.accounts.by_email(ben.email) is None

    def test_an_address_is_taken_once_by_those_who_want_it_together(self, stores: Stores) -> None:
        def add(number: int) -> bool:
            return stores.accounts.add(
                Account(person_id=f"p{number}", name="P", email="one@example.org", roles=EDITOR, made_at=NOON)
            )

        assert sorted(map(bool, together(add))) == [False] * (AT_ONCE - 1) + [True]

    def test_secrets_change_and_roles_do_not_change_that_way(self, stores: Stores) -> None:
        stores.add("ann")
        stores.accounts.change("ann", password_hash="hash", totp_secret="sealed", logged_in_at=NOON)
        account = stores.accounts.get("ann")
        assert account is not None
        assert (account.password_hash, account.totp_secret, account.logged_in_at) == ("hash", "sealed", NOON)
        for forbidden in ("roles", "active", "email"):
            with pytest.raises(ValueError, match=forbidden):
                stores.accounts.change("ann", **{forbidden: ""})

    def test_somebody_stays_administrator(self, stores: Stores) -> None:
        stores.add("ann", ADMIN)
        assert not stores.accounts.change_standing("ann", EDITOR, active=True)
        assert not stores.accounts.change_standing("ann", ADMIN, active=False)
        stores.add("ben", ADMIN)
        assert stores.accounts.change_standing("ben", ADMIN, active=False)
        assert not stores.accounts.change_standing("ann", EDITOR, active=True), "ben is disabled"
        account = stores.accounts.get("ann")
        assert account is not None
        assert (account.roles, account.active) == (ADMIN, True)

    def test_somebody_stays_administrator_when_all_leave_together(self, stores: Stores) -> None:
        for number in range(AT_ONCE):
            stores.add(f"p{number}", ADMIN)
        left = together(lambda number: stores.accounts.change_standing(f"p{number}", EDITOR, active=True))
        assert left.count(False) == 1
        assert [Role.ADMIN in one.roles for one in stores.accounts.everybody()].count(True) == 1


class TestCodesAndLinks:
    def test_a_time_step_is_used_once_and_never_back(self, stores: Stores) -> None:
        stores.add("ann")
        assert sorted(map(bool, together(lambda _: stores.accounts.use_totp("ann", 7)))) == [False] * 3 + [True]
        assert not stores.accounts.use_totp("ann", 6)
        assert stores.accounts.use_totp("ann", 8)

    def test_a_recovery_code_is_used_once(self, stores: Stores) -> None:
        stores.add("ann")
        stores.accounts.set_recovery_codes("ann", ("one", "two"))
        used = together(lambda _: stores.accounts.use_recovery_code("ann", "one"))
        assert sorted(map(bool, used)) == [False] * 3 + [True]
        account = stores.accounts.get("ann")
        assert account is not None
        assert account.recovery_codes == 1
        stores.accounts.set_recovery_codes("ann", ())
        assert not stores.accounts.use_recovery_code("ann", "two")

    def test_a_link_is_used_once_and_runs_out(self, stores: Stores) -> None:
        link = Link(LinkPurpose.INVITATION, "ann")
        stores.accounts.add_link("old", link, NOON + MINUTE)
        stores.accounts.add_link("new", link, NOON + MINUTE)
        assert stores.accounts.link("old", NOON) is None, "the new one took its place"
        assert stores.accounts.link("new", NOON + MINUTE) is None
        assert stores.accounts.use_link("new", NOON + MINUTE) is None
        assert stores.accounts.link("new", NOON) == link
        assert together(lambda _: stores.accounts.use_link("new", NOON)).count(link) == 1

    def test_links_of_others_and_for_other_ends_stay(self, stores: Stores) -> None:
        kept = {"first": None, "ann": "ann", "ben": "ben"}
        for name, person_id in kept.items():
            purpose = LinkPurpose.INVITATION if person_id else LinkPurpose.FIRST_ADMIN
            stores.accounts.add_link(name, Link(purpose, person_id), NOON + MINUTE)
        stores.accounts.add_link("password", Link(LinkPurpose.NEW_PASSWORD, "ann"), NOON + MINUTE)
        assert all(stores.accounts.link(name, NOON) for name in [*kept, "password"])


class TestPasskeys:
    @staticmethod
    def passkey(**changes: object) -> Passkey:
        values: dict[str, object] = {
            "credential_id": b"\x00id\xff", "person_id": "ann", "name": "Laptop", "public_key": b"\x00key\xff",
            "sign_count": 1, "transports": ("internal", "usb"), "device_type": "single_device", "backed_up": False,
            "made_at": NOON,
        }  # fmt: skip
        return Passkey(**{**values, **changes})  # type: ignore[arg-type]  # a table of cases

    def test_are_kept_byte_for_byte_and_belong_to_one(self, stores: Stores) -> None:
        passkey = self.passkey()
        assert stores.accounts.add_passkey(passkey)
        assert not stores.accounts.add_passkey(self.passkey(person_id="ben"))
        later = self.passkey(credential_id=b"2", made_at=NOON + MINUTE, transports=())
        assert stores.accounts.add_passkey(later)
        assert stores.accounts.passkeys("ann") == (passkey, later)
        assert stores.accounts.passkey(passkey.credential_id) == passkey
        assert not stores.accounts.remove_passkey("ben", passkey.credential_id)
        assert stores.accounts.remove_passkey("ann", passkey.credential_id)
        assert stores.accounts.passkey(passkey.credential_id) is None

    def test_a_counter_goes_up_and_one_that_is_always_0_stays(self, stores: Stores) -> None:
        stores.accounts.add_passkey(self.passkey())
        use = stores.accounts.use_passkey
        assert [use(b"\x00id\xff", count, NOON) for count in (1, 2, 2, 0, 9)] == [False, True, False, False, True]
        stores.accounts.add_passkey(self.passkey(credential_id=b"0", sign_count=0))
        assert [use(b"0", 0, NOON), use(b"0", 0, NOON), use(b"unknown", 5, NOON)] == [True, True, False]

    def test_a_persons_handle_is_made_once(self, stores: Stores) -> None:
        stores.add("ann")
        handles = together(lambda number: stores.accounts.passkey_handle("ann", f"handle {number}"))
        assert len(set(handles)) == 1
        account = stores.accounts.get("ann")
        assert account is not None
        assert account.passkey_handle == handles[0]


class TestSessions:
    def test_come_with_their_account_until_it_is_disabled(self, stores: Stores) -> None:
        stores.add("boss", ADMIN)
        ann = stores.add("ann")
        stores.session("s", "ann")
        stored = stores.sessions.load("s")
        assert stored is not None
        assert (stored.account, stored.data, stored.device) == (ann, {"of": "ann"}, "Firefox on Linux")
        assert (stored.began_at, stored.seen_at) == (NOON, NOON)
        stores.accounts.change_standing("ann", EDITOR, active=False)
        stored = stores.sessions.load("s")
        assert stored is None or stored.account is None
        assert stores.sessions.load("unknown") is None

    def test_are_noted_and_stay_ended(self, stores: Stores) -> None:
        stores.add("ann")
        stores.session("s", "ann")
        stores.sessions.update("s", None, NOON + MINUTE)
        stores.sessions.update("s", {"a": "ë"}, NOON + 2 * MINUTE)
        stored = stores.sessions.load("s")
        assert stored is not None
        assert (stored.data, stored.began_at, stored.seen_at) == ({"a": "ë"}, NOON, NOON + 2 * MINUTE)
        stores.sessions.rename("s", "t")
        renamed = stores.sessions.load("t")
        assert renamed is not None
        assert (renamed.data, renamed.began_at) == (stored.data, stored.began_at)
        assert stores.sessions.load("s") is None
        stores.sessions.end("t")
        stores.sessions.rename("t", "u")
        assert stores.sessions.load("u") is None
        stores.session("s", "ann")
        stores.sessions.end("s")
        stores.sessions.update("s", {"late": "request"}, NOON + 3 * MINUTE)
        assert stores.sessions.load("s") is None

    def test_are_ended_one_by_one_or_all_but_one(self, stores: Stores) -> None:
        for person in ("ann", "ben"):
            stores.add(person)
            for number in range(3):
                stores.session(f"{person}{number}", person, NOON + number * MINUTE)
        stores.sessions.end("ann0", of="ben")
        assert [one.session_hash for one in stores.sessions.of_person("ann")] == ["ann2", "ann1", "ann0"]
        stores.sessions.end("ann0", of="ann")
        assert stores.sessions.end_all("ann", but="ann1") == 1
        assert [one.session_hash for one in stores.sessions.of_person("ann")] == ["ann1"]
        assert stores.sessions.end_all("ann") == 1
        assert len(stores.sessions.of_person("ben")) == 3


class TestCountedTries:
    def test_are_counted_in_a_window_that_begins_with_the_first(self, stores: Stores) -> None:
        count, window = stores.attempts.count, 15 * MINUTE
        assert [count("a", NOON, window), count("a", NOON + 14 * MINUTE, window)] == [1, 2]
        assert count("b", NOON, window) == 1
        assert count("a", NOON + 15 * MINUTE, window) == 1
        assert count("a", NOON + 16 * MINUTE, window) == 2
        stores.attempts.clear("a")
        assert count("a", NOON + 16 * MINUTE, window) == 1

    def test_none_is_lost_when_many_come_together(self, stores: Stores) -> None:
        counts = together(lambda _: stores.attempts.count("a", NOON, 15 * MINUTE))
        assert set(counts) == set(range(1, AT_ONCE + 1))
