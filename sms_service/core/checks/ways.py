"""Rules about ways through the book: every reply is there, can be reached, and leads on to others that exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from sms_service.core.checks.complaints import Complaint, Severity
from sms_service.core.checks.sheet import OutgoingText, Sheet, did_you_mean
from sms_service.core.normalisation import keyword_form
from sms_service.core.rendering import Part
from sms_service.core.reply_book import (
    DANGER_ORDER,
    LEAST_DANGER,
    NO_MATCH,
    OPTIONAL_REPLIES,
    SYSTEM_REPLIES,
    Danger,
    ReplyKey,
)

_MENU_REPLIES: Final = ("help", NO_MATCH)
"""The replies that show the menu."""

_MENU_ENTRY: Final = re.compile(r"(?<![\w.,:-])([1-9])(?![\w]|[.,:/-]\d| \d)[.:)=]? ?(?:for |is )?([^\d\n]*)")
_MORE: Final = re.compile(r"\bMORE\b")


def system_replies_are_there(sheet: Sheet) -> Iterator[Complaint]:
    """The replies that the service chooses by itself all exist."""
    for key in sorted(key for key in SYSTEM_REPLIES if not sheet.has_reply(key)):
        what = f"The reply '{key}' is missing; the service sends it by itself."
        yield sheet.error(("replies", key), what, f"Add the file {key}.yaml.")


def danger_replies_are_there(sheet: Sheet) -> Iterator[Complaint]:
    """The replies that danger leads to exist, and say so: without 'danger' they would no longer win over the others."""
    for key, least in LEAST_DANGER.items():
        reply = sheet.book.replies.get(key)
        if reply is None:
            if least is Danger.EMERGENCY and not sheet.has_reply(key):
                what = f"The reply '{key}' is missing; messages about danger lead to it."
                yield sheet.error(("replies", key), what, f"Add the file {key}.yaml.")
        elif DANGER_ORDER.index(reply.danger) < DANGER_ORDER.index(least):
            what = f"'{key}' has danger: {reply.danger.value}, so that it would not win over other replies."
            yield sheet.error(("replies", key, "danger"), what, f"Write danger: {least.value}.")


def named_replies_exist(sheet: Sheet) -> Iterator[Complaint]:
    """The menu and every 'follow' name replies that exist, each once."""
    named = [("service", "menu", sheet.book.service.menu)]
    for key, reply in sheet.book.replies.items():
        yield from _exist(sheet, ("replies", key, "follow"), reply.follow)
        if key in reply.follow:
            path = ("replies", key, "follow", reply.follow.index(key))
            yield sheet.error(path, f"'{key}' leads to itself.", "Delete it here.")
    for room, field, keys in named:
        yield from _exist(sheet, (room, field), keys)


def _exist(sheet: Sheet, path: tuple[str, ...], keys: tuple[ReplyKey, ...]) -> Iterator[Complaint]:
    for index, key in enumerate(keys):
        if not sheet.has_reply(key):
            mend = f"Write the name of a reply's file, without .yaml.{did_you_mean(key, sheet.book.replies)}"
            yield sheet.error((*path, index), f"There is no reply '{key}'.", mend)
        elif key in keys[:index]:
            yield sheet.error((*path, index), f"'{key}' stands here twice.", "Delete one of them.")


def replies_can_be_reached(sheet: Sheet) -> Iterator[Complaint]:
    """A keyword, a menu number or another reply leads to every reply; system replies need none."""
    replies = sheet.book.replies
    reached = {key for key, reply in replies.items() if reply.all_keywords or key in SYSTEM_REPLIES | OPTIONAL_REPLIES}
    reached |= set(sheet.book.service.menu)
    waiting = list(reached)
    while waiting:
        reply = replies.get(waiting.pop())
        for key in reply.follow if reply is not None else ():
            if key not in reached:
                reached.add(key)
                waiting.append(key)
    for key in replies:
        if key not in reached and not sheet.unread:
            what = "No keyword, menu number or other reply leads here: nobody can get this reply."
            yield sheet.error(("replies", key), what, "Give it a keyword, or name it in the 'follow' of another reply.")


def menu_is_shown_as_it_is(sheet: Sheet) -> Iterator[Complaint]:
    """The menu numbers in the texts of help and no_match lead to what stands beside them."""
    for text in sheet.texts:
        if text.reply_key not in _MENU_REPLIES or text.part not in (Part.TEXT, Part.AGAIN):
            continue
        shown = set()
        for match in _MENU_ENTRY.finditer(text.text):
            shown.add(int(match.group(1)))
            yield from _entry_is_right(sheet, text, match)
        missing = sorted(set(range(1, len(sheet.book.service.menu) + 1)) - shown)
        # A text may do without the menu ('text HELP for the list'); half a menu is a slip.
        if shown and missing:
            what = f"The menu is not shown in full: {', '.join(map(str, missing))} missing."
            yield sheet.in_text(Severity.WARNING, text, 0, what, "Show the menu of service.yaml, or none.")
        if not shown and text.part is Part.TEXT:
            yield sheet.in_text(Severity.WARNING, text, 0, "The menu is not shown.", "Show the menu of service.yaml.")


def _entry_is_right(sheet: Sheet, text: OutgoingText, match: re.Match[str]) -> Iterator[Complaint]:
    number, label = int(match.group(1)), match.group(2).strip()
    key = sheet.book.menu_number(number)
    if key is None:
        what = f"The menu shows {number}, but it has only {len(sheet.book.service.menu)} numbers."
        yield sheet.in_text(Severity.ERROR, text, match.start(), what, "Show the menu of service.yaml.")
        return
    if not text.is_english or not label:
        return
    words = set(keyword_form(label).split())
    if words & _words_for(sheet, key):
        return
    meant = [other for other in sheet.book.service.menu if words & _words_for(sheet, other)]
    if meant:
        what = f"The menu shows {number} for '{label}', but {number} leads to '{key}'; '{meant[0]}' was meant."
        severity = Severity.ERROR
    else:
        what = f"The menu shows {number} for '{label}': no word of '{key}' is in that."
        severity = Severity.WARNING
    yield sheet.in_text(severity, text, match.start(), what, "Show the menu in the order of service.yaml.")


def _words_for(sheet: Sheet, key: ReplyKey) -> set[str]:
    """Give the words by which a reply is known: its keywords and its name."""
    reply = sheet.book.replies.get(key)
    keywords = reply.all_keywords if reply is not None else ()
    return {word for keyword in (*keywords, key.replace("_", " ")) for word in keyword_form(keyword).split()}


def more_is_offered_where_there_is_more(sheet: Sheet) -> Iterator[Complaint]:
    """A text says MORE exactly when there is a second part."""
    for text in sheet.texts:
        if text.reply_key is None or not text.is_english or text.part is not Part.TEXT:
            continue
        has_more = bool(sheet.book.replies[text.reply_key].more)
        offered = _MORE.search(text.text)
        if offered and not has_more:
            what = "The text offers MORE, but there is no second part."
            yield sheet.in_text(Severity.ERROR, text, offered.start(), what, "Write 'more', or leave the offer out.")
        elif has_more and not offered:
            what = "There is a second part, but the text does not offer it."
            yield sheet.in_text(Severity.WARNING, text, 0, what, "End with: For more, text MORE")


def languages_are_live_or_waiting(sheet: Sheet) -> Iterator[Complaint]:
    """A language is live, or it is said what it waits for; never both."""
    settings = sheet.book.service
    for language in settings.waiting_languages:
        if language in settings.languages:
            path = ("service", "waiting_languages", language)
            yield sheet.error(path, f"'{language}' is live and waits as well.", "Delete it here once it is approved.")
    spoken_of = {*settings.languages, *settings.waiting_languages}
    for text in sheet.texts:
        if text.language not in spoken_of:
            what = f"'{text.language}' is not live, so nobody gets this."
            mend = "Name it under 'waiting_languages' in service.yaml, with what it waits for."
            yield sheet.in_text(Severity.WARNING, text, 0, what, mend)


def live_languages_are_complete(sheet: Sheet) -> Iterator[Complaint]:
    """Every reply has a text in every language that is live; without one it goes out in English."""
    for language in sheet.book.service.languages:
        for key, reply in sheet.book.replies.items():
            if language not in reply.text:
                what = f"There is no text in '{language}', which is a live language: English is sent."
                yield sheet.warning(
                    ("replies", key, "text"), what, f"Add '{language}', or take it out of service.yaml."
                )
        if language not in sheet.book.service.emergency_line:
            path = ("service", "emergency_line")
            what = f"There is no emergency line in '{language}', which is a live language."
            yield sheet.error(path, what, f"Add '{language}'.")
