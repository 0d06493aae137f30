"""Named points on the way of an event, where a test may kill or break what runs. In service nothing happens there."""

from __future__ import annotations

from collections.abc import Callable

Step = Callable[[str], None]
"""Called with the name of the point that has just been reached, such as ``drain.committed``."""


def no_step(name: str) -> None:
    """Do nothing."""
