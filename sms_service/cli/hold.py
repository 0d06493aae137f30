"""``hold NUMBER``: keep a person's rows for a safeguarding case."""

from __future__ import annotations

import click

from sms_service.cli.person import actor_option, number_argument, retention


@click.command("hold")
@number_argument
@actor_option
@click.option("--release", is_flag=True, help="End the hold; what it stopped is done at once.")
def command(number: str, actor: str, *, release: bool) -> None:
    """Keep the rows of NUMBER from deletion and erasure until the hold is released.

    Both are written to the history. After a new pseudonym key place the hold again: it knows a person only under
    the keys of its day.
    """
    with retention() as service:
        if not release:
            click.echo(f"Hold {service.hold(number, actor)} is placed.")
            return
        hold_id = service.release(number, actor)
    click.echo("There is no hold on this number." if hold_id is None else f"Hold {hold_id} is released.")
