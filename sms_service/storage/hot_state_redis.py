"""The hot state in Redis, shared by many hosts: two questions a message, each over in 0.2 s whatever happens to Redis.

When Redis cannot be asked, a message is treated as a first one, as far as this process does not remember better
(:mod:`.recent_answers`); after a time-out or a broken connection nobody asks for two seconds (:mod:`.circuit_breaker`).
All keys of a question carry the sender in braces, so that a cluster keeps them together
(https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/, "Hash tags").
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

import redis

from sms_service.core.conversation import Conversation
from sms_service.service.ports import Claim
from sms_service.storage import hot_state_values as values
from sms_service.storage.circuit_breaker import CircuitBreaker, CircuitOpen
from sms_service.storage.hot_state_scripts import CLAIM, SETTLE, Script, read_claim, read_settled
from sms_service.storage.per_process import PerProcess
from sms_service.storage.recent_answers import RecentAnswers
from sms_service.storage.redis_address import TIMEOUT_SECONDS, RedisAddress
from sms_service.storage.redis_connection import Word
from sms_service.storage.redis_health import describe_failure, find_trouble
from sms_service.storage.redis_link import RedisLink

T = TypeVar("T")

FAILURES: Final = (redis.RedisError, OSError, ValueError, CircuitOpen)
"""What asking Redis may raise; ValueError for words that cannot be sent, and for garbage where a number should be."""


@dataclass(frozen=True, slots=True)
class _Own:
    """What each process has for itself."""

    link: RedisLink
    breaker: CircuitBreaker
    recent: RecentAnswers


class RedisHotState:
    """Keeps seen messages and conversations in Redis.

    Args:
        address: Where Redis is.
        prefix: Begins every key.
        clock: Seconds that never run backwards, for the circuit.
    """

    def __init__(
        self, address: RedisAddress, *, prefix: str = "line", clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._prefix = prefix
        self._own = PerProcess(lambda: _make_own(address, clock))

    def claim(self, message_id: str, sender: str, now: float) -> Claim:
        """See the port. Redis not to be asked: what this process remembers; full, or a replica: what can be read."""
        recent = self._own.get().recent
        try:
            answer, conversation, counted = self._run(
                CLAIM,
                (self._seen(sender, message_id), self._talk(sender), self._arrivals(sender)),
                (
                    *(message_id, now, values.COUNTED_SECONDS, values.MOST_COUNTED),
                    *(values.LARGEST_ANSWER_BYTES, values.LARGEST_CONVERSATION_BYTES),
                ),
                read_claim,
            )
        except FAILURES:
            return recent.claim(message_id, sender, now)
        if answer is None:
            # Answered while Redis was away, or Redis has forgotten since.
            answer = recent.answer(message_id, now)
        if counted < 0:
            alone = recent.claim(message_id, sender, now)
            known = values.read_conversation(conversation) if conversation else alone.conversation
            return Claim(answer, known, alone.messages_in_30_seconds, degraded=True)
        return Claim(answer, values.read_conversation(conversation), max(1, counted))

    def settle(self, message_id: str, sender: str, answer: bytes, conversation: Conversation, now: float) -> bytes:
        """See the port. Redis not to be asked: the first of this process wins."""
        recent = self._own.get().recent
        answer = recent.answer(message_id, now) or answer  # already sent while the store was away: that is the answer
        try:
            first = self._run(
                SETTLE,
                (self._seen(sender, message_id), self._talk(sender)),
                (
                    *(answer, conversation.to_json()),
                    *(values.KEEP_ANSWER_SECONDS, values.keep_conversation_seconds(conversation)),
                    values.LARGEST_ANSWER_BYTES,
                ),
                read_settled,
            )
        except FAILURES:
            return recent.settle(message_id, sender, answer, conversation, now)
        counts = answer if first is None else first
        recent.keep(message_id, counts, now)
        return counts

    def forget(self, sender: str) -> None:
        """See the port. Redis not to be asked: its copy is gone by itself after hours."""
        self._own.get().recent.forget(sender)
        try:
            self._guarded(lambda link: link.call("DEL", self._talk(sender), self._arrivals(sender)))
        except FAILURES:
            return

    def check(self) -> str | None:
        """See the port. Also tells what an outage of Redis would lose."""
        try:
            return self._guarded(lambda link: find_trouble(link, f"{self._prefix}:check"))
        except FAILURES as error:
            return describe_failure(error)

    def close(self) -> None:
        """Close this process's connections."""
        self._own.get().link.close()

    def _seen(self, sender: str, message_id: str) -> str:
        return f"{self._prefix}:{{{sender}}}:seen:{message_id}"

    def _talk(self, sender: str) -> str:
        return f"{self._prefix}:{{{sender}}}:talk"

    def _arrivals(self, sender: str) -> str:
        return f"{self._prefix}:{{{sender}}}:arrivals"

    def _run(
        self, script: Script, keys: tuple[str, ...], arguments: tuple[Word, ...], read: Callable[[object], T]
    ) -> T:
        deadline = time.monotonic() + TIMEOUT_SECONDS
        rest = (len(keys), *keys, *arguments)
        try:
            return self._guarded(lambda link: read(link.call("EVALSHA", script.sha1, *rest, deadline=deadline)))
        except redis.exceptions.NoScriptError:
            # Redis was told of it at the start of the connection, but has thrown it away.
            return self._guarded(lambda link: read(link.call("EVAL", script.source, *rest, deadline=deadline)))

    def _guarded(self, question: Callable[[RedisLink], T]) -> T:
        own = self._own.get()
        own.breaker.admit()
        try:
            answer = question(own.link)
        except UnicodeError:
            raise  # a word of ours that cannot be sent; Redis is well
        except redis.exceptions.ReadOnlyError:
            # Demoted to a replica: the next connection leads to the new master.
            own.link.start_afresh()
            raise
        except (redis.ConnectionError, redis.TimeoutError, redis.InvalidResponse, OSError, ValueError) as error:
            own.breaker.failed(describe_failure(error))
            own.link.start_afresh()
            raise
        except redis.ResponseError:
            own.breaker.succeeded()  # it answers; what it says may soon be better
            raise
        own.breaker.succeeded()
        return answer


def _make_own(address: RedisAddress, clock: Callable[[], float]) -> _Own:
    breaker = CircuitBreaker(clock=clock)
    scripts = [("SCRIPT", "LOAD", script.source) for script in (CLAIM, SETTLE)]
    # A connection that took too long for one message is good news for the next.
    return _Own(RedisLink(address, scripts, on_connected=breaker.succeeded), breaker, RecentAnswers())
