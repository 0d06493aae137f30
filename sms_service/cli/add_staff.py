"""``add-staff NAME EMAIL --role ROLE``: an account for somebody, and the link by which they join."""

from __future__ import annotations

import getpass
import os

import click

from sms_service.core.errors import LineError
from sms_service.core.people import Role
from sms_service.factory.accounts import add_staff
from sms_service.factory.environment import settings_from


@click.command("add-staff")
@click.argument("name")
@click.argument("email")
@click.option(
    "--role",
    "roles",
    type=click.Choice([role.value for role in Role]),
    multiple=True,
    required=True,
    help="One or more.",
)
def command(name: str, email: str, roles: tuple[str, ...]) -> None:
    """Make an account for NAME, who logs in with EMAIL, and print the link to hand over. It works once, for 7 days."""
    try:
        chosen = frozenset(Role(role) for role in roles)
        link = add_staff(settings_from(os.environ), name, email, chosen, f"add-staff by {getpass.getuser()}")
    except LineError as error:
        raise click.ClickException(error.sentence) from None
    click.echo(f"Hand this over to {name} and to nobody else. It works once, for 7 days:\n  {link}")
