"""Drafts, releases and changes in the words of the pages."""

from __future__ import annotations

from typing import Final

from sms_service.core.publishing.records import ReleaseKind

KIND_WORDS: Final = {
    ReleaseKind.PUBLISH: ("Approved", "green"),
    ReleaseKind.URGENT_FIX: ("Urgent", "red"),
    ReleaseKind.RESTORE: ("Restored", "blue"),
    ReleaseKind.IMPORT: ("From the command line", "orange"),
}
"""For each kind of release its words and the colour of its tag."""
