"""``releases``: what was live when, and who answered for it."""

from __future__ import annotations

import os

import click

from sms_service.core.errors import LineError
from sms_service.factory.environment import settings_from
from sms_service.factory.publishing import open_book_room


@click.command("releases")
@click.option("--most", type=click.IntRange(1, 1000), default=20, show_default=True, help="How many, newest first.")
def command(most: int) -> None:
    """List the releases of the reply book, newest first."""
    try:
        with open_book_room(settings_from(os.environ)) as publishing:
            found = publishing.releases.list(most=most)
    except LineError as error:
        raise click.ClickException(error.sentence) from None
    if not found:
        click.echo("Nothing has been published yet: the files of the deploy are live.")
    for one in found:
        approver = f"approved by {one.approver.name}" if one.approver else "approved by nobody"
        when = one.created_at.strftime("%Y-%m-%d %H:%M")
        click.echo(f"{one.number:>5}  {when}  {one.kind.value:<10}  {one.publisher.name}, {approver}: {one.note}")
