"""What is published is what is said: everywhere, soon, and each reply from one release alone."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, replace
from xml.etree import ElementTree as ET

import pytest

from sms_service.core.errors import LineError
from sms_service.core.messages import Channel, InboundMessage
from sms_service.core.publishing.content import BookFiles
from sms_service.core.publishing.field_edits import FieldEdit
from sms_service.core.publishing.records import ReleaseKind
from sms_service.service.messaging import MessagingService
from sms_service.service.pseudonyms import Pseudonyms
from sms_service.service.publishing.publishing import Outside, Publishing
from sms_service.service.publishing.watching import CachedRelease, LiveReleases
from sms_service.service.release import CurrentRelease
from sms_service.settings import PseudonymKey
from sms_service.storage.in_memory import InMemoryHotState, InMemoryRecorder
from sms_service.storage.publishing.watch_thread import WatchThread
from sms_service.webhooks.twiml import TwimlAnswers
from tests.publishing_in_memory import ANN, BEN, NoLog
from tests.waiting import eventually


@dataclass
class MemoryCache:
    kept: CachedRelease | None = None

    def load(self) -> CachedRelease | None:
        return self.kept

    def save(self, number: int, files: BookFiles) -> bool:
        self.kept = CachedRelease(number, files)
        return True


def a_process(publishing: Publishing, outside: Outside, cache: MemoryCache | None = None) -> LiveReleases:
    return LiveReleases(
        store=outside.store,
        books=publishing.books,
        book_format=outside.book_format,
        cache=cache or MemoryCache(),
        maker=outside.maker,
        releases=CurrentRelease(None),
        log=NoLog(),
        run=lambda work: work(),
    )


def publish(publishing: Publishing, marker: str) -> int:
    draft = publishing.drafts.open(ANN, "A change")
    file = publishing.drafts.fields(draft, "iwf.yaml")
    text = file.fields["text"]["en"]  # type: ignore[call-overload, index]
    first, _, rest = str(text).partition("\n")
    edit = FieldEdit(("text", "en"), f"{first.partition(' Plan ')[0]} Plan {marker}.\n{rest}")
    draft = publishing.drafts.save_fields(ANN, draft.draft_id, "iwf.yaml", file.seen, [edit])
    draft = publishing.review.submit(ANN, draft.draft_id)
    publishing.review.approve(BEN, draft.draft_id, draft.tree)
    return publishing.releases.publish(ANN, draft.draft_id).number


def said(process: LiveReleases) -> str:
    release = process.releases.current
    assert release is not None
    return release.book.replies["iwf"].text["en"]


def test_with_nothing_published_the_files_go_on(publishing: Publishing, outside: Outside) -> None:
    process = a_process(publishing, outside)
    assert process.look() is False
    assert process.releases.current is None


def test_every_process_swaps_the_newest_release_in_once(publishing: Publishing, outside: Outside) -> None:
    processes = [a_process(publishing, outside) for _ in range(2)]
    publish(publishing, "A")
    assert [process.look() for process in processes] == [True, True]
    assert [process.look() for process in processes] == [False, False]
    publish(publishing, "B")
    publishing.releases.restore(BEN, 1)
    for process in processes:
        assert process.look()
        assert "Plan A." in said(process)
        assert process.releases.current is not None
        assert process.releases.current.number == 3


def test_a_new_process_begins_with_what_the_host_kept_while_sql_is_down(
    publishing: Publishing, outside: Outside
) -> None:
    cache = MemoryCache()
    publish(publishing, "A")
    a_process(publishing, outside, cache).look()
    process = a_process(publishing, outside, cache)
    assert process.begin_with_cache()
    assert "Plan A." in said(process)


def test_a_kept_release_that_cannot_be_used_is_passed_over(publishing: Publishing, outside: Outside) -> None:
    process = a_process(publishing, outside, MemoryCache(CachedRelease(1, {"service.yaml": "name: only this"})))
    process = replace(process, log=Silent())
    assert process.begin_with_cache() is False
    assert process.releases.current is None


class Silent(NoLog):
    def trouble(self, code, *, error=None, message_id=None) -> None: ...


def test_a_release_whose_files_are_gone_leaves_the_last_one_answering(publishing: Publishing, outside: Outside) -> None:
    process = a_process(publishing, outside)
    publish(publishing, "A")
    process.look()
    record = replace(publishing.releases.get(1), number=2, kind=ReleaseKind.IMPORT, approver=None, tree=64 * "0")
    outside.store.add_release(record, None, publishing.history.entry(ANN, "published"))
    with pytest.raises(LineError):
        process.look()
    assert "Plan A." in said(process)


def test_learning_that_ends_late_does_not_bring_an_old_release_back(publishing: Publishing, outside: Outside) -> None:
    late: list[object] = []
    process = replace(a_process(publishing, outside), run=late.append)
    publish(publishing, "A")
    process.look()
    old = process.releases.current
    assert old is not None
    process.learn(publishing.books.loaded(old.tree or ""), old)
    publish(publishing, "B")
    process.look()
    late[0]()  # type: ignore[operator]
    assert "Plan B." in said(process)


def test_each_reply_is_exactly_one_release_s_text_while_releases_race(publishing: Publishing, outside: Outside) -> None:
    """Eight threads text while releases come and go under them; the row names the release of the text."""
    process = a_process(publishing, outside)
    publish(publishing, "A")
    process.look()
    recorder = InMemoryRecorder(most=10**6)
    story = MessagingService(
        releases=process.releases,
        pseudonyms=Pseudonyms((PseudonymKey("k1", 32 * b"1"),)),
        hot_state=InMemoryHotState(),
        recorder=recorder,
        erasure=recorder,
        log=NoLog(),
        answers=TwimlAnswers("https://line.example"),
    )
    answers: dict[str, bytes] = {}
    stop = threading.Event()

    def text(who: int) -> None:
        number = 0
        while not stop.is_set():
            number += 1
            message_id = f"SM{who:016x}{number:016x}"
            sender = f"+44770090{who}{number}"  # somebody new each time: a repeat gets the next step
            answers[message_id] = story.answer(InboundMessage(message_id, sender, "iwf", Channel.SMS))
            time.sleep(0.002)

    threads = [threading.Thread(target=text, args=(who,)) for who in range(8)]
    for thread in threads:
        thread.start()

    def look() -> None:
        """Look, and let everybody text a few times with what is live now, however slow the machine is."""
        process.look()
        enough = len(answers) + 50
        eventually(lambda: len(answers) >= enough)

    for marker in "BC":
        publish(publishing, marker)
        look()
        publishing.releases.restore(BEN, 1)
        look()
    stop.set()
    for thread in threads:
        thread.join()
    marker_of = {1: "A", 2: "B", 3: "A", 4: "C", 5: "A"}
    rows = {event.message_id: event for event in recorder.events if event.reply == "iwf"}
    assert len({row.release for row in rows.values()}) > 2, "the race was a race"
    for message_id, row in rows.items():
        words = "".join(one.text or "" for one in ET.fromstring(answers[message_id or ""]).iter("Message"))
        assert f"Plan {marker_of[row.release or 0]}." in words
    assert len(rows) > 100


def test_the_thread_looks_at_once_and_goes_on_after_a_failure() -> None:
    looks: list[float] = []

    def look() -> None:
        looks.append(time.monotonic())
        if len(looks) == 1:
            raise OSError("nobody there")

    watch = WatchThread(look, Silent(), pause_seconds=0.01)
    watch.ensure_running(wait_seconds=30)
    assert looks
    eventually(lambda: len(looks) >= 3)
    watch.stop()
    assert watch.check() is None
