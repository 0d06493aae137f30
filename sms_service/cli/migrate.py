"""``migrate``: set the stores up and bring them to the shape this program needs."""

from __future__ import annotations

import os

import click

from sms_service.core.errors import LineError
from sms_service.factory.environment import settings_from
from sms_service.factory.stores import set_up_stores


@click.command("migrate")
@click.option("--make-missing", is_flag=True, help="Make a database file anew although there was one before.")
def command(*, make_missing: bool) -> None:
    """Make the outbox and the database where they are missing, and bring the database up to date.

    Run it before every start of a new version; running it again changes nothing.
    """
    try:
        done = set_up_stores(settings_from(os.environ), make_missing=make_missing)
    except LineError as error:
        raise click.ClickException(error.sentence) from None
    for path in done.made:
        click.echo(f"Made anew: {path}")
    click.echo(f"The database has shape {done.revision}.")
