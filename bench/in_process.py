"""Processor time of one request inside one process, no server, no network: the steadiest figure there is.

Every candidate answers the same kind of requests, 200 at a time, right after bare Flask has; the ratio of the two is
taken pair by pair. Thread time is counted, so other jobs of the machine cost little and the drain's thread nothing.
"""

from __future__ import annotations

import io
import itertools
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench.line_app import PEER_URL, SIGNED_URL, environ_of
from bench.ratios import Ratio, interleaved, ratio_of
from bench.stores import Valkey
from bench.traffic import MIXES, TOKEN, Request, Traffic

_AT_ONCE = 200
WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Any]


def wsgi_environ(request: Request, host: str = "sms.example.org") -> dict[str, Any]:
    """Give what a server would hand to the app."""
    return {
        "REQUEST_METHOD": "POST", "SCRIPT_NAME": "", "PATH_INFO": "/sms", "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "8000", "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(request.body),
        "wsgi.errors": sys.stderr, "wsgi.multithread": True, "wsgi.multiprocess": False, "wsgi.run_once": False,
        "HTTP_HOST": host, "HTTP_ACCEPT": "*/*", "HTTP_USER_AGENT": "TwilioProxy/1.1",
        "HTTP_I_TWILIO_IDEMPOTENCY_TOKEN": "9f3c", "HTTP_X_TWILIO_SIGNATURE": request.signature,
        "REMOTE_ADDR": "127.0.0.1", "CONTENT_LENGTH": str(len(request.body)),
        "CONTENT_TYPE": "application/x-www-form-urlencoded; charset=utf-8",
    }  # fmt: skip


class Driver:
    """Sends different requests to one app and counts its processor time.

    Args:
        app: Any WSGI application with POST /sms.
        url: What its requests are signed for.
        mix: Share of each kind of message.
        own_words: Messages in somebody's own words; those of the tests unless given.
        keywords: Words that people type; the shipped book's unless given.
    """

    def __init__(
        self,
        app: WsgiApp,
        url: str,
        mix: Mapping[str, float],
        own_words: Sequence[str] | None = None,
        keywords: Sequence[str] | None = None,
    ) -> None:
        self._app = app
        self._requests = _endless(url, mix, own_words, keywords)

    def __call__(self, count: int = _AT_ONCE) -> float:
        """Answer some requests; give microseconds of this thread for each.

        Raises:
            RuntimeError: When an answer is no TwiML, or many are silence: then something else was measured.
        """
        environs = [wsgi_environ(request) for request in itertools.islice(self._requests, count)]
        started = time.thread_time()
        answers = [self._answer(environ) for environ in environs]
        seconds = time.thread_time() - started
        if not all(b"<Response" in answer for answer in answers):
            raise RuntimeError(f"an answer that is none: {next(a for a in answers if b'<Response' not in a)[:80]!r}")
        if sum(answer.endswith(b"<Response/>") for answer in answers) > count / 10:
            raise RuntimeError("many messages get silence: their senders are not what a phone is")
        return seconds / count * 1e6

    def _answer(self, environ: dict[str, Any]) -> bytes:
        chunks = self._app(environ, _start_response)
        body = b"".join(chunks)
        if hasattr(chunks, "close"):
            chunks.close()
        return body


def measure(mix: str = "line", rounds: int = 25, own_words: list[str] | None = None) -> dict[str, tuple[float, Ratio]]:
    """Give for each candidate: microseconds here and now, and its ratio to bare Flask."""
    from bench.peers import bare_flask

    os.environ["TWILIO_AUTH_TOKEN"] = TOKEN
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="line-bench-")))
        valkey = stack.enter_context(Valkey(folder))
        on_sqlite, on_valkey = line_on(folder / "sqlite"), line_on(folder / "valkey", REDIS_URL=valkey.url)
        by_flask = line_on(folder / "flask", FAST_LANE="off")
        base = Driver(bare_flask.app.wsgi_app, PEER_URL, MIXES[mix], own_words)
        drivers = {
            "bare Flask again (A/A)": Driver(bare_flask.app.wsgi_app, PEER_URL, MIXES[mix], own_words),
            "tutorial": Driver(_tutorial(), PEER_URL, MIXES[mix], own_words),
            "the line, SQLite": Driver(on_sqlite, SIGNED_URL, MIXES[mix], own_words),
            "the same by Flask alone": Driver(by_flask, SIGNED_URL, MIXES[mix], own_words),
            "the line, Valkey": Driver(on_valkey, SIGNED_URL, MIXES[mix], own_words),
        }
        for driver in (base, *drivers.values()):
            driver()  # opens files, fills caches
        pairs = interleaved(base, drivers, rounds)
    return {name: (sorted(own for own, _ in found)[len(found) // 2], ratio_of(found)) for name, found in pairs.items()}


def _endless(
    url: str, mix: Mapping[str, float], own_words: Sequence[str] | None, keywords: Sequence[str] | None
) -> Iterator[Request]:
    for seed in itertools.count(1):
        yield from Traffic(url, mix, seed, own_words, keywords).requests(2_000)


def _start_response(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> None:
    pass


def _tutorial() -> WsgiApp:
    from bench.peers.tutorial import app

    return app.wsgi_app


def line_on(var_dir: Path, **more: str) -> WsgiApp:
    """Give the line as it ships, with its stores in a folder and every part on."""
    from sms_service.factory.environment import settings_from
    from sms_service.factory.line import build_line
    from sms_service.factory.stores import set_up_stores
    from sms_service.factory.web import app_of
    from sms_service.ops.line_buffer import LineBuffer
    from sms_service.ops.line_log import StructuredLog

    settings = settings_from(environ_of(var_dir, **more))
    set_up_stores(settings)
    line = build_line(settings, StructuredLog(LineBuffer((var_dir / "log").open("w"))))
    return app_of(line).wsgi_app
