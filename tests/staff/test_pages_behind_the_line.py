"""The pages stand behind the line: texts are answered without them, and nothing of theirs runs for a text."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sms_service.factory import web
from sms_service.factory.web import app_of
from tests.staff_site import front_of

if TYPE_CHECKING:
    from tests.conftest import LineUnderTest as Line

ANSWERS_WITHOUT_PAGES = """
import sys
from sms_service.factory.web import create_app
app = create_app()
assert app.test_client().get("/healthz").status_code == 200
assert app.test_client().post("/sms").status_code == 403
pages = ["flask_wtf", "wtforms", "flask_security", "argon2", "webauthn", "govuk_frontend_wtf", "authlib", "qrcode"]
print([name for name in pages if name in sys.modules])
"""


def test_answering_loads_nothing_of_the_pages(production_environ: dict[str, str], project_root: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-c", ANSWERS_WITHOUT_PAGES],
        cwd=project_root,
        env=production_environ,
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
    assert result.stdout.splitlines().count("[]") == 1, result.stdout + result.stderr


def test_pages_that_cannot_be_built_cost_the_pages_alone(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ImportError("canary words")

    monkeypatch.setattr(web, "pages_of", broken)
    answer = line.client.get("/what-is-stored")
    assert answer.status_code == 503
    assert "goes on answering texts" in answer.get_data(as_text=True)
    assert "canary" not in answer.get_data(as_text=True)
    assert line.post("help").status_code == 200
    monkeypatch.undo()
    assert line.client.get("/nothing").status_code == 404
    assert [code for code, _ in line.log.troubles] == ["pages_failed"]


@pytest.mark.parametrize(
    ("path", "of_line"),
    [
        ("/sms", True),
        ("/smsx/..", True),
        ("/voice/menu", True),
        ("//SMS", True),
        ("/healthz", True),
        ("/readyz/x", True),
        ("/", False),
        ("", False),
        ("/log", False),
        ("/x/sms", False),
    ],
)
def test_which_paths_never_reach_the_pages(line: Line, path: str, of_line: bool) -> None:
    assert front_of(app_of(line.line))._is_of_line(path) is of_line


def test_a_text_gets_no_cookie_even_when_it_brings_one(make_line: Callable[..., Line]) -> None:
    line = make_line()
    answer = line.post("help", headers={"Cookie": "session=forged"})
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
