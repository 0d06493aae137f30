"""Phrases of help and danger in languages that the line does not answer in yet: ``languages/<code>.yaml`` of a book."""

from __future__ import annotations

from typing import Final

from pydantic import Field, field_validator

from sms_service.core.book_fields import ReplyKey, Strict, Text
from sms_service.core.normalisation import keyword_form

OPEN_END: Final = "*"
OR: Final = "/"

_SHORTEST_STEM: Final = 3
"""Fewer letters before an open end would fit any word."""


class LanguagePhrases(Strict):
    """What people write in one language, and the replies it leads to."""

    name: Text = Field(description="What the language is called. Never sent.")
    negators: tuple[Text, ...] = Field(
        default=(), description="Words for not: a phrase with one shortly before it, or inside it, does not count."
    )
    negators_after: tuple[Text, ...] = Field(default=(), description="The same, of languages that put it behind.")
    phrases: dict[ReplyKey, tuple[Text, ...]] = Field(
        description="By reply, the most dangerous reply first. A phrase is a few words that stand near each other in "
        "any order; a/b is one or the other, zabi* any word that begins so."
    )

    @field_validator("phrases")
    @classmethod
    def _phrases_can_be_found(cls, phrases: dict[ReplyKey, tuple[Text, ...]]) -> dict[ReplyKey, tuple[Text, ...]]:
        for phrase in (phrase for phrases_of_reply in phrases.values() for phrase in phrases_of_reply):
            for choice in (choice for word in phrase.split() for choice in word.split(OR)):
                letters = keyword_form(choice.removesuffix(OPEN_END))
                if len(letters.split()) != 1:
                    raise ValueError(f"'{choice}' in '{phrase}' is not one word: write each word by itself")
                if choice.endswith(OPEN_END) and len(letters) < _SHORTEST_STEM:
                    raise ValueError(f"'{choice}' in '{phrase}' would fit any word: write more letters before the *")
        return phrases
