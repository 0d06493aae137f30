"""The commands for operators run, and say what they did."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner, Result

from sms_service.cli import main

if TYPE_CHECKING:
    from tests.conftest import LineUnderTest as Line


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, project_root: Path) -> Callable[..., Result]:
    monkeypatch.setenv("VAR_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("RESPONSES_DIR", str(project_root / "responses"))
    monkeypatch.setenv("PORT", "9")  # nobody listens there
    return lambda *args: CliRunner().invoke(main, list(args), catch_exceptions=False)


def test_export_fallback_writes_what_the_line_says(run: Callable[..., Result], tmp_path: Path, line: Line) -> None:
    result = run("export-fallback", str(tmp_path / "out"))
    assert result.exit_code == 0
    text = ET.parse(tmp_path / "out" / "sms-fallback.xml").getroot().findtext("Message") or ""
    assert "999" in text
    assert "statusCallback" not in (tmp_path / "out" / "sms-fallback.xml").read_text()
    said = [say.text or "" for say in ET.parse(tmp_path / "out" / "voice-fallback.xml").getroot().iter("Say")]
    assert any("9 9 9" in words for words in said)
    wording = (tmp_path / "out" / "advanced-opt-out.txt").read_text()
    assert line.texts("STOP")[0] in wording


def test_export_fallback_says_when_it_cannot_write(run: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = run("export-fallback", str(tmp_path / "file" / "out"))
    assert result.exit_code == 1
    assert "cannot be written" in result.output


def test_doctor_tells_people_and_programs(run: Callable[..., Result]) -> None:
    told = run("doctor", "--without-provider")
    assert told.exit_code == 1
    assert "Nobody listens at the public address." in told.output
    assert "mend:" in told.output
    found = json.loads(run("doctor", "--without-provider", "--json").output)
    assert {finding["state"] for finding in found} >= {"good", "warning", "bad"}
    assert all(finding["why"] for finding in found)


def test_worker_does_everything_once(run: Callable[..., Result]) -> None:
    result = run("worker", "--once")
    assert result.exit_code == 0
    assert "canary: Nobody listens at the public address." in result.output
    assert "purge: ok" in result.output
