"""Long time-outs, for tests of what stores do when they can: a busy machine must not turn them into tests of time-outs.

What stores do in time, and after it, is looked at in ``tests/faults``, with the time-outs of the service.
"""

from __future__ import annotations

from typing import Final

import pytest

from sms_service.storage.redis_connection import _QUICK

PATIENCE_SECONDS: Final = 20.0
_STORAGE: Final = "sms_service.storage"
_TIME_OUTS: Final = (
    *(f"{_STORAGE}.hot_state_redis.TIMEOUT_SECONDS", f"{_STORAGE}.redis_connection.TIMEOUT_SECONDS"),
    *(f"{_STORAGE}.redis_link.TIMEOUT_SECONDS", f"{_STORAGE}.redis_link.CONNECT_WAIT_SECONDS"),
    *(f"{_STORAGE}.redis_health._CHECK_SECONDS", f"{_STORAGE}.hot_state_sqlite.TURN_SECONDS"),
    *(f"{_STORAGE}.hot_state_file._OPENING_SECONDS", f"{_STORAGE}.patient_sqlite.BUSY_SECONDS"),
)


def be_patient(patch: pytest.MonkeyPatch | None = None) -> None:
    """Give every question to the hot state so long, in this process; until ``patch`` is undone."""
    patch = patch or pytest.MonkeyPatch()
    for name in _TIME_OUTS:
        patch.setattr(name, PATIENCE_SECONDS)
    for name in ("socket_timeout", "socket_connect_timeout"):
        patch.setitem(_QUICK, name, PATIENCE_SECONDS)
