"""What is sent for an understood message, and why: next steps, MORE, opt-out, and limits that never silence a child.

Limits in one place (``docs/operations.md`` repeats them for operators):

* A first message and any danger are always answered, up to :data:`MOST_ANSWERS_IN_30_SECONDS` answers, which stays
  below the provider's own cut-off of 30 replies in 30 seconds between two numbers (Twilio error 14107). The very same
  danger text is answered :data:`MOST_SAME_DANGER_TEXTS` times in five minutes, then every 30 seconds: an auto-responder
  that speaks of emergencies must not keep us busy for ever.
* The same text in a row: ``again``, then ``slow_down``, then one answer in five minutes; so, too, the same text
  eight times in five minutes with others between.
* More than :data:`MOST_MESSAGES_IN_30_SECONDS` messages of one sender: one answer in 30 seconds, danger aside.
* Over all senders: after more than :data:`MOST_REPEATS_IN_30_SECONDS` repeats (messages of senders who have texted in
  the last 30 seconds already) in one web process, whoever texts a third time in 30 seconds gets ``slow_down``, then
  silence until the 30 seconds are over. First and second messages and any danger, likely danger included, are answered
  as ever.
* Senders that are nobody's phone are never answered (:mod:`~sms_service.core.senders`); their messages leave a row.
* A text that is one of our own replies (two lines texting each other) is answered once in five minutes.
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from itertools import takewhile
from typing import NamedTuple

from sms_service.core.conversation import Conversation
from sms_service.core.messages import InboundMessage, ProviderOptOut
from sms_service.core.rendering import Part
from sms_service.core.reply_book import NO_MATCH, VOICE_NOTE, ReplyBook
from sms_service.core.senders import kind_of_sender
from sms_service.core.understanding.result import Stage, Understanding

MOST_ANSWERS_IN_30_SECONDS = 25
MOST_MESSAGES_IN_30_SECONDS = 12
"""Of one sender: nobody types faster, so the rest is a machine."""
MOST_SAME_DANGER_TEXTS = 10
MOST_REPEATS_IN_30_SECONDS = 600
"""Of all senders, in one web process: 20 a second by people who have just been answered is a machine, or many."""
_MOST_MESSAGES_IN_A_FLOOD = 2
_SAME_TEXT_GETS_SLOW_DOWN = 3
_SHORT_WINDOW_SECONDS = 30
_MOST_SAME_TEXTS_IN_FIVE_MINUTES = 8
_COMMANDS = frozenset({"stop", "start", "forget_me"})
"""Replies to words about the conversation itself: a picture beside them changes nothing."""


class Outcome(StrEnum):
    """What became of a message."""

    ANSWERED = "answered"
    SLOWED = "slowed"
    SILENT_LOOP = "silent_loop"
    SILENT_OPTED_OUT = "silent_opted_out"
    SILENT_SENDER = "silent_sender"
    """A text back would be read aloud in a hall, reach a machine, cost a fortune or come to ourselves."""
    PROVIDER_ANSWERED = "provider_answered"


class Decision(NamedTuple):
    """What to send.

    Attributes:
        outcome: What became of the message; silent outcomes send nothing.
        reply: Key of the reply.
        part: Which text of it.
        language: ISO 639-1.
        emergency_line: Whether the reply carries the line with the emergency numbers.
        conversation: What to remember after sending.
    """

    outcome: Outcome
    reply: str
    part: Part
    language: str
    emergency_line: bool
    conversation: Conversation

    @property
    def sends(self) -> bool:
        """Whether anything is sent."""
        return self.outcome in (Outcome.ANSWERED, Outcome.SLOWED)


class Traffic(NamedTuple):
    """What is known of a sender's traffic at this moment.

    Attributes:
        messages_in_30_seconds: Of this sender, this one included; 1 when the hot state could not be asked.
        is_own_text: Whether the text is one that this line sends.
        fingerprint: Keyed fingerprint of the text's words.
        now: Unix seconds.
        flooded: Whether repeats of all senders together are too many.
    """

    messages_in_30_seconds: int
    is_own_text: bool
    fingerprint: str
    now: float
    flooded: bool = False


def decide(
    book: ReplyBook,
    message: InboundMessage,
    understanding: Understanding,
    conversation: Conversation,
    traffic: Traffic,
    *,
    wants_more: bool = False,
) -> Decision:
    """Choose what is sent. Pure: the same arguments give the same decision."""
    known = conversation.as_of(traffic.now)
    # A language that is not live must not leave, whatever was asked for or is remembered.
    language = book.live_language(understanding.language, known.language)
    if understanding.language == language:
        known = replace(known, language=language)
    if message.provider_opt_out is not None:
        known = _with_opt_out(known, opted_out=message.provider_opt_out is ProviderOptOut.STOP)
        return _silent(Outcome.PROVIDER_ANSWERED, understanding.reply, language, known, traffic)

    if not (message.is_canary or kind_of_sender(message).can_be_answered):
        return _silent(Outcome.SILENT_SENDER, understanding.reply, language, known, traffic)

    reply, part = _next_step(book, message, understanding, known, wants_more=wants_more)
    if reply == "stop" and known.opted_out and understanding.stage is Stage.OPT_OUT:
        return _silent(Outcome.SILENT_OPTED_OUT, reply, language, known, traffic)
    danger = book.is_danger(reply) and not traffic.is_own_text
    stops = reply == "stop"
    # STOP after STOP is met with silence above, START after START is 'help': here they change something, so they count.
    important = danger or stops or reply == "start"
    outcome = _limited(known, traffic, important=important)
    if outcome is Outcome.ANSWERED and not (important or understanding.danger_likely):
        outcome = _limited_in_a_flood(known, traffic)
    if outcome is Outcome.SILENT_LOOP:
        return _silent(outcome, reply, language, known, traffic)
    if outcome is Outcome.SLOWED:
        reply, part = "slow_down", _text_or_again(book, known, "slow_down")
    after = known.heard(traffic.fingerprint, now=traffic.now, answered=True).sent(reply)
    # Only the word itself, as a whole message, is a wish that later STOPs are measured by.
    after = _with_opt_out(after, opted_out=stops and understanding.stage is Stage.OPT_OUT)
    return Decision(outcome, reply, part, language, understanding.danger_likely and not danger, after)


def _next_step(
    book: ReplyBook, message: InboundMessage, understanding: Understanding, known: Conversation, *, wants_more: bool
) -> tuple[str, Part]:
    if wants_more:
        last = book.replies.get(known.last_reply or "")
        if last is not None and last.more:
            return known.last_reply or NO_MATCH, Part.MORE
        return "help", Part.TEXT
    reply = understanding.reply if understanding.reply in book.replies else NO_MATCH
    if message.media_count > 0 and not book.is_danger(reply) and reply not in _COMMANDS:
        # The caption's own danger is understood first; otherwise the picture itself needs the answer.
        reply = VOICE_NOTE if message.voice_note and VOICE_NOTE in book.replies else "picture"
    if reply == "start" and not known.opted_out:
        reply = "help"
    return reply, _text_or_again(book, known, reply)


def _text_or_again(book: ReplyBook, known: Conversation, reply: str) -> Part:
    # A book may lack even a system reply, when its file is broken: the renderer then gives the fallback.
    found = book.replies.get(reply)
    return Part.AGAIN if known.last_reply == reply and found is not None and found.again else Part.TEXT


def _limited(known: Conversation, traffic: Traffic, *, important: bool) -> Outcome:
    if not known.recent and traffic.messages_in_30_seconds <= MOST_MESSAGES_IN_30_SECONDS:
        return Outcome.ANSWERED
    answered = [seen for seen in known.recent if seen.answered]
    answered_lately = [seen for seen in answered if traffic.now - seen.at <= _SHORT_WINDOW_SECONDS]
    if len(answered_lately) >= MOST_ANSWERS_IN_30_SECONDS:
        return Outcome.SILENT_LOOP
    same = [seen for seen in known.recent if seen.fingerprint == traffic.fingerprint]
    in_a_row = len(list(takewhile(lambda seen: seen.fingerprint == traffic.fingerprint, reversed(known.recent))))
    if important:
        looping = sum(seen.answered for seen in same) >= MOST_SAME_DANGER_TEXTS
        return Outcome.SILENT_LOOP if looping and answered_lately else Outcome.ANSWERED
    if traffic.is_own_text:
        return Outcome.SILENT_LOOP if answered else Outcome.ANSWERED
    if traffic.messages_in_30_seconds > MOST_MESSAGES_IN_30_SECONDS:
        return Outcome.SILENT_LOOP if answered_lately else Outcome.SLOWED
    # HELP, 1, HELP, 2, HELP is somebody reading the menu; a machine sends the same text in a row, or for ever.
    if in_a_row < _SAME_TEXT_GETS_SLOW_DOWN - 1 and len(same) < _MOST_SAME_TEXTS_IN_FIVE_MINUTES:
        return Outcome.ANSWERED
    # Silence needs an answer that still counts: somebody who goes on for long hears from us every few minutes.
    looping = len(same) >= _SAME_TEXT_GETS_SLOW_DOWN and any(seen.answered for seen in same)
    return Outcome.SILENT_LOOP if looping else Outcome.SLOWED


def _limited_in_a_flood(known: Conversation, traffic: Traffic) -> Outcome:
    if not traffic.flooded or traffic.messages_in_30_seconds <= _MOST_MESSAGES_IN_A_FLOOD:
        return Outcome.ANSWERED
    told = known.last_reply == "slow_down" and any(
        seen.answered and traffic.now - seen.at <= _SHORT_WINDOW_SECONDS for seen in known.recent
    )
    return Outcome.SILENT_LOOP if told else Outcome.SLOWED


def _silent(outcome: Outcome, reply: str, language: str, known: Conversation, traffic: Traffic) -> Decision:
    after = known.heard(traffic.fingerprint, now=traffic.now, answered=False)
    return Decision(outcome, reply, Part.TEXT, language, emergency_line=False, conversation=after)


def _with_opt_out(conversation: Conversation, *, opted_out: bool) -> Conversation:
    return conversation if conversation.opted_out is opted_out else replace(conversation, opted_out=opted_out)
