"""The provider as faults are judged by it: it signs what it sends, times what comes back, and checks every answer.

REPLY (``../shared/faults.md``, D2): 200, ``text/xml``, well-formed, at least one message, each text byte-equal to one
that the release or its fallback can produce, 99 of 100 within a second and all within four.
"""

from __future__ import annotations

import datetime as dt
import http.client
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import product
from xml.etree import ElementTree as ET

from sms_service.core.fallback import BUILT_IN_FALLBACK
from sms_service.core.rendering import Part
from sms_service.service.release import Release
from sms_service.webhooks.signed_request import message_fields, new_message_id, sign
from tests.conftest import ACCOUNT_SID, TOKEN
from tests.faults.measurements import note

WORST_SECONDS = 4.0
P99_SECONDS = 1.0
CONTENT_TYPE = "text/xml; charset=utf-8"


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What came back, and after how long."""

    status: int
    content_type: str
    body: bytes
    seconds: float = 0.0


Post = Callable[[str, bytes, dict[str, str]], HttpAnswer]
"""Sends path, body and headers to the line."""


class KnownTexts:
    """Every text that a release, its fallback or the built-in words can produce at a moment."""

    def __init__(self, release: Release, bank_holidays: frozenset[dt.date] = frozenset()) -> None:
        self._release = release
        self._bank_holidays = bank_holidays
        self._by_minute: dict[int, frozenset[str]] = {}

    def at(self, moment: dt.datetime) -> frozenset[str]:
        """Give them; some name the hour at which somebody opens."""
        minute = int(moment.timestamp() // 60)
        if minute not in self._by_minute:
            book, render = self._release.book, self._release.renderer.render
            parts = (Part.TEXT, Part.AGAIN, Part.MORE)
            texts = {
                render(key, part, language, moment, self._bank_holidays, emergency_line=with_line).text
                for key, part, with_line in product(book.replies, parts, (False, True))
                for language in book.replies[key].text
            }
            self._by_minute[minute] = frozenset({*texts, BUILT_IN_FALLBACK})
        return self._by_minute[minute]


class Provider:
    """Texts the line and holds every answer to REPLY.

    Args:
        post: The way to the line.
        public_url: The one that the line was configured with.
        known: What it may say.
        clock: The line's clock, where a test moves it.
    """

    def __init__(
        self,
        post: Post,
        public_url: str,
        known: KnownTexts,
        clock: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
    ) -> None:
        self._post = post
        self._public_url = public_url
        self._known = known
        self.clock = clock
        self.seconds: list[float] = []

    def send(self, fields: dict[str, str], path: str = "/sms", token: str = TOKEN) -> HttpAnswer:
        """Sign and send a form; nothing is checked but, later, the time it took."""
        answer = self.send_untimed(fields, path, token)
        self.seconds.append(answer.seconds)
        return answer

    def send_untimed(self, fields: dict[str, str], path: str = "/sms", token: str = TOKEN) -> HttpAnswer:
        """The same for a crowd on one machine, which waits for itself."""
        request = sign(self._public_url + path, fields, token)
        headers = {
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "X-Twilio-Signature": request.signature,
        }
        return self._post(path, request.raw_body, headers)

    def text(self, text: str, sender: str, message_id: str | None = None, **more: str) -> str:
        """Text the line; give the one text that comes back."""
        fields = {**message_fields(text, sender, ACCOUNT_SID, message_id=message_id or new_message_id()), **more}
        before = self.clock()
        answer = self.send(fields)
        return self.check_reply(answer, before)

    def check_reply(self, answer: HttpAnswer, before: dt.datetime) -> str:
        """Hold an answer to REPLY; ``before`` is when it was asked for."""
        [text] = self.texts_of(answer, before)
        return text

    def texts_of(self, answer: HttpAnswer, before: dt.datetime) -> list[str]:
        """The same for an answer that may be silence, where a limit decided on it."""
        assert (answer.status, answer.content_type) == (200, CONTENT_TYPE), answer
        root = ET.fromstring(answer.body)
        assert root.tag == "Response"
        assert {child.tag for child in root} <= {"Message"}
        texts = [message.text or "" for message in root]
        for text in texts:
            assert text in self.known_at(before), f"nobody has approved this text: {text}"
        return texts

    def known_at(self, before: dt.datetime) -> frozenset[str]:
        """Give every text that may be the answer to something asked then."""
        return self._known.at(before) | self._known.at(self.clock())

    def check_times(self) -> None:
        """Hold all answers so far to the time they may take, and write down what they took."""
        assert self.seconds
        note(answers=len(self.seconds), p99_seconds=self.percentile(0.99), max_seconds=max(self.seconds))
        assert max(self.seconds) <= WORST_SECONDS, f"the longest took {max(self.seconds):.2f} s"
        slow = sum(seconds > P99_SECONDS for seconds in self.seconds)
        assert slow <= max(1, len(self.seconds) // 100), f"{slow} of {len(self.seconds)} took more than a second"

    def percentile(self, share: float) -> float:
        """Give the time that a share of the answers took at most, seconds."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def over_http(port: int, timeout: float = 15.0) -> Post:
    """Give the way to a server on this machine; every request has a connection of its own, as behind a busy proxy."""

    def post(path: str, body: bytes, headers: dict[str, str]) -> HttpAnswer:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
        started = time.perf_counter()
        try:
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        return HttpAnswer(answer.status, answer.getheader("Content-Type") or "", content, time.perf_counter() - started)

    return post


@dataclass
class Crowd:
    """Threads that text at the same time; the first failure of any is raised by :meth:`wait`."""

    threads: list[threading.Thread] = field(default_factory=list)
    failures: list[BaseException] = field(default_factory=list)

    def start(self, work: Callable[[int], object], numbers: Iterable[int]) -> Crowd:
        """Run ``work(number)`` in a thread of its own for each number."""

        def run(number: int) -> None:
            try:
                work(number)
            except BaseException as error:  # noqa: BLE001 - raised by wait
                self.failures.append(error)

        self.threads = [threading.Thread(target=run, args=(number,)) for number in numbers]
        for thread in self.threads:
            thread.start()
        return self

    def wait(self) -> None:
        for thread in self.threads:
            thread.join()
        if self.failures:
            raise self.failures[0]
