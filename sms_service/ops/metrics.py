"""/metrics for Prometheus, right under several web processes: each writes its counters into a file that all read.

Counted from the lines that operators get anyway, so nothing else in the house knows of it. Names and labels are our own
words: no number, no text, no id. The folder of the files must be named before prometheus_client is first imported, by
:func:`use_folder`; without one (tests, the worker) the counters are this process's own.
"""

from __future__ import annotations

import hmac
import ipaddress
import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from flask import Blueprint, Request, Response, request

from sms_service.core.delivery import DeliveryStatus, error_words
from sms_service.core.events import Event, EventKind
from sms_service.service.ports import LineLog

METRICS_PATH: Final = "/metrics"
_FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
_SECONDS: Final = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 4.0)
_PASSED_ON: Final = ("X-Forwarded-For", "X-Real-IP", "Forwarded", "Via")
_NOT_IN_LIST: Final = "code not in our list"


def use_folder(folder: Path) -> None:
    """Let the web processes of this host share their counters in a folder; what dead ones left goes when none lives."""
    if os.environ.get(_FOLDER):
        return
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    files = list(folder.glob("*.db"))
    if not any(_lives(file.stem.rpartition("_")[2]) for file in files):
        for file in files:
            file.unlink(missing_ok=True)
    os.environ[_FOLDER] = str(folder)


def _lives(process: str) -> bool:
    with suppress(ValueError, ProcessLookupError, PermissionError):
        os.kill(int(process), 0)
        return int(process) != os.getpid()
    return False


@dataclass(frozen=True, slots=True)
class Gauge:
    """A value read when somebody asks.

    Attributes:
        name: With its unit.
        help: What it says.
        values: By the value of ``label``; one under '' where there is no label.
        label: Name of the label, or ''.
    """

    name: str
    help: str
    values: Mapping[str, float]
    label: str = ""


class Meter:
    """The counters of this process, and all processes' together when asked."""

    def __init__(self) -> None:
        from prometheus_client import CollectorRegistry, Counter, Histogram

        registry = self._registry = CollectorRegistry()
        messages = Counter(
            "sms_messages", "Messages by what became of them.", ["channel", "outcome", "stage"], registry=registry
        )
        replies = Counter("sms_replies", "Replies sent.", ["reply"], registry=registry)
        segments = Counter("sms_segments", "Segments sent.", ["channel"], registry=registry)
        # Every message asks for these three: finding a label's counter anew costs more than counting.
        self.messages, self.replies, self.segments = (
            cache(messages.labels),
            cache(replies.labels),
            cache(segments.labels),
        )
        self.answer_seconds = Histogram("sms_answer_seconds", "Time to an answer.", buckets=_SECONDS, registry=registry)
        self.deliveries = Counter("sms_deliveries", "Delivery reports.", ["status", "error_code"], registry=registry)
        self.refused = Counter("sms_refused", "Refused requests.", ["code"], registry=registry)
        self.troubles = Counter("sms_troubles", "Log lines of level error.", ["code"], registry=registry)
        self.degraded = Counter("sms_degraded", "Messages handled without a part.", ["part"], registry=registry)
        self.canaries = Counter("sms_canaries", "Canaries that reached the line.", ["outcome"], registry=registry)
        self.calls = Counter("sms_call_steps", "Steps of calls.", ["outcome"], registry=registry)

    def text(self, gauges: Iterable[Gauge]) -> bytes:
        """Give everything in Prometheus's text format."""
        from prometheus_client import CollectorRegistry, generate_latest, values
        from prometheus_client.core import GaugeMetricFamily
        from prometheus_client.multiprocess import MultiProcessCollector

        registry = self._registry
        if values.ValueClass._multiprocess:
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # as it ships

        class Read:
            """Gives the gauges as prometheus_client wants them."""

            def collect(self) -> Iterable[Any]:
                """Give one family for each gauge."""
                for gauge in gauges:
                    family = GaugeMetricFamily(gauge.name, gauge.help, labels=[gauge.label] if gauge.label else [])
                    for name, value in gauge.values.items():
                        family.add_metric([name] if gauge.label else [], value)
                    yield family

        now = CollectorRegistry()
        now.register(Read())
        return generate_latest(registry) + generate_latest(now)


class MeteredLog:
    """The :class:`~sms_service.service.ports.LineLog` that also counts. A counter that breaks costs nothing else."""

    def __init__(self, log: LineLog, meter: Meter) -> None:
        self._log = log
        self._meter = meter

    def event(self, event: Event) -> None:
        """Write one line about something that happened to a message, and count it."""
        self._log.event(event)
        with suppress(Exception):
            self._count(event)

    def trouble(self, code: str, *, error: BaseException | None = None, message_id: str | None = None) -> None:
        """Write one line about something that went wrong, and count it."""
        self._log.trouble(code, error=error, message_id=message_id)
        with suppress(Exception):
            self._meter.troubles.labels(code).inc()

    def refusal(self, code: str) -> None:
        """Write one line about a refused request, and count it."""
        self._log.refusal(code)
        with suppress(Exception):
            self._meter.refused.labels(code).inc()

    def _count(self, event: Event) -> None:
        meter = self._meter
        if event.kind is EventKind.MESSAGE:
            channel = event.channel or ""
            meter.messages(channel, event.outcome or "", event.stage or "").inc()
            if event.reply is not None:
                meter.replies(event.reply).inc()
            if event.segments:
                meter.segments(channel).inc(event.segments)
            if event.latency_ms is not None:
                meter.answer_seconds.observe(event.latency_ms / 1000)
            for part in event.degraded:
                meter.degraded.labels(part).inc()
        elif event.kind is EventKind.DELIVERY:
            status = DeliveryStatus.of(event.delivery_status).value
            meter.deliveries.labels(status, _code(event.error_code)).inc()
        elif event.kind is EventKind.CANARY:
            meter.canaries.labels(event.outcome or "").inc()
        elif event.kind is EventKind.CALL_STEP:
            meter.calls.labels(event.outcome or "").inc()


def _code(code: int | None) -> str:
    """Give the label of a code; codes that nobody has told us about share one, so that labels stay few."""
    if code is None:
        return ""
    return "other" if error_words(code) == _NOT_IN_LIST else str(code)


def metrics_blueprint(meter: Meter, gauges: Callable[[], Iterable[Gauge]], token: str | None) -> Blueprint:
    """Give the route.

    Args:
        meter: What has been counted.
        gauges: Read at each request.
        token: Whoever brings it may read; None: only this machine may, and not through a proxy.
    """
    blueprint = Blueprint("metrics", __name__)

    @blueprint.get(METRICS_PATH)
    def metrics() -> Response:
        if not _may_read(request, token):
            return Response("Not from here, or without the token.\n", 403, content_type="text/plain; charset=utf-8")
        body = meter.text(gauges())
        return Response(
            body, content_type="text/plain; version=0.0.4; charset=utf-8", headers={"Cache-Control": "no-store"}
        )

    return blueprint


def _may_read(asked: Request, token: str | None) -> bool:
    if token is not None:
        brought = asked.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(brought.encode("utf-8", "replace"), token.encode())
    # A proxy on this machine makes everybody look local; it says so in one of these.
    if any(asked.headers.get(name) for name in _PASSED_ON):
        return False
    with suppress(ValueError):
        return ipaddress.ip_address(asked.remote_addr or "").is_loopback
    return False
