"""``schema``: the JSON Schemas of the reply book's files, for editors."""

from __future__ import annotations

from pathlib import Path

import click

from sms_service.cli.printing import console
from sms_service.core.schemas import SCHEMA_NAMES, schema_file_name, schema_text


@click.command("schema")
@click.argument("name", type=click.Choice(SCHEMA_NAMES), default="reply")
@click.option("--write", "folder", type=click.Path(path_type=Path, file_okay=False), help="Write all of them there.")
def command(name: str, folder: Path | None) -> None:
    """Print the JSON Schema of a kind of file (reply unless said), or write all of them to a folder."""
    if folder is None:
        click.echo(schema_text(name), nl=False)
        return
    folder.mkdir(parents=True, exist_ok=True)
    for each in SCHEMA_NAMES:
        path = folder / schema_file_name(each)
        path.write_text(schema_text(each), encoding="utf-8")
        console().print(f"Wrote {path}")
