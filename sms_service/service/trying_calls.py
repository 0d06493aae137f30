"""Trying the line out by ringing it: a pretend caller, what the line says, and the row that it would have written."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from sms_service.core.events import Event


@dataclass(frozen=True, slots=True)
class CallAnswer:
    """What a caller hears after one thing that they did.

    Attributes:
        spoken: What is said, in order.
        languages: Of each, as BCP 47 says it, such as ``cy-GB``: for who reads it aloud again.
        listens: Whether the line then listens for a key or a voice.
        rings: The number of the phone that then rings for them, or None.
    """

    spoken: tuple[str, ...]
    languages: tuple[str, ...]
    listens: bool
    rings: str | None = None

    @property
    def said(self) -> tuple[tuple[str, str], ...]:
        """Pairs of a language and what is said in it, in order."""
        return tuple(zip(self.languages, self.spoken, strict=True))

    @property
    def ends(self) -> bool:
        """Whether the line hangs up."""
        return not self.listens and self.rings is None


class Caller(Protocol):
    """A pretend caller with a line of its own."""

    def ring(self) -> CallAnswer:
        """Ring the line."""
        ...

    def do(self, done: str) -> CallAnswer:
        """Press a key, say something, or say nothing ('')."""
        ...

    def hang_up(self) -> None:
        """End the call."""
        ...


@dataclass(frozen=True, slots=True)
class NewCall:
    """A call that can be tried: who rings, which texts it brought, and the newest row."""

    caller: Caller
    texts: Callable[[], tuple[str, ...]]
    last_event: Callable[[], Event | None]


@dataclass(frozen=True, slots=True)
class CallTurn:
    """One thing that the caller did, and what they heard.

    Attributes:
        did: A key, words, '' for nothing; None for ringing.
        answer: What they heard.
        texts: Texts that came to their phone meanwhile.
        event: The row that the line would have written.
    """

    did: str | None
    answer: CallAnswer
    texts: tuple[str, ...]
    event: Event | None


class TryCall:
    """The pretend telephone on the test page.

    Args:
        new_call: Gives a caller who has not rung yet.
    """

    def __init__(self, new_call: Callable[[], NewCall]) -> None:
        self._new_call = new_call
        self._lock = threading.Lock()
        self._call: NewCall | None = None
        self._turns: tuple[CallTurn, ...] = ()

    @property
    def turns(self) -> tuple[CallTurn, ...]:
        """The call so far, oldest first."""
        return self._turns

    @property
    def is_open(self) -> bool:
        """Whether the line has not hung up, and nobody else has."""
        return self._call is not None and bool(self._turns) and not self._turns[-1].answer.ends

    def ring(self) -> None:
        """Begin a call; an open one ends."""
        with self._lock:
            self._call = self._new_call()
            self._turns = (self._turn(self._call, None, self._call.caller.ring()),)

    def do(self, done: str) -> None:
        """Do one thing in the open call; without one, nothing happens."""
        with self._lock:
            if self._call is not None and self.is_open:
                self._turns = (*self._turns, self._turn(self._call, done, self._call.caller.do(done)))

    def hang_up(self) -> None:
        """End the call and forget what was said."""
        with self._lock:
            if self._call is not None and self.is_open:
                self._call.caller.hang_up()
            self._call, self._turns = None, ()

    def _turn(self, call: NewCall, did: str | None, answer: CallAnswer) -> CallTurn:
        before = sum(len(turn.texts) for turn in self._turns)
        return CallTurn(did, answer, call.texts()[before:], call.last_event())
