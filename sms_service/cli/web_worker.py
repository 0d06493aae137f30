"""gunicorn's worker with one difference: a replacement that cannot start does not end the whole service.

gunicorn takes a worker that fails before it serves for a mistake in the application, and stops everything (exit code 3,
``HaltServer``). That is right at the start, where somebody is looking. Later it would let one moment without memory or
threads, just when a killed worker is being replaced, take the workers with it that still answer.
"""

from __future__ import annotations

import sys
import time

from gunicorn.workers.gthread import ThreadWorker

_PAUSE_SECONDS = 1.0
"""Before the next try: a host in trouble is not helped by one that starts a process as fast as it can."""


class WebWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """Answers requests in threads."""

    def init_process(self) -> None:
        """Start and serve. Of the first workers a failure is everybody's; a replacement is tried again."""
        try:
            super().init_process()
        except Exception:
            is_replacement = self.age > self.cfg.workers
            if self.booted or not is_replacement:
                raise
            self.log.error("A replacement worker could not start; it is tried again.")
            time.sleep(_PAUSE_SECONDS)
            sys.exit(1)
