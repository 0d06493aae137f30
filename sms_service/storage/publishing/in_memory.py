"""Publishing and history in this process's memory: for tests, with the same contract as SQL."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Collection, Mapping
from dataclasses import replace

from sms_service.core.history import HistoryEntry, HistoryPage, HistoryPosition, HistoryQuery
from sms_service.core.people import Person
from sms_service.core.publishing.content import Digest
from sms_service.core.publishing.errors import NotAllowed
from sms_service.core.publishing.records import Draft, DraftStatus, Look, ReleaseKind, ReleaseRecord
from sms_service.core.publishing.trying_phones import TryingPhone
from sms_service.service.publishing.ports import DraftStore


class InMemoryHistory:
    """The :class:`~sms_service.service.history_ports.HistoryStore` as a list."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: list[HistoryEntry] = []

    def add(self, entry: HistoryEntry) -> None:
        """Keep an entry."""
        with self._lock:
            self._entries.append(entry)

    def search(self, query: HistoryQuery, after: HistoryPosition | None, most: int) -> HistoryPage:
        """Give entries that fit, newest first."""
        with self._lock:
            entries = sorted(self._entries, key=lambda one: (one.at, one.entry_id), reverse=True)
        if after is not None:
            entries = [one for one in entries if (one.at, one.entry_id) < (after.at, after.entry_id)]
        fitting = [one for one in entries if _fits(one, query)]
        page = tuple(fitting[:most])
        older = HistoryPosition(page[-1].at, page[-1].entry_id) if len(fitting) > most else None
        return HistoryPage(page, older)


class InMemoryPublishing:
    """The :class:`~sms_service.service.publishing.ports.PublishingStore` as dictionaries behind one lock."""

    def __init__(self, history: InMemoryHistory) -> None:
        self._history = history
        self._lock = threading.RLock()
        self._contents: dict[Digest, bytes] = {}
        self._releases: list[ReleaseRecord] = []
        self._looks: list[Look] = []
        self._drafts: dict[int, Draft] = {}

    # Contents -----------------------------------------------------------------------------------------------------

    def put(self, contents: Mapping[Digest, bytes]) -> None:
        """Keep contents."""
        with self._lock:
            self._contents.update(contents)

    def get(self, digests: Collection[Digest]) -> Mapping[Digest, bytes]:
        """Give contents."""
        with self._lock:
            return {digest: self._contents[digest] for digest in digests if digest in self._contents}

    def present(self, digests: Collection[Digest]) -> frozenset[Digest]:
        """Give those that are there."""
        with self._lock:
            return frozenset(self._contents.keys() & set(digests))

    # Releases -----------------------------------------------------------------------------------------------------

    def newest_number(self) -> int:
        """Give the number of the live release, or 0."""
        with self._lock:
            return len(self._releases)

    def release(self, number: int) -> ReleaseRecord | None:
        """Give a release."""
        with self._lock:
            return self._releases[number - 1] if 1 <= number <= len(self._releases) else None

    def releases(self, before: int | None, most: int) -> tuple[ReleaseRecord, ...]:
        """Give releases, newest first."""
        with self._lock:
            found = [one for one in reversed(self._releases) if before is None or one.number < before]
        return tuple(found[:most])

    def add_release(self, release: ReleaseRecord, closes: Draft | None, entry: HistoryEntry) -> bool:
        """Make a release live."""
        with self._lock:
            if release.number != len(self._releases) + 1:
                return False
            if closes is not None and self._drafts[closes.draft_id].version != closes.version:
                return False
            if release.kind is ReleaseKind.PUBLISH:
                _refuse_own_words(release, closes)
            self._releases.append(release)
            if closes is not None:
                published = replace(closes, status=DraftStatus.PUBLISHED, version=closes.version + 1)
                self._drafts[closes.draft_id] = replace(published, updated_at=release.created_at)
            self._history.add(entry)
            return True

    def add_look(self, look: Look, entry: HistoryEntry) -> None:
        """Write down that somebody looked."""
        with self._lock:
            release = self._releases[look.number - 1]
            if look.person.person_id in {release.author.person_id, release.publisher.person_id}:
                raise NotAllowed("Nobody looks over their own release.")
            if not any(one.number == look.number and one.person == look.person for one in self._looks):
                self._looks.append(look)
                self._history.add(entry)

    def looks(self, numbers: Collection[int]) -> tuple[Look, ...]:
        """Give who looked at these releases."""
        with self._lock:
            return tuple(look for look in self._looks if look.number in numbers)

    def is_known(self, tree: Digest) -> bool:
        """Whether a book was ever released or begun from."""
        with self._lock:
            of_drafts = {one for draft in self._drafts.values() for one in (draft.base_tree, draft.source_tree)}
            return tree in of_drafts or any(release.tree == tree for release in self._releases)

    # Drafts -------------------------------------------------------------------------------------------------------

    def add_draft(self, draft: Draft, entry: HistoryEntry) -> Draft:
        """Keep a new draft."""
        with self._lock:
            kept = replace(draft, draft_id=len(self._drafts) + 1, version=1)
            self._drafts[kept.draft_id] = kept
            self._history.add(replace(entry, subject=f"draft {kept.draft_id}"))
            return kept

    def draft(self, draft_id: int) -> Draft | None:
        """Give a draft."""
        with self._lock:
            return self._drafts.get(draft_id)

    def drafts(self, statuses: Collection[DraftStatus], before: int | None, most: int) -> tuple[Draft, ...]:
        """Give drafts, newest first."""
        with self._lock:
            found = [one for _, one in sorted(self._drafts.items(), reverse=True) if one.status in statuses]
        return tuple(one for one in found if before is None or one.draft_id < before)[:most]

    def replace_draft(self, before: Draft, after: Draft, author: Person | None, entry: HistoryEntry | None) -> bool:
        """Change a draft if it is still the same version."""
        with self._lock:
            now = self._drafts[before.draft_id]
            if now.version != before.version:
                return False
            authors = now.authors
            if author is not None:
                authors = (*(one for one in authors if one.person_id != author.person_id), author)
            written_by = {one.person_id for one in authors}
            if after.approval is not None and (
                after.approval.approver.person_id in written_by or after.approval.tree != after.tree
            ):
                raise NotAllowed("Nobody approves their own words.")
            self._drafts[before.draft_id] = replace(after, version=before.version + 1, authors=authors)
            if entry is not None:
                self._history.add(entry)
            return True


def _refuse_own_words(release: ReleaseRecord, draft: Draft | None) -> None:
    if release.approver is None or draft is None or not draft.is_approved or draft.was_written_by(release.approver):
        raise NotAllowed("Nobody else has approved this.")


def _fits(entry: HistoryEntry, query: HistoryQuery) -> bool:
    everything = " ".join((entry.actor, entry.action, entry.subject, entry.detail)).casefold()
    return (
        all(word in everything for word in query.words.casefold().split())
        and query.actor_id in ("", entry.actor_id)
        and query.action in ("", entry.action)
        and query.subject in ("", entry.subject)
        and (query.since is None or entry.at >= query.since)
        and (query.until is None or entry.at < query.until)
    )


class InMemoryTryingPhones:
    """The :class:`~sms_service.service.publishing.trying_ports.TryingPhoneStore` as a dictionary."""

    def __init__(self, history: InMemoryHistory, drafts: DraftStore) -> None:
        self._history = history
        self._drafts = drafts
        self._phones: dict[str, TryingPhone] = {}

    def add(self, phone: TryingPhone, now: dt.datetime, entry: HistoryEntry) -> None:
        """Allow a phone."""
        kept = {one.pseudonym: one for one in self._phones.values() if one.until >= now}
        self._phones = {**kept, phone.pseudonym: phone}
        self._history.add(entry)

    def remove(self, phone_id: str, entry: HistoryEntry) -> None:
        """Delete a phone."""
        kept = {key: phone for key, phone in self._phones.items() if phone.phone_id != phone_id}
        if len(kept) < len(self._phones):
            self._phones = kept
            self._history.add(entry)

    def current(self, now: dt.datetime) -> tuple[TryingPhone, ...]:
        """Give the phones that try something now."""
        return tuple(one for one in reversed(tuple(self._phones.values())) if one.until > now and self._under_way(one))

    def _under_way(self, phone: TryingPhone) -> bool:
        draft = self._drafts.draft(phone.draft_id)
        return draft is not None and not draft.status.is_over
