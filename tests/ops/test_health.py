"""Health pages tell what is broken, and never take an answering line out of service."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from flask import Flask

from sms_service.factory.web import app_of
from sms_service.ops.health import health_blueprint

if TYPE_CHECKING:
    from tests.conftest import LineUnderTest as Line


def failing() -> str | None:
    raise RuntimeError("canary redis://:password@host")


def test_a_healthy_line_says_so(make_line: Callable[..., Line]) -> None:
    client = make_line(RELEASE="abc123").client
    assert client.get("/healthz").json == {"status": "ok", "release": "abc123"}
    ready = client.get("/readyz")
    assert ready.json == {"status": "ok", "parts": {"reply_book": "ok", "hot_state": "ok"}}
    assert ready.headers["Cache-Control"] == "no-store"


def test_a_degraded_line_stays_in_service_and_says_what_is_wrong(line: Line) -> None:
    app = app_of(replace(line.line, book_trouble="2 errors in the reply book's files. Run `check`."))
    ready = app.test_client().get("/readyz")
    assert ready.status_code == 200
    assert ready.json is not None
    assert ready.json["status"] == "degraded"
    assert ready.json["parts"]["reply_book"].startswith("2 errors")


def test_a_check_that_breaks_is_told_without_its_words() -> None:
    app = Flask("health", static_folder=None)
    app.register_blueprint(health_blueprint({"redis": failing, "disk": lambda: None}, {}))
    ready = app.test_client().get("/readyz")
    assert ready.json == {
        "status": "degraded",
        "parts": {"redis": "The check itself failed (RuntimeError).", "disk": "ok"},
    }
