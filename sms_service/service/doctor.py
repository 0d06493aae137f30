"""The go-live check: everything that has to be right before young people are given the number.

It changes nothing. What cannot be asked is a finding too, never a crash; each finding says why it matters and what to
do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sms_service.core.errors import LineError
from sms_service.core.events import Event
from sms_service.core.findings import Finding, State
from sms_service.core.signed_addresses import mend
from sms_service.service.canary import LineUnreachable
from sms_service.service.doctor_provider import ProviderCheck
from sms_service.service.release import CurrentRelease
from sms_service.settings import Settings

_SHORTEST_TOKEN = 32
"""Characters of an auth token of the provider's."""


class PublicAddress(Protocol):
    """Tries the public address."""

    def answers_signed(self) -> str | None:
        """Text the line as the canary does; give what is wrong, or None."""
        ...

    def refuses_unsigned(self) -> bool:
        """Whether a request without a signature is refused. Raises :class:`LineUnreachable`."""
        ...


@dataclass(frozen=True, kw_only=True)
class Doctor:
    """Looks at everything.

    Attributes:
        settings: As read.
        releases: What is live.
        address: The public address.
        provider: The provider's side; None: not asked.
        checks: By part, as on /readyz.
        persistence: Says what a store keeps when it restarts, by name; None when all is well.
        alert_troubles: Says which alert addresses cannot be used.
        wrong_addresses: Gives refused requests that were signed for another address, newest first.
    """

    settings: Settings
    releases: CurrentRelease
    address: PublicAddress
    provider: ProviderCheck | None
    checks: Mapping[str, Callable[[], str | None]]
    persistence: Mapping[str, Callable[[], str | None]]
    alert_troubles: Callable[[], Sequence[str]]
    wrong_addresses: Callable[[], Sequence[Event]]

    def examine(self) -> list[Finding]:
        """Look at everything; takes some seconds. Never raises."""
        found: list[Finding] = []
        looks: list[tuple[str, Callable[[], Iterable[Finding]]]] = [
            ("settings", self._settings),
            ("address", self._public_address),
            ("signatures", self._signatures),
            ("stores", self._stores),
            ("book", self._book),
            ("alerts", self._alerts),
        ]
        if self.provider is not None:
            looks.append(("provider", lambda: self.provider.examine(self.releases.current) if self.provider else ()))
        for area, look in looks:
            try:
                found += look()
            except LineError as error:
                found.append(_unknown(area, error.sentence))
            except Exception as error:  # noqa: BLE001 - one look that breaks must not hide the others
                found.append(_unknown(area, f"The check itself broke ({type(error).__name__})."))
        return found

    def _settings(self) -> Iterator[Finding]:
        settings = self.settings
        why = "Production refuses what development makes up: its token and keys are on this machine only."
        if settings.in_production:
            yield Finding("settings", "LINE_ENV is production", State.GOOD, why)
        else:
            yield Finding(
                "settings", "LINE_ENV is development", State.WARNING, why, "Set LINE_ENV=production where people text."
            )
        yield _yes(
            "settings",
            "TWILIO_ACCOUNT_SID is set",
            settings.twilio_account_sid is not None,
            "Messages for other accounts are refused by it, and the provider is asked with it.",
            "Set TWILIO_ACCOUNT_SID.",
        )
        yield _yes(
            "settings",
            "LINE_NUMBERS are set",
            bool(settings.line_numbers),
            "A captured request for another number is refused by it.",
            "Set LINE_NUMBERS to the line's own numbers.",
            State.WARNING,
        )
        short = [token for token in settings.auth_tokens if len(token) < _SHORTEST_TOKEN]
        yield _yes(
            "settings",
            "TWILIO_AUTH_TOKEN looks whole",
            bool(settings.auth_tokens) and not short,
            "With a cut token every message is refused.",
            "Copy it again from the provider's console: 32 characters.",
            State.WARNING,
        )
        yield _yes(
            "settings",
            "PUBLIC_URL begins with https",
            settings.public_url.startswith("https://"),
            "Number and text would cross the network in the open.",
            "Put the line behind a proxy with TLS and set PUBLIC_URL to its address.",
        )
        yield _yes(
            "settings",
            "TRUSTED_PROXY_HOPS counts the proxies before the line",
            settings.trusted_proxy_hops > 0 or not settings.public_url.startswith("https://"),
            "The line itself speaks no TLS, so something stands before it. At 0 all staff look like one address, and "
            "somebody who guesses passwords keeps everybody from logging in.",
            "Set it to the number of proxies that append to X-Forwarded-For: 1 for most places, never more than there "
            "are.",
            State.WARNING,
        )
        if settings.database_url is None and settings.in_production:
            yield Finding(
                "settings",
                "The message log is a file on this host",
                State.LOOK,
                "That serves one host with a disk that stays.",
                "With several hosts, or containers, set DATABASE_URL to PostgreSQL.",
            )

    def _public_address(self) -> Iterator[Finding]:
        trouble = self.address.answers_signed()
        yield Finding(
            "address",
            trouble or f"A signed text through {self.settings.public_url} is answered word for word",
            State.GOOD if trouble is None else State.BAD,
            "It is what the provider does when a young person texts.",
            "" if trouble is None else "Do what the sentence says; the provider cannot reach the line either.",
        )
        try:
            refused = self.address.refuses_unsigned()
        except LineUnreachable as error:
            yield _unknown("address", error.sentence)
            return
        yield _yes(
            "address",
            "A request without a signature is refused",
            refused,
            "Otherwise anybody could text in anybody's name.",
            "Something in front of the line answers in its place: look at the proxy.",
        )

    def _signatures(self) -> Iterator[Finding]:
        rows = self.wrong_addresses()
        why = "The provider signs the address it was given. When we check another one, texts go unanswered."
        if not rows:
            yield Finding("signatures", "No request was signed for another address of ours", State.GOOD, why)
        for row in rows:
            seen, signed = row.seen_url or "", row.signed_url or ""
            what = f"Since {row.at:%d %B %H:%M} UTC: we saw {seen}, signed was {signed} ({row.url_fault})"
            yield Finding("signatures", what, State.BAD, why, mend(seen, signed))

    def _stores(self) -> Iterator[Finding]:
        why = "Texts are answered without it, but less well or without a trace."
        for name, check in {**self.checks, **self.persistence}.items():
            trouble = _asked(check)
            shown = name.replace("_", " ")
            if trouble is None:
                yield Finding("stores", f"{shown.capitalize()} works", State.GOOD, why)
            else:
                yield Finding("stores", trouble, State.WARNING, why, "docs/operations.md has a table of what to do.")

    def _book(self) -> Iterator[Finding]:
        release = self.releases.current
        if release is None:
            yield Finding(
                "book",
                "There is no reply book",
                State.BAD,
                "Every text gets the built-in words.",
                "Run `python -m sms_service check`.",
            )
            return
        yield _yes(
            "book",
            "The replies were approved and published" if release.number else "The replies come from files",
            bool(release.number),
            "Words for young people need a second pair of eyes.",
            "Have the book approved and published on the staff pages.",
            State.WARNING,
        )
        never = [one.name for one in release.book.contacts.values() if one.checked_on is None]
        yield _yes(
            "book",
            f"Contacts never checked: {', '.join(never)}" if never else "Every contact has been checked",
            not never,
            "A number that nobody has rung may be wrong or gone.",
            "Ring or open each, and note the date at the contact.",
        )

    def _alerts(self) -> Iterator[Finding]:
        why = "Whoever keeps the line running hears of a fault before young people meet it."
        if not self.settings.alert_urls:
            yield Finding("alerts", "ALERT_URLS is empty", State.WARNING, why, "Set it, then send a test.")
            return
        troubles = self.alert_troubles()
        for trouble in troubles:
            yield Finding("alerts", trouble, State.BAD, why, "Correct it, then send a test.")
        if not troubles:
            yield Finding("alerts", "Every address in ALERT_URLS can be read", State.GOOD, why, "Send a test.")
        if not self.settings.canary_minutes:
            yield Finding(
                "alerts", "The canary is off", State.WARNING, "It tries the whole public way.", "Set CANARY_MINUTES."
            )


def _yes(area: str, what: str, holds: bool, why: str, how: str, otherwise: State = State.BAD) -> Finding:
    state = State.GOOD if holds else otherwise
    shown = what if holds or "files" in what or "never" in what else f"Not so: {what}"
    return Finding(area, shown, state, why, "" if holds else how)


def _unknown(area: str, sentence: str) -> Finding:
    return Finding(area, sentence, State.WARNING, "It could not be looked at.", "Mend that first, then check again.")


def _asked(check: Callable[[], str | None]) -> str | None:
    try:
        return check()
    except Exception as error:  # noqa: BLE001 - its words may hold a secret
        return f"A check failed ({type(error).__name__})."
