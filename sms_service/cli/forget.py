"""``forget NUMBER``: erase a person."""

from __future__ import annotations

import click

from sms_service.cli.person import actor_option, number_argument, retention


@click.command("forget")
@number_argument
@actor_option
@click.option("--message-ids", is_flag=True, help="List the ids of their messages, to erase them at the provider too.")
def command(number: str, actor: str, *, message_ids: bool) -> None:
    """Unlink everything stored about NUMBER, under every key that is still live.

    Leave NUMBER out and you are asked for it: the history of the shell keeps what is typed on the command line.
    """
    with retention() as service:
        forgotten = service.forget(number, actor)
    click.echo(f"{forgotten.erased.rows} rows unlinked.")
    if forgotten.erased.held_rows:
        held = forgotten.erased.held_rows
        click.echo(f"{held} rows stay because of a safeguarding hold. They are unlinked when it is released.")
    if message_ids:
        for message_id in forgotten.message_ids:
            click.echo(message_id)
