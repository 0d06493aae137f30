"""``expand``: the sentences that a reply's grammar file gives."""

from __future__ import annotations

from pathlib import Path

import click
from rich.text import Text

from sms_service.cli.options import book_folder_option
from sms_service.cli.printing import console, count_of
from sms_service.factory.releases import load_book


@click.command("expand")
@click.argument("reply")
@book_folder_option
def command(reply: str, directory: Path) -> None:
    """List the sentences that the grammar of REPLY (or harmless) gives, line by line."""
    loaded = load_book(directory)
    expansions = loaded.grammars.get(reply)
    if expansions is None:
        having = ", ".join(sorted(loaded.grammars)) or "no reply has one"
        raise click.ClickException(f"There is no grammar for '{reply}'. Grammars: {having}.")
    file = f"examples/{reply}.grammar"
    problems = [complaint for complaint in loaded.complaints if complaint.file == file]
    out = console()
    for expansion in expansions:
        shown = f"{len(expansion.sentences)} of {expansion.total:,}"
        out.print(Text.assemble((f"{file}:{expansion.line}", "bold"), f" {shown}: ", (expansion.pattern, "dim")))
        for sentence in expansion.sentences:
            out.print(f"    {sentence}")
    for problem in problems:
        out.print(Text(f"{file}:{problem.line}: {problem.severity.value}: {problem.what} {problem.mend}", "red"))
    total = sum(len(expansion.sentences) for expansion in expansions)
    out.print(f"{count_of(total, 'sentence')} from {count_of(len(expansions), 'line')}.")
