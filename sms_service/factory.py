"""The composition root: the one place that knows which adapters stand behind which door."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from sms_service.storage import bank_holidays, response_files
from sms_service.storage.response_files import LoadedBook

__all__ = ["LoadedBook", "load_bank_holidays", "load_book"]


def load_book(directory: Path) -> LoadedBook:
    """Load the reply book from a folder of files, with every complaint about them. Nothing in a file raises."""
    return response_files.load_book(directory)


def load_bank_holidays() -> frozenset[dt.date]:
    """Give the days on which offices in England and Wales are shut."""
    return bank_holidays.load_bank_holidays()
