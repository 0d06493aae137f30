"""A few connections to Redis, shared by the threads of a process, with one promise: a call is over in 0.2 s.

redis-py's own pools make a connection while the request waits, and their time-outs are per step: a name that does not
resolve (no time-out at all), three dead Sentinels, or a slow TLS handshake would add up. Here a connection is made by a
background thread; a request waits for it only as long as its budget lasts, and the connection then serves the next one.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, Final

import redis

from sms_service.storage.redis_address import TIMEOUT_SECONDS, RedisAddress
from sms_service.storage.redis_connection import RedisConnection, Word

CONNECT_WAIT_SECONDS: Final = TIMEOUT_SECONDS / 2
"""How long a request waits for a connection. Were it longer, the rest might not do for the question itself, and the
connection would be thrown away as too slow, again and again."""
MOST_CONNECTIONS: Final = 32
MOST_CONNECTING: Final = 4
"""Threads that may hang in a name lookup, at worst."""


class CannotConnect(redis.ConnectionError):
    """No connection could be made; ``reason`` says why."""

    def __init__(self, reason: BaseException) -> None:
        super().__init__("no connection")
        self.reason = reason


class RedisLink:
    """Asks Redis one thing at a time. For one process: make a new one after a fork.

    Args:
        address: Where Redis is.
        preparations: Commands for every new connection, sent in the background; Redis may refuse them.
        on_connected: Called, in the background, when a connection is there that answers quickly.
    """

    def __init__(
        self,
        address: RedisAddress,
        preparations: Sequence[Sequence[Word]] = (),
        on_connected: Callable[[], None] = lambda: None,
    ) -> None:
        self._address = address
        self._on_connected = on_connected
        self._preparations = preparations
        self._changed = threading.Condition(threading.Lock())
        self._idle: list[RedisConnection] = []
        self._in_use = 0
        self._connecting = 0
        self._waiting = 0
        self._failures = 0
        self._last_failure: BaseException = ConnectionError()
        self._current: set[RedisConnection] = set()
        """Connections made since the last :meth:`start_afresh`; others are closed after use."""

    def call(self, *command: Word, deadline: float | None = None) -> Any:  # noqa: ANN401 - Redis's types
        """Give Redis's answer to a command.

        Args:
            command: Its words.
            deadline: Seconds of the monotonic clock; 0.2 s from now unless given.

        Raises:
            redis.ResponseError: Redis refuses; the connection is still good.
            redis.RedisError: No answer in time, or no connection.
            OSError: Same.
            UnicodeError: A word cannot be sent.
        """
        deadline = time.monotonic() + TIMEOUT_SECONDS if deadline is None else deadline
        connection = self._take(min(deadline, time.monotonic() + CONNECT_WAIT_SECONDS))
        try:
            answer = connection.ask(deadline, *command)
        except redis.ResponseError:
            self._give_back(connection)
            raise
        except BaseException:
            # An answer may still come, and would be taken for the next question's.
            self._drop(connection)
            raise
        self._give_back(connection)
        return answer

    def start_afresh(self) -> None:
        """Use none of the present connections again: they may lead to a dead or demoted server."""
        with self._changed:
            idle, self._idle = self._idle, []
            self._current.clear()
        for connection in idle:
            connection.close()

    close = start_afresh

    def _take(self, give_up_at: float) -> RedisConnection:
        with self._changed:
            failures = self._failures
            self._waiting += 1
            try:
                while True:
                    connection = self._take_idle()
                    if connection is not None:
                        self._in_use += 1
                        return connection
                    if self._failures != failures:
                        raise CannotConnect(self._last_failure)
                    self._connect_if_wanted()
                    left = give_up_at - time.monotonic()
                    if left <= 0 or not self._changed.wait(left):
                        raise redis.TimeoutError("no connection in time")
            finally:
                self._waiting -= 1

    def _take_idle(self) -> RedisConnection | None:
        while self._idle:
            connection = self._idle.pop()
            if not connection.has_news():
                return connection
            self._current.discard(connection)
            connection.close()
        return None

    def _connect_if_wanted(self) -> None:
        wanted = min(self._waiting, MOST_CONNECTING, MOST_CONNECTIONS - self._in_use)
        if self._connecting >= wanted:
            return
        try:
            threading.Thread(target=self._connect, name="redis-connect", daemon=True).start()
        except RuntimeError as error:  # no more threads to be had
            raise CannotConnect(error) from error
        self._connecting += 1

    def _connect(self) -> None:
        made: RedisConnection | None = None
        failure: BaseException | None = None
        try:
            made = RedisConnection(self._address, self._preparations)
        except Exception as error:  # noqa: BLE001 - whatever it is, those who wait must hear of it
            failure = error
        with self._changed:
            self._connecting -= 1
            if made is not None:
                self._current.add(made)
                self._idle.append(made)
            elif failure is not None:
                self._failures += 1
                self._last_failure = failure
            self._changed.notify_all()
        if made is not None and made.is_quick:
            self._on_connected()

    def _give_back(self, connection: RedisConnection) -> None:
        with self._changed:
            self._in_use -= 1
            good = connection in self._current
            if good:
                self._idle.append(connection)
                self._changed.notify()
        if not good:
            connection.close()

    def _drop(self, connection: RedisConnection) -> None:
        with self._changed:
            self._in_use -= 1
            self._current.discard(connection)
            self._changed.notify()
        connection.close()
