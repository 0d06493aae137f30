"""Numbers of drafts and releases, as they come in addresses and forms: what SQL cannot hold names nothing."""

from __future__ import annotations

import re
from typing import Final

from werkzeug.routing import IntegerConverter

_LONGEST: Final = r"[0-9]{1,9}"
"""Plain digits within PostgreSQL's integer: int() takes those of every script, and SQLite fails above 64 bits."""
_NUMBER: Final = re.compile(_LONGEST)


class RowNumberConverter(IntegerConverter):
    """What ``<int:...>`` takes in the address of a page; anything else is not found."""

    regex = _LONGEST


def row_number(text: str) -> int | None:
    """Read the number of a draft or release; None for anything else."""
    return int(text) if _NUMBER.fullmatch(text) else None
