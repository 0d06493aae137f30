"""Staff accounts: their stores, their stories, and what seals their secrets. Nothing is opened before first use."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass

from sms_service.core.people import Role
from sms_service.factory.stores import sql_url
from sms_service.service.accounts.accounts import Accounts
from sms_service.service.accounts.throttle import Throttle
from sms_service.service.messaging import utc_now
from sms_service.settings import Settings

__all__ = ["StaffAccounts", "add_staff", "first_admin_address", "staff_accounts"]


@dataclass(frozen=True, slots=True)
class StaffAccounts:
    """The stories, and what counts tries."""

    accounts: Accounts
    throttle: Throttle


def staff_accounts(settings: Settings) -> StaffAccounts:
    """Give the accounts of the settings' database."""
    from sms_service.storage.accounts.access import AccountDatabase
    from sms_service.storage.accounts.accounts import SqlAccounts
    from sms_service.storage.accounts.history import SqlAccountHistory
    from sms_service.storage.accounts.sessions import SqlAttempts, SqlSessions

    database = AccountDatabase(sql_url(settings))
    accounts = Accounts(
        store=SqlAccounts(database),
        sessions=SqlSessions(database),
        history=SqlAccountHistory(database, utc_now),
        key=key_for(settings, "recovery codes"),
        clock=utc_now,
    )
    return StaffAccounts(accounts, Throttle(SqlAttempts(database), key_for(settings, "counted tries"), utc_now))


def key_for(settings: Settings, purpose: str) -> bytes:
    """Give a key of 32 bytes that is good for one purpose alone, out of SECRET_KEY."""
    if settings.secret_key is None:
        raise ValueError("SECRET_KEY is not set")
    return hmac.new(settings.secret_key.get_secret_value().encode(), purpose.encode(), hashlib.sha256).digest()


def fernet_key_for(settings: Settings, purpose: str) -> bytes:
    """Give the same in the form that Fernet takes."""
    return base64.urlsafe_b64encode(key_for(settings, purpose))


def first_admin_address(settings: Settings) -> str | None:
    """Give the address that makes the first administrator; None when somebody has an account already.

    Raises:
        LineError: When the database does not answer.
    """
    token = staff_accounts(settings).accounts.first_admin_link()
    return None if token is None else join_address(settings, token)


def add_staff(settings: Settings, name: str, email: str, roles: frozenset[Role], actor: str) -> str:
    """Make an account, and give the address by which its person joins.

    Raises:
        LineError: When the address is taken or is none, or the database does not answer.
    """
    _, token = staff_accounts(settings).accounts.invite(actor, name, email, roles)
    return join_address(settings, token)


def join_address(settings: Settings, token: str) -> str:
    """Give the address behind which a one-time link's page is."""
    return f"{settings.public_url}/join/{token}"
