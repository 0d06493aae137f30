"""``data-register``: the data-protection page."""

from __future__ import annotations

import click

from sms_service.core.data_register import as_markdown


@click.command("data-register")
def command() -> None:
    """Print what is stored, what for and for how long, as Markdown."""
    click.echo(as_markdown(), nl=False)
