"""From a message to what is sent and why: read, decide, render, with one release. No store, no log, nothing remembered.

The story of a message, the test page and the command line all plan here, so none of them can answer differently.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from sms_service.core.conversation import Conversation
from sms_service.core.decisions import Decision, Traffic, decide
from sms_service.core.languages import chosen_language, listed
from sms_service.core.messages import InboundMessage
from sms_service.core.normalisation import NormalisedText, normalise, readable
from sms_service.core.rendering import RenderedReply
from sms_service.core.reply_book import LANGUAGE
from sms_service.core.segments import count_segments
from sms_service.core.understanding.result import Stage, Understanding
from sms_service.core.understanding.service_words import ServiceWord, service_word
from sms_service.service.release import Reading, Release

FORGET_ME = "forget_me"
_CERTAIN = frozenset({Stage.OPT_OUT, Stage.DANGER, Stage.KEYWORD})
"""Stages that only words of ours come to."""
_BY_TABLES = frozenset({Stage.OPT_OUT, Stage.KEYWORD})
"""Stages that give the same for the same text, whatever is learned or fails meanwhile; of danger, keywords do."""
_LONGEST_KEPT = 40
"""Characters of a text whose reading is kept; a keyword with courtesy has fewer."""
_MOST_KEPT = 5_000


class Circumstances(NamedTuple):
    """What an answer depends on besides the message.

    Attributes:
        now: Aware.
        conversation: What is remembered of the sender.
        messages_in_30_seconds: Of this sender, this one included.
        bank_holidays: Days off in England and Wales.
        flooded: Whether repeats of all senders together are too many.
    """

    now: dt.datetime
    conversation: Conversation = Conversation()
    messages_in_30_seconds: int = 1
    bank_holidays: frozenset[dt.date] = frozenset()
    flooded: bool = False


class Plan(NamedTuple):
    """What is to happen.

    Attributes:
        understanding: What was meant, and why.
        decision: What is sent, and what is remembered after.
        rendered: The text that leaves; None for silence.
        forgets: Whether the sender's traces are to be erased before it is sent.
    """

    understanding: Understanding
    decision: Decision
    rendered: RenderedReply | None
    forgets: bool = False


def plan(
    release: Release,
    message: InboundMessage,
    circumstances: Circumstances,
    fingerprint_of: Callable[[str], str] = lambda _words: "",
) -> Plan:
    """Plan the answer to a message.

    Args:
        release: Answers from this one only.
        message: As it came in.
        circumstances: As they are.
        fingerprint_of: Gives the keyed fingerprint of a message's words; without one no repeat is recognised.
    """
    understanding, word, is_own_text, words = read(release, message)
    traffic = Traffic(
        messages_in_30_seconds=circumstances.messages_in_30_seconds,
        is_own_text=is_own_text,
        fingerprint=fingerprint_of(words),
        now=circumstances.now.timestamp(),
        flooded=circumstances.flooded,
    )
    decision = decide(
        release.book,
        message,
        understanding,
        circumstances.conversation,
        traffic,
        wants_more=word is ServiceWord.MORE,
    )
    rendered = None
    if decision.sends:
        rendered = release.renderer.render(
            decision.reply,
            decision.part,
            decision.language,
            circumstances.now,
            circumstances.bank_holidays,
            emergency_line=decision.emergency_line,
        )
        if rendered.key == LANGUAGE:
            rendered = _with_languages(rendered, release)
    forgets = word is ServiceWord.FORGET_ME and decision.sends and decision.reply == FORGET_ME
    return Plan(understanding, decision, rendered, forgets)


def read(release: Release, message: InboundMessage) -> Reading:
    """Give what a message says; of a text that is a keyword, as most are, what was found the first time."""
    kept = None if message.choice else release.readings.get(message.text)
    if kept is not None:
        return kept
    written = what_is_said(release, message)
    word = service_word(written.words)
    understanding = understand(release, written, word)
    found = Reading(understanding, word, release.is_own_text(written.words), words_of(message, written))
    # Nobody's own words are kept, nor what depends on what is learned meanwhile.
    by_tables = understanding.stage in _BY_TABLES or (
        understanding.stage is Stage.DANGER and release.understander.is_keyword(written)
    )
    if by_tables and not message.choice and len(message.text) <= _LONGEST_KEPT and len(release.readings) < _MOST_KEPT:
        release.readings[message.text] = found
    return found


def understand(release: Release, written: NormalisedText, word: ServiceWord | None) -> Understanding:
    """Give what a text means: a command about the conversation, or what the understander finds."""
    if word is ServiceWord.FORGET_ME and FORGET_ME in release.book.replies:
        reason = "The whole message asks to be forgotten."
        return Understanding(FORGET_ME, Stage.KEYWORD, reason, evidence=("forget me",), without_guessing=FORGET_ME)
    language = chosen_language(written.words)
    if word is ServiceWord.LANGUAGE or (language is not None and language not in release.book.service.languages):
        reply = LANGUAGE if LANGUAGE in release.book.replies else "help"
        reason = "The whole message asks which languages there are, or for one that is not live."
        return Understanding(reply, Stage.KEYWORD, reason, evidence=("language",), without_guessing=reply)
    if language is not None:
        reason = "The whole message is the name of a language."
        return Understanding("help", Stage.KEYWORD, reason, without_guessing="help", language=language)
    if word is ServiceWord.MORE:
        reason = "The whole message asks for more of the last reply."
        return Understanding("help", Stage.KEYWORD, reason, evidence=("more",), without_guessing="help")
    return release.understander.read(written)


def _with_languages(rendered: RenderedReply, release: Release) -> RenderedReply:
    """Add the words that choose the live languages."""
    text = f"{rendered.text}\n{listed(release.book.service.languages)}"
    return replace(rendered, text=text, segments=count_segments(text).segments)


def what_is_said(release: Release, message: InboundMessage) -> NormalisedText:
    """Give what is to be understood: what stands behind a button where that is a choice of ours, else what was seen.

    Whoever made the button may have put anything behind it; only a menu number, a keyword or a command counts.
    """
    choice = readable(message.choice)
    if not choice:
        return normalise(readable(message.text))
    if choice in release.book.replies:
        keywords = release.book.replies[choice].all_keywords
        return normalise(keywords[0] if keywords else choice)
    written = normalise(choice)
    if service_word(written.words) or release.understander.read(written).stage in _CERTAIN:
        return written
    return normalise(readable(message.text) or choice)


def words_of(message: InboundMessage, said: NormalisedText) -> str:
    """Give what two messages have in common when they say the same: their plain words and emoji.

    Args:
        message: As it came in.
        said: What is to be understood of it.
    """
    written = normalise(f"{readable(message.text)} {message.choice}") if message.choice else said
    return " ".join((*written.words, *written.emoji))
