"""The stories of operators' pages: is the line answering, what happened, one message's whole way, exports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from sms_service.core.alert_rules import Alert, judge
from sms_service.core.alerts import OpenAlert
from sms_service.core.chart_counts import first_moment
from sms_service.core.charts import Picture, picture
from sms_service.core.errors import LineError
from sms_service.core.events import Event, EventKind
from sms_service.core.line_status import Evidence, Verdict, verdict_of
from sms_service.core.log_filters import LogFilter, LogPlace
from sms_service.core.people import Person
from sms_service.core.publishing.records import ReleaseRecord
from sms_service.service.history import History
from sms_service.service.monitoring_ports import LogPage, MessageLogReader
from sms_service.service.release import CurrentRelease
from sms_service.service.watching import Watching
from sms_service.service.worker_ports import JobRun, WorkerMemory

_HOUR = dt.timedelta(hours=1)


class LookNotNoted(LineError):
    """Who looks is written down first, and that cannot be done now: nothing is shown."""

    code = "look_not_noted"
    retry_helps = True


class SenderUnknown(LineError):
    """There is no message of that id or pseudonym, or it is linked to nobody any more."""

    code = "sender_unknown"


class PublishedReleases(Protocol):
    """The records of releases. May raise a LineError."""

    def list(self, *, before: int | None = None) -> Sequence[ReleaseRecord]:
        """Give some releases, newest first; ``before`` is the last number of the page before. Empty at the end."""
        ...


class NothingPublished:
    """Of a line whose book is files alone."""

    def list(self, *, before: int | None = None) -> Sequence[ReleaseRecord]:  # noqa: ARG002 - see PublishedReleases
        """Give none."""
        return ()


@dataclass(frozen=True, slots=True)
class Status:
    """Is the line answering?

    Attributes:
        now: When this was looked at.
        verdict: In one word.
        alerts: What is wrong or worth a look, with what to do first.
        evidence: What shows that it answers.
        failed: Messages in the last 15 minutes that got only fallback words.
        messages: Messages in the last 15 minutes.
        trouble: Why the log could not be read, or None.
    """

    now: dt.datetime
    verdict: Verdict
    alerts: Sequence[Alert]
    evidence: Evidence
    failed: int
    messages: int
    trouble: str | None


@dataclass(frozen=True, kw_only=True)
class Monitoring:
    """What operators' pages call.

    Attributes:
        reader: The message log.
        memory: The worker's.
        watching: Asks the rules.
        history: Who looked at whose messages.
        releases: What is live.
        published: What went live when.
        clock: Gives the moment, aware.
    """

    reader: MessageLogReader
    memory: WorkerMemory
    watching: Watching
    history: History
    releases: CurrentRelease
    published: PublishedReleases
    clock: Callable[[], dt.datetime]

    def status(self) -> Status:
        """Say whether the line answers. Never raises: what cannot be asked is part of the answer."""
        now = self.clock()
        situation = self.watching.situation(now)
        alerts = judge(situation)
        trouble, evidence = None, Evidence()
        try:
            runs = self.memory.runs()
            canary = runs.get("canary")
            evidence = Evidence(
                last_answer_at=self._last_answer(),
                canary_good_at=canary.good_at if canary is not None else None,
                worker_at=max((run.at for run in runs.values()), default=None),
            )
        except LineError as error:
            trouble = error.sentence
        outcomes = situation.outcomes
        verdict = verdict_of(alerts, evidence, now)
        return Status(now, verdict, alerts, evidence, outcomes.get("failed", 0), sum(outcomes.values()), trouble)

    def picture(self, days: int, *, to_operator: bool) -> Picture:
        """Draw a period that ends now."""
        now = self.clock()
        begin = first_moment(now, days)
        book = None if self.releases.current is None else self.releases.current.book
        return picture(
            self.reader.hourly(begin, now + _HOUR),
            now,
            days,
            () if book is None else [key for key in book.replies if book.is_danger(key)],
            self._went_live_since(begin),
            pence_per_segment=0.0 if book is None else book.service.pence_per_segment,
            to_operator=to_operator,
        )

    def _went_live_since(self, begin: dt.datetime) -> Sequence[tuple[dt.datetime, int]]:
        found: list[tuple[dt.datetime, int]] = []
        before: int | None = None
        while page := self.published.list(before=before):
            found += [(release.created_at, release.number) for release in page if release.created_at >= begin]
            before = page[-1].number
            if page[-1].created_at < begin:
                break
        return sorted(found)

    # The log ----------------------------------------------------------------------------------------------------------

    def page(
        self, wanted: LogFilter, *, older_than: LogPlace | None = None, newer_than: LogPlace | None = None
    ) -> LogPage:
        """Give a page of the log. Rows of one sender: :meth:`page_of_sender`, which is noted."""
        return self.reader.page(replace(wanted, pseudonym=None), older_than=older_than, newer_than=newer_than)

    def page_of_sender(
        self,
        message_id: str,
        wanted: LogFilter,
        person: Person,
        *,
        older_than: LogPlace | None = None,
        newer_than: LogPlace | None = None,
    ) -> LogPage:
        """Give rows of whoever wrote a message. That somebody looked is in the history, or nothing is shown."""
        pseudonym = next((row.pseudonym for row in self.reader.story(message_id) if row.pseudonym), None)
        if pseudonym is None:
            raise SenderUnknown("There is no such message, or it is linked to nobody any more.")
        self._note(person, "looked_at", f"messages of the sender of {message_id}")
        return self.reader.page(replace(wanted, pseudonym=pseudonym), older_than=older_than, newer_than=newer_than)

    def message_of_sender(self, pseudonym: str) -> str:
        """Give the newest message of a pseudonym, to look its sender up by."""
        message_id = self.reader.newest_of_sender(pseudonym)
        if message_id is None:
            raise SenderUnknown("There is no message of that sender.")
        return message_id

    def story(self, message_id: str, person: Person) -> Sequence[Event]:
        """Give everything about a message, oldest first; empty when there is nothing. The look is noted, as above."""
        rows = self.reader.story(message_id)
        if rows:
            self._note(person, "looked_at", f"story of message {message_id}")
        return rows

    def export(self, wanted: LogFilter, person: Person) -> Iterator[Event]:
        """Give every row that fits, a few at a time. That somebody took them is in the history."""
        rows = self.reader.stream(replace(wanted, pseudonym=None))
        first = next(rows, None)  # a log that cannot be read is told before anything is sent
        self._note(person, "exported", "message log", "without pseudonyms")
        return _chained(first, rows)

    # Alerts -----------------------------------------------------------------------------------------------------------

    def open_alerts(self) -> Mapping[str, OpenAlert]:
        """Give what is open."""
        return self.memory.open_alerts()

    def runs(self) -> Mapping[str, JobRun]:
        """Give how the worker's tasks went last."""
        return self.memory.runs()

    def test_alert(self, person: Person) -> bool:
        """Send a test to every address."""
        self._note(person, "alerts_tested", "every address in ALERT_URLS")
        return self.watching.test()

    def _note(self, person: Person, action: str, subject: str, detail: str = "") -> None:
        try:
            self.history.note(person, action, subject, detail)
        except LineError as error:
            sentence = "This is only done when it can be written down who did it, and that fails now."
            raise LookNotNoted(sentence) from error

    def _last_answer(self) -> dt.datetime | None:
        wanted = LogFilter(kinds=(EventKind.MESSAGE,), outcome="answered")
        rows = self.reader.page(wanted, most=1).rows
        return rows[0].at if rows else None


def _chained(first: Event | None, rows: Iterator[Event]) -> Iterator[Event]:
    if first is not None:
        yield first
        yield from rows
