"""``export-person NUMBER``: everything stored about a person, for a request for access."""

from __future__ import annotations

import dataclasses
import json

import click

from sms_service.cli.person import actor_option, number_argument, retention


@click.command("export-person")
@number_argument
@actor_option
def command(number: str, actor: str) -> None:
    """Print every row about NUMBER as JSON.

    The right of access is the young person's own, not their parents': ask the safeguarding lead before you hand it to
    anybody. That you looked is in the history.
    """
    with retention() as service:
        rows = service.everything_about(number, actor)
    told = [{name: value for name, value in dataclasses.asdict(row).items() if value not in (None, ())} for row in rows]
    click.echo(json.dumps(told, indent=2, default=str))
