"""``import``: a folder of files becomes a draft, which goes through review like any other."""

from __future__ import annotations

import os
from pathlib import Path

import click

from sms_service.core.errors import LineError
from sms_service.factory.environment import settings_from
from sms_service.factory.publishing import files_of, open_book_room, program


@click.command("import")
@click.argument("directory", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--title", default="Imported files", help="What the draft is called.")
@click.option("--publish", is_flag=True, help="Put it live without a second person. Development only.")
def command(directory: Path, title: str, *, publish: bool) -> None:
    """Make a draft of the files in DIRECTORY. Somebody else then has to approve it on the staff pages."""
    try:
        settings = settings_from(os.environ)
        if publish and settings.in_production:
            raise click.UsageError("--publish is for development: in production a second person has to approve.")
        with open_book_room(settings) as publishing:
            person = program("import")
            draft = publishing.drafts.take_in(person, title, files_of(directory))
            changed = publishing.drafts.changed_files(draft)
            click.echo(f"Draft {draft.draft_id}: {len(changed)} files differ from what is live.")
            if publish and changed:
                release = publishing.releases.publish_alone(person, draft.draft_id, title)
                click.echo(f"Release {release.number} is live.")
    except LineError as error:
        raise click.ClickException(error.sentence) from None
