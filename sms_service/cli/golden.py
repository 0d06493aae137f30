"""``golden``: which golden texts would now get another reply."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from sms_service.cli.options import book_folder_option
from sms_service.cli.printing import console, count_of
from sms_service.factory.environment import settings_for_tools
from sms_service.factory.releases import asker_from_files
from sms_service.service.messaging import utc_now


@click.command("golden")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@book_folder_option
def command(file: Path | None, directory: Path) -> None:
    """List golden texts whose reply has changed; exit 1 when one about danger is among them.

    They are those of the book (golden.yaml in its folder), or those of FILE.
    """
    file = file or directory / "golden.yaml"
    if not file.is_file():
        raise click.ClickException(f'There is no {file}. Write - {{text: "...", reply: ...}} lines into it.')
    asker = asker_from_files(settings_for_tools(os.environ, directory))
    if asker is None:
        raise click.ClickException(f"There is no usable reply book in {directory}. Run `check` to see why.")
    rows = _read(file)
    changed = [
        (text, reply, got) for text, reply in rows if (got := asker.ask(text, utc_now()).decision.reply) != reply
    ]
    lost = [row for row in changed if asker.release.book.is_danger(row[1])]
    out = console()
    for text, reply, got in changed:
        mark = "LOST DANGER TEXT: " if (text, reply, got) in lost else ""
        out.print(f"{mark}{text!r} got {reply}, now gets {got}", markup=False, highlight=False)
    out.print(f"{count_of(len(rows), 'golden text')}, {len(changed)} changed, {len(lost)} of them about danger.")
    sys.exit(1 if lost else 0)


def _read(file: Path) -> list[tuple[str, str]]:
    try:
        rows = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
        return [(str(row["text"]), str(row["reply"])) for row in rows if "reply" in row]
    except (YAMLError, TypeError, KeyError) as error:
        raise click.ClickException(
            f'{file}: not a list of golden texts ({error}). Write - {{text: "...", reply: ...}}.'
        ) from error
