"""Work that was sent when the session had run out is kept, and offered again after logging in.

It lies in the new session, sealed with a key that is not in the database, for the person whose session it was and for
nobody else. Nothing is sent by itself: the person sees what it is and presses the button.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

from cryptography.fernet import Fernet, InvalidToken
from flask import request, session

from sms_service.staff.accounts.sessions import KEPT

_LONGEST_SECONDS: Final = 12 * 3600
_MOST_BYTES: Final = 500_000
_NEVER: Final = ("password", "csrf_token", "code", "old", "mobile")


@dataclass(frozen=True, slots=True)
class UnsavedWork:
    """A form that was sent in vain: its path, and its fields as they were sent."""

    path: str
    fields: tuple[tuple[str, str], ...]


class UnsavedWorkKeeper:
    """Keeps it in the session of the request.

    Args:
        key: 32 bytes in URL-safe base64.
    """

    def __init__(self, key: bytes) -> None:
        self._seal = Fernet(key)

    def keep(self, person_id: str) -> None:
        """Keep the form of this request for somebody. Passwords, codes and files are not kept."""
        if not request.form or (request.content_length or 0) > _MOST_BYTES:
            return
        fields = [(name, value) for name, value in request.form.items(multi=True) if name not in _NEVER]
        words = json.dumps({"person_id": person_id, "path": request.full_path.rstrip("?"), "fields": fields})
        session[KEPT] = self._seal.encrypt(words.encode()).decode()

    def is_there(self) -> bool:
        """Whether something is kept in this session, for whomever."""
        return KEPT in session

    def kept_for(self, person_id: str) -> UnsavedWork | None:
        """Give what is kept for somebody."""
        try:
            words = json.loads(self._seal.decrypt(session.get(KEPT, "").encode(), ttl=_LONGEST_SECONDS))
        except InvalidToken:
            return None
        if words["person_id"] != person_id:
            return None
        return UnsavedWork(words["path"], tuple((name, value) for name, value in words["fields"]))

    def forget(self) -> None:
        """Keep it no more."""
        session.pop(KEPT, None)
