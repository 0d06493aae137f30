"""How commands print: colour and width on a terminal, plain lines when piped."""

from __future__ import annotations

from rich.console import Console


def console() -> Console:
    """Give a console on standard output. Nothing is wrapped or coloured by guess: lines stay greppable."""
    return Console(highlight=False, soft_wrap=True, markup=False, emoji=False)


def count_of(number: int, thing: str) -> str:
    """Say a number of things: ``1 error``, ``2 replies``."""
    if number == 1:
        return f"1 {thing}"
    plural = f"{thing[:-1]}ies" if thing.endswith("y") else f"{thing}s"
    return f"{number:,} {plural}"
