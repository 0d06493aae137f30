"""POST /sms/status: what became of a reply. Always 204 when signed, whatever it says.

Reports come in any order, twice, late, with values and codes nobody has told us about and for messages we do not know
(docs: messaging/guides/outbound-message-status-in-status-callbacks). Each becomes one row by its id; what they mean
together is said by :func:`sms_service.core.delivery.final_state` when somebody looks.

A report names the reply, not the message that was answered; the address it comes to does
(:mod:`sms_service.webhooks.status_address`). So the row carries the id of the answered message, and the message log
shows what became of its reply. The reply's own id is only part of the row's id, which keeps repeats out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from flask import Blueprint, Response

from sms_service.core.delivery import DeliveryStatus, read_error_code
from sms_service.core.errors import RequestRefused
from sms_service.core.events import Event, EventKind
from sms_service.service.ports import LineLog
from sms_service.webhooks.form_parsing import FormFields
from sms_service.webhooks.raw_request import raw_request
from sms_service.webhooks.request_verification import Verifier, genuine_fields
from sms_service.webhooks.status_address import STATUS_PATH, answered_message, is_message_id
from sms_service.webhooks.twiml import CONTENT_TYPE


class Reports(Protocol):
    """The story behind this webhook."""

    def note(self, event: Event) -> None:
        """Write a report down; never raises."""
        ...


def handle_status(fields: FormFields, at: dt.datetime, answers: str | None = None) -> Event:
    """Read a delivery report out of a request whose signature has been checked.

    Args:
        fields: Of the form.
        at: When it came, aware.
        answers: Id of the message that the reply answers; None where the address does not say (a report to the address
            set at the number, or about the built-in fallback). The row then stands under the reply's own id.

    Raises:
        RequestRefused: When it names no reply, or a field comes with two values.
    """
    reply_id = fields.only("MessageSid") or fields.only("SmsSid")
    if not is_message_id(reply_id):
        raise RequestRefused("The report has no id of the provider's shape.", code="odd_message_id", status=204)
    status = DeliveryStatus.of(fields.only("MessageStatus") or fields.only("SmsStatus"))
    return Event(
        event_id=f"delivery:{reply_id}:{status.value}",
        kind=EventKind.DELIVERY,
        at=at,
        message_id=answers or reply_id,
        delivery_status=status.value,
        error_code=read_error_code(fields.only("ErrorCode")),
    )


@dataclass(frozen=True, slots=True)
class StatusWebhook:
    """The one way in for delivery reports."""

    verifier: Verifier
    story: Reports
    log: LineLog
    clock: Callable[[], dt.datetime]

    def handle(self, raw_body: bytes, signature: str | None, path_and_query: str = STATUS_PATH) -> int:
        """Verify, read and write down one report. Never raises.

        Returns:
            400, 403 or 413 for what is not signed by the provider, else 204: to say anything else would only make the
            provider send it again.
        """
        try:
            fields = genuine_fields(self.verifier, raw_body, signature, path_and_query)
        except RequestRefused as refusal:
            self.log.refusal(refusal.code)
            return refusal.status
        except Exception as error:  # noqa: BLE001 - see Returns
            self.log.trouble("status_failed", error=error)
            return 204
        try:
            self.story.note(handle_status(fields, self.clock(), answered_message(path_and_query)))
        except RequestRefused as refusal:
            self.log.refusal(refusal.code)
        except Exception as error:  # noqa: BLE001 - see Returns
            self.log.trouble("status_failed", error=error)
        return 204


def status_blueprint(webhook: StatusWebhook) -> Blueprint:
    """Give the route."""
    blueprint = Blueprint("sms_status", __name__)

    @blueprint.post(STATUS_PATH, strict_slashes=False, provide_automatic_options=False)
    def receive() -> Response:
        status = webhook.handle(*raw_request())
        return Response(b"", status, content_type=CONTENT_TYPE)

    return blueprint
