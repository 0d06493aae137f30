"""How each web server is started; nothing is left to its defaults that could lose an answer.

Chosen by measurement (docs/performance.md, "Web server"): granian takes less processor time for an answer and is not
held up by senders of slow headers; gunicorn hands over to new processes by itself (SIGHUP) and is the well-known
fallback.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sms_service.settings import Settings

APP: Final = "sms_service.factory.web:create_app"

_LONGEST_SILENCE_SECONDS: Final = 90
"""A worker that gives no sign of life for longer is replaced. Starting counts too: a slow or busy host must be able to
load the book and the models, or workers would be replaced for ever. Answers have their own, much shorter limits."""
_LONGEST_STOP_SECONDS: Final = 10
_KEEP_ALIVE_SECONDS: Final = 75
"""Longer than the usual proxy's 60, so that it is the proxy that closes an idle connection, never we mid-request."""
_LONGEST_HEADERS_SECONDS: Final = 5
_MOST_HEADER_BYTES: Final = 64 * 1024
_MOST_WAITING: Final = 4096
"""Connections of all workers. Slow senders hold one each, so there is room for many."""
_MEMORY_FOLDER: Final = Path("/dev/shm")  # noqa: S108 - gunicorn's heartbeat file, which must not lie on a slow disk


def server_arguments(settings: Settings) -> list[str]:
    """Give what follows ``python`` to serve the line. Development keeps to one process of the server that says most."""
    if settings.in_production and settings.web_server == "granian":
        return granian_arguments(settings)
    return gunicorn_arguments(settings)


def granian_arguments(settings: Settings) -> list[str]:
    """Give the arguments of granian. A second one may listen on the same port: that is how a deploy turns nobody away.

    Never send it SIGHUP: measured with 2.8.7, it refuses connections for seconds then.
    """
    options = {
        "interface": "wsgi",
        "host": listening_host(settings),
        "port": settings.port,
        "workers": settings.web_workers,
        "blocking-threads": settings.web_threads,
        "http": 1,
        "backlog": _MOST_WAITING,
        "http1-buffer-size": _MOST_HEADER_BYTES,
        "http1-header-read-timeout": _LONGEST_HEADERS_SECONDS * 1000,
        "workers-kill-timeout": _LONGEST_STOP_SECONDS,
        "respawn-interval": 1,
        "log-level": "warning",
    }
    # No access log, which is its default: it would hold addresses, and the line writes its own.
    pairs = [f"--{name}={value}" for name, value in options.items()]
    return ["-m", "granian", *pairs, "--no-ws", "--respawn-failed-workers", "--factory", APP]


def gunicorn_arguments(settings: Settings) -> list[str]:
    """Give the arguments of gunicorn."""
    local = not settings.in_production
    options = {
        "bind": f"{listening_host(settings)}:{settings.port}",
        "worker-class": "sms_service.cli.web_worker.WebWorker",
        "workers": 1 if local else settings.web_workers,
        "threads": settings.web_threads,
        "timeout": _LONGEST_SILENCE_SECONDS,
        "graceful-timeout": _LONGEST_STOP_SECONDS,
        "keep-alive": _KEEP_ALIVE_SECONDS,
        "limit-request-fields": 64,
        "forwarded-allow-ips": "",  # what is believed of a proxy, TRUSTED_PROXY_HOPS says
        "log-level": "warning" if local else "info",
    }
    if _MEMORY_FOLDER.is_dir():
        options["worker-tmp-dir"] = _MEMORY_FOLDER
    # No access log: it would hold addresses, and the line writes its own.
    pairs = [f"--{name}={value}" for name, value in options.items()]
    return ["-m", "gunicorn", *pairs, "--no-control-socket", f"{APP}()"]


def listening_host(settings: Settings) -> str:
    """Give the address to listen on."""
    return "0.0.0.0" if settings.in_production else "127.0.0.1"  # noqa: S104 - behind the host's proxy
