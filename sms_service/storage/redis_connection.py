"""Makes connections to Redis whose every wait ends at a deadline."""

from __future__ import annotations

import contextlib
import select
import socket
import time
from collections.abc import Sequence
from typing import Any, Final

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from redis.sentinel import Sentinel

from sms_service.storage.redis_address import TIMEOUT_SECONDS, RedisAddress

Word = str | bytes | int | float
"""A part of a command."""

HANDSHAKE_SECONDS: Final = 2.0
"""Of making a connection, in the background: finding the name, the master, TLS, password, database."""


class NotRedis(redis.ConnectionError):
    """What came back is nothing that Redis would say to our question."""


class DeadlineSocket:
    """A socket that waits no longer than until ``deadline`` (seconds of the monotonic clock).

    A plain time-out is per wait: an answer that trickles in byte by byte, or a handshake of several questions, would
    add many of them up.
    """

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected
        self.deadline = time.monotonic() + HANDSHAKE_SECONDS

    def sendall(self, data: bytes) -> None:
        """Send everything."""
        self._limit()
        self._socket.sendall(data)

    def recv(self, most_bytes: int) -> bytes:
        """Receive what there is."""
        self._limit()
        return self._socket.recv(most_bytes)

    def recv_into(self, *where: Any) -> int:  # noqa: ANN401 - as the socket's own; used where hiredis is installed
        """Receive into a buffer."""
        self._limit()
        return self._socket.recv_into(*where)

    def has_news(self) -> bool:
        """Tell whether something lies there unasked: the server has hung up, or a late answer to nobody."""
        poll = select.poll()
        try:
            poll.register(self._socket.fileno(), select.POLLIN)
        except ValueError:  # closed
            return True
        return bool(poll.poll(0))

    def _limit(self) -> None:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("deadline reached")
        self._socket.settimeout(left)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever redis-py does besides: close, shutdown, settimeout
        return getattr(self._socket, name)


class _Bounded:
    """Mixed into redis-py's connections: puts the socket they make behind a deadline."""

    line: DeadlineSocket

    def _connect(self) -> DeadlineSocket:
        self.line = DeadlineSocket(super()._connect())  # type: ignore[misc]
        return self.line


class _TcpConnection(_Bounded, redis.Connection):
    pass


class _TlsConnection(_Bounded, redis.SSLConnection):
    pass


class _SocketFileConnection(_Bounded, redis.UnixDomainSocketConnection):
    host = ""  # redis-py 8.1 forgot it, and asks for it when counting errors

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - redis-py's
        super().__init__(**options)  # type: ignore[no-untyped-call]


_QUICK: Final[dict[str, Any]] = {
    "socket_timeout": TIMEOUT_SECONDS,
    "socket_connect_timeout": TIMEOUT_SECONDS,
    "retry": Retry(NoBackoff(), 0),
    "health_check_interval": 0,
    "protocol": 2,  # no HELLO, no notifications: without a password a connection is ready at once
    "driver_info": None,  # no CLIENT SETINFO either
}


class RedisConnection:
    """A connection that has just answered a PING.

    Args:
        address: Where Redis is.
        preparations: Commands to send first; Redis may refuse them.

    Attributes:
        is_quick: Whether the answer came as soon as any must.

    Raises:
        redis.RedisError: It cannot be had; OSError for some failures of TLS.
    """

    def __init__(self, address: RedisAddress, preparations: Sequence[Sequence[Word]] = ()) -> None:
        self._connection = _make(address)
        self._connection.connect()
        try:
            self._prepare(preparations)
        except BaseException:
            self.close()
            raise

    def _prepare(self, commands: Sequence[Sequence[Word]]) -> None:
        started = time.monotonic()
        for command in (("PING",), *commands):  # in one go: each wait for an answer is a way to the server and back
            self._connection.send_command(*command)
        # Also takes in the session tickets of TLS 1.3, which would look like news.
        if self._connection.read_response() != b"PONG":
            raise NotRedis("no PONG")
        self.is_quick = time.monotonic() - started < TIMEOUT_SECONDS
        for _ in commands:
            with contextlib.suppress(redis.ResponseError):
                self._connection.read_response()

    def ask(self, deadline: float, *command: Word) -> Any:  # noqa: ANN401 - whatever Redis says
        """Give Redis's answer; see :meth:`.redis_link.RedisLink.call`."""
        self._connection.line.deadline = deadline
        self._connection.send_command(*command)
        return self._connection.read_response()

    def has_news(self) -> bool:
        """Tell whether something lies there unasked: the server has hung up, or a late answer to nobody."""
        return bool(self._connection.line.has_news())

    def close(self) -> None:
        """Close it."""
        self._connection.disconnect()


def _make(address: RedisAddress) -> Any:  # noqa: ANN401 - redis-py's connections have no types
    options: dict[str, Any] = {**_QUICK, **address.login, "db": address.db}
    if address.socket_path is not None:
        return _SocketFileConnection(path=address.socket_path, **options)
    host, port = address.hosts[0] if address.service is None else _ask_sentinels(address)
    kind = _TlsConnection if address.tls else _TcpConnection
    return kind(host=host, port=port, **options, **address.tls_options)


def _ask_sentinels(address: RedisAddress) -> tuple[str, int]:
    options = {**_QUICK, **address.sentinel_login, **({"ssl": True, **address.tls_options} if address.tls else {})}
    make: Any = Sentinel
    # Made anew each time: redis-py's object puts its list of Sentinels in a new order without a lock.
    with make(list(address.hosts), sentinel_kwargs=options) as sentinel:
        host, port = sentinel.discover_master(address.service)
    return str(host), int(port)
