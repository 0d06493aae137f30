"""``ring``: ring a running line as the provider does, and print what a caller hears."""

from __future__ import annotations

import os
import sys
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import click

from sms_service.core.errors import SettingsError
from sms_service.factory.environment import settings_from
from sms_service.service.trying_calls import CallAnswer
from sms_service.webhooks.request_verification import SIGNATURE_HEADER
from sms_service.webhooks.signed_request import SAMPLE_LINE_NUMBER, SignedRequest
from sms_service.webhooks.simulated_call import SimulatedCall
from sms_service.webhooks.simulated_phone import SAMPLE_SENDER

_WAIT_SECONDS = 15
"""As long as the provider waits."""


@click.command("ring")
@click.argument("done", nargs=-1)
@click.option("--port", type=click.IntRange(1, 65535), help="Where the line listens; PORT or 8000 unless given.")
@click.option("--from", "caller", default=SAMPLE_SENDER, show_default=True, help="Who seems to ring; '' shows nothing.")
def command(done: tuple[str, ...], caller: str, port: int | None) -> None:
    """Ring the line that runs on this machine and do what DONE says, one thing after the other.

    A single key (0 to 9, * or #) is pressed, anything else is said, '' is silence. While another phone rings for the
    caller, '+' lets somebody answer it and anything else nobody. Without DONE each is asked for.
    """
    try:
        settings = settings_from({**os.environ, **({"PORT": str(port)} if port else {})})
    except SettingsError as error:
        raise click.ClickException(error.sentence) from None
    call = SimulatedCall(
        lambda request: _send(request, settings.port),
        public_url=settings.public_url,
        token=settings.auth_tokens[0],
        account_sid=settings.twilio_account_sid or "AC" + 32 * "0",
        caller=caller,
        to=min(settings.line_numbers, default=SAMPLE_LINE_NUMBER),
    )
    answer = _print(call.ring())
    asked = not done and sys.stdin.isatty()
    waiting = list(done)
    while not answer.ends and (waiting or asked):
        said = waiting.pop(0) if waiting else click.prompt(">", default="", show_default=False, prompt_suffix=" ")
        if not asked:
            click.echo(f"> {said or '(nothing)'}")
        answer = _print(call.do(said))
    if not answer.ends:
        call.hang_up()
        click.echo("(you hang up)")


def _send(request: SignedRequest, port: int) -> bytes:
    signed = urlsplit(request.url)
    address = f"http://127.0.0.1:{port}{signed.path}" + (f"?{signed.query}" if signed.query else "")
    headers = {SIGNATURE_HEADER: request.signature, "Content-Type": "application/x-www-form-urlencoded"}
    try:
        with urlopen(Request(address, request.raw_body, headers), timeout=_WAIT_SECONDS) as answer:
            return bytes(answer.read())
    except HTTPError as error:
        raise click.ClickException(f"The line refused it with status {error.code}.") from None
    except (OSError, HTTPException):
        raise click.ClickException(f"Nothing answers on port {port}. Start the line with ./run first.") from None


def _print(answer: CallAnswer) -> CallAnswer:
    for words in answer.spoken:
        click.echo(f"  {words}")
    if answer.rings is not None:
        click.echo(f"  (rings {answer.rings}; + if somebody answers)")
    elif answer.ends:
        click.echo("  (the line hangs up)")
    return answer
