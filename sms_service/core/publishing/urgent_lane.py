"""The urgent lane: a wrong number is mended by one person at once, and looked at by a second one afterwards.

What may go through it is decided here and nowhere else: numbers, addresses, opening hours, and the notes of checking,
of contacts that were there before. Everything else that a child reads or is understood by waits for a second person.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sms_service.core.phone_numbers import find_phone_numbers
from sms_service.core.publishing.book_changes import BookChanges
from sms_service.core.publishing.content import Tree
from sms_service.core.reply_book import EMERGENCY_CONTACT, FALLBACK

_FIELDS: Final = frozenset(
    {"number", "address", "hours", "spoken", "notes", "checked_by", "checked_on", "check_again_by"}
)
_FILES: Final = frozenset({"contacts.yaml", f"{FALLBACK}.yaml"})
"""The fallback has its numbers typed in, so a number is mended in both."""


def why_not_urgent(changes: BookChanges, before: Tree, after: Tree) -> tuple[str, ...]:
    """Give the reasons, in words, why a change may not go through the urgent lane; none means that it may.

    Args:
        changes: What the change does.
        before: Files of the live book.
        after: Files of the draft.
    """
    return tuple(dict.fromkeys([*_other_files(before, after), *_other_facts(changes), *_other_texts(changes)]))


def _other_files(before: Tree, after: Tree) -> Iterator[str]:
    for path in sorted({*before, *after}):
        if before.get(path) != after.get(path) and path not in _FILES:
            yield f"{path} is changed as well; only numbers and hours in contacts.yaml may go the urgent way."


def _other_facts(changes: BookChanges) -> Iterator[str]:
    contact_changed = False
    for change in changes.facts:
        if change.what != "contact":
            yield f"The {change.field or change.what} of {change.key or 'the line'} is changed as well."
            continue
        contact_changed = True
        if not change.field:
            yield f"The contact {change.key} is new or gone; that needs a second person first."
        elif change.key == EMERGENCY_CONTACT:
            yield "The emergency number itself needs a second person first."
        elif change.field not in _FIELDS:
            yield f"The {change.field} of the contact {change.key} is changed as well."
        elif change.field in {"number", "address"} and (change.before is None or change.after is None):
            yield f"The contact {change.key} had a number and now has an address, or the other way round."
    if not contact_changed:
        yield "No number and no opening hours are changed."


def _other_texts(changes: BookChanges) -> Iterator[str]:
    swaps = [
        (_bare(change.before), _bare(change.after))
        for change in changes.facts
        if change.what == "contact" and change.field in {"number", "address"} and change.before and change.after
    ]
    for change in changes.texts:
        typed = change.reply == FALLBACK and change.before is not None and change.after is not None
        if not typed or _swapped(_bare(change.before or ""), swaps) != _bare(change.after or ""):
            yield f"Words of {change.reply or 'the emergency line'} are changed, not only a number."
    if changes.keywords or changes.examples:
        yield "Keywords or examples are changed as well."


def _bare(text: str) -> str:
    """Give a text with its numbers as digits alone, however they are spaced: spoken ones are ``0 1 1 6, 4 5 4``."""
    for number in reversed(find_phone_numbers(text)):
        end = number.position + len(number.written)
        text = f"{text[: number.position]}<{number.digits}>{text[end:]}"
    return text


def _swapped(text: str, swaps: list[tuple[str, str]]) -> str:
    """Give a text with the numbers that were mended; all at once, so that two that swap places do."""
    for index, (before, _) in enumerate(swaps):
        text = text.replace(before, f"\1{index}\1")
    for index, (_, after) in enumerate(swaps):
        text = text.replace(f"\1{index}\1", after)
    return text
