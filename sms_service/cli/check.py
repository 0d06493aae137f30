"""``check``: every complaint about a reply book, by file and line."""

from __future__ import annotations

import datetime as dt
import sys
from itertools import groupby
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from sms_service.cli.options import book_folder
from sms_service.cli.printing import console, count_of
from sms_service.core.checks import Complaint, check_book, in_reading_order
from sms_service.core.loaded_book import LoadedBook
from sms_service.core.opening_hours import UK
from sms_service.factory.releases import load_book


@click.command("check")
@book_folder
def command(directory: Path) -> None:
    """Check the reply book in DIRECTORY and list everything that is wrong, with file, line and mend.

    Exits with 1 when there is an error; warnings alone leave it at 0.
    """
    loaded = load_book(directory)
    complaints = list(loaded.complaints)
    if loaded.book is not None:
        today = dt.datetime.now(UK).date()
        complaints += check_book(loaded.book, loaded.places, today=today, unread=loaded.unread)
    out = console()
    for file, of_file in groupby(in_reading_order(complaints), key=lambda complaint: complaint.file):
        _print_file(out, directory / file, list(of_file))
    errors = sum(complaint.is_error for complaint in complaints)
    out.print(_summary(loaded, errors, len(complaints) - errors))
    sys.exit(1 if errors else 0)


def _print_file(out: Console, file: Path, complaints: list[Complaint]) -> None:
    for complaint in complaints:
        where = f"{file}:{complaint.line}" if complaint.line is not None else f"{file}"
        style = "bold red" if complaint.is_error else "yellow"
        out.print(Text.assemble((where, "bold"), ": ", (complaint.severity.value, style), f": {complaint.what}"))
        out.print(Text(f"    {complaint.mend}", "dim"))
    out.print()


def _summary(loaded: LoadedBook, errors: int, warnings: int) -> Text:
    found = f"{count_of(errors, 'error')}, {count_of(warnings, 'warning')}"
    parts = []
    if loaded.book is not None:
        parts += [count_of(len(loaded.book.replies), "reply"), count_of(len(loaded.book.contacts), "contact")]
    parts.append(count_of(sum(map(len, loaded.examples.values())), "example sentence"))
    return Text(f"{found} in {', '.join(parts)}.", "bold red" if errors else "bold green")
