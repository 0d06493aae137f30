"""Days on which offices are shut in England and Wales, from the list that GOV.UK publishes.

The list comes with the ``govuk-bank-holidays`` package (each release reaches some two years ahead) and is read from its
data file. The package's own class would do the same, but loads an HTTP client of 0.1 s that is not wanted here.
"""

from __future__ import annotations

import datetime as dt
import json
from importlib import resources
from typing import Final

import govuk_bank_holidays

_DIVISION: Final = "england-and-wales"


def load_bank_holidays() -> frozenset[dt.date]:
    """Give every known bank holiday of England and Wales, past and coming.

    Raises:
        OSError, ValueError, KeyError: When the package lacks its data file or its form has changed.
    """
    source = resources.files(govuk_bank_holidays).joinpath("bank-holidays.json")
    divisions = json.loads(source.read_text(encoding="utf-8"))
    return frozenset(dt.date.fromisoformat(event["date"]) for event in divisions[_DIVISION]["events"])
