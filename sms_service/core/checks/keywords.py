"""Rules about the words people text: one reply for each, none that the provider keeps for itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from sms_service.core.checks.complaints import Complaint, Path, Severity
from sms_service.core.checks.sheet import Sheet
from sms_service.core.normalisation import keyword_form
from sms_service.core.reply_book import Reply, ReplyKey, ReservedWords
from sms_service.core.understanding.service_words import service_word

OPT_OUT_REPLY: Final = "stop"
OPT_IN_REPLY: Final = "start"
ERASE_REPLY: Final = "forget_me"

PROVIDER_STOP_WORDS: Final = frozenset("stop stopall unsubscribe cancel end quit revoke optout".split())
PROVIDER_START_WORDS: Final = frozenset("start yes unstop".split())
PROVIDER_HELP_WORDS: Final = frozenset("help info".split())
"""Words the provider acts on when a text is nothing else (Twilio docs: advanced-opt-out)."""

_MENU_NUMBER: Final = re.compile(r"[1-9]")

_CAPITALS: Final = re.compile(r"(?<![\w{./-])[A-Z][A-Z]{2,}(?:[- ][A-Z]{2,})*(?![\w}])")


def _keywords_of(key: ReplyKey, reply: Reply) -> Iterator[tuple[Path, str]]:
    """Give every keyword of a reply, of every language, with its place."""
    for index, keyword in enumerate(reply.keywords):
        yield ("replies", key, "keywords", index), keyword
    for language, keywords in reply.keywords_in.items():
        for index, keyword in enumerate(keywords):
            yield ("replies", key, "keywords_in", language, index), keyword


def keywords_lead_one_way(sheet: Sheet) -> Iterator[Complaint]:
    """Each keyword stands once in the book, compared as the line reads it: without case, signs and accents."""
    seen: dict[str, tuple[ReplyKey, Path]] = {}
    for key, reply in sheet.book.replies.items():
        for path, keyword in _keywords_of(key, reply):
            form = keyword_form(keyword)
            if not form:
                yield sheet.error(path, f"The keyword {keyword!r} has no letter or number to read.", "Write a word.")
                continue
            if form not in seen:
                seen[form] = key, path
                continue
            other_key, other_path = seen[form]
            place = sheet.places.at(other_path)
            where = f"{place.file}, line {place.line}" if place.line else place.file
            if other_key == key:
                yield sheet.error(path, f"The keyword {keyword} stands here twice ({where}).", "Delete one of them.")
            else:
                what = f"The keyword {keyword} also leads to '{other_key}' ({where})."
                yield sheet.error(path, what, "Keep it in one reply only.")


def keywords_are_free(sheet: Sheet) -> Iterator[Complaint]:
    """No keyword is a menu number, or a word that the provider or the service itself acts on."""
    for key, reply in sheet.book.replies.items():
        for path, keyword in _keywords_of(key, reply):
            form = keyword_form(keyword)
            if _MENU_NUMBER.fullmatch(form):
                what = f"The keyword {keyword} is a menu number."
                yield sheet.error(path, what, "Numbers 1 to 9 are given by the menu in service.yaml: delete it here.")
            elif form in PROVIDER_STOP_WORDS and key != OPT_OUT_REPLY:
                what = (
                    f"{keyword} is a stop word of the provider: who texts it gets no more texts, not even this reply."
                )
                yield sheet.error(path, what, "Choose another word.")
            elif form in PROVIDER_START_WORDS and key != OPT_IN_REPLY:
                what = (
                    f"{keyword} is a word with which the provider starts texts again: it does not lead to this reply."
                )
                yield sheet.error(path, what, "Choose another word.")
            elif service_word(form.split()) is not None and key != ERASE_REPLY:
                yield sheet.error(path, f"{keyword} is answered by the service itself.", "Choose another word.")
            elif form in PROVIDER_HELP_WORDS and sheet.book.service.reserved_words is not ReservedWords.LINE:
                what = f"The provider answers {keyword} with a text of its own as well."
                mend = "Have that switched off, then set reserved_words in service.yaml to 'line'."
                yield sheet.warning(path, what, mend)


def shown_words_are_listened_to(sheet: Sheet) -> Iterator[Complaint]:
    """A word in capitals looks like one to text; then some reply must listen to it."""
    listened = {keyword_form(keyword) for reply in sheet.book.replies.values() for keyword in reply.all_keywords}
    listened |= PROVIDER_STOP_WORDS | PROVIDER_START_WORDS
    listened |= {word for contact in sheet.book.contacts.values() for word in keyword_form(contact.name).split()}
    for text in sheet.texts:
        if not text.is_english:
            continue
        for match in _CAPITALS.finditer(text.text):
            form = keyword_form(match.group())
            if form in listened or service_word(form.split()) is not None:
                continue
            if not all(word in listened for word in form.split()):
                what = f"{match.group()} looks like a word to text, but no reply has it as a keyword."
                yield sheet.in_text(
                    Severity.WARNING, text, match.start(), what, "Add it as a keyword, or write it small."
                )
