"""What the story of a call needs from outside. Adapters live in ``webhooks``: both speak the provider's language."""

from __future__ import annotations

from typing import Protocol

from sms_service.core.calls.state import CallStep


class CallFormat(Protocol):
    """Puts a step into the words of the provider."""

    def wrap(self, step: CallStep, dialled: str | None, caller_id: str) -> bytes:
        """Give the bytes of a step; the same arguments give the same bytes. May raise on words that cannot be said.

        Args:
            step: What is said and done.
            dialled: The number to ring, E.164, where the step rings somebody.
            caller_id: What the phone that rings then shows: the line's number, never the caller's.
        """
        ...

    @property
    def last_resort(self) -> bytes:
        """The bytes that say the built-in fallback and hang up, made when the program started."""
        ...


class TextSender(Protocol):
    """Sends a text that no message asked for: to a caller who pressed the key for it."""

    @property
    def available(self) -> bool:
        """Whether texts can be sent at all; False offers none."""
        ...

    def send(self, text: str, *, to: str, sender: str, call_id: str) -> bool:
        """Hand a text to the provider.

        Args:
            text: What is sent.
            to: The caller's number.
            sender: The line's number.
            call_id: Delivery reports come back with it.

        Returns:
            Whether the provider took it. Slow or broken is False, within seconds; the reason is in a log line.
        """
        ...
