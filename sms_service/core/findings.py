"""What the go-live check says: one finding a line, its state, why it matters, the mend."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How a finding stands, the worst last."""

    GOOD = "good"
    LOOK = "look"
    """Nothing a program can see: somebody has to look."""
    WARNING = "warning"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the check.

    Attributes:
        area: Which part of the whole: settings, address, provider, stores, book, alerts.
        what: What was looked at, and how it stands.
        state: Good or not.
        why: Why it matters.
        mend: What to do; '' where there is nothing to do.
    """

    area: str
    what: str
    state: State
    why: str
    mend: str = ""


def worst(findings: Iterable[Finding]) -> State:
    """Give the worst state; GOOD where there is nothing."""
    order = list(State)
    return max((finding.state for finding in findings), key=order.index, default=State.GOOD)
