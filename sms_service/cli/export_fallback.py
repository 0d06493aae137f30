"""``export-fallback``: what the provider keeps for the day our host is dead."""

from __future__ import annotations

import os
from pathlib import Path

import click

from sms_service.core.errors import LineError
from sms_service.factory.doctor import export_fallback
from sms_service.factory.environment import settings_from
from sms_service.factory.monitoring import line_that_follows


@click.command("export-fallback")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=Path("fallback"))
def command(folder: Path) -> None:
    """Write the static answers for texts and calls, and the opt-out wording, from the live release into FOLDER.

    Put each .xml into a TwiML Bin and set its address as the number's fallback; `doctor` compares them afterwards.
    """
    try:
        files = export_fallback(line_that_follows(settings_from(os.environ)))
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "sms-fallback.xml").write_bytes(files.sms)
        (folder / "voice-fallback.xml").write_bytes(files.voice)
        wording = "\n\n".join(f"{word}\n{text}" for word, text in files.opt_out_texts.items())
        (folder / "advanced-opt-out.txt").write_text(wording + "\n", encoding="utf-8")
    except LineError as error:
        raise click.ClickException(error.sentence) from None
    except OSError as error:
        raise click.ClickException(f"{folder} cannot be written ({error.strerror}).") from None
    click.echo(f"Written into {folder}: sms-fallback.xml, voice-fallback.xml, advanced-opt-out.txt")
