"""The stories of accounts: invite, join, give roles, disable, reset. Each is written to the history."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import re
import secrets
import string
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from sms_service.core.errors import LineError
from sms_service.core.people import Person, Role
from sms_service.service.accounts.ports import Account, AccountStore, Link, LinkPurpose, SessionStore

FIRST_ADMIN_LASTS: Final = dt.timedelta(hours=12)
INVITATION_LASTS: Final = dt.timedelta(days=7)
NEW_PASSWORD_LASTS: Final = dt.timedelta(hours=24)

RECOVERY_CODES: Final = 10
_CODE_LETTERS: Final = "23456789abcdefghjkmnpqrstuvwxyz"
"""Without those that look alike. 16 of them are 79 bits."""

LONGEST_EMAIL: Final = 254
_SMALL_LETTERS: Final = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_NOT_IN_EMAIL: Final = r"@\s\x00-\x20\x7f,;:<>()\[\]\\\""
"""Besides blanks what means something in a mail's header: one address must not become two there (RFC 5322, 3.2.3)."""
_EMAIL: Final = re.compile(rf"[^{_NOT_IN_EMAIL}]{{1,64}}@[^{_NOT_IN_EMAIL}.]+(?:\.[^{_NOT_IN_EMAIL}.]+)+")


class AccountRefused(LineError):
    """What was asked for cannot be done; the sentence says why and what to do.

    Attributes:
        about: Which of the things given is wrong: ``name``, ``email`` or ``roles``.
    """

    code = "account_refused"

    def __init__(self, sentence: str, *, about: str = "") -> None:
        super().__init__(sentence)
        self.about = about


class History(Protocol):
    """Who did what, for good. Nothing about a child."""

    def note(self, actor: str, action: str, subject: str, detail: str) -> None:
        """Write an entry; ``actor`` and ``subject`` are ids of people or names of programs. May raise a LineError."""
        ...


@dataclass(frozen=True, slots=True)
class Accounts:
    """The stories.

    Attributes:
        store: Accounts, codes, links, passkeys.
        sessions: Who is logged in where.
        history: Where every change is noted.
        key: Makes hashes of recovery codes.
        clock: Gives the moment in UTC.
    """

    store: AccountStore
    sessions: SessionStore
    history: History
    key: bytes
    clock: Callable[[], dt.datetime]

    # Coming in ------------------------------------------------------------------------------------------------------

    def first_admin_link(self) -> str | None:
        """Give what opens the page that makes the first administrator; None when there is an account already."""
        if self.store.any():
            return None
        return self._new_link(Link(LinkPurpose.FIRST_ADMIN, None), FIRST_ADMIN_LASTS)

    def invite(self, actor: str, name: str, email: str, roles: frozenset[Role]) -> tuple[Account, str]:
        """Make an account that waits for its person; give it, and what their link holds.

        Raises:
            AccountRefused: For an address that is none or is taken, a missing name, or no role.
        """
        account = self._new_account(name, email, roles)
        if not self.store.add(account):
            raise AccountRefused("Somebody has an account with this email address already.", about="email")
        self.history.note(actor, "invited", account.person_id, " ".join(sorted(roles)))
        return account, self._new_link(Link(LinkPurpose.INVITATION, account.person_id), INVITATION_LASTS)

    def invite_again(self, by: Person, person_id: str) -> str:
        """Give a new link to somebody who has an account: to join, or for a new password. Old links are good no more.

        The link opens no account by itself: whoever has a second proof is asked for it all the same.
        """
        account = self._known(person_id)
        joined = account.password_hash is not None
        purpose = LinkPurpose.NEW_PASSWORD if joined else LinkPurpose.INVITATION
        self.history.note(by.person_id, "link_made", person_id, purpose.value)
        return self._new_link(Link(purpose, person_id), NEW_PASSWORD_LASTS if joined else INVITATION_LASTS)

    def look_at_link(self, token: str) -> tuple[Link, Account | None] | None:
        """Say what a link would open, without using it: a mail program's preview must not use it up."""
        link = self.store.link(token_hash(token), self.clock())
        if link is None:
            return None
        account = self.store.get(link.person_id) if link.person_id else None
        usable = account is not None and account.active if link.person_id else not self.store.any()
        return (link, account) if usable else None

    def join(self, token: str, password_hash: str, *, name: str = "", email: str = "") -> Account:
        """Use a link: set the password, and for the first administrator make the account. Ends the person's sessions.

        Raises:
            AccountRefused: When the link is not good (any more).
        """
        seen = self.look_at_link(token)
        # Checked before the link is used up: a slip in the name must not cost the link.
        first = self._new_account(name, email, frozenset({Role.ADMIN})) if seen and seen[1] is None else None
        link = self.store.use_link(token_hash(token), self.clock()) if seen else None
        if link is None:
            raise AccountRefused("This link has been used, or is too old. Ask an administrator for a new one.")
        if first is not None and not self.store.add(first):
            raise AccountRefused("Somebody has an account with this email address already.", about="email")
        account = first or self._known(str(link.person_id))
        self.store.change(account.person_id, password_hash=password_hash)
        self.sessions.end_all(account.person_id)
        self.history.note(account.person_id, "joined" if account.password_hash is None else "password_set", "", "")
        return account

    # Standing -------------------------------------------------------------------------------------------------------

    def change_standing(self, by: Person, person_id: str, roles: frozenset[Role], *, active: bool) -> None:
        """Give roles, disable or enable. Ends the person's sessions at once.

        Raises:
            AccountRefused: When nobody would be administrator, or an enabled person would have no role.
        """
        account = self._known(person_id)
        if active and not roles:
            raise AccountRefused("Choose one role or more.", about="roles")
        if not self.store.change_standing(person_id, roles, active=active):
            raise AccountRefused("There must be one administrator who can log in. Make somebody else one first.")
        self.sessions.end_all(person_id)
        if account.active != active:
            self.history.note(by.person_id, "enabled" if active else "disabled", person_id, "")
        if account.roles != roles:
            self.history.note(by.person_id, "roles_changed", person_id, " ".join(sorted(roles)))

    def end_sessions(self, by: Person, person_id: str) -> int:
        """Log somebody out everywhere; give from how many places."""
        ended = self.sessions.end_all(person_id)
        self.history.note(by.person_id, "sessions_ended", person_id, f"sessions: {ended}")
        return ended

    def reset_second_proof(self, by: Person, person_id: str, reason: str) -> None:
        """Remove authenticator app, recovery codes and passkeys of somebody else; they set them up at the next log-in.

        The identity provider's name for them goes too: the next who comes by single sign-on with their address is them.

        Raises:
            AccountRefused: For oneself, or without a reason.
        """
        if by.person_id == person_id:
            raise AccountRefused("Ask another administrator: nobody removes their own second proof this way.")
        if not reason.strip():
            raise AccountRefused("Write how you made sure that it is them.")
        self._known(person_id)
        self.store.change(person_id, totp_secret=None, sign_on_subject=None)
        self.store.set_recovery_codes(person_id, ())
        for passkey in self.store.passkeys(person_id):
            self.store.remove_passkey(person_id, passkey.credential_id)
        self.sessions.end_all(person_id)
        self.history.note(by.person_id, "second_proof_reset", person_id, reason.strip())

    # Recovery codes -------------------------------------------------------------------------------------------------

    def new_recovery_codes(self, person_id: str) -> tuple[str, ...]:
        """Make recovery codes, to be shown once; the old ones are good no more."""
        made = tuple(_recovery_code() for _ in range(RECOVERY_CODES))
        self.store.set_recovery_codes(person_id, tuple(self._code_hash(code) for code in made))
        self.history.note(person_id, "recovery_codes_made", "", "")
        return made

    def use_recovery_code(self, person_id: str, typed: str) -> bool:
        """Use a code up, however its letters were grouped; each is good once, also for two who try at the same time."""
        used = self.store.use_recovery_code(person_id, self._code_hash(typed))
        if used:
            self.history.note(person_id, "recovery_code_used", "", "")
        return used

    def _code_hash(self, typed: str) -> str:
        plain = re.sub(r"[^0-9a-z]", "", typed.casefold())
        return hmac.new(self.key, f"recovery\0{plain}".encode(), hashlib.sha256).hexdigest()

    # ----------------------------------------------------------------------------------------------------------------

    def _new_account(self, name: str, email: str, roles: frozenset[Role]) -> Account:
        name = " ".join(name.split())
        if not name:
            raise AccountRefused("Enter a name.", about="name")
        email = checked_email(email)
        if not roles:
            raise AccountRefused("Choose one role or more.", about="roles")
        return Account(person_id=secrets.token_hex(16), name=name[:100], email=email, roles=roles, made_at=self.clock())

    def _known(self, person_id: str) -> Account:
        account = self.store.get(person_id)
        if account is None:
            raise AccountRefused("There is no such person.")
        return account

    def _new_link(self, link: Link, lasts: dt.timedelta) -> str:
        token = secrets.token_urlsafe(32)
        self.store.add_link(token_hash(token), link, self.clock() + lasts)
        return token


def checked_email(text: str) -> str:
    """Give an address as it is stored.

    Raises:
        AccountRefused: When it is none.
    """
    email = folded_email(text)
    if len(email) > LONGEST_EMAIL or not _EMAIL.fullmatch(email):
        raise AccountRefused("Enter an email address, such as name@example.org.", about="email")
    return email


def folded_email(text: str) -> str:
    """Give the one way of writing an address by which its account is found: A-Z become small, nothing else changes.

    Folded as Unicode does it, two people's addresses could be one: 'ſ' becomes 's', 'ß' becomes 'ss'.
    """
    return text.strip().translate(_SMALL_LETTERS)


def token_hash(token: str) -> str:
    """Give what is stored of a random token of 256 bits; nobody finds the token from it."""
    return hashlib.sha256(token.encode()).hexdigest()


def _recovery_code() -> str:
    letters = "".join(secrets.choice(_CODE_LETTERS) for _ in range(16))
    return "-".join(letters[start : start + 4] for start in range(0, 16, 4))
