"""The web application: the doors that the provider, staff and operators come in by."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from sms_service.factory.environment import canary_key_of, settings_from
from sms_service.factory.line import Line, build_line
from sms_service.service.messaging import MessagingService
from sms_service.service.ports import LineLog
from sms_service.settings import Settings
from sms_service.storage.in_memory import InMemoryHotState, InMemoryRecorder

if TYPE_CHECKING:
    from flask import Flask

    from sms_service.service.trying import TryLine
    from sms_service.webhooks.signature_doctor import SignatureDoctor
    from sms_service.webhooks.sms import SmsWebhook
    from sms_service.webhooks.status_callback import StatusWebhook

__all__ = ["app_of", "create_app", "sms_webhook"]

_ANY_ACCOUNT = "AC" + 32 * "0"


def create_app() -> Flask:
    """Give the WSGI application for the settings of the environment.

    Raises:
        SettingsError: When they are not good.
    """
    line = build_line(settings_from(os.environ))
    if line.events is not None:
        line.events.drain.ensure_running()
    return app_of(line)


def app_of(line: Line) -> Flask:
    """Put a web server's front on a line."""
    from flask import Flask

    from sms_service.ops.extras import add_traces
    from sms_service.ops.health import health_blueprint
    from sms_service.staff.http_headers import install_headers
    from sms_service.webhooks.error_pages import install_error_pages
    from sms_service.webhooks.form_parsing import MOST_BYTES
    from sms_service.webhooks.signature_doctor import install_signature_doctor
    from sms_service.webhooks.sms import sms_blueprint
    from sms_service.webhooks.status_callback import status_blueprint

    app = Flask("sms_service", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES
    # A redirect to a tidier address would reach the provider's server, which then comes back without the message.
    app.url_map.merge_slashes = False
    install_error_pages(app, line.log)
    add_traces(app, line.log, line.settings)
    install_headers(app, https_only=line.settings.in_production)
    app.register_blueprint(sms_blueprint(sms_webhook(line.settings, line.messaging, line.log)))
    app.register_blueprint(status_blueprint(_status_webhook(line)))
    install_signature_doctor(app, _signature_doctor(line))
    checks = {"reply_book": lambda: line.book_trouble, "hot_state": line.hot_state.check}
    if line.events is not None:
        checks["message_log"] = line.events.check
    app.register_blueprint(health_blueprint(checks, {"release": line.settings.release or "unknown"}))
    if not line.settings.in_production:
        from sms_service.staff.try_it import try_it_blueprint

        app.register_blueprint(try_it_blueprint(_try_line(line)))
    return app


def sms_webhook(settings: Settings, story: MessagingService, log: LineLog) -> SmsWebhook:
    """Give the one way in for messages."""
    from sms_service.webhooks.request_verification import RequestVerifier
    from sms_service.webhooks.sms import SmsWebhook
    from sms_service.webhooks.sms_parsing import OwnAccount

    verifier = RequestVerifier(settings.public_url, settings.auth_tokens)
    own = OwnAccount(settings.twilio_account_sid, settings.line_numbers, canary_key_of(settings))
    return SmsWebhook(verifier, own, story, log)


def _status_webhook(line: Line) -> StatusWebhook:
    from sms_service.service.deliveries import DeliveryService
    from sms_service.webhooks.request_verification import RequestVerifier
    from sms_service.webhooks.status_callback import StatusWebhook

    verifier = RequestVerifier(line.settings.public_url, line.settings.auth_tokens)
    story = DeliveryService(recorder=line.messaging.recorder, log=line.log)
    return StatusWebhook(verifier, story, line.log, line.messaging.clock)


def _signature_doctor(line: Line) -> SignatureDoctor:
    from sms_service.webhooks.signature_doctor import SignatureDoctor

    settings, story = line.settings, line.messaging
    return SignatureDoctor(settings.public_url, settings.auth_tokens, story.recorder, story.clock)


def _try_line(line: Line) -> TryLine:
    from sms_service.service.trying import TryLine
    from sms_service.webhooks.signed_request import SAMPLE_LINE_NUMBER
    from sms_service.webhooks.simulated_phone import SimulatedPhone

    settings = line.settings

    def new_phone() -> SimulatedPhone:
        recorder = InMemoryRecorder()
        story = replace(line.messaging, hot_state=InMemoryHotState(), recorder=recorder, erasure=recorder)
        return SimulatedPhone(
            sms_webhook(settings, story, line.log),
            public_url=settings.public_url,
            token=settings.auth_tokens[0],
            account_sid=settings.twilio_account_sid or _ANY_ACCOUNT,
            to=min(settings.line_numbers, default=SAMPLE_LINE_NUMBER),
            last_event=recorder.newest,
        )

    return TryLine(line.releases, new_phone)
