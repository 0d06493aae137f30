"""What /metrics reads at the moment it is asked: parts, outbox, release, contacts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping

from sms_service.ops.metrics import Gauge
from sms_service.service.release import CurrentRelease

Check = Callable[[], str | None]


def gauges_of(
    checks: Mapping[str, Check],
    releases: CurrentRelease,
    outbox: Callable[[], tuple[int, float] | None],
    today: Callable[[], dt.date],
) -> Iterable[Gauge]:
    """Give the gauges.

    Args:
        checks: By part.
        releases: What is live.
        outbox: Rows that wait, and the age of the oldest in seconds; None when there is no outbox to look at.
        today: Gives the day.
    """
    working = {name: float(_works(check)) for name, check in checks.items()}
    yield Gauge("sms_part_works", "Whether a part of the line works, as on /readyz.", working, "part")
    stands = outbox()
    if stands is not None:
        yield Gauge("sms_outbox_rows", "Rows of this host on their way to SQL.", {"": float(stands[0])})
        yield Gauge("sms_outbox_oldest_seconds", "Age of the oldest of them.", {"": stands[1]})
    release = releases.current
    yield Gauge("sms_release_number", "Release that answers; 0: the book's files.", {"": _number(releases)})
    if release is not None:
        due = [one.check_again_by for one in release.book.contacts.values() if one.check_again_by is not None]
        overdue = sum(day < today() for day in due)
        yield Gauge("sms_contacts_overdue", "Contacts that had to be checked by now.", {"": float(overdue)})


def _works(check: Check) -> bool:
    try:
        return check() is None
    except Exception:  # noqa: BLE001 - a check that breaks is a part that does not work
        return False


def _number(releases: CurrentRelease) -> float:
    release = releases.current
    return float(release.number or 0) if release is not None else 0.0
