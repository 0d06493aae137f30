"""A worker that cannot start: at the beginning everybody hears of it, later the others go on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import Mock

import pytest
from gunicorn.workers.gthread import ThreadWorker

from sms_service.cli import web_worker
from sms_service.cli.web_worker import WebWorker


def worker(monkeypatch: pytest.MonkeyPatch, *, age: int, booted: bool) -> WebWorker:
    def fail(self: ThreadWorker) -> None:
        self.booted = booted
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(ThreadWorker, "init_process", fail)
    monkeypatch.setattr(web_worker, "_PAUSE_SECONDS", 0.0)
    made = WebWorker.__new__(WebWorker)
    made.age, made.booted, made.cfg, made.log = age, False, SimpleNamespace(workers=2), Mock()
    return made


def test_a_replacement_that_cannot_start_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    replacement = worker(monkeypatch, age=3, booted=False)
    with pytest.raises(SystemExit) as ended:
        replacement.init_process()
    assert ended.value.code == 1, "anything but 3, which would stop the whole server"
    replacement.log.error.assert_called_once()


@pytest.mark.parametrize(("age", "booted"), [(1, False), (2, False), (3, True)])
def test_a_first_worker_and_one_that_has_served_fail_as_ever(
    age: int, booted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(RuntimeError):
        worker(monkeypatch, age=age, booted=booted).init_process()


APPLICATION = """
from pathlib import Path
if Path("broken").exists():
    raise RuntimeError("no memory, say")
def app(environ, start_response):
    start_response("200 OK", [])
    return [b"here"]
"""


@pytest.mark.slow
def test_a_server_survives_replacements_that_cannot_start(tmp_path: Path, project_root: Path) -> None:
    (tmp_path / "application.py").write_text(APPLICATION)
    environ = {**os.environ, "PYTHONPATH": f"{project_root}{os.pathsep}{tmp_path}"}
    where = tmp_path / "socket"
    options = [f"--bind=unix:{where}", "--workers=2", "--worker-class=sms_service.cli.web_worker.WebWorker"]
    command = [sys.executable, "-m", "gunicorn", *options, "--no-control-socket", "application:app"]
    with subprocess.Popen(command, cwd=tmp_path, env=environ, stderr=subprocess.DEVNULL) as server:
        children = Path(f"/proc/{server.pid}/task/{server.pid}/children")
        until = time.monotonic() + 20
        while not where.exists() or len(children.read_text().split()) < 2:
            assert time.monotonic() < until
            time.sleep(0.1)
        time.sleep(2)
        (tmp_path / "broken").touch()
        killed, other = children.read_text().split()
        os.kill(int(killed), signal.SIGKILL)
        time.sleep(4)
        assert server.poll() is None
        assert other in children.read_text().split()
        (tmp_path / "broken").unlink()
        time.sleep(3)
        assert len(children.read_text().split()) == 2
        server.terminate()
