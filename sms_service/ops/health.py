"""/healthz: does the process answer? /readyz: does everything around it work?

Both say 200 as long as texts are answered, because a load balancer that takes a degraded host away takes its answers
away too. What is broken is in the words, for people and alarms.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Blueprint, Response, jsonify

Check = Callable[[], str | None]
"""Gives None when healthy, otherwise one sentence for operators, without a secret."""


def health_blueprint(checks: Mapping[str, Check], facts: Mapping[str, str]) -> Blueprint:
    """Give the two routes.

    Args:
        checks: By the name of the part.
        facts: Shown by /healthz, such as the deployed version.
    """
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/healthz")
    def healthz() -> Response:
        return _uncached(jsonify({"status": "ok", **facts}))

    @blueprint.get("/readyz")
    def readyz() -> Response:
        parts = {name: _asked(check) for name, check in checks.items()}
        healthy = all(state == "ok" for state in parts.values())
        return _uncached(jsonify({"status": "ok" if healthy else "degraded", "parts": parts}))

    return blueprint


def _asked(check: Check) -> str:
    try:
        return check() or "ok"
    except Exception as error:  # noqa: BLE001 - a check that breaks is an answer too; its words may hold a secret
        return f"The check itself failed ({type(error).__name__})."


def _uncached(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
