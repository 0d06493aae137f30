"""Learning from what was not understood: staff read what is left of a message and make it an example or a keyword.

Off unless ``KEEP_UNMATCHED_DAYS`` is set. That somebody looked is in the history; what they read is not.
"""

from __future__ import annotations

from dataclasses import dataclass

from sms_service.core.people import Person, Role
from sms_service.core.publishing.errors import BadEdit, NotAllowed, NotFound
from sms_service.core.publishing.field_edits import FieldEdit
from sms_service.core.publishing.records import Draft
from sms_service.service.history import History
from sms_service.service.publishing.drafts import Drafts
from sms_service.service.unmatched_ports import UnmatchedMessage, UnmatchedStore


@dataclass(frozen=True, kw_only=True)
class Unmatched:
    """The story of learning.

    Attributes:
        days: How long messages are kept; 0: never, and the list is empty.
        store: Where they are.
        drafts: Where they become examples and keywords.
        history: Notes who looked.
    """

    days: int
    store: UnmatchedStore
    drafts: Drafts
    history: History

    @property
    def is_on(self) -> bool:
        """Whether messages that were not understood are kept at all."""
        return self.days > 0

    def list(
        self, person: Person, before: UnmatchedMessage | None = None, most: int = 50
    ) -> tuple[UnmatchedMessage, ...]:
        """Give messages, newest first; ``before`` is the last of the page before.

        Raises:
            NotAllowed: Without the role of an editor or approver.
        """
        _may_look(person)
        if not self.is_on:
            return ()
        self.history.note(person, "looked_at", "messages not understood")
        return self.store.messages(before, most)

    def make_example(self, person: Person, unmatched_id: str, draft_id: int, label: str, text: str) -> Draft:
        """Make a message an example of a reply (or ``harmless``) in a draft, as the editor words it, and delete it.

        Raises:
            NotFound: When somebody else has dealt with it.
            BadEdit: When the text cannot be an example, such as one that still says ``[name]``.
        """
        self._still_there(person, unmatched_id)
        _must_be_whole(text)
        draft = self.drafts.add_examples(person, draft_id, label, [text])
        self._dealt_with(person, unmatched_id, f"example of {label} in draft {draft_id}")
        return draft

    def make_keyword(self, person: Person, unmatched_id: str, draft_id: int, reply: str, keyword: str) -> Draft:
        """Make a word of a message a keyword of a reply in a draft, and delete the message.

        Raises:
            NotFound: When somebody else has dealt with it, or there is no such reply.
            BadEdit: When it cannot be a keyword, as above.
        """
        self._still_there(person, unmatched_id)
        _must_be_whole(keyword)
        path = f"{reply}.yaml"
        now = self.drafts.fields(self.drafts.get(draft_id), path)
        had = now.fields.get("keywords", ())
        keywords = (*had, " ".join(keyword.upper().split())) if isinstance(had, tuple) else (keyword.upper(),)
        edit = FieldEdit(("keywords",), tuple(dict.fromkeys(map(str, keywords))))
        draft = self.drafts.save_fields(person, draft_id, path, now.seen, [edit])
        self._dealt_with(person, unmatched_id, f"keyword of {reply} in draft {draft_id}")
        return draft

    def remove(self, person: Person, unmatched_id: str) -> None:
        """Delete a message from which nothing can be learned."""
        self._still_there(person, unmatched_id)
        self._dealt_with(person, unmatched_id, "nothing to learn")

    def _still_there(self, person: Person, unmatched_id: str) -> None:
        _may_look(person)
        if self.store.message(unmatched_id) is None:
            raise NotFound("Somebody has dealt with this message already, or its days are over.")

    def _dealt_with(self, person: Person, unmatched_id: str, how: str) -> None:
        self.store.remove(unmatched_id)
        self.history.note(person, "learned_from", "a message not understood", how)


def _must_be_whole(text: str) -> None:
    if "[" in text:
        raise BadEdit("Put made-up words where something was taken out: [name], [number], [school].")


def _may_look(person: Person) -> None:
    if not person.may(Role.EDITOR, Role.APPROVER):
        raise NotAllowed("Only editors and approvers may read messages that were not understood.")
