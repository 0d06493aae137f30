"""The stories of passkeys: add one, log in with one, remove one.

A passkey is two proofs in one, because it is only taken when its device has made sure of the person (user verification,
WebAuthn Level 3, 6.2.3): something they have, opened by a finger, a face or a PIN. So it leads in by itself, and it
never replaces the authenticator app, which works in every browser.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sms_service.service.accounts.accounts import AccountRefused, History
from sms_service.service.accounts.ports import AccountStore, Passkey

MOST: Final = 10
"""For one person: a laptop, a phone, keys in a drawer."""

LONGEST_NAME: Final = 60
_HANDLE_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Passkeys:
    """The stories.

    Attributes:
        store: Where they are.
        history: Where adding and removing is noted.
        clock: Gives the moment in UTC.
    """

    store: AccountStore
    history: History
    clock: Callable[[], dt.datetime]

    def handle_of(self, person_id: str) -> str:
        """Give what names the person towards passkeys: random, and never anybody else's."""
        return self.store.passkey_handle(person_id, secrets.token_urlsafe(_HANDLE_BYTES))

    def add(self, passkey: Passkey) -> None:
        """Keep a new one.

        Raises:
            AccountRefused: When it has no name, the person has many, or somebody has it already.
        """
        if not 0 < len(passkey.name) <= LONGEST_NAME:
            raise AccountRefused(f"Give it a name of {LONGEST_NAME} characters or fewer.")
        if len(self.store.passkeys(passkey.person_id)) >= MOST:
            raise AccountRefused(f"You have {MOST} passkeys. Remove one first.")
        if not self.store.add_passkey(passkey):
            raise AccountRefused("This passkey has been added already.")
        self.history.note(passkey.person_id, "passkey_added", "", "")

    def use(self, passkey: Passkey, sign_count: int) -> bool:
        """Note a use; False when it must not lead in: removed meanwhile, or its counter says that there is a copy."""
        return self.store.use_passkey(passkey.credential_id, sign_count, self.clock())

    def remove(self, person_id: str, credential_id: bytes) -> bool:
        """Remove one of a person's; False when they have none such."""
        removed = self.store.remove_passkey(person_id, credential_id)
        if removed:
            self.history.note(person_id, "passkey_removed", "", "")
        return removed
