"""``segments``: what a text costs, and which characters make it dear."""

from __future__ import annotations

import sys

import click
from rich.text import Text

from sms_service.cli.printing import console, count_of
from sms_service.core.gsm7_twins import tidy_for_gsm7
from sms_service.core.segments import Encoding, count_segments, split_segments


@click.command("segments")
@click.argument("text")
def command(text: str) -> None:
    """Count the segments of TEXT as the provider bills it. TEXT may be - to read standard input."""
    if text == "-":
        text = sys.stdin.read().removesuffix("\n")
    count = count_segments(text)
    unit = "septet" if count.encoding is Encoding.GSM_7 else "code unit"
    out = console()
    out.print(
        f"{count.encoding.value}: {count_of(count.segments, 'segment')}, {count_of(count.length_units, unit)}, "
        f"{count.units_left} left in the last segment."
    )
    if count.segments > 1:
        for number, piece in enumerate(split_segments(text), start=1):
            out.print(Text.assemble((f"{number} ", "bold"), piece.replace("\n", " / ")))
    tidied = tidy_for_gsm7(text)
    for change in tidied.changes:
        instead = "has no cheaper twin" if change.twin is None else f"write {change.twin!r} instead"
        out.print(f"Character {change.position + 1}: {change.character!a} ({change.name}) {instead}.")
    if tidied.changes and tidied.fits_gsm7:
        cheaper = count_segments(tidied.text)
        out.print(f"With these changes: {cheaper.encoding.value}, {count_of(cheaper.segments, 'segment')}.")
