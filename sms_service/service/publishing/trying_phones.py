"""A draft is tried from a real phone: staff allow their number for some hours, and text the line.

Only phones that somebody allowed get a draft's replies, and only those of a draft in which the checker finds nothing to
mend and no text about danger loses its reply: should a number be typed wrongly, its owner still gets every number.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from sms_service.core.people import Person, Role
from sms_service.core.publishing.errors import BadEdit, NotAllowed, WrongState
from sms_service.core.publishing.records import Draft
from sms_service.core.publishing.trying_phones import HOURS, MOST_PHONES, TryingPhone
from sms_service.core.senders import uk_mobile
from sms_service.service.history import History
from sms_service.service.ports import LineLog
from sms_service.service.pseudonyms import Pseudonyms
from sms_service.service.publishing.draft_changes import subject_of
from sms_service.service.publishing.drafts import Drafts
from sms_service.service.publishing.trials import Trials
from sms_service.service.publishing.trying_ports import TryingPhoneStore
from sms_service.service.release import Release

_NOTHING: Final[Mapping[str, tuple[TryingPhone, str, Release]]] = {}


@dataclass(frozen=True, kw_only=True)
class TryingPhones:
    """The story of allowed phones. Every change is in the history, with who made it."""

    store: TryingPhoneStore
    drafts: Drafts
    trials: Trials
    history: History
    pseudonyms: Pseudonyms

    def list(self, draft: Draft) -> tuple[TryingPhone, ...]:
        """Give the phones that try a draft now."""
        return tuple(phone for phone in self._current() if phone.draft_id == draft.draft_id)

    def why_not(self, draft: Draft) -> str | None:
        """Give why no phone gets this draft's replies, in a sentence; None when allowed phones do."""
        if draft.status.is_over:
            return "This draft is published or discarded."
        if draft.tree == draft.base_tree:
            return "Nothing is changed in this draft yet."
        if self.trials.preview(draft).errors:
            return "The checker has found something that must be mended first."
        trial = self.trials.result(draft)
        if trial is None:
            return "The texts that must go on getting their reply are still being tried. Look again in a minute."
        if trial.failure or trial.lost_danger:
            return "A text about danger would get the wrong reply."
        return None

    def allow(self, person: Person, draft_id: int, number: str, hours: int) -> None:
        """Let a phone try a draft; what it tried before ends.

        Args:
            person: Who allows it.
            draft_id: The draft.
            number: As people write it. It is not kept.
            hours: One of ``HOURS``.

        Raises:
            NotAllowed: When they are neither editor nor approver.
            BadEdit: When it is no mobile number.
            WrongState: When the draft cannot be tried, or enough phones do.
        """
        _may(person)
        draft = self.drafts.get(draft_id)
        if (reason := self.why_not(draft)) is not None:
            raise WrongState(reason)
        if hours not in HOURS:
            raise BadEdit("Choose for how long.")
        if (msisdn := uk_mobile(number)) is None:
            raise BadEdit("Enter a UK mobile number, such as 07700 900123.")
        if len(self.list(draft)) >= MOST_PHONES:
            raise WrongState(f"{MOST_PHONES} phones try this draft already. Take one off first.")
        now = self.history.clock()
        pseudonym, until = self.pseudonyms.current(msisdn).value, now + dt.timedelta(hours=hours)
        phone = TryingPhone(uuid.uuid4().hex, pseudonym, draft_id, person, now, until)
        detail = f"for {hours} hour{'' if hours == 1 else 's'}"
        self.store.add(phone, now, self.history.entry(person, "phone_allowed", subject_of(draft), detail))

    def end(self, person: Person, phone_id: str) -> None:
        """Take a phone off; once it is off, it gets what everybody gets."""
        _may(person)
        phone = next((one for one in self._current() if one.phone_id == phone_id), None)
        if phone is not None:
            self.store.remove(phone_id, self.history.entry(person, "phone_ended", f"draft {phone.draft_id}"))

    def _current(self) -> tuple[TryingPhone, ...]:
        return self.store.current(self.history.clock())


@dataclass(kw_only=True)
class WatchedPhones:
    """The :class:`~sms_service.service.publishing.trying_ports.TriedDrafts` of a process.

    Attributes:
        phones: The story.
        log: Told of what breaks; the phone then gets what everybody gets.
        clock: Gives the moment, aware.
    """

    phones: TryingPhones
    log: LineLog
    clock: Callable[[], dt.datetime]
    _ready: Mapping[str, tuple[TryingPhone, str, Release]] = field(default_factory=dict)

    def look(self) -> None:
        """Bring the allowed phones and their drafts into memory; the watcher calls it twice a second.

        Raises:
            LineError: When the store cannot be asked. Nobody gets a draft then.
        """
        try:
            self._ready = self._ready_now()
        except Exception:
            self._ready = _NOTHING
            raise

    def _ready_now(self) -> Mapping[str, tuple[TryingPhone, str, Release]]:
        ready = {}
        for phone in self.phones.store.current(self.clock()):
            draft = self.phones.drafts.get(phone.draft_id)
            if self.phones.why_not(draft) is None:
                _, tree, release = self._ready.get(phone.pseudonym, (phone, "", None))
                if release is None or tree != draft.tree or not release.understander.has_learned:
                    release = self.phones.trials.release_of(draft)
                ready[phone.pseudonym] = phone, draft.tree, release
        return ready

    def release_for(self, pseudonym: str, now: dt.datetime) -> Release | None:
        """Give the draft's release for an allowed phone. Never raises.

        The store is asked once more, for these few: a draft that was published and a phone that was taken off a moment
        ago, perhaps by another process, are over at once.
        """
        found = self._ready.get(pseudonym)
        if found is None:
            return None
        try:
            allowed = {one.phone_id for one in self.phones.store.current(now)}
        except Exception as error:  # noqa: BLE001 - whoever texts gets an answer
            self.log.trouble("tried_draft_failed", error=error)
            return None
        return found[2] if found[0].phone_id in allowed else None


def _may(person: Person) -> None:
    if not person.may(Role.EDITOR, Role.APPROVER):
        raise NotAllowed("Only editors and approvers may try a draft from a phone.")
