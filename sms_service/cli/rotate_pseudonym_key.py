"""``rotate-pseudonym-key``: a new key for pseudonyms."""

from __future__ import annotations

import datetime as dt
import os
import secrets
import string

import click

from sms_service.core.data_register import MESSAGE_DAYS
from sms_service.core.errors import SettingsError
from sms_service.factory.environment import settings_from

_KEY_BYTES = 32


@click.command("rotate-pseudonym-key")
def command() -> None:
    """Make a new pseudonym key and say how to bring it in. Once a year; this command itself changes nothing."""
    try:
        live = [key.key_id for key in settings_from(os.environ).pseudonym_keys]
    except SettingsError as error:
        raise click.ClickException(error.sentence) from None
    today = dt.datetime.now(dt.UTC).date()
    click.echo(f"{_free_id(today, live)}:{secrets.token_hex(_KEY_BYTES)}")
    steps = (
        f"Put this line in front of PSEUDONYM_KEYS, with a comma; keep the others behind it ({', '.join(live)}).",
        "Restart the line. New rows are made with the new key; forget, hold and export-person look under all of them.",
        "Place every safeguarding hold again (hold): the new rows of a held person are not held yet.",
        f"From {today + dt.timedelta(days=MESSAGE_DAYS + 1)} on, drop the old keys, unless a hold still needs one. "
        "Without its key nobody can ever connect an old row with a number again.",
    )
    for number, step in enumerate(steps, start=1):
        click.echo(f"{number}. {step}", err=True)


def _free_id(today: dt.date, taken: list[str]) -> str:
    base = f"k{today:%Y%m%d}"
    names = [base, *(f"{base}{letter}" for letter in string.ascii_lowercase)]
    return next(name for name in names if name not in taken)
