"""Options and arguments that several commands share."""

from __future__ import annotations

from pathlib import Path

import click

book_folder = click.argument(
    "directory",
    type=click.Path(path_type=Path),
    envvar="RESPONSES_DIR",
    default=Path("responses"),
)
"""The folder of a reply book: as given, else RESPONSES_DIR, else ``responses``."""

book_folder_option = click.option(
    "--book",
    "directory",
    type=click.Path(path_type=Path),
    envvar="RESPONSES_DIR",
    default=Path("responses"),
    show_default=True,
    help="Folder of the reply book.",
)
"""The same, for a command whose argument is something else."""
