"""Rules about single characters: what GSM-7 does not have makes a text cost double, what is unseen has no business."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from sms_service.core.checks.complaints import Complaint, Severity
from sms_service.core.checks.sheet import Sheet
from sms_service.core.gsm7_twins import character_name, tidy_for_gsm7

_UNSEEN: Final = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]"
)
"""Control and direction characters. Tab is among them: phones show it as anything."""

_JOINERS: Final = "\u200c\u200d"
"""Needed to write some languages; refused only in those of the Latin alphabet that we ship."""


def no_unseen_characters(sheet: Sheet) -> Iterator[Complaint]:
    """A text holds nothing that the reader cannot see."""
    for text in sheet.texts:
        for match in _UNSEEN.finditer(text.text):
            character = match.group()
            if text.must_be_gsm7 and unicodedata.category(character) != "Cc":
                continue  # named by the next rule, with its twin
            if character in _JOINERS:
                continue
            what = f"There is an unseen character here: {character_name(character)}."
            yield sheet.in_text(Severity.ERROR, text, match.start(), what, "Delete it, or type the words again.")


def characters_are_gsm7(sheet: Sheet) -> Iterator[Complaint]:
    """English and Welsh texts stay within GSM-7."""
    for text in sheet.texts:
        if not text.must_be_gsm7:
            continue
        for change in tidy_for_gsm7(text.text).changes:
            if len(change.character) == 1 and unicodedata.category(change.character) == "Cc":
                continue
            shown = change.character if change.character.isprintable() else ""
            what = " ".join(part for part in (shown, f"({change.name}) makes the whole text cost double.") if part)
            if change.twin is None:
                mend = "Leave it out, or say it in words."
            else:
                mend = f"Write {change.twin} instead." if change.twin.strip() else "Type a plain space, or delete it."
            yield sheet.in_text(Severity.ERROR, text, change.position, what, mend)
