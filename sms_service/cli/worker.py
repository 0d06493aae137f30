"""``worker``: text the line as a canary, send alerts, purge."""

from __future__ import annotations

import os
import signal
import threading

import click

from sms_service.core.errors import LineError
from sms_service.factory.environment import settings_from
from sms_service.factory.monitoring import build_worker, line_that_follows


@click.command("worker")
@click.option("--once", is_flag=True, help="Do everything that is due once, without waiting for its time, and stop.")
def command(*, once: bool) -> None:
    """Run beside `serve`: the canary every few minutes, alerts, the daily purge.

    Safe on several hosts (one of them leads) and on none (texts are answered all the same).
    """
    try:
        settings = settings_from(os.environ)
    except LineError as error:
        raise click.ClickException(error.sentence) from None
    line = line_that_follows(settings)
    worker = build_worker(line)
    if once:
        for task in worker.tasks:
            click.echo(f"{task.name}: {task.run() or 'ok'}")
        return
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    worker.run(stopping)
