"""Rules about numbers: they come from the contact directory, and somebody has rung them lately."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from sms_service.core.checks.complaints import Complaint, Severity
from sms_service.core.checks.sheet import OutgoingText, Sheet, did_you_mean
from sms_service.core.gsm7_twins import tidy_for_gsm7
from sms_service.core.phone_numbers import find_phone_numbers, only_digits
from sms_service.core.placeholders import contact_keys, literal_parts
from sms_service.core.rendering import Part
from sms_service.core.reply_book import ALL_HOURS_CONTACT, EMERGENCY_CONTACT, ContactKey

_BRACES: Final = re.compile(r"\{[^{}\n]*\}|[{}]")
_ADDRESS: Final = re.compile(
    r"https?://\S+|www\.\S+|\b(?:[a-z0-9-]+\.)+(?:uk|com|org|net|info|co|io|gov|app|ly|me)\b(?:/[\w./-]*)?",
    re.IGNORECASE,
)


_NUMBER: Final = re.compile(r"[0-9]+(?: [0-9]+)*")
_SHORT_NUMBER_DIGITS: Final = frozenset({3, 5, 6})
"""999 and 101, short codes such as 85258, and 116 123."""
_LONG_NUMBER_DIGITS: Final = frozenset({8, 10, 11})
"""Numbers that begin with 0 (Ofcom's numbering plan); eight digits is 0800 1111."""
_WEB_ADDRESS: Final = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/[A-Za-z0-9._~/-]*)?")
_SHORTENERS: Final = ("bit.ly", "tinyurl.com", "t.co", "goo.gl", "ow.ly", "is.gd")


def numbers_can_be_dialled(sheet: Sheet) -> Iterator[Complaint]:
    """A number in the directory is one that can be dialled, an address one that can be typed."""
    for key, contact in sheet.book.contacts.items():
        if contact.number is not None and not _is_number(contact.number):
            what = f"'{contact.number}' is no phone number of the United Kingdom."
            mend = "Write digits with spaces, such as 0116 454 1004. Look for a letter O, or a digit too few."
            yield sheet.error(("contacts", key, "number"), what, mend)
        if contact.address is not None and not _is_address(contact.address):
            what = f"'{contact.address}' is no web address that a young person could type."
            mend = "Write it without https:// and without spaces, such as iwf.org.uk/report. No link shorteners."
            yield sheet.error(("contacts", key, "address"), what, mend)


def _is_number(number: str) -> bool:
    digits = len(only_digits(number))
    lengths = _LONG_NUMBER_DIGITS if number.startswith("0") else _SHORT_NUMBER_DIGITS
    return _NUMBER.fullmatch(number) is not None and digits in lengths


def _is_address(address: str) -> bool:
    return _WEB_ADDRESS.fullmatch(address) is not None and not address.startswith(_SHORTENERS)


def placeholders_are_known(sheet: Sheet) -> Iterator[Complaint]:
    """``{contact.key}`` is the only placeholder, and its key is in the directory."""
    for text in sheet.texts:
        for match in _BRACES.finditer(text.text):
            written = match.group()
            keys = contact_keys(written)
            if text.holds_its_numbers:
                what = f"{written} stands in the fallback, which must work when the directory cannot be read."
                mend = "Type the number itself."
            elif not keys:
                what = f"{written} is not a placeholder: it would be sent as it stands."
                mend = "Write {contact.key} with a key from contacts.yaml, or leave the brackets out."
            elif not sheet.has_contact(keys[0]):
                what = f"There is no contact '{keys[0]}'."
                mend = f"Use a key from contacts.yaml.{did_you_mean(keys[0], sheet.book.contacts)}"
            else:
                continue
            yield sheet.in_text(Severity.ERROR, text, match.start(), what, mend)


def numbers_come_from_the_directory(sheet: Sheet) -> Iterator[Complaint]:
    """No number or web address is typed into a text; the fallback's must equal the directory's."""
    known_numbers = {only_digits(contact.number): key for key, contact in sheet.book.contacts.items() if contact.number}
    known_addresses = {
        contact.address.casefold(): key for key, contact in sheet.book.contacts.items() if contact.address
    }
    for text in sheet.texts:
        for start, literal in literal_parts(text.text):
            for number in find_phone_numbers(literal):
                yield from _typed(
                    sheet, text, start + number.position, number.written, known_numbers.get(number.digits)
                )
            for match in _ADDRESS.finditer(literal):
                address = match.group().rstrip(".,")
                bare = re.sub(r"^(?:https?://)?(?:www\.)?", "", address.casefold())
                yield from _typed(sheet, text, start + match.start(), address, known_addresses.get(bare))


def _typed(sheet: Sheet, text: OutgoingText, position: int, written: str, key: str | None) -> Iterator[Complaint]:
    """Complain about a typed number or address, unless it is a right one in the fallback."""
    if text.holds_its_numbers:
        if key is None:
            what = f"{written} is not in the contact directory."
            yield sheet.in_text(Severity.ERROR, text, position, what, "Copy the number from contacts.yaml.")
        return
    mend = f"Write {{contact.{key}}}." if key else "Add it to contacts.yaml, then write {contact.key} with its key."
    yield sheet.in_text(Severity.ERROR, text, position, f"{written} is typed in; one day it will be wrong.", mend)


def every_text_names_a_person_to_reach(sheet: Sheet) -> Iterator[Complaint]:
    """Each text has a human route: a contact with a number, not only a web page."""
    for text in sheet.texts:
        if text.reply_key is None or text.holds_its_numbers:
            continue
        if not any(_can_be_rung(sheet, key) for key in contact_keys(text.text)):
            severity = Severity.WARNING if text.part is Part.MORE else Severity.ERROR
            what = "Nobody to ring or text is named here."
            yield sheet.in_text(
                severity, text, 0, what, f"Add a line such as: Day or night: {{contact.{ALL_HOURS_CONTACT}}}"
            )


def _can_be_rung(sheet: Sheet, key: ContactKey) -> bool:
    contact = sheet.book.contacts.get(key)
    return contact.number is not None if contact is not None else sheet.has_contact(key)


def emergency_contacts_are_there(sheet: Sheet) -> Iterator[Complaint]:
    """The two contacts on which the danger replies stand are in the directory, and reachable by telephone."""
    for key in (EMERGENCY_CONTACT, ALL_HOURS_CONTACT):
        contact = sheet.book.contacts.get(key)
        if not sheet.has_contact(key):
            yield sheet.error(
                ("contacts", key), f"The contact '{key}' is missing.", "Add it: danger replies name it first."
            )
        elif contact is not None and contact.number is None:
            yield sheet.error(("contacts", key), f"The contact '{key}' has no number.", "Give it a number to ring.")


def contacts_fit_in_a_text(sheet: Sheet) -> Iterator[Complaint]:
    """A number or address is plain characters: it stands in many texts."""
    for key, contact in sheet.book.contacts.items():
        for change in tidy_for_gsm7(contact.shown).changes:
            field = "number" if contact.number else "address"
            what = f"{change.character!r} ({change.name}) is not a plain character."
            mend = f"Write {change.twin!r} instead." if change.twin else "Leave it out."
            yield sheet.error(("contacts", key, field), what, mend)


def contacts_are_checked(sheet: Sheet) -> Iterator[Complaint]:
    """Somebody has rung or opened each contact, and will again."""
    for key, contact in sheet.book.contacts.items():
        path = ("contacts", key)
        how = "ring" if contact.number else "open"
        if contact.checked_on is None:
            mend = f"Have somebody {how} it, then fill in checked_by, checked_on and check_again_by."
            yield sheet.warning(path, f"Nobody has checked '{key}' ({contact.shown}) yet.", mend)
        elif sheet.today is not None and contact.checked_on > sheet.today:
            yield sheet.error((*path, "checked_on"), f"'{key}' was checked in the future.", "Correct checked_on.")
        elif sheet.today is not None and contact.check_again_by is not None and contact.check_again_by < sheet.today:
            what = f"'{key}' ({contact.shown}) had to be checked again by {contact.check_again_by}."
            yield sheet.warning((*path, "check_again_by"), what, f"Have somebody {how} it and write the new dates.")
        elif contact.check_again_by is None:
            what = f"'{key}' has no date by which to check it again."
            yield sheet.warning(path, what, "Fill in check_again_by, half a year ahead at most.")
