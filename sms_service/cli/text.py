"""``text``: text a running line as the provider does, signed with its own SDK."""

from __future__ import annotations

import os
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import click

from sms_service.core.errors import SettingsError
from sms_service.factory.environment import settings_from
from sms_service.webhooks.request_verification import SIGNATURE_HEADER
from sms_service.webhooks.signed_request import SAMPLE_LINE_NUMBER, message_fields, sign
from sms_service.webhooks.simulated_phone import SAMPLE_SENDER, texts_in
from sms_service.webhooks.sms import SMS_PATH

_WAIT_SECONDS = 15
"""As long as the provider waits."""


@click.command("text")
@click.argument("text")
@click.option("--port", type=click.IntRange(1, 65535), help="Where the line listens; PORT or 8000 unless given.")
@click.option("--from", "sender", default=SAMPLE_SENDER, show_default=True, help="Who seems to text.")
def command(text: str, sender: str, port: int | None) -> None:
    """Send TEXT to the line that runs on this machine, signed as the provider signs, and print what comes back."""
    try:
        settings = settings_from({**os.environ, **({"PORT": str(port)} if port else {})})
    except SettingsError as error:
        raise click.ClickException(error.sentence) from None
    account_sid = settings.twilio_account_sid or "AC" + 32 * "0"
    to = min(settings.line_numbers, default=SAMPLE_LINE_NUMBER)
    fields = message_fields(text, sender, account_sid, to=to)
    signed = sign(settings.public_url + SMS_PATH, fields, settings.auth_tokens[0])
    address = f"http://127.0.0.1:{settings.port}{SMS_PATH}"
    headers = {SIGNATURE_HEADER: signed.signature, "Content-Type": "application/x-www-form-urlencoded"}
    request = Request(address, signed.raw_body, headers)
    try:
        with urlopen(request, timeout=_WAIT_SECONDS) as answer:  # noqa: S310 - same
            texts = texts_in(answer.read())
    except HTTPError as error:
        raise click.ClickException(f"The line refused it with status {error.code}.") from None
    except (OSError, HTTPException):
        raise click.ClickException(f"Nothing answers at {address}. Start the line with ./run first.") from None
    click.echo("\n---\n".join(texts) if texts else "(no answer, on purpose)")
