"""``export``: the files of a release, byte for byte, into a folder."""

from __future__ import annotations

import os
from pathlib import Path

import click

from sms_service.cli.printing import count_of
from sms_service.core.errors import LineError
from sms_service.factory.environment import settings_from
from sms_service.factory.publishing import open_book_room, program
from sms_service.service.messaging import utc_now


@click.command("export")
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False))
@click.option("--release", "number", type=click.IntRange(0), help="Not the live one but this; 0: of the deploy.")
def command(directory: Path, number: int | None) -> None:
    """Write the files of the live release into DIRECTORY, which must be new or empty."""
    try:
        with open_book_room(settings_from(os.environ)) as publishing:
            number = publishing.releases.live().number if number is None else number
            files = publishing.releases.files(number)
            if directory.exists() and any(directory.iterdir()):
                raise click.ClickException(f"{directory} is not empty. Name a new folder, so that nothing gets mixed.")
            for path, text in files.items():
                target = directory / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(text.encode())
            publishing.history.note(program("export"), "exported", f"release {number}", utc_now().date().isoformat())
    except LineError as error:
        raise click.ClickException(error.sentence) from None
    except OSError as error:
        raise click.ClickException(f"{directory} cannot be written ({error.strerror}).") from None
    click.echo(f"Wrote {count_of(len(files), 'file')} of release {number} to {directory}.")
