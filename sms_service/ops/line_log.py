"""One JSON line to standard output for everything that happens: for operators and their log host.

Nothing that somebody else wrote is put into a line, and JSON escapes whatever is not plain ASCII: a line cannot be
split or coloured from outside.
"""

from __future__ import annotations

import contextlib
import json
import sys
import traceback
from dataclasses import fields
from operator import attrgetter
from pathlib import Path
from typing import Any, Final, TextIO

import structlog

from sms_service.core.events import Event

_EVENT_FIELDS: Final = tuple(field.name for field in fields(Event) if field.name not in {"at", "kind", "count"})
_values_of: Final = attrgetter(*_EVENT_FIELDS)
_encode: Final = json.JSONEncoder(sort_keys=True, default=str).encode
_DEEPEST_FRAMES: Final = 4


class StructuredLog:
    """The :class:`~sms_service.service.ports.LineLog` that writes JSON lines.

    Args:
        stream: Where to; standard output unless told otherwise.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        # Bound once: the logger would otherwise be put together anew for every line.
        self._logger: Any = structlog.wrap_logger(
            structlog.WriteLogger(stream or sys.stdout),
            processors=[
                structlog.processors.add_log_level,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                _as_json,
            ],
            wrapper_class=structlog.make_filtering_bound_logger("info"),
        ).bind()

    def event(self, event: Event) -> None:
        """Write what happened to a message; values that say nothing are left out."""
        told = {
            name: value
            for name, value in zip(_EVENT_FIELDS, _values_of(event), strict=True)
            if value is not None and value is not False and value != ()
        }
        self._write("info", event.kind.value, **told, at=event.at.isoformat())

    def trouble(self, code: str, *, error: BaseException | None = None, message_id: str | None = None) -> None:
        """Write what went wrong: the kind of the exception and its last frames, never its words."""
        facts: dict[str, object] = {} if message_id is None else {"message_id": message_id}
        if error is not None:
            frames = traceback.extract_tb(error.__traceback__)[-_DEEPEST_FRAMES:]
            facts["error"] = type(error).__name__
            facts["where"] = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
        self._write("error", code, **facts)

    def refusal(self, code: str) -> None:
        """Write that a request was refused."""
        self._write("warning", "refusal", refusal=code)

    def _write(self, level: str, what: str, **facts: object) -> None:
        # A closed pipe or a full disk behind standard output must not reach the young person.
        with contextlib.suppress(Exception):
            getattr(self._logger, level)(what, **facts)


def _as_json(_logger: object, _level: str, facts: structlog.typing.EventDict) -> str:
    return _encode(facts)
