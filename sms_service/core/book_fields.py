"""The small parts that the models of the reply book are made of."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, StringConstraints

ReplyKey = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
"""A reply's file name without ending."""

ContactKey = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]

LanguageCode = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
"""ISO 639-1, two lower-case letters."""

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]

DEFAULT_LANGUAGE: Final = "en"


class Strict(BaseModel):
    """A model that refuses fields nobody knows, and never changes."""

    model_config = ConfigDict(frozen=True, extra="forbid")
