"""What is remembered about a sender for a few hours: no number, no text, only what the next answer depends on."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pydantic import FiniteFloat, TypeAdapter

FORGET_AFTER_SECONDS = 4 * 3600
"""A conversation that has been quiet for this long starts afresh."""

LOOP_WINDOW_SECONDS = 300
"""How long the same text counts as 'again and again'."""

_KEPT_MESSAGES = 32
"""More than the provider lets us answer in 30 seconds, so that the answers of a flood can be counted."""


@dataclass(frozen=True, slots=True)
class SeenText:
    """One recent message: when it came (Unix seconds), a keyed fingerprint of its words, and whether we answered."""

    at: FiniteFloat
    fingerprint: str
    answered: bool


@dataclass(frozen=True, slots=True)
class Conversation:
    """The short memory of one pseudonymous sender.

    Attributes:
        last_reply: Key of the last reply sent, or None.
        last_at: Unix seconds of the last message.
        repeats: How many times in a row ``last_reply`` has been sent.
        language: Language the sender chose, or None.
        opted_out: Whether the last word on texts was STOP.
        recent: Messages of the last five minutes, oldest first, at most 32; those that were answered are kept longest.
    """

    last_reply: str | None = None
    last_at: FiniteFloat = 0.0
    repeats: int = 0
    language: str | None = None
    opted_out: bool = False
    recent: tuple[SeenText, ...] = ()

    def as_of(self, now: float) -> Conversation:
        """Give the conversation as it counts now: afresh after hours, without texts older than five minutes."""
        if now - self.last_at > FORGET_AFTER_SECONDS or self.last_at - now > FORGET_AFTER_SECONDS:
            # A clock that jumped must not revive or freeze a session; only the wish to get no texts stays.
            return Conversation(opted_out=self.opted_out)
        if not self.recent:
            return self
        recent = tuple([seen for seen in self.recent if 0 <= now - seen.at <= LOOP_WINDOW_SECONDS])
        return self if len(recent) == len(self.recent) else replace(self, recent=recent)

    def heard(self, fingerprint: str, *, now: float, answered: bool) -> Conversation:
        """Add one message to what was heard."""
        recent = [*self.recent, SeenText(now, fingerprint, answered)]
        while len(recent) > _KEPT_MESSAGES:
            del recent[next((index for index, seen in enumerate(recent) if not seen.answered), 0)]
        # Written out: ``dataclasses.replace`` takes three times as long, for every message.
        return Conversation(self.last_reply, now, self.repeats, self.language, self.opted_out, tuple(recent))

    def sent(self, reply: str) -> Conversation:
        """Note which reply was sent."""
        repeats = self.repeats + 1 if reply == self.last_reply else 1
        return Conversation(reply, self.last_at, repeats, self.language, self.opted_out, self.recent)

    def to_json(self) -> str:
        """Give a compact text for the hot state."""
        return _JSON.dump_json(self).decode()

    @classmethod
    def from_json(cls, stored: str | bytes | None) -> Conversation:
        """Read what :meth:`to_json` wrote; anything else (garbage, another version) is a fresh conversation."""
        if not stored:
            return cls()
        try:
            kept = _JSON.validate_json(stored)
        except ValueError:
            return cls()
        return kept if len(kept.recent) <= _KEPT_MESSAGES else replace(kept, recent=kept.recent[-_KEPT_MESSAGES:])


# Read and written for every message: the standard library's JSON, by way of dictionaries, takes six times as long.
_JSON = TypeAdapter(Conversation)
