"""The web application: the doors that the provider, staff and operators come in by."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from sms_service.factory.doors import signature_doctor, sms_webhook, status_webhook
from sms_service.factory.environment import settings_from
from sms_service.factory.line import Line, build_line
from sms_service.factory.monitoring import checks_of, gauges
from sms_service.factory.pages import PagesBehindTheLine, pages_of

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication
    from flask import Flask

    from sms_service.staff.kit.guard import Doorman

__all__ = ["app_of", "create_app", "sms_webhook"]

_WAIT_FOR_RELEASE_SECONDS = 1.5
"""A process begins with what this host kept; where SQL answers at once, nobody gets yesterday's words meanwhile."""


def create_app() -> Flask:
    """Give the WSGI application for the settings of the environment.

    Raises:
        SettingsError: When they are not good.
    """
    from sms_service.ops.line_buffer import LineBuffer
    from sms_service.ops.line_log import StructuredLog
    from sms_service.ops.metrics import use_folder

    settings = settings_from(os.environ)
    with suppress(OSError):  # counters are then those of one process; /readyz tells of the disk
        use_folder(settings.var_dir / "metrics")
    line = build_line(settings, StructuredLog(LineBuffer()))
    if line.events is not None:
        line.events.drain.ensure_running()
    if line.book_watch is not None:
        line.book_watch.thread.ensure_running(wait_seconds=_WAIT_FOR_RELEASE_SECONDS)
    return app_of(line)


def app_of(line: Line, doorman: Doorman | None = None) -> Flask:
    """Put a web server's front on a line.

    Args:
        line: Answers texts, with or without pages.
        doorman: Who knows who is there, on the pages; None: nobody logs in.
    """
    from flask import Flask

    from sms_service.factory.calls import call_service, voice_webhook
    from sms_service.ops.extras import add_traces
    from sms_service.ops.health import health_blueprint
    from sms_service.staff.http_headers import headers_of, install_headers
    from sms_service.webhooks.error_pages import install_error_pages, is_webhook_path
    from sms_service.webhooks.fast_lane import FastLane
    from sms_service.webhooks.form_parsing import MOST_BYTES
    from sms_service.webhooks.signature_doctor import install_signature_doctor
    from sms_service.webhooks.sms import sms_blueprint
    from sms_service.webhooks.status_callback import status_blueprint
    from sms_service.webhooks.voice import voice_blueprint

    app = Flask("sms_service", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES
    # A redirect to a tidier address would reach the provider's server, which then comes back without the message.
    app.url_map.merge_slashes = False
    install_error_pages(app, line.log)
    add_traces(app, line.log, line.settings)
    headers = headers_of(https_only=line.settings.in_production)
    install_headers(app, headers)
    webhook = sms_webhook(line.settings, line.messaging, line.log)
    app.register_blueprint(sms_blueprint(webhook))
    app.register_blueprint(status_blueprint(status_webhook(line)))
    install_signature_doctor(app, signature_doctor(line))
    app.register_blueprint(voice_blueprint(voice_webhook(line, call_service(line))))
    app.register_blueprint(health_blueprint(checks_of(line), {"release": line.settings.release or "unknown"}))
    if line.meter is not None:
        from sms_service.ops.metrics import metrics_blueprint

        token = line.settings.metrics_token
        secret = None if token is None else token.get_secret_value()
        app.register_blueprint(metrics_blueprint(line.meter, lambda: gauges(line), secret))
    own = {rule.rule.split("/")[1] for rule in app.url_map.iter_rules()}

    def is_of_line(path: str) -> bool:
        # The plain question first: nothing may go wrong in front of the line.
        return path.lstrip("/").partition("/")[0] in own or is_webhook_path(path)

    answers: WSGIApplication = app.wsgi_app
    if line.settings.fast_lane and line.settings.otlp_endpoint is None:  # what the lane answers would have no span
        answers = FastLane(answers, webhook, headers)
    front = PagesBehindTheLine(answers, is_of_line, lambda: pages_of(line, doorman), line.log)
    app.wsgi_app = front  # type: ignore[method-assign]  # how Flask wants to be wrapped
    return app
