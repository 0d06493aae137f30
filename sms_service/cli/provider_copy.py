"""``provider-copy MESSAGE_ID``: the provider's copy of what came with a message, for the lead's decision."""

from __future__ import annotations

import os
import re

import click

from sms_service.cli.person import actor_option
from sms_service.core.errors import LineError
from sms_service.factory.calls import open_provider_copies
from sms_service.factory.environment import settings_from

_MESSAGE_ID = re.compile(r"(?:SM|MM)[0-9a-f]{32}")
_CASE = re.compile(r"[A-Za-z0-9][A-Za-z0-9/._-]{0,39}")


def _message_id(_ctx: click.Context, _param: click.Parameter, value: str) -> str:
    if not _MESSAGE_ID.fullmatch(value):
        raise click.BadParameter("It begins with SM or MM and has 32 characters 0-9 a-f after that.")
    return value


def _case_reference(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    if value is not None and not _CASE.fullmatch(value):
        raise click.BadParameter("A reference of letters and digits, such as LSCB-2026-114. No name, no number.")
    return value


@click.command("provider-copy")
@click.argument("message_id", callback=_message_id)
@click.option("--delete", is_flag=True, help="Delete them at the provider, for good.")
@click.option("--case", callback=_case_reference, help="Reference of the case in which this was decided.")
@click.option("--yes", is_flag=True, help="Delete without asking again.")
@actor_option
def command(message_id: str, actor: str, case: str | None, *, delete: bool, yes: bool) -> None:
    """Say how many pictures, videos or voice notes the provider keeps of MESSAGE_ID. None of them is fetched.

    They are left alone unless the safeguarding lead decides otherwise: see `data-register`, Pictures. With --delete and
    --case they are deleted at the provider, and the history says who decided so.
    """
    if delete and case is None:
        raise click.UsageError("Say in which case this was decided: --case REFERENCE.")
    try:
        with open_provider_copies(settings_from(os.environ)) as copies:
            count = copies.count(message_id)
            if not delete or case is None or not count:
                click.echo(f"The provider keeps {count or 'none'} of this message.{' Left alone.' if count else ''}")
                return
            if not yes:
                click.confirm(f"Delete all {count} at the provider, for good? They may be evidence.", abort=True)
            count = copies.delete(message_id, actor=actor, case=case)
    except LineError as error:
        raise click.ClickException(error.sentence) from None
    click.echo(f"{count} deleted at the provider.")
