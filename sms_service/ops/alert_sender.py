"""Alerts by apprise: e-mail, Teams, Slack, SMS, webhooks and many more, by addresses in ALERT_URLS.

Apprise is loaded when the first alert leaves, and its own log lines, which can hold an address with its password, are
switched off.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any, Final

from sms_service.core.alerts import Notice
from sms_service.service.ports import LineLog

_WAIT_SECONDS: Final = 15.0


class AppriseSender:
    """The :class:`~sms_service.service.worker_ports.AlertSender` of ALERT_URLS.

    Args:
        urls: As apprise writes them: ``mailto://...``, ``slack://...``, ``json://...``.
        log: Told when nobody could be reached.
    """

    def __init__(self, urls: Sequence[str], log: LineLog) -> None:
        self._urls = tuple(urls)
        self._log = log

    def send(self, notice: Notice) -> bool:
        """Send to every address; without one the log line is all there is."""
        if not self._urls:
            self._log.trouble(f"alert_{notice.rule}")
            return True
        try:
            services = self._services()
            taken = [service.send(body=notice.body, title=notice.title) for service in services]
        except Exception as error:  # noqa: BLE001 - whatever a plugin does, the worker goes on
            self._log.trouble("alert_failed", error=error)
            return False
        if not any(taken):
            self._log.trouble("alert_failed")
        return any(taken)

    def trouble(self) -> Sequence[str]:
        """Say which addresses cannot be used, by their kind and place in the list."""
        apprise = _apprise()
        bad = []
        for place, url in enumerate(self._urls, 1):
            if not apprise.Apprise().add(url):
                bad.append(f"Address {place} of ALERT_URLS ({url.partition(':')[0]}) is not one that apprise knows.")
        return bad

    def _services(self) -> list[Any]:
        apprise = _apprise()
        found: list[Any] = []
        for url in self._urls:
            service = apprise.Apprise.instantiate(url, suppress_exceptions=True)
            if service is not None:
                service.socket_connect_timeout = min(service.socket_connect_timeout, _WAIT_SECONDS)
                service.socket_read_timeout = min(service.socket_read_timeout, _WAIT_SECONDS)
                found.append(service)
        return found


def _apprise() -> Any:  # noqa: ANN401 - a module without types of its own
    import apprise

    logging.getLogger("apprise").disabled = True
    return apprise
