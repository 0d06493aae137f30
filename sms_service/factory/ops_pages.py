"""Operators' pages, and what stands behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sms_service.factory.doctor import doctor_of
from sms_service.factory.line import Line
from sms_service.factory.monitoring import log_reader_of, watching_of, worker_memory_of
from sms_service.factory.stores import database_of
from sms_service.service.history import History
from sms_service.service.messaging import utc_now
from sms_service.service.monitoring import Monitoring, NothingPublished

if TYPE_CHECKING:
    from flask import Blueprint

    from sms_service.storage.database import Database

__all__ = ["ops_blueprints"]


def ops_blueprints(line: Line) -> list[Blueprint]:
    """Give the pages for operators of a line."""
    from sms_service.ops.pages.alerts_page import alerts_blueprint
    from sms_service.ops.pages.doctor_page import doctor_blueprint
    from sms_service.ops.pages.log_page import log_blueprint
    from sms_service.ops.pages.status_page import status_blueprint

    database = database_of(line.settings)
    monitoring = monitoring_of(line, database)
    return [
        status_blueprint(monitoring),
        log_blueprint(monitoring, line.releases),
        alerts_blueprint(monitoring, has_addresses=bool(line.settings.alert_urls)),
        doctor_blueprint(lambda: doctor_of(line, database).examine()),
    ]


def monitoring_of(line: Line, database: Database) -> Monitoring:
    """Give the stories behind the pages."""
    from sms_service.storage.history import SqlHistory
    from sms_service.storage.publishing.link import SqlLink

    return Monitoring(
        reader=log_reader_of(database),
        memory=worker_memory_of(database),
        watching=watching_of(line, database),
        history=History(store=SqlHistory(SqlLink(lambda: database)), clock=utc_now),
        releases=line.releases,
        published=NothingPublished() if line.publishing is None else line.publishing.releases,
        clock=utc_now,
    )
