"""An app in the manner of the provider's Flask tutorials: check the signature, compare the text, answer.

No de-duplication, no limits, no memory, no log, no understanding: a sixth of our work, in the way most people do it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import wraps

from flask import Flask, abort, request
from twilio.request_validator import RequestValidator
from twilio.twiml.messaging_response import MessagingResponse

app = Flask(__name__)


def validate_twilio_request(view: Callable[[], str]) -> Callable[[], str]:
    """Let only the provider in."""

    @wraps(view)
    def decorated() -> str:
        validator = RequestValidator(os.environ["TWILIO_AUTH_TOKEN"])
        if not validator.validate(request.url, request.form, request.headers.get("X-TWILIO-SIGNATURE", "")):
            abort(403)
        return view()

    return decorated


@app.post("/sms")
@validate_twilio_request
def sms() -> str:
    """Answer a message."""
    body = request.values.get("Body", "").strip().lower()
    answer = MessagingResponse()
    if body == "urgent":
        answer.message("In danger now: call 999.")
    elif body == "grooming":
        answer.message("Grooming is when somebody builds trust in order to harm.")
    elif body == "help":
        answer.message("Text URGENT, GROOMING, LIVE, MEET or TALK.")
    elif body == "live":
        answer.message("You can end any video call.")
    elif body == "meet":
        answer.message("Do not go alone.")
    elif body in ("talk", "about"):
        answer.message("You can talk to us.")
    else:
        answer.message("Sorry, we do not know that word. Text HELP for help.")
    return str(answer)
