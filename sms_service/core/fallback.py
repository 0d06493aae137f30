"""The last text of all, compiled in: what the line says when no reply book can be loaded.

It holds its numbers itself because there is no directory to take them from. A test compares them with the shipped
directory, so that the two cannot drift apart.
"""

from __future__ import annotations

from typing import Final

BUILT_IN_FALLBACK: Final = (
    "You are not in trouble. In danger now? Ring 999.\nDay or night: 0116 454 1004.\nChildline: 0800 1111. It is free."
)
"""One segment, plain GSM-7, nothing on the lock screen that tells what it is about."""
