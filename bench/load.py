"""Sends requests over kept connections and times every answer: as fast as they are answered, or at a given rate.

Runs as a program of its own, on another core than the server: ``python -m bench.load '{"port": 8000, ...}'``.
One thread and ``epoll``; nothing is parsed that need not be, or the load would be slower than what it measures.
"""

from __future__ import annotations

import contextlib
import json
import selectors
import socket
import sys
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from bench.traffic import MIXES, Request, Traffic

_LONGEST_WAIT_SECONDS: Final = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What to send.

    Attributes:
        port: Of the server on this machine.
        url: What the requests are signed for.
        mix: Kind of traffic.
        seed: Decides every request; two runs with one seed send the same message ids.
        requests: How many.
        connections: Kept open.
        rate: Requests a second that arrive whether or not the server keeps up; 0 sends the next after each answer.
    """

    port: int
    url: str
    mix: str = "line"
    seed: int = 1
    requests: int = 2000
    connections: int = 16
    rate: float = 0.0


@dataclass(slots=True)
class Outcome:
    """What came back. Seconds of each answer are counted from when the request was due, not from when it was sent."""

    seconds: float = 0.0
    answered: int = 0
    refused: int = 0
    broken: int = 0
    latencies_ms: list[float] = field(default_factory=list)

    def quantile(self, share: float) -> float:
        """Give milliseconds that a share of the answers came within."""
        ordered = sorted(self.latencies_ms)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class _Line:
    """One kept connection."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.due = 0.0
        self.received = b""
        self.connect()

    def connect(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self._port), 5)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def send(load: Load) -> Outcome:
    """Send everything and wait for every answer."""
    traffic = Traffic(load.url, MIXES[load.mix], load.seed)
    waiting = deque(_written(traffic.requests(load.requests)))
    lines = [_Line(load.port) for _ in range(load.connections)]
    outcome = Outcome()
    with selectors.DefaultSelector() as selector:
        for line in lines:
            selector.register(line.socket, selectors.EVENT_READ, line)
        started = time.perf_counter()
        _run(load, waiting, deque(lines), selector, outcome, started)
        outcome.seconds = time.perf_counter() - started
    for line in lines:
        line.socket.close()
    return outcome


def _run(
    load: Load,
    waiting: deque[bytes],
    idle: deque[_Line],
    selector: selectors.BaseSelector,
    outcome: Outcome,
    started: float,
) -> None:
    sent = 0
    while outcome.answered + outcome.refused + outcome.broken < load.requests:
        now = time.perf_counter()
        while waiting and idle and (not load.rate or started + sent / load.rate <= now):
            line = idle.popleft()
            # Counted from its turn, so that a request that had to wait for a free connection counts its waiting too.
            line.due = started + sent / load.rate if load.rate else now
            line.socket.sendall(waiting.popleft())
            sent += 1
        pause = _LONGEST_WAIT_SECONDS
        if load.rate and waiting and idle:
            pause = max(0.0, started + sent / load.rate - time.perf_counter())
        ready = selector.select(pause)
        if not ready and pause == _LONGEST_WAIT_SECONDS:
            outcome.broken += load.requests - outcome.answered - outcome.refused - outcome.broken
            return
        for key, _ in ready:
            _take(key.data, idle, selector, outcome)


def _take(line: _Line, idle: deque[_Line], selector: selectors.BaseSelector, outcome: Outcome) -> None:
    try:
        chunk = line.socket.recv(65536)
    except OSError:
        chunk = b""
    if not chunk:
        selector.unregister(line.socket)
        line.socket.close()
        if line not in idle:
            outcome.broken += 1
            idle.append(line)
        with contextlib.suppress(OSError):
            line.connect()
            selector.register(line.socket, selectors.EVENT_READ, line)
        return
    line.received += chunk
    if not _is_whole(line.received):
        return
    if line.received.startswith(b"HTTP/1.1 200") and b"<Response" in line.received:
        outcome.answered += 1
        outcome.latencies_ms.append((time.perf_counter() - line.due) * 1000)
    else:
        outcome.refused += 1
    line.received = b""
    idle.append(line)


def _is_whole(received: bytes) -> bool:
    head, end, body = received.partition(b"\r\n\r\n")
    if not end:
        return False
    _, found, rest = head.lower().partition(b"content-length:")
    return bool(found) and len(body) >= int(rest.split(b"\r\n", 1)[0])


def _written(requests: Iterable[Request]) -> Iterable[bytes]:
    for request in requests:
        yield (
            b"POST /sms HTTP/1.1\r\nHost: sms.example.org\r\nUser-Agent: TwilioProxy/1.1\r\nAccept: */*\r\n"
            b"Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\n"
            b"I-Twilio-Idempotency-Token: 9f3c2b1a-7c1e-4f0e-9d1f-000000000000\r\nX-Twilio-Signature: %b\r\n"
            b"Content-Length: %d\r\n\r\n%b" % (request.signature.encode(), len(request.body), request.body)
        )


def main(arguments: dict[str, Any]) -> None:
    """Send, and print the outcome as JSON."""
    sys.stdout.write(json.dumps(asdict(send(Load(**arguments)))))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
