"""Steps of telephone calls: processor time beside a text with a keyword, and how long a caller waits over HTTP.

Every step belongs to a call of its own, so none is a repeat that would be answered from memory.
"""

from __future__ import annotations

import http.client
import itertools
import random
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from bench.in_process import Driver, line_on, wsgi_environ
from bench.line_app import PUBLIC_URL, SIGNED_URL
from bench.ratios import Ratio, interleaved, ratio_of
from bench.servers import Server, the_line
from bench.traffic import ACCOUNT_SID, LINE_NUMBER, MIXES, SENDERS, Request, evaluation_texts, signature
from sms_service.webhooks.signed_request import call_fields

_AT_ONCE: Final = 200
_BEGUN: Final = "/voice?step=1"


class Steps:
    """Makes signed steps of one kind, endlessly, the same ones for the same seed."""

    def __init__(self, kind: str, seed: int = 1) -> None:
        self._random = random.Random(f"{kind}-{seed}")  # noqa: S311 - the same traffic for everybody is the point
        self._own_words = evaluation_texts()
        self.path, self._more = KINDS[kind]

    def __iter__(self) -> Steps:
        """Give itself."""
        return self

    def __next__(self) -> Request:
        """Give a step of a new call."""
        call_id = f"CA{self._random.getrandbits(128):032x}"
        fields = call_fields(self._random.choice(SENDERS), ACCOUNT_SID, call_id, to=LINE_NUMBER)
        fields |= self._more(self)
        return Request(urlencode(fields).encode(), signature(PUBLIC_URL + self.path, fields), "")

    def some_words(self) -> dict[str, str]:
        """Give what somebody said in their own words."""
        return {"SpeechResult": self._random.choice(self._own_words), "Confidence": "0.9"}


KINDS: Final[Mapping[str, tuple[str, Callable[[Steps], dict[str, str]]]]] = {
    "somebody rings": ("/voice", lambda _: {"CallStatus": "ringing"}),
    "a key": (_BEGUN, lambda _: {"Digits": "5"}),
    "own words": (_BEGUN, Steps.some_words),
    "silence": (_BEGUN, lambda _: {}),
    "put through": (_BEGUN, lambda _: {"Digits": "0"}),
}
"""What a caller does: the address of the step, and its fields."""


def measure_in_process(rounds: int) -> dict[str, tuple[float, Ratio]]:
    """Give for each kind of step: microseconds here and now, and its ratio to a text with a keyword."""
    with tempfile.TemporaryDirectory(prefix="line-bench-") as folder:
        app = line_on(Path(folder) / "line")
        base = Driver(app, SIGNED_URL, MIXES["keywords"])
        drivers = {kind: _Stepper(app, Steps(kind)) for kind in KINDS}
        base()
        for driver in drivers.values():
            driver()  # opens files, fills caches
        pairs = interleaved(base, drivers, rounds)
    return {name: (sorted(own for own, _ in found)[len(found) // 2], ratio_of(found)) for name, found in pairs.items()}


def measure_over_http(requests: int) -> dict[str, tuple[float, float]]:
    """Give for each kind of step the milliseconds that half and 99 % of callers wait, one caller at a time."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="line-bench-")))
        server = stack.enter_context(Server(the_line(folder / "line"), folder / "log"))
        return {kind: _waited(server.port, Steps(kind), requests) for kind in KINDS}


class _Stepper:
    """Takes steps of one kind; gives microseconds of this thread for each."""

    def __init__(self, app: Callable[..., Any], steps: Steps) -> None:
        self._app = app
        self._steps = steps

    def __call__(self) -> float:
        environs = [self._environ(step) for step in itertools.islice(self._steps, _AT_ONCE)]
        started = time.thread_time()
        answers = [b"".join(self._app(environ, lambda *_: None)) for environ in environs]
        seconds = time.thread_time() - started
        if not all(b"9 9 9" in answer for answer in answers):
            raise RuntimeError("a step that does not say 999: something else was measured")
        return seconds / _AT_ONCE * 1e6

    def _environ(self, step: Request) -> dict[str, Any]:
        path, _, query = self._steps.path.partition("?")
        return {**wsgi_environ(step), "PATH_INFO": path, "QUERY_STRING": query}


def _waited(port: int, steps: Steps, requests: int) -> tuple[float, float]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    waited = []
    for step in itertools.islice(steps, requests):
        headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": step.signature}
        started = time.perf_counter()
        connection.request("POST", steps.path, step.body, headers)
        answer = connection.getresponse().read()
        waited.append((time.perf_counter() - started) * 1000)
        if b"9 9 9" not in answer:
            raise RuntimeError(f"an answer that is none: {answer[:80]!r}")
    connection.close()
    waited.sort()
    return waited[len(waited) // 2], waited[min(len(waited) - 1, int(0.99 * len(waited)))]
