"""The provider's own copy of what came with a message: counted, and deleted where the safeguarding lead decides so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from sms_service.core.people import without_account
from sms_service.service.history import History


class ProviderMedia(Protocol):
    """What the provider keeps of a message. Ids only; the contents are never asked for. Everything may raise."""

    def media_ids(self, message_id: str) -> tuple[str, ...]:
        """Give the ids of what came with a message."""
        ...

    def delete_media(self, message_id: str, media_id: str) -> None:
        """Delete one at the provider, for good."""
        ...


@dataclass(frozen=True, kw_only=True)
class ProviderCopies:
    """Counts and deletes."""

    media: ProviderMedia
    history: History

    def count(self, message_id: str) -> int:
        """Say how many the provider keeps of a message. May raise."""
        return len(self.media.media_ids(message_id))

    def delete(self, message_id: str, *, actor: str, case: str) -> int:
        """Delete all of a message's, and write down who decided so; give how many.

        The wish is written down before the first is deleted: should anything fail, the history says more than was done,
        never less. May raise; then run it again.
        """
        ids = self.media.media_ids(message_id)
        if ids:
            detail = f"case {case}: {len(ids)} to be deleted at the provider"
            self.history.note(without_account(actor), "provider_copy_deleted", f"message {message_id}", detail)
        for media_id in ids:
            self.media.delete_media(message_id, media_id)
        return len(ids)
