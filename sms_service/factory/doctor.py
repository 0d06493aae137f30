"""What the go-live check looks at: our own side, and the provider's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sms_service.core.errors import BookError
from sms_service.core.events import Event, EventKind
from sms_service.core.log_filters import LogFilter
from sms_service.factory.line import Line
from sms_service.factory.monitoring import alert_sender_of, canary_of, checks_of, log_reader_of
from sms_service.factory.stores import database_of
from sms_service.service.doctor import Doctor
from sms_service.service.fallback_export import FallbackFiles, fallback_files
from sms_service.service.messaging import utc_now
from sms_service.service.monitoring_ports import MessageLogReader

if TYPE_CHECKING:
    from sms_service.service.doctor_provider import ProviderCheck
    from sms_service.storage.database import Database

__all__ = ["export_fallback", "open_doctor"]

_ROWS_LOOKED_AT: Final = 200
_SHOWN: Final = 5


def export_fallback(line: Line) -> FallbackFiles:
    """Give the files for the provider.

    Raises:
        BookError: When there is no reply book.
    """
    from sms_service.webhooks.static_twiml import StaticTwiml

    release = line.releases.current
    if release is None:
        raise BookError("There is no reply book to export from. Run `python -m sms_service check`.")
    return fallback_files(release, StaticTwiml(), utc_now(), line.messaging.bank_holidays)


@contextmanager
def open_doctor(line: Line, *, ask_provider: bool = True) -> Iterator[Doctor]:
    """Open the go-live check of a line."""
    database = database_of(line.settings)
    try:
        yield doctor_of(line, database, ask_provider=ask_provider)
    finally:
        database.close()


def doctor_of(line: Line, database: Database, *, ask_provider: bool = True) -> Doctor:
    """Give the go-live check of a line, on an open database."""
    reader = log_reader_of(database)

    def wrong_addresses() -> Sequence[Event]:
        rows = reader.page(LogFilter(kinds=(EventKind.REFUSAL,), refusal="forged"), most=_ROWS_LOOKED_AT).rows
        found = {(row.seen_url, row.signed_url, row.url_fault): row for row in rows if row.signed_url}
        return list(found.values())[:_SHOWN]

    return Doctor(
        settings=line.settings,
        releases=line.releases,
        address=_address_of(line),
        provider=_provider_of(line, reader) if ask_provider else None,
        checks=checks_of(line),
        persistence={"database": database.check, "database_on_disk": database.persistence},
        alert_troubles=alert_sender_of(line).trouble,
        wrong_addresses=wrong_addresses,
    )


@dataclass(frozen=True)
class _Address:
    """The public address, tried by the canary."""

    signed: Callable[[], str | None]
    unsigned: Callable[[], bool]

    def answers_signed(self) -> str | None:
        """Text the line as the canary does."""
        return self.signed()

    def refuses_unsigned(self) -> bool:
        """Whether a request without a signature is refused."""
        return self.unsigned()


def _address_of(line: Line) -> _Address:
    from sms_service.webhooks.public_line import refuses_unsigned

    canary = canary_of(line)
    canary.pause = lambda _seconds: None  # somebody is waiting
    return _Address(canary.run, lambda: refuses_unsigned(line.settings.public_url))


def _provider_of(line: Line, reader: MessageLogReader) -> ProviderCheck | None:
    from sms_service.service.doctor_provider import ProviderCheck
    from sms_service.webhooks.provider_account import FallbackReader, TwilioAccount
    from sms_service.webhooks.static_twiml import StaticTwiml, same_answer

    settings = line.settings
    if settings.twilio_account_sid is None or settings.twilio_auth_token is None:
        return None
    token = settings.twilio_auth_token.get_secret_value()
    return ProviderCheck(
        account=TwilioAccount(settings.twilio_account_sid, token, utc_now),
        pages=FallbackReader(settings.twilio_account_sid, token, min(settings.line_numbers, default="")),
        public_url=settings.public_url,
        numbers=settings.line_numbers,
        answers=StaticTwiml(),
        same=same_answer,
        clock=utc_now,
        newest=lambda wanted: next(iter(reader.page(wanted, most=1).rows), None),
        bank_holidays=line.messaging.bank_holidays,
    )
