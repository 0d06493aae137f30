"""The canary: the line texts itself through the public way and checks the answer word for word.

Signed like the provider's requests, sent to the public address, so that certificate, proxy, web server, signature and
reply book are all tried. What is expected comes from the live release by the same plan that answers messages. Each turn
takes another reply, so in the course of a day every one has been heard.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from sms_service.core.canaries import canary_id, canary_sender
from sms_service.core.errors import LineError
from sms_service.core.messages import InboundMessage
from sms_service.core.reply_book import ReplyBook
from sms_service.service.planning import FORGET_ME, Circumstances, plan
from sms_service.service.release import CurrentRelease, Release

_NEVER_TEXTED = frozenset({"stop", "start", FORGET_ME})
"""They would change something."""

_PAUSE_SECONDS = 8.0
"""Longer than a new release takes to reach every web process."""


class LineUnreachable(LineError):
    """The public address did not give an answer; the sentence says why, without a secret."""

    code = "line_unreachable"
    retry_helps = True


class PublicLine(Protocol):
    """A phone that texts the line's public address, signed as the provider signs."""

    def text(self, text: str, *, sender: str, message_id: str) -> tuple[str, ...]:
        """Text the line and give what comes back. Raises :class:`LineUnreachable`."""
        ...


@dataclass(kw_only=True)
class Canary:
    """Texts the line; one for a worker.

    Attributes:
        releases: What is live.
        phone: Reaches the public address.
        key: From :func:`sms_service.core.canaries.canary_key`.
        clock: Gives the moment, aware.
        pause: Waits so many seconds.
        bank_holidays: Days off, as the line itself knows them.
        turn: Which reply comes next.
    """

    releases: CurrentRelease
    phone: PublicLine
    key: bytes
    clock: Callable[[], dt.datetime]
    pause: Callable[[float], None]
    bank_holidays: frozenset[dt.date] = frozenset()
    turn: int = field(default_factory=lambda: secrets.randbelow(1000))

    def run(self) -> str | None:
        """Text the line once, twice if the first answer is not right; give None when it is, else what is wrong."""
        trouble = self._try()
        if trouble is not None:
            # A release that went live this moment, or a web process that restarts, is no trouble.
            self.pause(_PAUSE_SECONDS)
            trouble = self._try()
        self.turn += 1
        return trouble

    def _try(self) -> str | None:
        release = self.releases.current
        if release is None:
            return "There is no reply book: every text gets the built-in words."
        probes = probes_of(release.book)
        if not probes:
            return "No reply of the book has a keyword to text."
        text = probes[self.turn % len(probes)]
        message_id = canary_id(self.key, secrets.token_bytes(16))
        sender = canary_sender(message_id)
        before = self.clock()
        try:
            got = self.phone.text(text, sender=sender, message_id=message_id)
        except LineError as error:
            return error.sentence
        # The minute in which an office opens or shuts lies between, perhaps.
        expected = {self._expected(release, text, sender, now) for now in (before, self.clock())}
        return None if got in expected else _difference(text, got)

    def _expected(self, release: Release, text: str, sender: str, now: dt.datetime) -> tuple[str, ...]:
        planned = plan(
            release,
            InboundMessage("", sender, text),
            Circumstances(now, bank_holidays=self.bank_holidays),
        )
        return () if planned.rendered is None else (planned.rendered.text,)


def probes_of(book: ReplyBook) -> Sequence[str]:
    """Give the words to text, one for each reply that has a keyword; those of danger come first."""
    replies = sorted(book.replies.items(), key=lambda item: (not book.is_danger(item[0]), item[0]))
    return [reply.keywords[0] for key, reply in replies if reply.keywords and key not in _NEVER_TEXTED]


def _difference(text: str, got: tuple[str, ...]) -> str:
    if not got:
        return f"{text} got no text."
    return f"{text} got other words than the live release says."
