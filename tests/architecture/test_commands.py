"""Two commands, ./run and ./test, and what they say on a machine that lacks something."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

SHELL_FILES = ["run", "test", "scripts/setup.sh", "scripts/chromium.sh", "scripts/lock"]


@pytest.fixture
def bare_clone(project_root: Path, tmp_path: Path) -> Path:
    """A copy of the commands with empty locks (nothing to download) and a service that only says its arguments."""
    clone = tmp_path / "clone"
    shutil.copytree(project_root / "scripts", clone / "scripts")
    shutil.copy(project_root / "run", clone)
    for lock in ("requirements.txt", "requirements-dev.txt"):
        (clone / lock).write_text("# nothing\n")
    (clone / "sms_service").mkdir()
    (clone / "sms_service" / "__main__.py").write_text("import sys\nprint('serving with', sys.argv[1:])\n")
    return clone


def start(command: Path, *args: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run with nothing of our own environment: no active venv, no uv."""
    return subprocess.run(
        ["/bin/sh", command, *args],
        env={"PATH": "/usr/bin:/bin", "HOME": str(command.parent), **environment},
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )


def fake_python(folder: Path, *, fails_on: str, version: str = "3.11.2") -> str:
    path = folder / "fake-python"
    path.write_text(
        f'#!/bin/sh\ncase "$*" in\n*{fails_on}*) exit 1 ;;\n*python_version*) echo {version} ;;\n'
        f'*) exec "{sys.executable}" "$@" ;;\nesac\n'
    )
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize("name", SHELL_FILES)
def test_commands_are_shell_that_any_machine_has(project_root: Path, name: str) -> None:
    subprocess.run(["/bin/sh", "-n", project_root / name], check=True)
    assert os.access(project_root / name, os.X_OK) == (not name.endswith(".sh"))


def test_an_old_python_is_named_with_the_way_out(bare_clone: Path) -> None:
    result = start(bare_clone / "run", PYTHON=fake_python(bare_clone, fails_on="version_info", version="3.9.2"))
    assert result.returncode == 1
    assert "This needs Python 3.11 or newer" in result.stderr
    assert "is 3.9.2" in result.stderr


def test_a_missing_venv_module_is_named_with_the_way_out(bare_clone: Path) -> None:
    result = start(bare_clone / "run", PYTHON=fake_python(bare_clone, fails_on="ensurepip"))
    assert result.returncode == 1
    assert "apt-get install python3-venv" in result.stderr
    assert not (bare_clone / ".venv").exists()


def test_a_missing_python_is_named_with_the_way_out(bare_clone: Path) -> None:
    tools = bare_clone / "tools"
    tools.mkdir()
    for tool in ("dirname", "id"):
        found = shutil.which(tool)
        assert found
        (tools / tool).symlink_to(found)
    result = start(bare_clone / "run", PATH=str(tools))
    assert result.returncode == 1
    assert "apt-get install python3 python3-venv" in result.stderr


def test_run_installs_once_and_again_only_when_the_lock_changes(bare_clone: Path) -> None:
    first = start(bare_clone / "run", "--port", "5001", PYTHON=sys.executable)
    assert first.returncode == 0, first.stderr
    assert "Installing requirements.txt" in first.stdout
    assert "Installing requirements-dev.txt" not in first.stdout
    assert first.stdout.endswith("serving with ['serve', '--port', '5001']\n")

    second = start(bare_clone / "run", PYTHON=sys.executable)
    assert second.stdout == "serving with ['serve']\n"

    (bare_clone / "requirements.txt").write_text("# nothing, but different\n")
    third = start(bare_clone / "run", PYTHON=sys.executable)
    assert "Installing requirements.txt" in third.stdout


def test_tests_cannot_reach_the_world() -> None:
    with (
        socket.socket() as connection,
        # 192.0.2.0/24 is for examples (RFC 5737): nobody is there
        pytest.raises((RuntimeError, UserWarning), match=r"192\.0\.2\.1"),
    ):
        connection.connect(("192.0.2.1", 9))
