"""What commands about one person share: their number, asked for rather than typed, and who gives the command."""

from __future__ import annotations

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager

import click
import phonenumbers

from sms_service.core.errors import LineError
from sms_service.factory.environment import settings_from
from sms_service.factory.stores import open_retention
from sms_service.service.retention import RetentionService

_HOME_REGION = "GB"


class Number(click.ParamType[str]):
    """A phone number as people write it; becomes what the provider writes (E.164). Names and short codes stay."""

    name = "number"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Read a number: ``07700 900123`` and ``whatsapp:+447700900123`` are the same person."""
        written = value.strip().rpartition(":")[2]
        try:
            parsed = phonenumbers.parse(written, _HOME_REGION)
        except phonenumbers.NumberParseException:
            if not written:
                self.fail("This is no number.", param, ctx)
            return "".join(written.split())
        if not phonenumbers.is_possible_number(parsed):
            return "".join(written.split())
        return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def _ask(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str:
    return value if value is not None else click.prompt("Number", type=Number())


number_argument = click.argument("number", type=Number(), required=False, callback=_ask)
"""The number; better left out on the command line, whose history is kept, and typed when asked for."""


def _login_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


actor_option = click.option("--by", "actor", default=_login_name, help="Who does this, for the history: you.")


@contextmanager
def retention() -> Iterator[RetentionService]:
    """Open the stories of deletion; what goes wrong in them ends the command with one sentence."""
    try:
        with open_retention(settings_from(os.environ)) as service:
            yield service
    except LineError as error:
        raise click.ClickException(error.sentence) from None
