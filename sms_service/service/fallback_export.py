"""What answers when our whole host is dead: static texts from the live release, for the provider to keep."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from sms_service.core.rendering import Part
from sms_service.core.reply_book import DEFAULT_LANGUAGE, FALLBACK
from sms_service.service.release import Release

_OPT_OUT_REPLIES = ("stop", "start", "help")


class StaticAnswers(Protocol):
    """Puts texts into what the provider keeps as a file."""

    def text(self, text: str) -> bytes:
        """Give the answer that sends one text."""
        ...

    def call(self, words: str) -> bytes:
        """Give the answer that says words, twice, and hangs up."""
        ...


@dataclass(frozen=True, slots=True)
class FallbackFiles:
    """What to give the provider.

    Attributes:
        sms: TwiML for the fallback address of messages.
        voice: TwiML for the fallback address of calls.
        opt_out_texts: What to paste into Advanced Opt-Out, by keyword.
    """

    sms: bytes
    voice: bytes
    opt_out_texts: Mapping[str, str]


def fallback_files(
    release: Release, answers: StaticAnswers, now: dt.datetime, bank_holidays: frozenset[dt.date]
) -> FallbackFiles:
    """Make them of a release, as its texts are at a moment; ``fallback`` has no opening hours in it."""

    def words(reply: str, part: Part) -> str:
        return release.renderer.render(reply, part, DEFAULT_LANGUAGE, now, bank_holidays).text

    texts = {reply.upper(): words(reply, Part.TEXT) for reply in _OPT_OUT_REPLIES if reply in release.book.replies}
    return FallbackFiles(answers.text(words(FALLBACK, Part.TEXT)), answers.call(words(FALLBACK, Part.SPOKEN)), texts)
