"""What staff are told when something is not possible. Each is a sentence for a person, with the way on."""

from __future__ import annotations

from dataclasses import dataclass

from sms_service.core.errors import LineError


class PublishingError(LineError):
    """Base of all errors of drafts, reviews and releases."""

    code = "publishing"


class NotFound(PublishingError):
    """There is no such draft, release or file."""

    code = "not_found"


class NotAllowed(PublishingError):
    """The person may not do this: a role is missing, or it is their own change."""

    code = "not_allowed"


class WrongState(PublishingError):
    """The draft is not in the state for this, such as approving what was never submitted."""

    code = "wrong_state"


class BadEdit(PublishingError):
    """The edit cannot be written into the file. Nothing was changed."""

    code = "bad_edit"


class BadBookFiles(PublishingError):
    """The files cannot be a book. The sentence names each file, line and mend."""

    code = "bad_book_files"


class ChangedMeanwhile(PublishingError):
    """Somebody else changed the draft at the same moment, again and again. Try once more."""

    code = "changed_meanwhile"
    retry_helps = True


class DraftIsBehind(PublishingError):
    """Another release went live since the draft began; take it in first (``Drafts.catch_up``)."""

    code = "draft_is_behind"


class NotReady(PublishingError):
    """What the change does to golden texts is still being worked out in the background. Ask again in some seconds."""

    code = "not_ready"
    retry_helps = True


class Blocked(PublishingError):
    """The book may not go live; the sentence lists every reason."""

    code = "blocked"


@dataclass(frozen=True, slots=True)
class Clash:
    """One thing that two people changed differently.

    Attributes:
        file: Path of the file.
        field: Path within it; empty for a file as a whole.
        base: As it was when the editing began; None: it was not there.
        theirs: What the other person made of it.
        ours: What this person wants to save.
    """

    file: str
    field: tuple[str, ...]
    base: object
    theirs: object
    ours: object


class EditConflict(PublishingError):
    """Somebody else has changed the same things since this editor looked. Nothing was saved, nothing is lost.

    Attributes:
        clashes: Each thing that differs, with all three versions.
        seen: Digest of the file as it is now: saving again with it says 'I have seen theirs'. Empty when several files
            are concerned.
    """

    code = "edit_conflict"

    def __init__(self, clashes: tuple[Clash, ...], seen: str = "") -> None:
        where = ", ".join(" ".join((clash.file, *clash.field)) for clash in clashes)
        super().__init__(f"Somebody else has changed the same since you opened it: {where}. Compare and save again.")
        self.clashes = clashes
        self.seen = seen
