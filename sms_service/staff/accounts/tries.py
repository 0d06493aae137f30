"""Every try at a proof of who somebody is: counted before it is looked at, written into the log when it fails.

The log says that a try failed and when, never whose it was or what was typed (OWASP ASVS 5.0, 16.3.1 and 16.3.2).
"""

from __future__ import annotations

from typing import Final

from flask import Flask, Response, request, session

from sms_service.service.access import person_or_none
from sms_service.service.accounts.throttle import Throttle, TooManyTries
from sms_service.service.ports import LineLog
from sms_service.staff.kit.error_pages import error_page

_PASSWORD: Final = "security.login"  # noqa: S105 - an endpoint
_SECOND: Final = {"security.two_factor_token_validation", "security.mf_recovery"}
_AGAIN: Final = {"security.verify", "passkeys.prove_again", "own_account.password", "own_account.authenticator"}
_NAMELESS: Final = {"join.show", "passkeys.log_in"}
_SHOW_THE_FORM_AGAIN: Final = {_PASSWORD, *_SECOND, *_AGAIN}
"""Where a try that fails is answered with the page it came from."""

_OK, _FORBIDDEN = 200, 403


def watch_tries(app: Flask, throttle: Throttle, log: LineLog) -> None:
    """Count tries on an app with accounts, slow them down, and log those that fail."""

    def too_many(_error: TooManyTries) -> Response:
        log.refusal("too_many_tries")
        response = error_page(429)
        response.headers["Retry-After"] = "900"
        return response

    def note_failure(response: Response) -> Response:
        if response.status_code == _FORBIDDEN:
            log.refusal("page_refused")
        elif request.method == "POST" and request.endpoint in _SHOW_THE_FORM_AGAIN and response.status_code == _OK:
            log.refusal("proof_refused")
        return response

    app.before_request(lambda: _count(throttle))
    app.after_request(note_failure)
    app.register_error_handler(TooManyTries, too_many)


def _count(throttle: Throttle) -> None:
    address = request.remote_addr or ""
    if request.endpoint == "sign_on.callback":
        throttle.nameless(address)
    if request.method != "POST":
        return
    if request.endpoint == _PASSWORD:
        throttle.log_in(request.form.get("email", "").strip()[:254], address)
    elif request.endpoint in _SECOND:
        throttle.second_proof(str(session.get("tf_user_id", "")), address)
    elif request.endpoint in _AGAIN:
        person = person_or_none()
        throttle.second_proof(person.person_id if person else "", address)
    elif request.endpoint in _NAMELESS:
        throttle.nameless(address)
