"""Ports for servers that a test starts itself, and for servers that are not there."""

from __future__ import annotations

import itertools
import os
import socket
from typing import Final

_FIRST, _COUNT = 10_240, 20_480
"""Below those that Linux gives to outgoing connections (32,768 and up), one of which might take a port in between."""
_tries: Final = itertools.count()


def free_port() -> int:
    """Give a port that nobody listens on now; test processes beside each other begin to look at different places."""
    while True:
        port = _FIRST + (os.getpid() * 211 + next(_tries)) % _COUNT
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
