"""The service without its web server: what a test, a worker or the web application starts from."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sms_service.factory.releases import load_bank_holidays, release_from_files, with_free_text
from sms_service.factory.stores import EventStores, event_stores, hot_state_of
from sms_service.service.learning import learned_from
from sms_service.service.messaging import MessagingService, utc_now
from sms_service.service.ports import HotState, LineLog
from sms_service.service.pseudonyms import Pseudonyms
from sms_service.service.refusals import CountedRefusals
from sms_service.service.release import CurrentRelease
from sms_service.settings import Settings
from sms_service.storage.model_cache import ModelCache

if TYPE_CHECKING:
    from sms_service.service.publishing.publishing import Publishing

__all__ = ["Line", "build_line"]


@dataclass(frozen=True, kw_only=True)
class Line:
    """The service without its web server: what a test, a worker or the web application starts from."""

    settings: Settings
    log: LineLog
    releases: CurrentRelease
    hot_state: HotState
    messaging: MessagingService
    book_trouble: str | None
    events: EventStores | None = None
    """Where rows go; None for a line that keeps them in memory."""
    publishing: Publishing | None = None
    """Drafts and releases; None for a line whose book is files alone."""


def build_line(settings: Settings, log: LineLog | None = None) -> Line:
    """Put the line together. Whatever is broken around it, there is a line afterwards."""
    from sms_service.ops.extras import with_error_reports
    from sms_service.ops.line_log import StructuredLog
    from sms_service.webhooks.twiml import TwimlAnswers

    log = with_error_reports(log or StructuredLog(), settings)
    holidays = _holidays_or_none(log)
    first = release_from_files(settings, holidays)
    if first.trouble is not None:
        log.trouble("reply_book_not_whole")
    releases = CurrentRelease(first.release)
    hot_state = hot_state_of(settings)
    events = event_stores(settings, log)
    log = CountedRefusals(log, events.outbox, utc_now)
    messaging = MessagingService(
        releases=releases,
        pseudonyms=Pseudonyms(settings.pseudonym_keys),
        hot_state=hot_state,
        recorder=events.outbox,
        erasure=events.erasure,
        log=log,
        answers=TwimlAnswers(settings.public_url),
        bank_holidays=holidays,
    )
    line = Line(
        settings=settings,
        log=log,
        releases=releases,
        hot_state=hot_state,
        messaging=messaging,
        book_trouble=first.trouble,
        events=events,
    )
    if first.release is not None and not first.release.understander.has_learned:
        _learn_in_background(releases, first.examples, line)
    return line


def _holidays_or_none(log: LineLog) -> frozenset[dt.date]:
    try:
        return load_bank_holidays()
    except (OSError, ValueError, KeyError) as error:
        log.trouble("bank_holidays_failed", error=error)
        return frozenset()


def _learn_in_background(releases: CurrentRelease, examples: Mapping[str, tuple[str, ...]], line: Line) -> None:
    """Learn free text beside the running line, and swap it in when it is ready. Until then the other stages answer."""

    def learn_and_swap() -> None:
        try:
            learned = learned_from(examples, ModelCache(line.settings.var_dir / "models"))
            release = releases.current
            if release is not None and not release.understander.has_learned:
                releases.swap(replace(release, understander=with_free_text(release.understander, learned, line.log)))
        except Exception as error:  # noqa: BLE001 - without free text the line still answers
            line.log.trouble("learning_failed", error=error)

    threading.Thread(target=learn_and_swap, name="learn-free-text", daemon=True).start()
