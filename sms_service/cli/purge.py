"""``purge``: delete what has been kept for long enough."""

from __future__ import annotations

import click

from sms_service.cli.person import actor_option, retention


@click.command("purge")
@actor_option
def command(actor: str) -> None:
    """Delete every row that has outlived its days (see data-register); rows under a hold stay.

    Run it daily, and after every restore of a backup: erasures are said again first. Stopped half-way it goes on next
    time.
    """
    with retention() as service:
        purged = service.purge(actor)
    for name, count in purged.deleted.items():
        click.echo(f"{name}: {count} deleted")
    click.echo(f"{purged.unlinked} rows unlinked because of earlier erasures")
