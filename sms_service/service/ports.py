"""What the stories need from outside, as small interfaces. Adapters live in ``storage``."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Protocol

from sms_service.core.conversation import Conversation
from sms_service.core.events import Event


@dataclass(frozen=True, slots=True)
class Claim:
    """What the hot state knows when a message comes in.

    Attributes:
        answer: The bytes that were answered to this message id before, or None for a message without an answer yet
            (new, or its first holder has not finished, or died: then the answer is computed again).
        conversation: The sender's short memory.
        messages_in_30_seconds: Messages of this sender in the running 30 seconds, this one included once. Those that
            are being answered at this moment, or never were, may be missing.
        degraded: Whether the hot state could not be asked; the values are then those of a first message.
    """

    answer: bytes | None = None
    conversation: Conversation = field(default_factory=Conversation)
    messages_in_30_seconds: int = 1
    degraded: bool = False


class HotState(Protocol):
    """Seconds-to-hours memory: seen messages, conversations. Fails open, never raises, never slow (0.2 s at most)."""

    def claim(self, message_id: str, sender: str, now: float) -> Claim:
        """Ask once about a message and its sender; atomic against other workers.

        Args:
            message_id: The provider's id of the message; a repeat counts once.
            sender: Pseudonym.
            now: Unix seconds.
        """
        ...

    def settle(self, message_id: str, sender: str, answer: bytes, conversation: Conversation, now: float) -> bytes:
        """Keep the answer and the conversation; give the answer that counts.

        The first to settle a message id wins: a parallel second call changes nothing and gets the first's bytes.
        When the hot state cannot be asked, ``answer`` itself is given.
        """
        ...

    def forget(self, sender: str) -> None:
        """Erase a sender's conversation."""
        ...

    def check(self) -> str | None:
        """Give None when healthy, otherwise one sentence for operators (no secret in it)."""
        ...


class Recorded(IntEnum):
    """What became of an event that was recorded; falsy when it is not kept."""

    NOT_KEPT = 0
    """It could only go to the log line."""
    NEW = 1
    KNOWN = 2
    """It was kept before: by a parallel repeat, or by a process that died. It has its line already, as a rule."""


class EventRecorder(Protocol):
    """Takes events towards the message log. Durable as soon as ``record`` returns, whenever the disk allows it."""

    def record(self, event: Event) -> Recorded:
        """Keep an event, once however often it comes. Never raises."""
        ...


class Erasure(Protocol):
    """Erases what is stored about senders."""

    def forget(self, pseudonyms: tuple[str, ...]) -> int:
        """Unlink every row of these pseudonyms, those under a safeguarding hold aside; give the number of rows."""
        ...


class AnswerFormat(Protocol):
    """Puts a text into the words of the channel it leaves by, so that the bytes kept are the bytes sent."""

    def wrap(self, text: str, message_id: str | None) -> bytes:
        """Give the bytes that send a text; the same arguments give the same bytes.

        May raise on a text that cannot be sent.

        Args:
            text: What is sent.
            message_id: The message it answers, so that delivery reports can be joined to it; None when not known.
        """
        ...

    @property
    def silence(self) -> bytes:
        """The bytes that send nothing."""
        ...

    @property
    def last_resort(self) -> bytes:
        """The bytes that send the built-in fallback, made when the program started."""
        ...


class LineLog(Protocol):
    """Writes lines for operators: never a number, a text or the words of an exception. Never raises."""

    def event(self, event: Event) -> None:
        """Write one line about something that happened to a message."""
        ...

    def trouble(self, code: str, *, error: BaseException | None = None, message_id: str | None = None) -> None:
        """Write one line about something that went wrong.

        Args:
            code: Stable name of the trouble, such as ``answer_failed``.
            error: Its kind and where it came from are written, its words are not: they may hold the text.
            message_id: The message it happened to.
        """
        ...

    def refusal(self, code: str) -> None:
        """Write one line about a request that was not ours to answer; ``code`` says why."""
        ...
