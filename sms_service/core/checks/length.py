"""Rules about length: a text is short, and in danger the numbers come in its first segment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sms_service.core.checks.complaints import Complaint, Severity
from sms_service.core.checks.sheet import OutgoingText, Sheet
from sms_service.core.contact_lines import GSM7_LANGUAGES
from sms_service.core.phone_numbers import find_phone_numbers, only_digits
from sms_service.core.placeholders import contact_keys
from sms_service.core.rendering import extreme_forms
from sms_service.core.reply_book import ALL_HOURS_CONTACT, DEFAULT_LANGUAGE, EMERGENCY_CONTACT
from sms_service.core.segments import count_segments, split_segments

WANTED_SEGMENTS: Final = 2
MOST_SEGMENTS: Final = 3
_UCS2_FACTOR: Final = 2
"""A segment holds fewer than half the characters where a language needs an alphabet outside GSM-7."""


def texts_are_short(sheet: Sheet) -> Iterator[Complaint]:
    """Two segments are wanted, three are the most, counted with the longest opening times filled in."""
    for text in sheet.texts:
        if not text.is_sms:
            continue
        longest = max((count_segments(form) for form in text.forms), key=lambda count: count.segments)
        factor = 1 if text.language in GSM7_LANGUAGES else _UCS2_FACTOR
        if longest.segments <= WANTED_SEGMENTS * factor:
            continue
        too_long = longest.segments > MOST_SEGMENTS * factor
        what = f"This is {longest.segments} segments long ({longest.length_units} characters as they are counted)."
        limit = MOST_SEGMENTS * factor if too_long else WANTED_SEGMENTS * factor
        mend = f"Shorten it to {limit} segments, or move a part of it to 'more'."
        yield sheet.in_text(Severity.ERROR if too_long else Severity.WARNING, text, 0, what, mend)


def texts_have_room_for_the_emergency_line(sheet: Sheet) -> Iterator[Complaint]:
    """A reply with the emergency line before it is still within the most that a text may have."""
    for text in sheet.texts:
        if text.reply_key is None or not text.is_sms or sheet.is_danger(text) or text.language not in GSM7_LANGUAGES:
            continue
        lines = sheet.book.service.emergency_line
        line = lines.get(text.language) or lines.get(DEFAULT_LANGUAGE, "")
        forms = extreme_forms(f"{line}\n{text.text}", text.language, sheet.book.contacts)
        segments = max(count_segments(form).segments for form in forms)
        alone = max(count_segments(form).segments for form in text.forms)
        if segments > MOST_SEGMENTS >= alone:
            what = f"With the emergency line before it this is {segments} segments long."
            yield sheet.in_text(Severity.WARNING, text, 0, what, "Shorten it, or shorten the emergency line.")


def danger_replies_begin_with_the_numbers(sheet: Sheet) -> Iterator[Complaint]:
    """999 and the 24-hour number stand in the first segment of danger replies, whoever is open."""
    for text in sheet.texts:
        if not sheet.is_danger(text):
            continue
        missing = [key for key in (EMERGENCY_CONTACT, ALL_HOURS_CONTACT) if not _is_early(sheet, text, key)]
        if missing:
            where = "in the first segment" if text.is_sms else "in what is said"
            names = " and ".join(f"{{contact.{key}}}" for key in missing)
            yield sheet.in_text(
                Severity.ERROR, text, 0, f"A danger reply needs {names} {where}.", f"Put {names} at the top."
            )


def _is_early(sheet: Sheet, text: OutgoingText, key: str) -> bool:
    contact = sheet.book.contacts.get(key)
    if contact is None:
        return ("contacts", key) in sheet.unread
    if not text.is_sms:
        return key in contact_keys(text.text)
    return all(contact.shown in split_segments(form)[0] for form in text.forms)


def emergency_line_has_the_numbers(sheet: Sheet) -> Iterator[Complaint]:
    """The emergency line names 999; without it, it would not be one."""
    for text in sheet.texts:
        if text.is_emergency_line and EMERGENCY_CONTACT not in contact_keys(text.text):
            what = "The emergency line does not name 999."
            yield sheet.in_text(Severity.ERROR, text, 0, what, f"Write {{contact.{EMERGENCY_CONTACT}}} into it.")
    if DEFAULT_LANGUAGE not in sheet.book.service.emergency_line:
        path = ("service", "emergency_line")
        yield sheet.error(path, "The emergency line is missing in English.", "Add an 'en' entry.")


def fallback_has_the_numbers(sheet: Sheet) -> Iterator[Complaint]:
    """The reply for when all else fails carries 999 and the 24-hour number itself."""
    for text in sheet.texts:
        if not text.holds_its_numbers:
            continue
        typed = {number.digits for number in find_phone_numbers(text.text)}
        for key in (EMERGENCY_CONTACT, ALL_HOURS_CONTACT):
            contact = sheet.book.contacts.get(key)
            if contact is not None and only_digits(contact.shown) not in typed:
                what = f"The fallback does not hold {contact.shown}."
                yield sheet.in_text(
                    Severity.ERROR, text, 0, what, f"Type {contact.shown}, as it stands in contacts.yaml."
                )
