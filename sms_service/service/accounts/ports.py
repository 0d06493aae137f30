"""What accounts need from a store. Every call may raise a ``LineError``, and does so within seconds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from sms_service.core.people import Person, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One person's account, as it is stored.

    Attributes:
        password_hash: None until the person has chosen a password.
        totp_secret: Sealed; None until an authenticator app was set up.
        recovery_codes: How many are left.
        sign_on_subject: What the identity provider calls them, as a digest; None until they came by single sign-on.
    """

    person_id: str
    name: str
    email: str
    roles: frozenset[Role]
    active: bool = True
    password_hash: str | None = None
    totp_secret: str | None = None
    passkey_handle: str | None = None
    recovery_codes: int = 0
    made_at: dt.datetime
    logged_in_at: dt.datetime | None = None
    sign_on_subject: str | None = None

    @property
    def person(self) -> Person:
        """Who it is, for the pages."""
        return Person(self.person_id, self.name, self.roles)


class LinkPurpose(StrEnum):
    """What a one-time link opens."""

    FIRST_ADMIN = "first_admin"
    INVITATION = "invitation"
    NEW_PASSWORD = "new_password"  # noqa: S105 - a purpose


@dataclass(frozen=True, slots=True)
class Link:
    """A one-time link that is still good; ``person_id`` is None for the first administrator, who names themself."""

    purpose: LinkPurpose
    person_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkey:
    """A passkey, as it is stored. Names and sizes are those of WebAuthn Level 3."""

    credential_id: bytes
    person_id: str
    name: str
    public_key: bytes
    sign_count: int
    transports: tuple[str, ...]
    device_type: str
    backed_up: bool
    made_at: dt.datetime
    used_at: dt.datetime | None = None


class AccountStore(Protocol):
    """Accounts, codes, links and passkeys."""

    def any(self) -> bool:
        """Whether there is any account at all."""
        ...

    def get(self, person_id: str) -> Account | None:
        """Find by id."""
        ...

    def by_email(self, email: str) -> Account | None:
        """Find by the address in small letters."""
        ...

    def by_sign_on(self, subject: str) -> Account | None:
        """Find by what the identity provider calls somebody."""
        ...

    def everybody(self) -> tuple[Account, ...]:
        """Give all, by name."""
        ...

    def add(self, account: Account) -> bool:
        """Add one; False when the address is taken."""
        ...

    def change(self, person_id: str, **columns: object) -> None:
        """Set some of: name, password_hash, totp_secret, logged_in_at, sign_on_subject."""
        ...

    def change_email(self, person_id: str, email: str) -> bool:
        """Set the address; False, and nothing done, when somebody else has it. Atomic."""
        ...

    def change_standing(self, person_id: str, roles: frozenset[Role], *, active: bool) -> bool:
        """Set roles and whether they may log in; False, and nothing done, when nobody else would be administrator."""
        ...

    def use_totp(self, person_id: str, counter: int) -> bool:
        """Note that the code of a time step is used; False when it, or a later one, was used before. Atomic."""
        ...

    def set_recovery_codes(self, person_id: str, hashes: tuple[str, ...]) -> None:
        """Replace them all."""
        ...

    def use_recovery_code(self, person_id: str, code_hash: str) -> bool:
        """Use one up; False when there is none such. Atomic."""
        ...

    def add_link(self, link_hash: str, link: Link, until: dt.datetime) -> None:
        """Keep a link; an earlier one of the same purpose and person is good no more."""
        ...

    def link(self, link_hash: str, now: dt.datetime) -> Link | None:
        """Look at a link without using it."""
        ...

    def use_link(self, link_hash: str, now: dt.datetime) -> Link | None:
        """Use a link up; None when it is not good (any more). Atomic."""
        ...

    def passkeys(self, person_id: str) -> tuple[Passkey, ...]:
        """Give a person's passkeys, oldest first."""
        ...

    def passkey(self, credential_id: bytes) -> Passkey | None:
        """Find one."""
        ...

    def passkey_handle(self, person_id: str, new: str) -> str:
        """Give what names the person towards passkeys: ``new`` when there is nothing yet. Atomic."""
        ...

    def add_passkey(self, passkey: Passkey) -> bool:
        """Add one; False when it is known, whoever has it."""
        ...

    def use_passkey(self, credential_id: bytes, sign_count: int, now: dt.datetime) -> bool:
        """Note a use; False when it is gone, or its counter did not move on (a copy may be about). Atomic."""
        ...

    def remove_passkey(self, person_id: str, credential_id: bytes) -> bool:
        """Remove one of a person's; False when they have none such."""
        ...


class StaffPost(Protocol):
    """Brings mail to staff. Nothing of it raises; each says whether the mail was taken."""

    def send_link(self, account: Account, link: str) -> bool:
        """Send somebody their one-time link."""
        ...

    def tell_of_change(self, account: Account, what: str, at: dt.datetime) -> bool:
        """Tell somebody that their account was changed, so that they see it when it was not them.

        Args:
            account: As it was before, so that the mail goes to the address of before.
            what: Such as 'your password was changed'.
            at: When.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSession:
    """A browser's session.

    Attributes:
        session_hash: Names it; the cookie cannot be found from it.
        data: What the pages noted.
        account: Whose it is; None before logging in, and when the account may not log in any more.
        device: Browser and system in a few words.
    """

    session_hash: str
    data: Mapping[str, Any]
    account: Account | None
    device: str
    began_at: dt.datetime
    seen_at: dt.datetime


class SessionStore(Protocol):
    """Sessions. A session whose row is gone is over."""

    def load(self, session_hash: str) -> StoredSession | None:
        """Find one with its account, over or not."""
        ...

    def save(
        self, session_hash: str, data: Mapping[str, Any], now: dt.datetime, *, person_id: str | None, device: str
    ) -> None:
        """Begin a session."""
        ...

    def update(self, session_hash: str, data: Mapping[str, Any] | None, now: dt.datetime) -> None:
        """Note a request, and new data where they changed. A session that was ended meanwhile stays ended."""
        ...

    def rename(self, session_hash: str, new_hash: str) -> None:
        """Let a session go on under another name only; when it began stays. One that was ended stays ended."""
        ...

    def end(self, session_hash: str, *, of: str | None = None) -> None:
        """End one; with ``of`` only when it is that person's."""
        ...

    def end_all(self, person_id: str, *, but: str | None = None) -> int:
        """End a person's sessions, one aside; give how many."""
        ...

    def of_person(self, person_id: str) -> tuple[StoredSession, ...]:
        """Give a person's sessions, last used first."""
        ...


class AttemptStore(Protocol):
    """Counted tries."""

    def count(self, key: str, now: dt.datetime, window: dt.timedelta) -> int:
        """Count one try and give how many there were in the window that began with the first. Atomic."""
        ...

    def clear(self, key: str) -> None:
        """Forget the tries of a key."""
        ...
