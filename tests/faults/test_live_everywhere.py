"""What is published is what everybody gets: two hosts on one PostgreSQL, four web processes, traffic all the while.

Each answer is one release's text as a whole: the reply's words and the number of a contact change together, and never
stand beside each other's. Nobody gets the old words five seconds after publishing.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from sms_service.core.errors import LineError
from sms_service.core.people import Person, Role
from sms_service.core.publishing.content import BookFiles
from sms_service.core.publishing.field_edits import FieldEdit
from sms_service.factory.publishing import open_book_room
from sms_service.service.publishing.publishing import Publishing
from sms_service.service.release import Release
from sms_service.settings import read_settings
from sms_service.webhooks.signed_request import message_fields, new_message_id
from tests.conftest import ACCOUNT_SID
from tests.faults.measurements import note
from tests.faults.provider import WORST_SECONDS, KnownTexts
from tests.faults.server import Server
from tests.postgres_process import PostgresProcess
from tests.waiting import eventually

NUMBERS = {"apple": "01632 960011", "berry": "01632 960022", "cherry": "01632 960033"}
"""A word of each release, and the number that goes with it."""

LIVE_SECONDS = 5.0
CAUGHT_UP_SECONDS = 25.0
"""After SQL was silent the watcher looks again after 15 seconds at the latest, and reads a book."""

FOUNDER = Person("founder", "Sam Founder", frozenset(Role))

pytestmark = [pytest.mark.faults, pytest.mark.slow, pytest.mark.timeout(400)]


def phones() -> Iterator[str]:
    """Give a number for each text to a host, so that nobody asks the same twice."""
    return (f"+447700900{number:03}" for number in range(1, 1000))  # 000 is our own


@dataclass
class Traffic:
    """Texts all hosts until it is stopped; ``heard`` is when each was asked, how long it took, host and word."""

    hosts: list[Server]
    heard: list[tuple[float, float, int, str]] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)
    _senders: list[Iterator[str]] = field(default_factory=lambda: [phones(), phones()])
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self, host: int) -> None:
        while not self.stopping.wait(0.4):
            with self._lock:
                sender = next(self._senders[host])
            asked = time.monotonic()
            fields = message_fields("TALK", sender, ACCOUNT_SID, message_id=new_message_id())
            answer = self.hosts[host].provider.send(fields)
            assert answer.status == 200
            [text] = [message.text or "" for message in ET.fromstring(answer.body)]
            found = [(word, number) for word, number in NUMBERS.items() if word in text or number in text]
            assert len(found) == 1, f"of two releases: {text}"
            assert all(part in text for part in found[0]), f"half of a release: {text}"
            self.heard.append((asked, time.monotonic() - asked, host, found[0][0]))

    def words_since(self, moment: float) -> set[tuple[int, str]]:
        return {(host, word) for asked, _, host, word in list(self.heard) if asked >= moment}

    def last_heard(self, word: str) -> float:
        return max((asked for asked, _, _, one in self.heard if one == word), default=0.0)


def written_down(files: BookFiles, folder: Path) -> Path:
    """Write a book into a folder: one with a few examples, which are learned in a moment."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return folder


def draft_of(publishing: Publishing, word: str) -> int:
    """Open a draft in which the words of a reply and the number in it are another release's."""
    drafts = publishing.drafts
    draft_id = drafts.open(FOUNDER, word).draft_id
    words = f"You are not in trouble. This is the {word} text.\nIn danger: {{contact.emergency}}\n"
    text = f"{words}Ask: {{contact.police_local}}\n"
    changes = {
        "talk.yaml": [FieldEdit(("text", "en"), text), FieldEdit(("again", "en"), text)],
        "contacts.yaml": [FieldEdit(("police_local", "number"), NUMBERS[word])],
    }
    for path, edits in changes.items():
        seen = drafts.fields(drafts.get(draft_id), path).seen
        drafts.save_fields(FOUNDER, draft_id, path, seen, edits)
    return draft_id


def publish(publishing: Publishing, draft_id: int) -> None:
    publishing.releases.publish_alone(FOUNDER, draft_id, "a test")


def live_after(traffic: Traffic, go_live: Callable[[], object], *, old: str, new: str) -> float:
    """Do what makes a release live, and wait until it is, everywhere; give when the old words were last heard."""
    go_live()
    moment = time.monotonic()
    everywhere = {(0, new), (1, new)}
    eventually(lambda: traffic.words_since(time.monotonic() - 2) == everywhere, CAUGHT_UP_SECONDS * crowding())
    seconds = traffic.last_heard(old) - moment
    assert seconds <= LIVE_SECONDS * crowding(), f"the old words were heard for {seconds:.1f} s"
    return seconds


def crowding() -> float:
    """Say how many times as long work takes here because others work on this machine too; 1: none."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def frozen_while(
    postgres: PostgresProcess, traffic: Traffic, publishing: Publishing, draft_id: int
) -> tuple[list[float], float]:
    """Freeze SQL while somebody publishes; give how long answers took then, and when all had caught up, seconds."""
    with ThreadPoolExecutor(1) as somebody:
        publishes = somebody.submit(publish, publishing, draft_id)
        postgres.freeze()
        frozen = time.monotonic()
        time.sleep(8)
        postgres.thaw()
        thawed = time.monotonic()
        try:
            publishes.result(60)
        except LineError:  # they are told to try again, and do
            publish(publishing, draft_id)
    new = {(0, "cherry"), (1, "cherry")}
    eventually(lambda: traffic.words_since(time.monotonic() - 2) == new, CAUGHT_UP_SECONDS * crowding())
    during = [seconds for asked, seconds, *_ in traffic.heard if frozen <= asked <= thawed]
    return during, time.monotonic() - thawed


def test_everybody_hears_what_was_published_and_nobody_half_of_it(
    tmp_path: Path,
    postgres: PostgresProcess,
    postgres_url: str,
    shipped_release: Release,
    shipped_files: BookFiles,
) -> None:
    """Publishing and restoring under traffic on two hosts, then SQL frozen while somebody publishes."""
    known = KnownTexts(shipped_release)
    book = str(written_down(shipped_files, tmp_path / "book"))
    names = ("one", "two")
    hosts = [Server(tmp_path / name, known, DATABASE_URL=postgres_url, RESPONSES_DIR=book) for name in names]
    traffic = Traffic(hosts)
    try:
        with open_book_room(read_settings(hosts[0].environ)) as publishing, ThreadPoolExecutor(4) as senders:
            publish(publishing, draft_of(publishing, "apple"))
            time.sleep(2 * LIVE_SECONDS)
            running = [senders.submit(traffic.run, number % 2) for number in range(4)]
            try:
                berry = draft_of(publishing, "berry")
                published = live_after(traffic, lambda: publish(publishing, berry), old="apple", new="berry")
                restored = live_after(
                    traffic, lambda: publishing.releases.restore(FOUNDER, 1), old="berry", new="apple"
                )
                cherry = draft_of(publishing, "cherry")
                during, caught_up = frozen_while(postgres, traffic, publishing, cherry)
            finally:
                traffic.stopping.set()
            for sender in running:
                sender.result(30)
        assert len(during) > 20, "replies flow while SQL is frozen"
        assert max(during) < WORST_SECONDS
        note(
            published_seconds=published,
            restored_seconds=restored,
            caught_up_seconds=caught_up,
            answers=len(traffic.heard),
            answers_while_frozen=len(during),
            longest_while_frozen_seconds=max(during),
            crowding=crowding(),
        )
    finally:
        for host in hosts:
            host.kill()
