"""What a collector is told: one span a request, with our own words only."""

from __future__ import annotations

import dataclasses
import sys
from typing import TYPE_CHECKING

import pytest

from sms_service.factory.web import app_of
from tests.conftest import SENDER

pytest.importorskip("opentelemetry.sdk", reason="opentelemetry-sdk is not installed (requirements-extras.txt)")

from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from sms_service.ops.traces import install_traces

if TYPE_CHECKING:
    from tests.conftest import LineUnderTest


def test_a_span_holds_our_own_words_only(line: LineUnderTest) -> None:
    kept = InMemorySpanExporter()
    line.line = dataclasses.replace(line.line, settings=dataclasses.replace(line.line.settings, fast_lane=False))
    install_traces(line.client.application, SimpleSpanProcessor(kept), release="v1")
    assert line.post("urgent canary", path="/sms?canary=1").status_code == 200
    assert line.client.post("/sms/canary?canary=2", headers={"User-Agent": "canary"}).status_code == 404
    spans = kept.get_finished_spans()
    assert [(span.name, dict(span.attributes or {})["http.response.status_code"]) for span in spans] == [
        ("POST /sms", 200),
        ("POST unknown", 404),
    ]
    told = "".join(span.to_json() for span in spans)
    for secret in ("canary", SENDER[1:], "127.0.0.1"):
        assert secret not in told


def test_off_unless_asked_for_and_a_missing_package_is_said(
    line: LineUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = dataclasses.replace(line.line.settings, otlp_endpoint="http://127.0.0.1:9")
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    monkeypatch.delitem(sys.modules, "sms_service.ops.traces")
    app_of(line.line)
    assert line.log.troubles == []
    app_of(dataclasses.replace(line.line, settings=asked))
    assert [code for code, _ in line.log.troubles] == ["traces_off_package_missing"]
