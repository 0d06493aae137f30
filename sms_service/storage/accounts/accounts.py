"""Accounts, recovery codes, links and passkeys in SQL."""

from __future__ import annotations

import base64
import datetime as dt

from sqlalchemy import Connection, Row, Select, delete, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from sms_service.core.people import Role
from sms_service.service.accounts.ports import Account, Link, LinkPurpose, Passkey
from sms_service.storage.accounts.access import AccountDatabase
from sms_service.storage.tables import staff_account as accounts
from sms_service.storage.tables import staff_link as links
from sms_service.storage.tables import staff_passkey as passkeys
from sms_service.storage.tables import staff_recovery_code as codes

_CHANGEABLE = {"name", "password_hash", "totp_secret", "logged_in_at", "sign_on_subject"}


class SqlAccounts:
    """The :class:`~sms_service.service.accounts.ports.AccountStore`."""

    def __init__(self, database: AccountDatabase) -> None:
        self._database = database

    def any(self) -> bool:
        """Whether there is any account."""
        with self._database.read() as connection:
            return connection.execute(select(accounts.c.person_id).limit(1)).first() is not None

    def get(self, person_id: str) -> Account | None:
        """Find by id."""
        return self._one(accounts_with_codes().where(accounts.c.person_id == person_id))

    def by_email(self, email: str) -> Account | None:
        """Find by address."""
        return self._one(accounts_with_codes().where(accounts.c.email == email))

    def by_sign_on(self, subject: str) -> Account | None:
        """Find by what the identity provider calls somebody."""
        return self._one(accounts_with_codes().where(accounts.c.sign_on_subject == subject))

    def _one(self, query: Select[tuple[object, ...]]) -> Account | None:
        with self._database.read() as connection:
            row = connection.execute(query).first()
        return None if row is None else account_of(row)

    def everybody(self) -> tuple[Account, ...]:
        """Give all, by name."""
        with self._database.read() as connection:
            rows = connection.execute(accounts_with_codes().order_by(accounts.c.name, accounts.c.person_id)).all()
        return tuple(map(account_of, rows))

    def add(self, account: Account) -> bool:
        """Add one; False when the address is taken."""
        values = {
            "person_id": account.person_id,
            "name": account.name,
            "email": account.email,
            "roles": _names(account.roles),
            "active": account.active,
            "password_hash": account.password_hash,
            "made_at": account.made_at,
        }
        with self._database.write() as connection:
            if connection.execute(select(accounts.c.person_id).where(accounts.c.email == account.email)).first():
                return False
            try:
                with connection.begin_nested():
                    connection.execute(insert(accounts), values)
            except IntegrityError:  # somebody else was faster
                return False
        return True

    def change(self, person_id: str, **columns: object) -> None:
        """Set columns."""
        unknown = columns.keys() - _CHANGEABLE
        if unknown:
            raise ValueError(f"not to be changed so: {sorted(unknown)}")
        with self._database.write() as connection:
            connection.execute(update(accounts).where(accounts.c.person_id == person_id).values(**columns))

    def change_email(self, person_id: str, email: str) -> bool:
        """Set the address, unless somebody else has it."""
        changed = update(accounts).where(accounts.c.person_id == person_id).values(email=email)
        with self._database.write() as connection:
            try:
                with connection.begin_nested():
                    connection.execute(changed)
            except IntegrityError:
                return False
        return True

    def change_standing(self, person_id: str, roles: frozenset[Role], *, active: bool) -> bool:
        """Set roles and whether they may log in, unless nobody would be administrator."""
        with self._database.write() as connection:
            if not (active and Role.ADMIN in roles) and not self._other_admin(connection, person_id):
                return False
            changed = update(accounts).where(accounts.c.person_id == person_id)
            connection.execute(changed.values(roles=_names(roles), active=active))
        return True

    @staticmethod
    def _other_admin(connection: Connection, person_id: str) -> bool:
        # Locked, so that two administrators cannot take the role from each other at the same moment.
        rows = connection.execute(
            select(accounts.c.person_id, accounts.c.roles).where(accounts.c.active).with_for_update()
        ).all()
        return any(row.person_id != person_id and Role.ADMIN in row.roles for row in rows)

    def use_totp(self, person_id: str, counter: int) -> bool:
        """Note that a code is used."""
        fresh = or_(accounts.c.totp_counter.is_(None), accounts.c.totp_counter < counter)
        used = update(accounts).where(accounts.c.person_id == person_id, fresh).values(totp_counter=counter)
        with self._database.write() as connection:
            return connection.execute(used.returning(accounts.c.person_id)).first() is not None

    def set_recovery_codes(self, person_id: str, hashes: tuple[str, ...]) -> None:
        """Replace them all."""
        with self._database.write() as connection:
            connection.execute(delete(codes).where(codes.c.person_id == person_id))
            if hashes:
                connection.execute(insert(codes), [{"person_id": person_id, "code_hash": one} for one in hashes])

    def use_recovery_code(self, person_id: str, code_hash: str) -> bool:
        """Use one up."""
        used = delete(codes).where(codes.c.person_id == person_id, codes.c.code_hash == code_hash)
        with self._database.write() as connection:
            return connection.execute(used.returning(codes.c.code_hash)).first() is not None

    def add_link(self, link_hash: str, link: Link, until: dt.datetime) -> None:
        """Keep a link; it takes the place of an earlier one."""
        person = links.c.person_id.is_(None) if link.person_id is None else links.c.person_id == link.person_id
        values = {"link_hash": link_hash, "purpose": link.purpose.value, "person_id": link.person_id, "until": until}
        with self._database.write() as connection:
            connection.execute(delete(links).where(person, links.c.purpose == link.purpose.value))
            connection.execute(insert(links), values)

    def link(self, link_hash: str, now: dt.datetime) -> Link | None:
        """Look at a link."""
        with self._database.read() as connection:
            row = connection.execute(
                select(links.c.purpose, links.c.person_id).where(links.c.link_hash == link_hash, links.c.until > now)
            ).first()
        return None if row is None else Link(LinkPurpose(row.purpose), row.person_id)

    def use_link(self, link_hash: str, now: dt.datetime) -> Link | None:
        """Use a link up."""
        used = delete(links).where(links.c.link_hash == link_hash, links.c.until > now)
        with self._database.write() as connection:
            row = connection.execute(used.returning(links.c.purpose, links.c.person_id)).first()
        return None if row is None else Link(LinkPurpose(row.purpose), row.person_id)

    def passkeys(self, person_id: str) -> tuple[Passkey, ...]:
        """Give a person's passkeys."""
        with self._database.read() as connection:
            query = select(passkeys).where(passkeys.c.person_id == person_id).order_by(passkeys.c.made_at)
            return tuple(map(_passkey_of, connection.execute(query).all()))

    def passkey(self, credential_id: bytes) -> Passkey | None:
        """Find one."""
        with self._database.read() as connection:
            query = select(passkeys).where(passkeys.c.credential_id == _text(credential_id))
            row = connection.execute(query).first()
        return None if row is None else _passkey_of(row)

    def passkey_handle(self, person_id: str, new: str) -> str:
        """Give what names the person towards passkeys."""
        handle = func.coalesce(accounts.c.passkey_handle, new)
        kept = update(accounts).where(accounts.c.person_id == person_id).values(passkey_handle=handle)
        with self._database.write() as connection:
            return str(connection.execute(kept.returning(accounts.c.passkey_handle)).scalar_one())

    def add_passkey(self, passkey: Passkey) -> bool:
        """Add one."""
        values = {name: getattr(passkey, name) for name in Passkey.__slots__}
        values["credential_id"] = _text(passkey.credential_id)
        with self._database.write() as connection:
            try:
                with connection.begin_nested():
                    connection.execute(insert(passkeys), values)
            except IntegrityError:
                return False
        return True

    def use_passkey(self, credential_id: bytes, sign_count: int, now: dt.datetime) -> bool:
        """Note a use. Authenticators without a counter always say 0 (WebAuthn Level 3, 6.1.1)."""
        moved_on = passkeys.c.sign_count < sign_count
        if sign_count == 0:
            moved_on = passkeys.c.sign_count == 0
        used = update(passkeys).where(passkeys.c.credential_id == _text(credential_id), moved_on)
        with self._database.write() as connection:
            noted = used.values(sign_count=sign_count, used_at=now).returning(passkeys.c.credential_id)
            return connection.execute(noted).first() is not None

    def remove_passkey(self, person_id: str, credential_id: bytes) -> bool:
        """Remove one."""
        gone = delete(passkeys).where(
            passkeys.c.credential_id == _text(credential_id), passkeys.c.person_id == person_id
        )
        with self._database.write() as connection:
            return connection.execute(gone.returning(passkeys.c.credential_id)).first() is not None


def accounts_with_codes() -> Select[tuple[object, ...]]:
    """Give the query of accounts, each with the number of recovery codes that are left."""
    left = select(func.count()).where(codes.c.person_id == accounts.c.person_id).scalar_subquery()
    return select(accounts, left.label("recovery_codes"))


def account_of(row: Row[tuple[object, ...]]) -> Account:
    """Give the account of a row of that query."""
    return Account(
        person_id=row.person_id,
        name=row.name,
        email=row.email,
        roles=frozenset(Role(role) for role in row.roles),
        active=row.active,
        password_hash=row.password_hash,
        totp_secret=row.totp_secret,
        passkey_handle=row.passkey_handle,
        recovery_codes=row.recovery_codes,
        made_at=row.made_at,
        logged_in_at=row.logged_in_at,
        sign_on_subject=row.sign_on_subject,
    )


def _passkey_of(row: Row[tuple[object, ...]]) -> Passkey:
    values = dict(row._mapping)
    values["credential_id"] = base64.urlsafe_b64decode(values["credential_id"])
    return Passkey(**values)


def _names(roles: frozenset[Role]) -> tuple[str, ...]:
    return tuple(sorted(role.value for role in roles))


def _text(credential_id: bytes) -> str:
    return base64.urlsafe_b64encode(credential_id).decode()
