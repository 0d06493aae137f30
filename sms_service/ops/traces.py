"""Traces to an OpenTelemetry collector, for those who have one (OTEL_EXPORTER_OTLP_ENDPOINT): one span a request.

A span holds the route as it stands in our code, the method, the status and how long it took. The usual instrumentation
would add the address with its query, the caller's address and its browser; so it is not used, and a span is made here.
Spans leave from a thread of their own, some at once; what cannot be sent is dropped.

This module needs ``opentelemetry-sdk`` and its exporter (requirements-extras.txt), and is imported only where wanted.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Final

from flask import Flask, Response, g, request
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, Status, StatusCode

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import SpanProcessor

_TIMEOUT_SECONDS: Final = 5
_FIRST_SERVER_ERROR: Final = 500
_SPAN: Final = "trace_span"


def to_collector(endpoint: str) -> SpanProcessor:
    """Give what brings spans to a collector. Headers and certificates come from OpenTelemetry's own variables."""
    exporter = OTLPSpanExporter(f"{endpoint}/v1/traces", timeout=_TIMEOUT_SECONDS)
    return BatchSpanProcessor(exporter, export_timeout_millis=_TIMEOUT_SECONDS * 1000)


def install_traces(app: Flask, spans: SpanProcessor, *, release: str | None) -> None:
    """Make one span for each request of an app. Whatever goes wrong with it, the request is answered."""
    resource = Resource({"service.name": "sms-service", "service.version": release or "unknown"})
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(spans)
    tracer = provider.get_tracer("sms_service")

    def begin() -> None:
        with contextlib.suppress(Exception):
            # The rule, never the path: what somebody has typed is not ours to pass on.
            route = request.url_rule.rule if request.url_rule is not None else "unknown"
            span = tracer.start_span(f"{request.method} {route}", kind=SpanKind.SERVER)
            span.set_attribute("http.request.method", request.method)
            span.set_attribute("http.route", route)
            setattr(g, _SPAN, span)

    def end(response: Response) -> Response:
        with contextlib.suppress(Exception):
            span = g.pop(_SPAN, None)
            if span is not None:
                span.set_attribute("http.response.status_code", response.status_code)
                if response.status_code >= _FIRST_SERVER_ERROR:
                    span.set_status(Status(StatusCode.ERROR))
                span.end()
        return response

    app.before_request(begin)
    app.after_request(end)
