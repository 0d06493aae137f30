"""One of a thing per process: locks, sockets and database connections must not be used on both sides of a fork."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class PerProcess(Generic[T]):
    """Makes a thing on first use, and anew in a forked child (a server that loads the app before it forks its workers).

    Args:
        make: Makes the thing. Called without a lock, which a fork at the wrong moment would leave locked in the child;
            two threads that come first together may both call it, and then both use one of the results.
    """

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._made: dict[int, T] = {}

    def get(self) -> T:
        """Give this process's own thing."""
        process = os.getpid()
        try:
            return self._made[process]
        except KeyError:
            # The parent's stays in the table, unused: SQLite forbids a child even to close it (sqlite.org/howtocorrupt,
            # "Carrying an open database connection across a fork").
            return self._made.setdefault(process, self._make())
