"""Counters by the hour, moved in the transaction that adds the events they count."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from sms_service.core.traffic import HourlyCell, Measure
from sms_service.storage.tables import hourly_count


def add(connection: Connection, counts: Mapping[HourlyCell, int]) -> None:
    """Add to the counters, within the caller's transaction."""
    if not counts:
        return
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement = insert(hourly_count)
    statement = statement.on_conflict_do_update(
        index_elements=["hour", "measure", "name"],
        set_={"count": hourly_count.c.count + statement.excluded.count},
    )
    # In one order, so that two drains wait for each other instead of blocking each other.
    rows = [
        {"hour": cell.hour, "measure": cell.measure.value, "name": cell.name, "count": count}
        for cell, count in sorted(counts.items())
    ]
    connection.execute(statement, rows)


def between(connection: Connection, first: dt.datetime, before: dt.datetime) -> dict[HourlyCell, int]:
    """Give the counters of the hours from one moment (included) to another (not included)."""
    query = select(hourly_count).where(hourly_count.c.hour >= first, hourly_count.c.hour < before)
    return {
        HourlyCell(row["hour"], Measure(row["measure"]), row["name"]): row["count"]
        for row in connection.execute(query).mappings()
        if row["measure"] in _KNOWN
    }


_KNOWN = frozenset(measure.value for measure in Measure)
"""A newer program may count more."""


def delete_older_than(connection: Connection, moment: dt.datetime, most: int) -> int:
    """Delete at most so many counters of hours before a moment; give how many."""
    hours = select(hourly_count.c.hour).where(hourly_count.c.hour < moment).order_by(hourly_count.c.hour).limit(1)
    found = connection.execute(hours).scalar()
    if found is None or most < 1:
        return 0
    return connection.execute(delete(hourly_count).where(hourly_count.c.hour == found)).rowcount
