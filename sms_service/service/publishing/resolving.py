"""When two people changed the same field: the second has seen both versions and says which one to keep."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sms_service.core.publishing.content import Digest
from sms_service.core.publishing.field_edits import FieldEdit, FieldPath, merge
from sms_service.service.publishing.drafts import Drafts


def resolved_edits(
    drafts: Drafts,
    path: str,
    seen: Digest,
    theirs: Digest,
    edits: Sequence[FieldEdit],
    keep_ours: Collection[FieldPath],
) -> list[FieldEdit]:
    """Give what is left to save on the other's version, after the choice.

    Args:
        drafts: Where the versions are.
        path: The file.
        seen: The version that the edits were made on.
        theirs: The version that was shown beside them.
        edits: The whole form, as it was sent.
        keep_ours: The fields in dispute whose edit is to win; of the others the other person's version stays.
    """
    read, text = drafts.book_format.fields, drafts.books.text
    merged = merge(path, read(path, text(seen)), read(path, text(theirs)), edits)
    disputed = {clash.field for clash in merged.clashes}
    return [*merged.edits, *(edit for edit in edits if edit.path in disputed and edit.path in keep_ours)]
