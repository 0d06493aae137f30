"""The history of what people did: one entry an act, never changed, given out as CSV that no spreadsheet executes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

LONGEST_DETAIL: Final = 2000
"""Characters of an entry's detail; what is longer is cut."""

ACTS: Final[Mapping[str, Mapping[str, str]]] = {
    "What the line says": {
        "draft_opened": "Opened a draft",
        "imported": "Brought in a book",
        "edited": "Edited a draft",
        "learned_from": "Learned from a message",
        "draft_caught_up": "Took what is live into a draft",
        "submitted": "Submitted a draft",
        "sent_back": "Sent a draft back",
        "approved": "Approved a draft",
        "draft_discarded": "Discarded a draft",
        "published": "Published a release",
        "restored": "Restored a release",
        "looked_over": "Looked over a release",
        "phone_allowed": "Let a phone try a draft",
        "phone_ended": "Took a phone off a draft",
    },
    "Looked at and taken out": {
        "looked_at": "Looked at",
        "exported": "Took out as a file",
    },
    "People and log-in": {
        "invited": "Invited",
        "link_made": "Made a new link",
        "joined": "Joined",
        "roles_changed": "Changed roles",
        "disabled": "Disabled an account",
        "enabled": "Enabled an account",
        "sessions_ended": "Logged somebody out everywhere",
        "second_proof_reset": "Reset an authenticator app",
        "logged_in": "Logged in",
        "sign_on_linked": "Came by single sign-on for the first time",
        "password_set": "Set a password",
        "email_changed": "Changed their email address",
        "authenticator_changed": "Changed their authenticator app",
        "passkey_added": "Added a passkey",
        "passkey_removed": "Removed a passkey",
        "recovery_codes_made": "Made recovery codes",
        "recovery_code_used": "Used a recovery code",
    },
    "Data about young people": {
        "held": "Placed a hold",
        "hold_released": "Released a hold",
        "erased": "Erased a person",
        "purged": "Deleted what is old",
        "provider_copy_deleted": "Deleted the provider's copy",
    },
    "Alerts": {
        "alerts_tested": "Sent a test alert",
    },
}
"""What people do, by kind: what is stored, and how it is shown."""

CSV_HEADINGS: Final = ("when (UTC)", "who", "person id", "what", "about", "detail")

_STARTS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "\N{FULLWIDTH EQUALS SIGN}")
"""OWASP, CSV Injection; and ASVS 5.0.0, 1.2.10."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """One act.

    Attributes:
        entry_id: Its own.
        at: When, aware.
        actor: Name of the person or program, as it was then.
        actor_id: The person's id; empty for a program.
        action: What was done, one of :data:`ACTS`.
        subject: What it was done to, such as ``release 5`` or ``draft 12``; may be empty.
        detail: More, in words. Nothing about a child.
    """

    entry_id: str
    at: dt.datetime
    actor: str
    actor_id: str = ""
    action: str
    subject: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryQuery:
    """What is looked for; what is empty does not matter.

    Attributes:
        words: Each must stand somewhere in the entry, in small letters or capitals.
        actor_id: By this person.
        action: This act.
        subject: About exactly this.
        since: Not earlier.
        until: Earlier.
    """

    words: str = ""
    actor_id: str = ""
    action: str = ""
    subject: str = ""
    since: dt.datetime | None = None
    until: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class HistoryPosition:
    """Where a page of the history ended: the next begins with what is older."""

    at: dt.datetime
    entry_id: str


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """A page of the history, newest first; ``older`` is None on the last."""

    entries: tuple[HistoryEntry, ...]
    older: HistoryPosition | None


def action_words(action: str) -> str:
    """Say what was done; an act of an earlier version as well as its name goes."""
    known = next((acts[action] for acts in ACTS.values() if action in acts), None)
    return known or action.replace("_", " ").capitalize()


def as_csv(entries: Iterable[HistoryEntry]) -> Iterator[str]:
    """Give the lines of a CSV file (RFC 4180, each with its line end), headings first."""
    yield _line(CSV_HEADINGS)
    for entry in entries:
        when = entry.at.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S")
        yield _line((when, entry.actor, entry.actor_id, entry.action, entry.subject, entry.detail))


def csv_cell(text: str) -> str:
    """Give a text as a quoted cell that a spreadsheet shows and never computes."""
    if text.lstrip(" ").startswith(_STARTS_A_FORMULA):
        text = f"'{text}"
    text = text.replace("\0", "").replace('"', '""')
    return f'"{text}"'


def _line(cells: Iterable[str]) -> str:
    return ",".join(csv_cell(cell) for cell in cells) + "\r\n"
