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
from typing import Any, Final

import redis

from sms_service.core.conversation import Conversation
from sms_service.service.ports import Claim
from sms_service.storage import hot_state_values as values
from sms_service.storage.circuit_breaker import CircuitBreaker, CircuitOpen
from sms_service.storage.hot_state_scripts import CLAIM, SETTLE, Script
from sms_service.storage.per_process import PerProcess
from sms_service.storage.recent_answers import RecentAnswers
from sms_service.storage.redis_address import TIMEOUT_SECONDS, RedisAddress
from sms_service.storage.redis_connection import Word
from sms_service.storage.redis_health import describe_failure, find_trouble
from sms_service.storage.redis_link import RedisLink

FAILURES: Final = (redis.RedisError, OSError, ValueError, TypeError, CircuitOpen)
"""What asking Redis may raise: also UnicodeError for words that cannot be sent, and garbage instead of an answer."""


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
        self._own = PerProcess(lambda: _Own(RedisLink(address), CircuitBreaker(clock=clock), RecentAnswers()))

    def claim(self, message_id: str, sender: str, now: float) -> Claim:
        """See the port. Redis not to be asked: what this process remembers; full, or a replica: what can be read."""
        recent = self._own.get().recent
        try:
            answer, conversation, arrivals = self._run(
                CLAIM,
                (self._seen(sender, message_id), self._talk(sender), self._arrivals(sender)),
                *(message_id, now, values.COUNTED_SECONDS, values.MOST_COUNTED),
                *(values.LARGEST_ANSWER_BYTES, values.LARGEST_CONVERSATION_BYTES),
            )
            counted = int(arrivals)
        except FAILURES:
            return recent.claim(message_id, sender, now)
        if answer is None:
            # Answered while Redis was away, or Redis has forgotten since.
            answer = recent.answer(message_id, now)
        if counted < 0:
            alone = recent.claim(message_id, sender, now)
            counted = alone.messages_in_30_seconds
            known = values.read_conversation(conversation) if conversation else alone.conversation
            return Claim(answer, known, counted, degraded=True)
        return Claim(answer, values.read_conversation(conversation), max(1, counted))

    def settle(self, message_id: str, sender: str, answer: bytes, conversation: Conversation, now: float) -> bytes:
        """See the port. Redis not to be asked: the first of this process wins."""
        recent = self._own.get().recent
        try:
            first = self._run(
                SETTLE,
                (self._seen(sender, message_id), self._talk(sender)),
                *(answer, conversation.to_json()),
                *(values.KEEP_ANSWER_SECONDS, values.keep_conversation_seconds(conversation)),
                values.LARGEST_ANSWER_BYTES,
            )
        except FAILURES:
            return recent.settle(message_id, sender, answer, conversation, now)
        counts = first if isinstance(first, bytes) else answer
        recent.keep(message_id, counts, now)
        return counts

    def forget(self, sender: str) -> None:
        """See the port. Redis not to be asked: its copy is gone by itself after hours."""
        self._own.get().recent.forget(sender)
        try:
            self._ask("DEL", self._talk(sender), self._arrivals(sender))
        except FAILURES:
            return

    def check(self) -> str | None:
        """See the port. Also tells what an outage of Redis would lose."""
        try:
            trouble: str | None = self._guarded(lambda link: find_trouble(link, f"{self._prefix}:check"))
        except FAILURES as error:
            return describe_failure(error)
        return trouble

    def close(self) -> None:
        """Close this process's connections."""
        self._own.get().link.close()

    def _seen(self, sender: str, message_id: str) -> str:
        return f"{self._prefix}:{{{sender}}}:seen:{message_id}"

    def _talk(self, sender: str) -> str:
        return f"{self._prefix}:{{{sender}}}:talk"

    def _arrivals(self, sender: str) -> str:
        return f"{self._prefix}:{{{sender}}}:arrivals"

    def _run(self, script: Script, keys: tuple[str, ...], *arguments: Word) -> Any:  # noqa: ANN401 - Redis's types
        deadline = time.monotonic() + TIMEOUT_SECONDS
        try:
            return self._ask("EVALSHA", script.sha1, len(keys), *keys, *arguments, deadline=deadline)
        except redis.exceptions.NoScriptError:
            # New to this server, or it has restarted.
            return self._ask("EVAL", script.source, len(keys), *keys, *arguments, deadline=deadline)

    def _ask(self, *command: Word, deadline: float | None = None) -> Any:  # noqa: ANN401 - same
        return self._guarded(lambda link: link.call(*command, deadline=deadline))

    def _guarded(self, question: Callable[[RedisLink], Any]) -> Any:  # noqa: ANN401 - same
        own = self._own.get()
        own.breaker.admit()
        try:
            answer = question(own.link)
        except redis.exceptions.ReadOnlyError:
            # Demoted to a replica: the next connection leads to the new master.
            own.link.start_afresh()
            raise
        except (redis.ConnectionError, redis.TimeoutError, OSError) as error:
            own.breaker.failed(describe_failure(error))
            own.link.start_afresh()
            raise
        except redis.ResponseError:
            own.breaker.succeeded()  # it answers; what it says may soon be better
            raise
        own.breaker.succeeded()
        return answer
