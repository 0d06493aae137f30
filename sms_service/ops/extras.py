"""Errors and traces to somebody else's service: off unless the settings name one, loaded only then.

Whatever is wrong with them (package not installed, odd address) costs the reports alone, and one log line says so.
"""

from __future__ import annotations

from flask import Flask

from sms_service.service.ports import LineLog
from sms_service.settings import Settings


def with_error_reports(log: LineLog, settings: Settings) -> LineLog:
    """Give a log that also reports trouble to Sentry, where SENTRY_DSN is set. Never raises."""
    if settings.sentry_dsn is None:
        return log
    try:
        from sms_service.ops.error_reports import ReportedLog

        dsn, environment = settings.sentry_dsn.get_secret_value(), settings.environment.value
        return ReportedLog(log, dsn, release=settings.release, environment=environment)
    except ImportError as error:
        log.trouble("error_reports_off_package_missing", error=error)
    except Exception as error:  # noqa: BLE001 - the line runs without
        log.trouble("error_reports_off", error=error)
    return log


def add_traces(app: Flask, log: LineLog, settings: Settings) -> None:
    """Trace an app's requests, where OTEL_EXPORTER_OTLP_ENDPOINT is set. Never raises."""
    if settings.otlp_endpoint is None:
        return
    try:
        from sms_service.ops.traces import install_traces, to_collector

        install_traces(app, to_collector(settings.otlp_endpoint), release=settings.release)
    except ImportError as error:
        log.trouble("traces_off_package_missing", error=error)
    except Exception as error:  # noqa: BLE001 - the line runs without
        log.trouble("traces_off", error=error)
