"""The service without its web server: what a test, a worker or the web application starts from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sms_service.factory.publishing import BookWatch, Maker, open_publishing, unmatched_keeper
from sms_service.factory.releases import load_bank_holidays, release_from_files
from sms_service.factory.stores import EventStores, event_stores, hot_state_of
from sms_service.service.messaging import MessagingService, utc_now
from sms_service.service.ports import HotState, LineLog
from sms_service.service.pseudonyms import Pseudonyms
from sms_service.service.publishing.publishing import Publishing
from sms_service.service.refusals import CountedRefusals
from sms_service.service.release import CurrentRelease
from sms_service.service.repeats import CountedRepeats
from sms_service.settings import Settings

if TYPE_CHECKING:
    from sms_service.ops.metrics import Meter

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
    meter: Meter | None = None
    """What is counted for /metrics."""
    publishing: Publishing | None = None
    """Drafts and releases; None for a line whose book is files alone."""
    book_watch: BookWatch | None = None
    """Brings what is published here; None for a line with one book for ever."""


def build_line(settings: Settings, log: LineLog | None = None) -> Line:
    """Put the line together. Whatever is broken around it, there is a line afterwards."""
    from sms_service.ops.extras import with_error_reports
    from sms_service.ops.line_log import StructuredLog
    from sms_service.ops.metrics import Meter, MeteredLog
    from sms_service.webhooks.twiml import TwimlAnswers

    log = with_error_reports(log or StructuredLog(), settings)
    holidays = _holidays_or_none(log)
    releases = CurrentRelease(None)
    watch = open_publishing(settings, releases, Maker(settings, holidays, log), log)
    trouble = None
    if not watch.live.begin_with_cache():
        trouble = _begin_with_files(settings, holidays, watch, log)
    hot_state = hot_state_of(settings)
    events = event_stores(settings, log)
    meter = Meter()
    log = MeteredLog(CountedRefusals(log, events.outbox, utc_now), meter)
    messaging = MessagingService(
        releases=releases,
        pseudonyms=Pseudonyms(settings.pseudonym_keys),
        hot_state=hot_state,
        recorder=events.outbox,
        erasure=events.erasure,
        log=log,
        answers=TwimlAnswers(settings.public_url),
        bank_holidays=holidays,
        unmatched=unmatched_keeper(settings, log),
        repeats=CountedRepeats(log, events.outbox, utc_now),
        tried=watch.tried,
    )
    return Line(
        settings=settings,
        log=log,
        releases=releases,
        hot_state=hot_state,
        messaging=messaging,
        book_trouble=trouble,
        events=events,
        publishing=watch.publishing,
        book_watch=watch,
        meter=meter,
    )


def _holidays_or_none(log: LineLog) -> frozenset[dt.date]:
    try:
        return load_bank_holidays()
    except (OSError, ValueError, KeyError) as error:
        log.trouble("bank_holidays_failed", error=error)
        return frozenset()


def _begin_with_files(settings: Settings, holidays: frozenset[dt.date], watch: BookWatch, log: LineLog) -> str | None:
    """Answer from the files of the deploy; give a sentence for operators when they are not whole."""
    first = release_from_files(settings, holidays)
    if first.trouble is not None:
        log.trouble("reply_book_not_whole")
    if first.release is not None:
        watch.live.releases.swap(first.release)
        if not first.release.understander.has_learned:
            watch.live.learn(first.loaded, first.release)
    return first.trouble
