"""Moments and days as people here read them."""

from __future__ import annotations

import datetime as dt

from sms_service.core.opening_hours import UK


def moment(at: dt.datetime) -> str:
    """Write a moment as people here read it: '9 March 2026 at 2:05pm'."""
    local = at.astimezone(UK)
    hour = local.hour % 12 or 12
    return f"{day(at)} at {hour}:{local.minute:02d}{'am' if local.hour < 12 else 'pm'}"  # noqa: PLR2004 - noon


def day(at: dt.datetime | dt.date) -> str:
    """Write a day as people here read it: '9 March 2026'."""
    local = at.astimezone(UK) if isinstance(at, dt.datetime) else at
    return f"{local.day} {local:%B %Y}"
