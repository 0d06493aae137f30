"""What a reply book must be before a child may read from it: every rule, every complaint at once.

A rule is a function that walks over a :class:`Sheet` and yields complaints; its docstring is the rule. Rules know
nothing of files: where something stands comes in as :class:`Places`.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from sms_service.core.checks import calls, characters, contacts, keywords, length, ways, wording
from sms_service.core.checks.complaints import Complaint, Path, Place, Places, Severity
from sms_service.core.checks.sheet import Rule, Sheet
from sms_service.core.reply_book import ReplyBook

__all__ = ["RULES", "Complaint", "Path", "Place", "Places", "Severity", "check_book", "in_reading_order"]

RULES: Final[tuple[Rule, ...]] = (
    contacts.emergency_contacts_are_there,
    contacts.placeholders_are_known,
    contacts.numbers_come_from_the_directory,
    contacts.every_text_names_a_person_to_reach,
    contacts.contacts_fit_in_a_text,
    contacts.numbers_can_be_dialled,
    contacts.contacts_are_checked,
    characters.no_unseen_characters,
    characters.characters_are_gsm7,
    length.texts_are_short,
    length.texts_have_room_for_the_emergency_line,
    length.danger_replies_begin_with_the_numbers,
    length.emergency_line_has_the_numbers,
    length.fallback_has_the_numbers,
    wording.lock_screen_is_discreet,
    wording.words_are_kind_and_true,
    wording.nobody_shouts,
    wording.sentences_are_short,
    wording.words_are_plain,
    keywords.keywords_lead_one_way,
    keywords.keywords_are_free,
    keywords.shown_words_are_listened_to,
    ways.system_replies_are_there,
    ways.danger_replies_are_there,
    ways.named_replies_exist,
    ways.replies_can_be_reached,
    ways.menu_is_shown_as_it_is,
    ways.more_is_offered_where_there_is_more,
    ways.live_languages_are_complete,
    ways.languages_are_live_or_waiting,
    calls.put_through_can_be_rung,
    calls.call_words_name_999,
    calls.welcome_begins_with_999,
    calls.call_choices_have_names,
    calls.spoken_words_are_short,
    calls.calls_speak_live_languages,
)


def check_book(
    book: ReplyBook,
    places: Places | None = None,
    *,
    today: dt.date | None = None,
    unread: frozenset[Path] = frozenset(),
) -> list[Complaint]:
    """Check a book against every rule.

    Args:
        book: The book.
        places: Where its parts stand, for file and line; without them each part is named by its usual file.
        today: The date by which contacts can be overdue; None leaves that out.
        unread: Replies and contacts that could not be read and are complained about elsewhere.

    Returns:
        Every complaint, by file and line, errors before warnings on a line.
    """
    sheet = Sheet(book, places if places is not None else Places(), today, unread)
    return in_reading_order([complaint for rule in RULES for complaint in rule(sheet)])


def in_reading_order(complaints: list[Complaint]) -> list[Complaint]:
    """Sort complaints by file and line."""
    return sorted(complaints, key=lambda one: (one.file, one.line or 0, not one.is_error))
