"""Sessions kept on the server: a cookie is a random name, a session whose row is gone is over (ASVS 5.0, 7.2-7.4).

The name changes at every log-in, so that nobody can plant one, and whenever somebody proves again who they are, so that
a copy made before does not gain by it; it is stored only as a hash, so that whoever reads the
database cannot use it.
"""

from __future__ import annotations

import datetime as dt
import re
import secrets
from collections.abc import Callable
from typing import Any, Final

from flask import Flask, Request, Response
from flask.sessions import SessionInterface, SessionMixin
from werkzeug.datastructures import CallbackDict

from sms_service.core.errors import LineError
from sms_service.service.accounts.accounts import token_hash
from sms_service.service.accounts.ports import Account, SessionStore, StoredSession

IDLE: Final = dt.timedelta(minutes=15)
LONGEST: Final = dt.timedelta(hours=12)
_SEEN_EVERY: Final = dt.timedelta(minutes=1)

PROVED_AT: Final = "fs_paa"
"""Where Flask-Security notes when the person last proved who they are; Unix seconds."""

KEPT: Final = "kept"
"""Where a session holds work that was sent too late, sealed."""

RAN_OUT_PERSON: Final = "ran_out_person"
"""Where it notes whose session ran out in this browser."""

RAN_OUT_TOKEN: Final = "ran_out_token"  # noqa: S105 - a name
"""Where it notes the CSRF token of that session's pages."""

_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_TOKEN_BYTES: Final = 32
_BROWSERS: Final = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS: Final = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)


class StaffSession(CallbackDict[str, Any], SessionMixin):
    """A browser's session.

    Attributes:
        account: Who is logged in.
        over: The session that has just run out; what must outlive it is in this one already.
        trouble: Why it could not be read; then nothing is written either.
    """

    def __init__(self, stored: StoredSession | None = None, token: str | None = None) -> None:
        def changed(session: StaffSession) -> None:
            session.modified = True

        super().__init__(dict(stored.data) if stored else {}, changed)
        self.modified = False
        self.stored = stored
        self.token = token
        self.account: Account | None = stored.account if stored else None
        self.over: StoredSession | None = None
        self.trouble: LineError | None = None
        self.is_for_a_file = False
        self.begins_anew = False

    def belongs_to(self, account: Account) -> None:
        """Log somebody in: the session gets another name, and its time begins."""
        self.account = account
        self.begins_anew = True
        self.modified = True

    def end(self) -> None:
        """Log out: nothing of the session is left, here or in the store."""
        self.clear()
        self.account = None
        self.begins_anew = True

    @property
    def is_proved_again(self) -> bool:
        """Whether the person has proved in this request that it is still them."""
        return self.stored is not None and self.get(PROVED_AT) != self.stored.data.get(PROVED_AT)

    @property
    def session_hash(self) -> str | None:
        """What names it in the store."""
        return self.stored.session_hash if self.stored else None


class ServerSessions(SessionInterface):
    """Reads and writes sessions.

    Args:
        store: Where they are.
        clock: Gives the moment in UTC.
    """

    def __init__(self, store: SessionStore, clock: Callable[[], dt.datetime]) -> None:
        self._store = store
        self._clock = clock

    def open_session(self, app: Flask, request: Request) -> StaffSession:
        """Give the request's session: an empty one when its cookie is none of ours, or it is over."""
        if request.path.startswith("/assets/"):
            session = StaffSession()
            session.is_for_a_file = True
            return session
        token = request.cookies.get(self.get_cookie_name(app), "")
        if not _TOKEN.fullmatch(token):
            return StaffSession()
        try:
            stored = self._store.load(token_hash(token))
        except LineError as error:
            session = StaffSession()
            session.trouble = error
            return session
        if stored is None:
            return StaffSession()
        now = self._clock()
        if now - stored.seen_at > IDLE or now - stored.began_at > LONGEST:
            session = StaffSession()
            session.over = stored
            session.update(_what_outlives(stored))
            return session
        return StaffSession(stored, token)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write what changed, and tell the browser the new name where there is one."""
        assert isinstance(session, StaffSession)  # noqa: S101 - open_session gave it
        if session.is_for_a_file or session.trouble is not None:
            return
        response.vary.add("Cookie")
        if session.stored is not None and not session.begins_anew:
            self._note(session, session.stored)
            if session.is_proved_again:
                self._rename(app, session.stored, response)
            return
        old = session.stored or session.over
        if session.begins_anew and old is not None:
            self._store.end(old.session_hash)
        if session:
            self._begin(app, session, response)
        elif session.begins_anew:
            response.delete_cookie(self.get_cookie_name(app), **self._cookie(app))

    def _note(self, session: StaffSession, stored: StoredSession) -> None:
        now = self._clock()
        if session.modified:
            self._store.update(stored.session_hash, dict(session), now)
        elif now - stored.seen_at >= _SEEN_EVERY:
            self._store.update(stored.session_hash, None, now)

    def _rename(self, app: Flask, stored: StoredSession, response: Response) -> None:
        """Go on under another name (ASVS 5.0, 7.2.4), with the time that is left."""
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        self._store.rename(stored.session_hash, token_hash(token))
        response.set_cookie(self.get_cookie_name(app), token, **self._cookie(app))

    def _begin(self, app: Flask, session: StaffSession, response: Response) -> None:
        from flask import request

        token = secrets.token_urlsafe(_TOKEN_BYTES)
        person_id = session.account.person_id if session.account else None
        device = device_in_words(request.headers.get("User-Agent", ""))
        self._store.save(token_hash(token), dict(session), self._clock(), person_id=person_id, device=device)
        response.set_cookie(self.get_cookie_name(app), token, **self._cookie(app))

    def _cookie(self, app: Flask) -> dict[str, Any]:
        return {
            "secure": self.get_cookie_secure(app),
            "httponly": True,
            "samesite": self.get_cookie_samesite(app),
            "path": "/",
        }


def _what_outlives(stored: StoredSession) -> dict[str, Any]:
    """Give what the next session of a browser takes over from one that ran out: enough to lose nobody's work.

    Pages of the old one may be open still, in several tabs: whose they are, and the token in their forms.
    """
    taken = {name: stored.data[name] for name in (KEPT, RAN_OUT_PERSON, RAN_OUT_TOKEN) if name in stored.data}
    if stored.account is not None and "csrf_token" in stored.data:
        taken |= {RAN_OUT_PERSON: stored.account.person_id, RAN_OUT_TOKEN: stored.data["csrf_token"]}
    return taken


def device_in_words(user_agent: str) -> str:
    """Say which browser on which system, as far as a person can use it: 'Firefox on Windows'."""

    def first(names: tuple[tuple[str, str], ...], otherwise: str) -> str:
        return next((words for mark, words in names if mark in user_agent), otherwise)

    return f"{first(_BROWSERS, 'Browser')} on {first(_SYSTEMS, 'an unknown system')}"
