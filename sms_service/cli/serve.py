"""``serve``: run the line with a web server."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import click

from sms_service.cli.web_servers import listening_host, server_arguments
from sms_service.core.errors import LineError, SettingsError
from sms_service.factory.accounts import first_admin_address
from sms_service.factory.environment import settings_from
from sms_service.factory.stores import is_set_up, set_up_stores
from sms_service.settings import LineEnvironment, Settings


@click.command("serve")
@click.option("--production", is_flag=True, help="Serve real people: needs every secret, listens on all addresses.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on; PORT or 8000 unless given.")
def command(port: int | None, *, production: bool) -> None:
    """Serve the line. Without --production only this machine can reach it, and it makes its own token."""
    environ = {**os.environ, **({"PORT": str(port)} if port else {})}
    if production:
        if environ.get("LINE_ENV", "production") != LineEnvironment.PRODUCTION:
            raise click.UsageError("--production, but LINE_ENV says something else.")
        environ["LINE_ENV"] = LineEnvironment.PRODUCTION.value
    try:
        settings = settings_from(environ)
    except SettingsError as error:
        raise click.ClickException(error.sentence) from None
    if not settings.in_production:
        _refuse_a_port_in_use(settings)
        click.echo(welcome(settings, _first_admin(settings)))
    arguments = [sys.executable, *server_arguments(settings)]
    sys.stdout.flush()
    os.execve(sys.executable, arguments, environ)  # noqa: S606 - our own interpreter, no shell


def _refuse_a_port_in_use(settings: Settings) -> None:
    """Say in one sentence what gunicorn would say in many lines and several tries.

    In production the next release may well start beside the present one.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((listening_host(settings), settings.port))
        except OSError as error:
            raise click.ClickException(
                f"Port {settings.port} cannot be used ({error.strerror}). Stop what runs there, or choose another: "
                f"PORT={settings.port + 1} ./run"
            ) from None


def _first_admin(settings: Settings) -> str | None:
    """Give the address that makes the first administrator, while there is none; texts are answered without it."""
    try:
        if not is_set_up(settings.var_dir):
            set_up_stores(settings)
        return first_admin_address(settings)
    except LineError:
        return None


def welcome(settings: Settings, first_admin: str | None = None) -> str:
    """Give what a developer needs to know to try the line. The token stays in its file.

    Args:
        settings: Of this machine.
        first_admin: Where the first administrator joins; it works once.
    """
    staff = f"  First administrator:     {first_admin}\n" if first_admin else ""
    where = "TWILIO_AUTH_TOKEN" if "TWILIO_AUTH_TOKEN" in os.environ else settings.var_dir / "development_token"
    return (
        "The line is ready, for this machine only.\n"
        f"  A phone to try it with:  {settings.public_url if _is_local(settings) else _local_url(settings)}/\n"
        f"{staff}"
        f"  A signed test text:      {_python()} -m sms_service text URGENT{_port_option(settings)}\n"
        f"  Token for signatures:    {where}\n"
        f"  Signed address:          {settings.public_url}/sms\n"
        "Stop it with Ctrl+C."
    )


def _is_local(settings: Settings) -> bool:
    return settings.public_url == _local_url(settings)


def _local_url(settings: Settings) -> str:
    return f"http://127.0.0.1:{settings.port}"


def _port_option(settings: Settings) -> str:
    return "" if settings.port == 8000 else f" --port {settings.port}"  # noqa: PLR2004 - the default


def _python() -> str:
    """Give the interpreter as somebody in this folder would type it."""
    here = Path.cwd()
    path = Path(sys.executable)
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
