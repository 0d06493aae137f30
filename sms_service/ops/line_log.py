"""One JSON line to standard output for everything that happens: for operators and their log host.

Nothing that somebody else wrote is put into a line, and JSON escapes whatever is not plain ASCII: a line cannot be
split or coloured from outside.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import sys
import threading
import traceback
from dataclasses import fields
from operator import attrgetter
from pathlib import Path
from typing import Final, Protocol

from sms_service.core.events import Event

_EVENT_FIELDS: Final = tuple(field.name for field in fields(Event) if field.name not in {"at", "kind", "count"})
_values_of: Final = attrgetter(*_EVENT_FIELDS)
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
        self._lock = threading.Lock()

    def event(self, event: Event) -> None:
        """Write what happened to a message; values that say nothing are left out."""
        told = {
            name: value
            for name, value in zip(_EVENT_FIELDS, _values_of(event), strict=True)
            if value or (value is not None and value is not False and value != ())
        }
        told["at"] = event.at.isoformat()
        self._write("info", event.kind.value, told)

    def trouble(self, code: str, *, error: BaseException | None = None, message_id: str | None = None) -> None:
        """Write what went wrong: the kind of the exception and its last frames, never its words."""
        facts: dict[str, object] = {} if message_id is None else {"message_id": message_id}
        if error is not None:
            frames = traceback.extract_tb(error.__traceback__)[-_DEEPEST_FRAMES:]
            facts["error"] = type(error).__name__
            facts["where"] = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
        self._write("error", code, facts)

    def refusal(self, code: str) -> None:
        """Write that a request was refused."""
        self._write("warning", "refusal", {"refusal": code})

    def _write(self, level: str, what: str, facts: dict[str, object]) -> None:
        # A closed pipe or a full disk behind standard output must not reach the young person.
        with contextlib.suppress(Exception):
            now = dt.datetime.now(dt.UTC).replace(tzinfo=None).isoformat()
            line = _encode({**facts, "event": what, "level": level, "timestamp": f"{now}Z"}) + "\n"
            with self._lock:
                self._stream.write(line)
                self._stream.flush()
