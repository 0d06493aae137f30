"""What the go-live check asks the provider. The adapter lives in ``webhooks``; provider words end there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from sms_service.core.errors import LineError


class ProviderTrouble(LineError):
    """The provider's API did not answer as hoped; the sentence says what to do, without a secret."""

    code = "provider_trouble"


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that the provider calls, and how."""

    url: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineNumber:
    """A number of the account.

    Attributes:
        number: As the provider writes it.
        is_short_code: Whether it is a short code; those get no keyword handling of the provider's.
        texts: Called for a text.
        texts_fallback: Called when that fails.
        calls: Called for a call; None where it takes none.
        calls_fallback: Called when that fails.
        application: Whether an application of the provider's overrides the addresses.
    """

    number: str
    is_short_code: bool
    texts: Webhook
    texts_fallback: Webhook
    calls: Webhook | None
    calls_fallback: Webhook | None
    application: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderPool:
    """A messaging service: settings that several numbers share, which may override a number's own.

    Attributes:
        name: As people named it.
        texts: Called for a text; url '' where none is set.
        texts_fallback: Called when that fails.
        number_decides: Whether each number's own addresses are used instead.
        numbers: In the pool.
        sticky_sender: Whether it keeps people to one number.
        fallback_to_long_code: Whether a short code's text may leave from another number.
        smart_encoding: Whether the provider changes characters of our texts.
    """

    name: str
    texts: Webhook
    texts_fallback: Webhook
    number_decides: bool
    numbers: Sequence[str]
    sticky_sender: bool
    fallback_to_long_code: bool
    smart_encoding: bool


@dataclass(frozen=True, slots=True)
class Account:
    """The account itself.

    Attributes:
        active: Whether it is neither suspended nor closed.
        is_trial: A trial account only texts numbers that were confirmed before, and adds its own words.
        clock_ahead_seconds: How far our clock is ahead of the provider's; None when it did not say.
    """

    active: bool
    is_trial: bool
    clock_ahead_seconds: float | None


@dataclass(frozen=True, slots=True)
class ProviderAlert:
    """An error of our webhooks that the provider noted: its code, and how often in the last day."""

    code: int
    count: int


class ProviderAccount(Protocol):
    """Asks the provider about our account; changes nothing. Everything may raise :class:`ProviderTrouble`."""

    def account(self) -> Account:
        """Give the account."""
        ...

    def numbers(self) -> Sequence[LineNumber]:
        """Give its numbers and short codes."""
        ...

    def pools(self) -> Sequence[SenderPool]:
        """Give its messaging services."""
        ...

    def alerts(self) -> Sequence[ProviderAlert]:
        """Give the errors of the last day, the commonest first."""
        ...


class FallbackPages(Protocol):
    """Reads what is configured as a fallback."""

    def read(self, webhook: Webhook) -> bytes:
        """Give what an address answers when it is asked as the provider asks. Raises :class:`ProviderTrouble`."""
        ...
