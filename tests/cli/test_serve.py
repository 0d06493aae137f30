"""``serve`` and ``text``: one command starts the line, one texts it, and production does not start half ready."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import IO
from urllib.parse import urlencode

import pytest
from click.testing import CliRunner
from twilio.request_validator import RequestValidator

from sms_service.cli import main
from sms_service.cli.serve import welcome
from sms_service.cli.web_servers import gunicorn_arguments, server_arguments
from sms_service.settings import Settings, read_settings
from tests.ports import free_port

MESSAGE = {
    "MessageSid": "SM" + 32 * "1",
    "AccountSid": "AC" + 32 * "1",
    "From": "+447700900123",
    "To": "+447700900000",
    "Body": "urgent",
    "NumMedia": "0",
}


def post(port: int, headers: dict[str, str]) -> tuple[int, str | None, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        connection.request("POST", "/sms", urlencode(MESSAGE), headers)
        answer = connection.getresponse()
        return answer.status, answer.getheader("Content-Type"), answer.read()
    finally:
        connection.close()


def wait_until_it_answers(port: int, process: subprocess.Popen[str]) -> None:
    for _ in range(400):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=2).close()
        except OSError:
            assert process.poll() is None, "the server has stopped"
            time.sleep(0.1)
        else:
            return
    pytest.fail("the server did not start")


@pytest.fixture(scope="module")
def served(project_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Path, IO[str]]]:
    """The line as a developer starts it, on a free port."""
    var, port = tmp_path_factory.mktemp("var"), free_port()
    environ = {**os.environ, "VAR_DIR": str(var)}
    process = subprocess.Popen(
        [sys.executable, "-m", "sms_service", "serve", "--port", str(port)],
        cwd=project_root,
        env=environ,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        wait_until_it_answers(port, process)
        post(port, {})  # it listens before its worker has read the book: on a busy machine that takes long
        yield port, var, process.stdout
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(15)
        process.stdout.close()


def test_a_developer_starts_the_line_and_texts_it(served: tuple[int, Path, IO[str]], project_root: Path) -> None:
    port, var, output = served
    said = "".join(iter(output.readline, "Stop it with Ctrl+C.\n"))
    token = (var / "development_token").read_text().strip()
    assert f"http://127.0.0.1:{port}/" in said
    assert f"-m sms_service text URGENT --port {port}" in said
    assert str(var / "development_token") in said
    assert token not in said
    sent = subprocess.run(
        [sys.executable, "-m", "sms_service", "text", "URGENT", "--port", str(port)],
        cwd=project_root,
        env={**os.environ, "VAR_DIR": str(var)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "0116 454 1004" in sent.stdout


def test_a_request_signed_with_the_providers_sdk_is_answered(served: tuple[int, Path, IO[str]]) -> None:
    port, var, _ = served
    url = f"http://127.0.0.1:{port}/sms"
    signature = RequestValidator((var / "development_token").read_text().strip()).compute_signature(url, MESSAGE)
    status, content_type, body = post(port, {"X-Twilio-Signature": signature})
    assert (status, content_type) == (200, "text/xml; charset=utf-8")
    assert b"0116 454 1004" in body
    assert post(port, {})[:2] == (403, "text/xml; charset=utf-8")


def test_the_line_listens_on_this_machine_only(served: tuple[int, Path, IO[str]]) -> None:
    port, _, _ = served
    listening = [line.split()[1] for line in Path("/proc/net/tcp").read_text().splitlines() if line.split()[3] == "0A"]
    assert f"0100007F:{port:04X}" in listening
    assert f"00000000:{port:04X}" not in listening


def settings(**environ: str) -> Settings:
    return read_settings(environ)


def test_development_is_bound_to_this_machine_whatever_the_settings() -> None:
    arguments = server_arguments(settings(WEB_CONCURRENCY="8", PUBLIC_URL="https://tunnel.example.org"))
    assert "--bind=127.0.0.1:8000" in arguments
    assert "--workers=1" in arguments


def test_production_leaves_no_time_out_to_chance(production_environ: dict[str, str]) -> None:
    arguments = gunicorn_arguments(settings(**production_environ, WEB_CONCURRENCY="3", PORT="5000"))
    for part in ("--bind=0.0.0.0:5000", "--worker-class=sms_service.cli.web_worker.WebWorker",
                 "--workers=3", "--threads=4", "--timeout=90",
                 "--graceful-timeout=10", "--keep-alive=75", "--no-control-socket",
                 "--forwarded-allow-ips="):  # fmt: skip
        assert part in arguments
    assert not any("access" in part for part in arguments)


def test_the_other_server_too_leaves_no_time_out_to_chance(production_environ: dict[str, str]) -> None:
    arguments = server_arguments(settings(**production_environ, WEB_CONCURRENCY="3", PORT="5000"))
    for part in ("granian", "--host=0.0.0.0", "--port=5000", "--workers=3", "--blocking-threads=4",
                 "--http1-header-read-timeout=5000", "--workers-kill-timeout=10"):  # fmt: skip
        assert part in arguments
    assert not any("access" in part for part in arguments)
    assert "gunicorn" in server_arguments(settings(**production_environ, WEB_SERVER="gunicorn"))


def test_no_secret_stands_in_the_process_list_or_the_welcome(production_environ: dict[str, str]) -> None:
    shown = " ".join(server_arguments(settings(**production_environ))) + welcome(settings(**production_environ))
    for name in ("TWILIO_AUTH_TOKEN", "SECRET_KEY", "PSEUDONYM_KEYS"):
        assert production_environ[name] not in shown


def test_production_without_its_secrets_does_not_start_and_names_each(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TWILIO_AUTH_TOKEN", "SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)
    result = CliRunner().invoke(main, ["serve", "--production"])
    assert result.exit_code == 1
    for name in ("TWILIO_AUTH_TOKEN", "TWILIO_ACCOUNT_SID", "PUBLIC_URL", "PSEUDONYM_KEYS", "SECRET_KEY"):
        assert name in result.output


def test_production_and_development_at_once_is_a_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINE_ENV", "development")
    assert CliRunner().invoke(main, ["serve", "--production"]).exit_code == 2


def test_texting_a_line_that_is_not_there_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    result = CliRunner().invoke(main, ["text", "help", "--port", str(free_port())])
    assert result.exit_code == 1
    assert "Start the line with ./run first" in result.output


def test_a_port_in_use_is_said_in_one_sentence(tmp_path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        environ = {**os.environ, "VAR_DIR": str(tmp_path), "LINE_ENV": "development"}
        done = subprocess.run(
            [sys.executable, "-m", "sms_service", "serve", "--port", str(port)],
            env=environ, capture_output=True, text=True, timeout=150, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert f"Port {port} cannot be used" in done.stderr
    assert len(done.stderr.splitlines()) == 1
