"""What the checker says: where, how bad, what is wrong, and how to mend it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Path = tuple[str | int, ...]
"""Where something stands in a book: ``("replies", "urgent", "text", "en")``, ``("service", "menu", 0)``."""


class Severity(StrEnum):
    """Whether a book may go live with a complaint."""

    ERROR = "error"
    """It may not."""
    WARNING = "warning"
    """It may, when a person has thought about it."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing that is wrong.

    Attributes:
        severity: Error or warning.
        file: The file to open, relative to the book's folder.
        line: Line in it, from 1; None when it is about the file as a whole.
        what: What is wrong, a sentence for a person who does not program.
        mend: What to do, a sentence.
        path: Where in the book, for staff pages that have fields and no lines.
    """

    severity: Severity
    file: str
    line: int | None
    what: str
    mend: str
    path: Path = ()

    @property
    def is_error(self) -> bool:
        """Whether it keeps the book from going live."""
        return self.severity is Severity.ERROR


@dataclass(frozen=True, slots=True)
class Place:
    """A spot in a file.

    Attributes:
        file: Relative to the book's folder.
        line: From 1.
        text_line: Where the words of a text block begin, when there is one here.
    """

    file: str
    line: int | None
    text_line: int | None = None


@dataclass(frozen=True, slots=True)
class Places:
    """Which part of a book stands where. An empty one does for a book that never was in files."""

    known: Mapping[Path, Place] = field(default_factory=dict)

    def at(self, path: Path) -> Place:
        """Give the place of a part, or of the nearest part around it that is known."""
        for length in range(len(path), 0, -1):
            place = self.known.get(path[:length])
            if place is not None:
                return place
        return Place(_usual_file(path), None)

    def in_text(self, path: Path, text: str, position: int) -> Place:
        """Give the place of a character of a text."""
        place = self.at(path)
        if place.text_line is None:
            return place
        return Place(place.file, place.text_line + text.count("\n", 0, position))


def _usual_file(path: Path) -> str:
    """Name the file in which a part would stand if the book were in files."""
    if path[:1] == ("replies",) and len(path) > 1:
        return f"{path[1]}.yaml"
    return f"{path[0]}.yaml" if path else ""
