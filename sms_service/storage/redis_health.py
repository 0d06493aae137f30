"""Says in a sentence for operators what is wrong with Redis. Nothing of REDIS_URL or of what Redis wrote is in it."""

from __future__ import annotations

import time
from typing import Final

import redis
from redis import exceptions
from redis.sentinel import MasterNotFoundError

from sms_service.storage.circuit_breaker import CircuitOpen
from sms_service.storage.redis_connection import NotRedis
from sms_service.storage.redis_link import CannotConnect, RedisLink

_CHECK_SECONDS: Final = 0.5
_CHECK_KEY_SECONDS: Final = 60

_SENTENCES: Final[tuple[tuple[type[BaseException], str], ...]] = (
    (
        exceptions.AuthenticationError,
        "Redis refuses our name or password: compare REDIS_URL with Redis's own settings.",
    ),
    (
        exceptions.NoPermissionError,
        "Redis does not permit our user what we need: EVALSHA, EVAL, SET, GETRANGE, Z*, DEL.",
    ),
    (exceptions.OutOfMemoryError, "Redis is full and takes nothing more: raise its maxmemory."),
    (exceptions.ReadOnlyError, "Redis is a read-only replica: REDIS_URL must lead to the master."),
    (exceptions.BusyLoadingError, "Redis is still loading its data after a start."),
    (MasterNotFoundError, "No Sentinel knows a working Redis master of the name in REDIS_URL."),
    (NotRedis, "What answers at the address in REDIS_URL is not Redis."),
    (exceptions.InvalidResponse, "What answers at the address in REDIS_URL is not Redis."),
    (redis.TimeoutError, "Redis does not answer in time; it is asked again every two seconds."),
    (TimeoutError, "Redis does not answer in time; it is asked again every two seconds."),
    (redis.ConnectionError, "Redis cannot be reached: is it running, and is the address in REDIS_URL right?"),
    (OSError, "Redis cannot be reached: is it running, and is the address in REDIS_URL right?"),
    (exceptions.ResponseError, "Redis refuses our commands."),
)


def describe_failure(error: BaseException) -> str:
    """Give the sentence for what asking Redis raised."""
    if isinstance(error, CircuitOpen):
        return error.sentence
    if isinstance(error, CannotConnect):
        error = error.reason
    for kind, sentence in _SENTENCES:
        if isinstance(error, kind):
            return sentence
    return "What answers at the address in REDIS_URL is not Redis."


def find_trouble(link: RedisLink, key: str) -> str | None:
    """Write and read a little; give None when all is well.

    Args:
        link: How to ask.
        key: May be written.

    Raises:
        redis.RedisError: Redis cannot do what the line needs; see :func:`describe_failure`.
    """
    deadline = time.monotonic() + _CHECK_SECONDS
    if link.call("SET", key, "1", "EX", _CHECK_KEY_SECONDS, deadline=deadline) != b"OK":
        raise NotRedis("not OK")
    notes = [note for note in (_note_on_disk(link, deadline), _note_on_eviction(link, deadline)) if note is not None]
    return " ".join(notes) or None


def _note_on_disk(link: RedisLink, deadline: float) -> str | None:
    on_disk = [_setting(link, name, deadline) for name in ("appendonly", "save")]
    if on_disk == ["no", ""]:
        return "Redis keeps nothing on disk: when it restarts, repeats are answered anew (mend: appendonly yes)."
    return None


def _note_on_eviction(link: RedisLink, deadline: float) -> str | None:
    policy = _setting(link, "maxmemory-policy", deadline)
    if policy not in {None, "noeviction"} and _setting(link, "maxmemory", deadline) != "0":
        return "Redis throws keys away when it is full (maxmemory-policy): give the line a Redis that does not."
    return None


def _setting(link: RedisLink, name: str, deadline: float) -> str | None:
    """Give one of Redis's settings, or None where we may not ask (most hosted ones)."""
    try:
        answer = link.call("CONFIG", "GET", name, deadline=deadline)
    except redis.ResponseError:
        return None
    return answer[1].decode("utf-8", "replace") if isinstance(answer, list) and len(answer) == 2 else None  # noqa: PLR2004 - name and value
