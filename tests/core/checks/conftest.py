"""Complaints about the small book after a change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from sms_service.core.checks import Severity, check_book
from sms_service.core.reply_book import ReplyBook

TODAY = dt.date(2026, 11, 22)

Said = tuple[Severity, str, str]
"""How bad, what, mend."""


@pytest.fixture
def complaints_of(make_book: Callable[[dict[str, object]], ReplyBook]) -> Callable[[dict[str, object]], list[Said]]:
    """Change the small book, check it, and give what is said."""

    def complaints(changes: dict[str, object]) -> list[Said]:
        return [(one.severity, one.what, one.mend) for one in check_book(make_book(changes), today=TODAY)]

    return complaints
