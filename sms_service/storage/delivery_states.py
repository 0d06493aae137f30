"""The state of a reply on the row of its message, so that messages can be looked for by it.

Reports are rows of their own, and they are what counts; this is their sum, kept where operators look. It only ever
moves up the ranks of :class:`~sms_service.core.delivery.DeliveryStatus`, so reports in any order, from any number of
hosts, end in the same state.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, bindparam, case, func, or_, select, update

from sms_service.core.delivery import DeliveryReport, DeliveryState, DeliveryStatus, final_state
from sms_service.core.events import EventKind
from sms_service.storage.tables import message_log

_IDS_AT_ONCE: Final = 500


def settle(connection: Connection, message_ids: Iterable[str]) -> int:
    """Bring the rows of some messages up to the reports about them; give how many messages have any."""
    wanted = sorted(set(message_ids))
    states: dict[str, DeliveryState] = {}
    for start in range(0, len(wanted), _IDS_AT_ONCE):
        states |= _states(connection, wanted[start : start + _IDS_AT_ONCE])
    rows = [
        {"of_message": message_id, "status": state.status.value, "rank": state.status.rank, "code": state.error_code}
        for message_id, state in sorted(states.items())
        if state.status is not None
    ]
    if rows:
        connection.execute(_RAISE, rows)
    return len(rows)


def settle_since(connection: Connection, moment: dt.datetime) -> int:
    """The same for every message that a report has come about since a moment.

    Two hosts may add a message and the first report about it at the same instant, each without seeing the other's row;
    the worker runs this now and then.
    """
    query = (
        select(message_log.c.message_id)
        .where(
            message_log.c.kind == EventKind.DELIVERY.value,
            message_log.c.delivery_status.is_not(None),
            message_log.c.at >= moment,
        )
        .distinct()
    )
    return settle(connection, (row.message_id for row in connection.execute(query) if row.message_id is not None))


def _states(connection: Connection, message_ids: list[str]) -> dict[str, DeliveryState]:
    query = select(message_log.c.message_id, message_log.c.delivery_status, message_log.c.error_code).where(
        message_log.c.message_id.in_(message_ids), message_log.c.kind == EventKind.DELIVERY.value
    )
    reports: dict[str, list[DeliveryReport]] = {}
    for row in connection.execute(query):
        report = DeliveryReport(DeliveryStatus.of(row.delivery_status), row.error_code)
        reports.setdefault(row.message_id, []).append(report)
    return {message_id: final_state(of_message) for message_id, of_message in reports.items()}


def _rank_now() -> ColumnElement[int]:
    known = {status.value: status.rank for status in DeliveryStatus}
    return case(known, value=message_log.c.delivery_status, else_=-1)


_RAISE: Final = (
    update(message_log)
    .where(
        message_log.c.message_id == bindparam("of_message"),
        message_log.c.kind == EventKind.MESSAGE.value,
        or_(
            _rank_now() < bindparam("rank"),
            and_(
                _rank_now() == bindparam("rank"),
                func.coalesce(message_log.c.error_code, 0) < func.coalesce(bindparam("code"), 0),
            ),
        ),
    )
    .values(delivery_status=bindparam("status"), error_code=bindparam("code"))
)
