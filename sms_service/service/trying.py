"""Trying the line out: a pretend phone that texts it the way a real one does, and the reasons for each reply.

Nothing of it reaches the message log; what was typed stays in this process until somebody starts again.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from sms_service.core.events import Event
from sms_service.core.normalisation import normalise, readable
from sms_service.core.segments import count_segments
from sms_service.core.understanding.nearest import NearExample
from sms_service.core.understanding.result import Understanding
from sms_service.core.understanding.service_words import service_word
from sms_service.service.asking import nearest_examples
from sms_service.service.planning import understand
from sms_service.service.release import CurrentRelease

_KEPT_EXCHANGES: Final = 30


@dataclass(frozen=True, slots=True)
class PhoneAnswer:
    """What came back to the pretend phone.

    Attributes:
        texts: The texts it received; none is silence.
        event: The row that the line would have written, or None.
    """

    texts: tuple[str, ...]
    event: Event | None


class Phone(Protocol):
    """A pretend phone with a line of its own: texting from it is remembered nowhere else."""

    def text(self, text: str, media_count: int = 0) -> PhoneAnswer:
        """Text the line and give what comes back."""
        ...


@dataclass(frozen=True, slots=True)
class Exchange:
    """One text to the line and what it did.

    Attributes:
        sent: What was typed.
        with_picture: Whether a picture came along.
        received: The texts that came back.
        segments: What they cost together.
        event: The row that the line would have written, or None.
        understanding: Why this reply; None without a reply book.
        nearest: The examples that it is most like.
    """

    sent: str
    with_picture: bool
    received: tuple[str, ...]
    segments: int
    event: Event | None
    understanding: Understanding | None
    nearest: tuple[NearExample, ...] = ()


class TryLine:
    """The pretend phone on the test page.

    Args:
        releases: The line's.
        new_phone: Gives a phone that has never texted before.
    """

    def __init__(self, releases: CurrentRelease, new_phone: Callable[[], Phone]) -> None:
        self._releases = releases
        self._new_phone = new_phone
        self._lock = threading.Lock()
        self._phone = new_phone()
        self._exchanges: deque[Exchange] = deque(maxlen=_KEPT_EXCHANGES)

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """What was texted so far, oldest first."""
        return tuple(self._exchanges)

    def text(self, text: str, *, with_picture: bool = False) -> Exchange:
        """Text the line from the pretend phone."""
        with self._lock:
            release = self._releases.current
            answer = self._phone.text(text, int(with_picture))
            written = normalise(readable(text))
            understanding = None if release is None else understand(release, written, service_word(written.words))
            nearest = () if release is None or understanding is None else nearest_examples(release, text, understanding)
            segments = sum(count_segments(received).segments for received in answer.texts)
            exchange = Exchange(text, with_picture, answer.texts, segments, answer.event, understanding, nearest)
            self._exchanges.append(exchange)
            return exchange

    def start_again(self) -> None:
        """Take a new phone and forget what was texted."""
        with self._lock:
            self._phone = self._new_phone()
            self._exchanges.clear()
