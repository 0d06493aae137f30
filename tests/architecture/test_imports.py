"""The house stands: who may import whom."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

LINT_IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"

CORE_MODULES_THAT_BRING = """
import importlib, json, pkgutil, sys
import sms_service.core as core

forbidden = set(sys.argv[1:])
found = {}
for module in ["sms_service.core", *(m.name for m in pkgutil.walk_packages(core.__path__, "sms_service.core."))]:
    importlib.import_module(module)
    brought = sorted(forbidden & set(sys.modules))
    forbidden -= set(brought)
    if brought:
        found[module] = brought
print(json.dumps(found))
"""


def run_python(code: str, *args: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *args], cwd=folder, capture_output=True, text=True, timeout=150, check=False
    )


def test_imports_run_downhill(project_root: Path) -> None:
    result = run_python(LINT_IMPORTS, folder=project_root)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("room", "bad_import", "contract"),
    [
        ("core", "import flask", "The core is pure"),
        ("core", "import os.path", "The core is pure"),
        ("core", "from time import time", "The core is pure"),
        ("core", "import sms_service.service", "Imports run downhill"),
        ("webhooks", "import sms_service.storage", "Only the factory hands out stores"),
        ("service", "from twilio.rest import Client", "Only webhooks/ speaks Twilio"),
        ("service", "import sqlalchemy.orm", "Only storage/ knows SQL and Redis"),
        ("utils", "", "Imports run downhill"),
    ],
)
def test_a_contract_breaks_on(project_root: Path, tmp_path: Path, room: str, bad_import: str, contract: str) -> None:
    shutil.copy(project_root / "pyproject.toml", tmp_path)
    shutil.copytree(project_root / "sms_service", tmp_path / "sms_service", ignore=shutil.ignore_patterns("*.pyc"))
    (tmp_path / "sms_service" / room).mkdir(exist_ok=True)
    with (tmp_path / "sms_service" / room / "__init__.py").open("a") as file:
        file.write(f"\n{bad_import}\n")

    result = run_python(LINT_IMPORTS, folder=tmp_path)

    assert result.returncode == 1, result.stdout + result.stderr
    broken = [line for line in result.stdout.splitlines() if " BROKEN" in line]
    assert any(line.startswith(contract) for line in broken), result.stdout


def test_the_core_alone_brings_no_framework_and_no_store(project_root: Path) -> None:
    heavy = ["flask", "redis", "sqlalchemy", "twilio", "ruamel", "ruamel.yaml", "yaml", "onnxruntime", "structlog"]
    result = run_python(CORE_MODULES_THAT_BRING, *heavy, folder=project_root)
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout) == {}


def test_the_package_itself_imports_nothing(project_root: Path) -> None:
    code = "import sys, sms_service; print([name for name in sys.modules if name.startswith('sms_service.')])"
    result = run_python(code, folder=project_root)
    assert result.stdout.strip() == "[]", result.stdout + result.stderr
