"""What people change about their own account: address, password, authenticator app.

Each change ends the person's other sessions, stands in the history, and is told to the address of before where mail is
set up, so that whoever it was not can act (OWASP ASVS 5.0, 6.3.7 and 7.4.3). The page has asked who they are before.
"""

from __future__ import annotations

from dataclasses import dataclass

from sms_service.service.accounts.accounts import AccountRefused, Accounts, checked_email
from sms_service.service.accounts.ports import Account, StaffPost


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """The stories.

    Attributes:
        accounts: Where accounts, sessions and history are.
        post: Tells of changes; None: no mail is set up.
    """

    accounts: Accounts
    post: StaffPost | None

    def change_email(self, account: Account, email: str, *, but: str | None) -> None:
        """Set another address to log in with.

        Args:
            account: As it is.
            email: As typed.
            but: The session that goes on.

        Raises:
            AccountRefused: When it is none, or somebody has it.
        """
        checked = checked_email(email)
        if checked == account.email:
            raise AccountRefused("This is your email address already.")
        if not self.accounts.store.change_email(account.person_id, checked):
            raise AccountRefused("Somebody has an account with this email address already.")
        self._changed(account, "email_changed", "your email address was changed", but)

    def change_password(self, account: Account, password_hash: str, *, but: str | None) -> None:
        """Set another password."""
        self.accounts.store.change(account.person_id, password_hash=password_hash)
        self._changed(account, "password_set", "your password was changed", but)

    def change_authenticator(self, account: Account, totp_secret: str, *, but: str | None) -> None:
        """Set another authenticator app, which has shown that it works. The one of before is good no more."""
        self.accounts.store.change(account.person_id, totp_secret=totp_secret)
        self._changed(account, "authenticator_changed", "your authenticator app was changed", but)

    def tell(self, account: Account, what: str) -> None:
        """Tell somebody of a change that ends no session, such as a new passkey."""
        if self.post is not None:
            self.post.tell_of_change(account, what, self.accounts.clock())

    def _changed(self, account: Account, act: str, what: str, but: str | None) -> None:
        self.accounts.sessions.end_all(account.person_id, but=but)
        self.accounts.history.note(account.person_id, act, "", "")
        self.tell(account, what)
