"""What comes in and what goes out, in the line's own words (no provider words here)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Channel(StrEnum):
    """How a message reached us."""

    SMS = "sms"
    WHATSAPP = "whatsapp"
    RCS = "rcs"
    VOICE = "voice"
    SIMULATOR = "simulator"


class ProviderOptOut(StrEnum):
    """An opt-out word the provider has already answered for us."""

    STOP = "stop"
    START = "start"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """One message from a person.

    ``sender`` is the only place a number lives, for as long as one request; it is hidden from ``repr`` so that no log
    or traceback can show it. The same goes for ``text``.
    """

    message_id: str
    sender: str
    text: str
    channel: Channel = Channel.SMS
    media_count: int = 0
    voice_note: bool = False
    """Whether what came along is sound and nothing else."""
    choice: str = ""
    """What stands behind the button or list entry that was chosen; ``text`` is what the person saw on it."""
    provider_opt_out: ProviderOptOut | None = None
    is_canary: bool = False
    """Whether the line has sent it to itself; see :mod:`sms_service.core.canaries`."""
    from_ourselves: bool = False
    """Whether the sender is a number of this line: then we would be texting ourselves."""

    def __repr__(self) -> str:
        """Show neither number nor text."""
        return f"InboundMessage(message_id={self.message_id!r}, channel={self.channel.value!r})"
