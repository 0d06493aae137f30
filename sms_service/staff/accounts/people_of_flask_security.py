"""What Flask-Security needs to know people by: its user, its datastore, its codes, all on our own stores."""

from __future__ import annotations

from typing import Any

from flask_security import RoleMixin, UserMixin
from flask_security.datastore import UserDatastore
from flask_security.recovery_codes import MfRecoveryCodesUtil
from flask_security.totp import Totp
from passlib.exc import UsedTokenError
from passlib.totp import TotpMatch

from sms_service.service.accounts.accounts import Accounts, folded_email
from sms_service.service.accounts.ports import Account

AUTHENTICATOR = "authenticator"


class StaffRole(RoleMixin):
    """Flask-Security's roles are not used: ``service/access.py`` decides."""


class StaffUser(UserMixin):
    """An account as Flask-Security sees it. Values that it sets are stored by :class:`StaffDatastore`."""

    fs_uniquifier: str = ""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.fs_uniquifier = account.person_id
        self.email = account.email
        self.password = account.password_hash
        self.active = account.active
        self.roles: list[RoleMixin] = []
        self.tf_totp_secret = account.totp_secret
        self.tf_primary_method = AUTHENTICATOR if account.totp_secret else None
        self.tf_phone_number = None

    def verify_auth_token(self, _data: dict[str, Any]) -> bool:
        """Refuse: nobody logs in by a token in a header."""
        return False


class StaffDatastore(UserDatastore):
    """Finds and stores people through the port. Each call is a transaction of its own; there is nothing to commit."""

    def __init__(self, accounts: Accounts) -> None:
        super().__init__(StaffUser, StaffRole)
        self._store = accounts.store

    def find_user(self, case_insensitive: bool = False, **kwargs: object) -> StaffUser | None:  # noqa: ARG002
        """Find by ``email`` (in any letters) or ``fs_uniquifier``."""
        if kwargs.get("email"):
            account = self._store.by_email(folded_email(str(kwargs["email"])))
        else:
            account = self._store.get(str(kwargs.get("fs_uniquifier") or ""))
        return None if account is None else StaffUser(account)

    def find_role(self, role: str) -> None:  # noqa: ARG002
        """Give none."""
        return

    def put(self, user: StaffUser) -> StaffUser:
        """Store what Flask-Security changes: the password's hash when its settings are out of date, the secret."""
        changed: dict[str, object] = {}
        if user.password != user.account.password_hash:
            changed["password_hash"] = user.password
        if user.tf_totp_secret != user.account.totp_secret:
            changed["totp_secret"] = user.tf_totp_secret
        if changed:
            self._store.change(user.account.person_id, **changed)
        return user

    def commit(self) -> None:
        """Do nothing: it is stored already."""


def one_time_totp(accounts: Accounts) -> type[Totp]:
    """Give what checks authenticator codes: each is good once, also for two who try at the same moment (RFC 6238, 5.2).

    Flask-Security takes a class, so the accounts are bound here.
    """

    class OneTimeTotp(Totp):
        def get_last_counter(self, user: UserMixin) -> None:  # noqa: ARG002 - the store decides, atomically
            return None

        def set_last_counter(self, user: UserMixin, tmatch: TotpMatch) -> None:
            if not accounts.store.use_totp(str(user.fs_uniquifier), tmatch.counter):
                raise UsedTokenError

    return OneTimeTotp


def hashed_recovery_codes(accounts: Accounts) -> type[MfRecoveryCodesUtil]:
    """Give what checks recovery codes: only hashes are stored, and using one up is the check."""

    class HashedRecoveryCodes(MfRecoveryCodesUtil):
        def create_recovery_codes(self, user: UserMixin) -> list[str]:
            return list(accounts.new_recovery_codes(str(user.fs_uniquifier)))

        def get_recovery_codes(self, user: UserMixin) -> list[str]:  # noqa: ARG002 - they cannot be read back
            return []

        def check_recovery_code(self, user: UserMixin, code: str) -> bool:
            return accounts.use_recovery_code(str(user.fs_uniquifier), code)

        def delete_recovery_code(self, user: UserMixin, code: str) -> bool:  # noqa: ARG002 - checking used it up
            return True

    return HashedRecoveryCodes
