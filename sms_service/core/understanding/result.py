"""What understanding a message gives: the reply, how it was found, and what nearly won."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """Which stage found the reply, in the order they are asked."""

    OPT_OUT = "opt_out"
    DANGER = "danger"
    KEYWORD = "keyword"
    KEYWORD_INSIDE = "keyword_inside"
    OTHER_LANGUAGE = "other_language"
    TYPO = "typo"
    FREE_TEXT = "free_text"
    NO_MATCH = "no_match"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A reply that was considered, with its probability from 0 to 1."""

    reply: str
    score: float


@dataclass(frozen=True, slots=True)
class Understanding:
    """The reply that fits a message, and why.

    Attributes:
        reply: Key of the reply; ``no_match`` where nothing fits.
        stage: The stage that decided.
        reason: One sentence for staff. It may name words of the message, so it never goes to a log.
        score: How sure, from 0 to 1. Keywords are 1.
        evidence: The keyword, phrase or words that decided, strongest first.
        runner_ups: Other replies with their scores, likeliest first.
        danger_likely: Danger is likely but not what the message is mainly about: the reply carries the emergency line.
        without_guessing: What the stages before typo and free text would have given.
        language: Language of the keyword that was texted, ISO 639-1; None where the message does not say.
    """

    reply: str
    stage: Stage
    reason: str
    score: float = 1.0
    evidence: tuple[str, ...] = ()
    runner_ups: tuple[Candidate, ...] = ()
    danger_likely: bool = False
    without_guessing: str = "no_match"
    language: str | None = None
