"""What stays when the rows of the message log are deleted: how many there were, by day and subject."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects import postgresql, sqlite

from sms_service.core.data_register import SMALLEST_SHOWN
from sms_service.storage.tables import daily_count


class Cell(NamedTuple):
    """What is counted together. '' stands for none."""

    day: dt.date
    kind: str
    channel: str
    outcome: str
    reply: str


def add(connection: Connection, counts: Mapping[Cell, int]) -> None:
    """Add to the counts, within the caller's transaction."""
    if not counts:
        return
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement = insert(daily_count)
    statement = statement.on_conflict_do_update(
        index_elements=list(Cell._fields), set_={"count": daily_count.c.count + statement.excluded.count}
    )
    # In one order, so that two purges wait for each other instead of blocking each other.
    connection.execute(statement, [{**cell._asdict(), "count": count} for cell, count in sorted(counts.items())])


def by_reply(connection: Connection, first: dt.date, last: dt.date) -> dict[str, int | None]:
    """Give how often each reply was sent on days whose rows are gone; None: fewer than five, which says too much."""
    query = (
        select(daily_count.c.reply, func.sum(daily_count.c.count))
        .where(daily_count.c.day.between(first, last), daily_count.c.reply != "")
        .group_by(daily_count.c.reply)
    )
    return {reply: int(count) if count >= SMALLEST_SHOWN else None for reply, count in connection.execute(query)}
