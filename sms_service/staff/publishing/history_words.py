"""What the history noted, in the words of the people who read it. Stored, and taken out as CSV, it stays as noted."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from sms_service.core.history import HistoryEntry
from sms_service.core.reply_book import ReplyBook
from sms_service.service.access import ROLE_WORDS
from sms_service.staff.kit.names import Names

_LINKS: Final = {
    "first_admin": "to become the first administrator",
    "invitation": "to join",
    "new_password": "to set a new password",
}
_STORES: Final = {
    "message_log": "rows of the message log",
    "hourly_count": "hourly counts",
    "erasure": "notes of erasures",
    "audit_entry": "entries of the history",
    "staff_session": "sessions",
    "login_attempt": "counted log-in tries",
    "staff_link": "one-time links",
    "unmatched_message": "messages not understood",
    "trying_phone": "phones that tried a draft",
    "draft": "drafts",
    "content": "texts of drafts that are gone",
    "outbox": "rows on their way to the message log",
}
_OF_A_REPLY: Final = re.compile(r"(example|keyword) of (\w+) in draft (\d+)")
_LEARNED: Final = {"example": "a sentence", "keyword": "a keyword"}


class HistoryWords:
    """Puts entries into words.

    Args:
        book: That is live, for the names of its replies; None where there is none.
    """

    def __init__(self, book: ReplyBook | None) -> None:
        self._names = Names(None, book)
        self._told: Mapping[str, Callable[[str], str]] = {
            "invited": _roles,
            "roles_changed": _roles,
            "link_made": lambda detail: _LINKS.get(detail, detail),
            "approved": lambda _checksum: "",
            "learned_from": self._learned,
            "purged": _purged,
            "erased": lambda detail: _counts(detail, {"unlinked": "rows unlinked", "held": "rows that a hold keeps"}),
        }

    def detail(self, entry: HistoryEntry) -> str:
        """Give more about an act; empty when there is no more that a person could use."""
        told = self._told.get(entry.action)
        return entry.detail if told is None or not entry.detail else told(entry.detail)

    def _learned(self, detail: str) -> str:
        found = _OF_A_REPLY.fullmatch(detail)
        if found is None:
            return detail
        kind, key, draft = found.groups()
        return f"It became {_LEARNED[kind]} of '{self._names.reply(key)}', in draft {draft}"


def _roles(detail: str) -> str:
    names = {role.value: words for role, (words, _) in ROLE_WORDS.items()}
    return ", ".join(names.get(role, role) for role in detail.split())


def _purged(detail: str) -> str:
    """Read ``deleted: message_log 3, draft 1; unlinked: 0``."""
    deleted, _, unlinked = detail.partition("; ")
    found = re.findall(r"(\w+) (\d+)", deleted.removeprefix("deleted: "))
    told = [f"{_STORES.get(store, store)}: {count}" for store, count in found]
    if unlinked and not unlinked.endswith(": 0"):
        told.append(_counts(unlinked, {"unlinked": "rows unlinked once more"}))
    return ", ".join(told) or detail


def _counts(detail: str, words: Mapping[str, str]) -> str:
    """Read ``unlinked: 3; held: 0``."""
    found = re.findall(r"(\w+): (\d+)", detail)
    return ", ".join(f"{words.get(name, name)}: {count}" for name, count in found) or detail
