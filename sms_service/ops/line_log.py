"""One JSON line to standard output for everything that happens: for operators and their log host.

Nothing that somebody else wrote is put into a line, and JSON escapes whatever is not plain ASCII: a line cannot be
split or coloured from outside.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import sys
import traceback
from dataclasses import fields
from functools import lru_cache
from operator import attrgetter
from pathlib import Path
from typing import Any, Final, Protocol

import structlog

from sms_service.core.events import OWN_FIELDS, Event

_SHARED: Final = tuple(field.name for field in fields(Event) if field.name not in {*OWN_FIELDS, "kind", "count"})
_shared_values_of: Final = attrgetter(*_SHARED)
_encode: Final = json.JSONEncoder(sort_keys=True, default=str).encode
_DEEPEST_FRAMES: Final = 4


class LineStream(Protocol):
    """Where lines go: a text stream, or a :class:`~sms_service.ops.line_buffer.LineBuffer`."""

    def write(self, line: str, /) -> int:
        """Take a line."""
        ...

    def flush(self) -> None:
        """See that it is written."""
        ...


class StructuredLog:
    """The :class:`~sms_service.service.ports.LineLog` that writes JSON lines.

    Args:
        stream: Where to; standard output unless told otherwise. Each line is flushed.
    """

    def __init__(self, stream: LineStream | None = None) -> None:
        self._stream = stream or sys.stdout
        self._logger: Any = structlog.wrap_logger(
            structlog.WriteLogger(self._stream),  # type: ignore[arg-type]  # it only writes and flushes
            processors=[
                structlog.processors.add_log_level,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                lambda _logger, _level, facts: _encode(facts),
            ],
            wrapper_class=structlog.make_filtering_bound_logger("info"),
        ).bind()  # bound once: the logger would otherwise be put together anew for every line

    def event(self, event: Event) -> None:
        """Write what happened to a message; values that say nothing are left out.

        The same line as structlog's, put together here: through it, each answer would take a twentieth longer.
        """
        own: dict[str, object] = {"event": event.kind.value, "event_id": event.event_id}
        if event.message_id:
            own["message_id"] = event.message_id
        if event.pseudonym:
            own["pseudonym"] = event.pseudonym
        if event.score is not None:
            own["score"] = event.score
        if event.latency_ms is not None:
            own["latency_ms"] = event.latency_ms
        now = dt.datetime.now(dt.UTC).replace(tzinfo=None).isoformat()
        own |= {"at": event.at.isoformat(), "level": "info", "timestamp": f"{now}Z"}
        with _unharmed():
            self._stream.write(f"{_encode(own)[:-1]}{_shared(_shared_values_of(event))}\n")
            self._stream.flush()

    def trouble(self, code: str, *, error: BaseException | None = None, message_id: str | None = None) -> None:
        """Write what went wrong: the kind of the exception and its last frames, never its words."""
        facts: dict[str, object] = {} if message_id is None else {"message_id": message_id}
        if error is not None:
            frames = traceback.extract_tb(error.__traceback__)[-_DEEPEST_FRAMES:]
            facts["error"] = type(error).__name__
            facts["where"] = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
        with _unharmed():
            self._logger.error(code, **facts)

    def refusal(self, code: str) -> None:
        """Write that a request was refused."""
        with _unharmed():
            self._logger.warning("refusal", refusal=code)


def _unharmed() -> contextlib.suppress:
    """Keep a closed pipe or a full disk behind standard output from reaching the young person."""
    return contextlib.suppress(Exception)


@lru_cache(maxsize=2048)
def _shared(values: tuple[object, ...]) -> str:
    """Give the rest of an event's line: what it has in common with many others."""
    told = {name: value for name, value in zip(_SHARED, values, strict=True) if value or _is_zero(value)}
    return f", {_encode(told)[1:]}" if told else "}"


def _is_zero(value: object) -> bool:
    return value is not None and value is not False and value != ()
