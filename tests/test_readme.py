"""What README.md says is so."""

from __future__ import annotations

import re
from pathlib import Path

from sms_service.cli import COMMANDS

ROOT = Path(__file__).resolve().parents[1]


def test_every_command_is_in_the_readme_and_no_other() -> None:
    rows = re.findall(r"^\| `([a-z-]+)[^`]*` \|", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(rows) == set(COMMANDS)


def test_every_link_leads_somewhere() -> None:
    for page in ("README.md", "ARCHITECTURE.md", "CHANGELOG.md"):
        links = re.findall(r"\]\((?!https?:)([^)#]+)", (ROOT / page).read_text(encoding="utf-8"))
        assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_map_names_every_room() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    rooms = [path.name for path in (ROOT / "sms_service").iterdir() if path.is_dir() and path.name != "__pycache__"]
    assert [room for room in rooms if f"  {room}/ " not in text] == []


def test_every_file_that_the_map_names_is_there() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:webhooks|service|core|storage|staff|ops)/[\w/.]+)`", text)
    assert named
    assert [name for name in named if not (ROOT / "sms_service" / name).exists()] == []
