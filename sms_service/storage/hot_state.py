"""Chooses where the hot state is kept."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sms_service.storage import hot_state_rows as rows
from sms_service.storage.redis_address import read_redis_url

if TYPE_CHECKING:
    from sms_service.storage.hot_state_redis import RedisHotState
    from sms_service.storage.hot_state_sqlite import SqliteHotState


def file_name() -> str:
    """Give the name of the file. It carries the format: programs of two formats overlap in a deploy, a file each."""
    return f"hot_state.{rows.FORMAT}.sqlite3"


def make_hot_state(
    redis_url: str | None, var_dir: Path, clock: Callable[[], float] = time.monotonic
) -> RedisHotState | SqliteHotState:
    """Give the hot state: in Redis where a REDIS_URL is set, otherwise in a file. Nothing is opened before first use.

    Args:
        redis_url: See :mod:`.redis_address` for its forms; empty counts as not set.
        var_dir: Folder for the file, on a disk of this host.
        clock: Seconds that never run backwards.

    Raises:
        SettingsError: REDIS_URL has another form.
    """
    if redis_url:
        from sms_service.storage.hot_state_redis import RedisHotState

        return RedisHotState(read_redis_url(redis_url), clock=clock)
    # The usual one, and redis-py is slow to load.
    from sms_service.storage.hot_state_sqlite import SqliteHotState

    return SqliteHotState(var_dir / file_name(), clock=clock)
