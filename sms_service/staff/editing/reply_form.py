"""The form of a reply: from its file's fields, from what was sent, and back to edits and to a reply to look at."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from sms_service.core.book_words import LANGUAGES
from sms_service.core.contact_tokens import ContactTokens
from sms_service.core.publishing.field_edits import FieldEdit, Fields, FieldValue
from sms_service.core.rendering import Part
from sms_service.core.reply_book import DEFAULT_LANGUAGE, Danger, LanguageCode, Reply, ReplyBook
from sms_service.service.publishing.text_preview import Slot

FOLLOW_PLACES: Final = 5
"""How many replies a form can offer next; a reply that has more keeps room for all of its own."""

LONGEST_TEXT: Final = 2_000
"""More than the checker would ever let pass."""

_LANGUAGE: Final = re.compile(r"[a-z]{2}")
_LIST_SIGNS: Final = re.compile(r"[\n,;]+")


@dataclass(kw_only=True)
class ReplyForm:
    """A reply as it stands in the form.

    Attributes:
        title: As typed.
        danger: One of the danger words.
        keywords: One a line.
        keywords_in: Those of other languages, one a line, by language.
        follow: Keys of replies, in order; empty ones are places left free.
        texts: With tokens for contacts, by part and language.
        languages: The columns, English first.
        examples: One a line, or None for a reply that keeps none in its own file.
        errors: Sentences by id of the field, for what cannot be saved.
    """

    title: str
    danger: str
    keywords: str
    keywords_in: dict[LanguageCode, str]
    follow: list[str]
    texts: dict[Slot, str]
    languages: list[LanguageCode]
    examples: str | None = None
    errors: dict[str, list[str]] = field(default_factory=dict)

    def text(self, part: Part, language: LanguageCode) -> str:
        """Give one text, empty where there is none."""
        return self.texts.get((part, language), "")

    def insert(self, slot: Slot, token: str) -> None:
        """Put a contact at the end of a text, on the line that is begun or after a space."""
        text = self.texts.get(slot, "").rstrip(" ")
        gap = "" if not text or text.endswith("\n") else " "
        self.texts[slot] = f"{text}{gap}{token}"

    def add_language(self, language: LanguageCode) -> None:
        """Add a column."""
        if _LANGUAGE.fullmatch(language) and language not in self.languages:
            self.languages.append(language)

    @property
    def missing_languages(self) -> dict[LanguageCode, str]:
        """The languages that could be added."""
        return {code: name for code, name in LANGUAGES.items() if code not in self.languages}


def slot_id(part: Part, language: LanguageCode) -> str:
    """Give the id and name of a text's field."""
    return f"{part.value}-{language}"


def form_of_fields(fields: Fields, book: ReplyBook, tokens: ContactTokens) -> ReplyForm:
    """Fill the form from a file, whatever stands in it."""
    texts = {
        (part, language): tokens.shown(text)
        for part in Part
        for language, text in _mapping(fields.get(part.value)).items()
    }
    follow = list(_words(fields.get("follow")))
    keywords_in = {
        language: "\n".join(_words(words))
        for language, words in _fields(fields.get("keywords_in")).items()
        if _LANGUAGE.fullmatch(language)
    }
    return ReplyForm(
        title=_word(fields.get("title")),
        danger=_word(fields.get("danger")) or Danger.NONE.value,
        keywords="\n".join(_words(fields.get("keywords"))),
        keywords_in=keywords_in,
        follow=_padded(follow),
        texts=texts,
        languages=columns(book, {*keywords_in, *(language for _, language in texts)}),
        examples="\n".join(_words(fields["examples"])) if "examples" in fields else None,
    )


def form_of_request(sent: Mapping[str, str], book: ReplyBook) -> ReplyForm:
    """Fill the form from what was sent."""
    languages = [one for one in sent.get("languages", "").split(",") if _LANGUAGE.fullmatch(one)]
    if DEFAULT_LANGUAGE not in languages:
        languages.insert(0, DEFAULT_LANGUAGE)
    texts = {
        (part, language): sent[name].replace("\r\n", "\n")
        for part in Part
        for language in languages
        if (name := slot_id(part, language)) in sent
    }
    follow = [sent[name] for index in range(2 * FOLLOW_PLACES) if (name := f"follow-{index}") in sent]
    return ReplyForm(
        title=sent.get("title", ""),
        danger=sent.get("danger", Danger.NONE.value),
        keywords=sent.get("keywords", ""),
        keywords_in={code: sent[name] for code in languages if (name := f"keywords_in-{code}") in sent},
        follow=_padded([key for key in follow if key in book.replies]),
        texts=texts,
        languages=languages,
        examples=sent.get("examples"),
    )


def validate(form: ReplyForm, tokens: ContactTokens) -> bool:
    """Note what cannot be saved; say whether all of it can. What may not go live is the checker's affair."""
    if not form.title.strip():
        form.errors["title"] = ["Enter a title"]
    if form.danger not in set(Danger):
        form.errors["danger"] = ["Choose how dangerous it is"]
    if not form.text(Part.TEXT, DEFAULT_LANGUAGE).strip():
        form.errors[slot_id(Part.TEXT, DEFAULT_LANGUAGE)] = ["Enter the English text: it is sent when no other fits"]
    for (part, language), text in form.texts.items():
        name = slot_id(part, language)
        if len(text) > LONGEST_TEXT:
            form.errors[name] = [f"Shorten the text to {LONGEST_TEXT} characters or fewer"]
        for token, hint in tokens.unknown(tokens.taken(text)):
            sentence = f"{token} is not a contact. {hint or 'Choose one from the list below the text'}"
            form.errors.setdefault(name, []).append(sentence)
    return not form.errors


def edits_of(form: ReplyForm, base: Fields, tokens: ContactTokens) -> list[FieldEdit]:
    """Give everything in the form as edits.

    Args:
        form: As it was sent.
        base: The file as the editor saw it: what it leaves out because it is usual is left out again.
        tokens: The contacts.
    """
    usual_danger = form.danger == Danger.NONE.value and "danger" not in base
    edits = [
        FieldEdit(("title",), form.title),
        FieldEdit(("danger",), None if usual_danger else form.danger),
        FieldEdit(("keywords",), listed(form.keywords) or None),
        FieldEdit(("follow",), tuple(key for key in form.follow if key) or None),
    ]
    edits += [FieldEdit(("keywords_in", code), listed(words) or None) for code, words in form.keywords_in.items()]
    if form.examples is not None:
        edits.append(FieldEdit(("examples",), tuple(form.examples.split("\n")) or None))
    for (part, language), text in form.texts.items():
        edits.append(FieldEdit((part.value, language), tokens.taken(text).strip() or None))
    return edits


def reply_of(form: ReplyForm, tokens: ContactTokens) -> Reply:
    """Give the reply that the form describes, to look at only: it may lack what a reply must have."""
    by_part: dict[str, dict[LanguageCode, str]] = {part.value: {} for part in Part}
    for (part, language), text in form.texts.items():
        taken = tokens.taken(text).strip()
        if taken:
            by_part[part.value][language] = taken[:LONGEST_TEXT]
    danger = Danger(form.danger) if form.danger in set(Danger) else Danger.NONE
    return Reply.model_construct(
        title=form.title.strip() or "Without a title",
        danger=danger,
        keywords=listed(form.keywords),
        keywords_in={code: listed(words) for code, words in form.keywords_in.items()},
        examples=(),
        follow=tuple(key for key in form.follow if key),
        text=by_part["text"],
        again=by_part["again"],
        more=by_part["more"],
        spoken=by_part["spoken"],
    )


def listed(words: str) -> tuple[str, ...]:
    """Give the entries of a list that was typed one a line, or with commas; each once."""
    entries = (" ".join(entry.split()) for entry in _LIST_SIGNS.split(words.replace("\r\n", "\n")))
    return tuple(dict.fromkeys(entry for entry in entries if entry))


def columns(book: ReplyBook, used: Iterable[LanguageCode]) -> list[LanguageCode]:
    """Give the languages that stand side by side: English, the live ones, those being written, and what is there."""
    settings = book.service
    return list(dict.fromkeys([DEFAULT_LANGUAGE, *settings.languages, *settings.waiting_languages, *sorted(used)]))


def _padded(follow: list[str]) -> list[str]:
    return follow + [""] * max(1, FOLLOW_PLACES - len(follow))


def _word(value: FieldValue | None) -> str:
    return value if isinstance(value, str) else ""


def _words(value: FieldValue | None) -> tuple[str, ...]:
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, tuple) else ()


def _fields(value: FieldValue | None) -> Fields:
    return value if isinstance(value, Mapping) else {}


def _mapping(value: FieldValue | None) -> dict[str, str]:
    return {name: one for name, one in _fields(value).items() if isinstance(one, str) and _LANGUAGE.fullmatch(name)}
