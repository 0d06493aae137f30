"""Texts and the replies they get, as data: every row of the YAML tables beside this file, signed and sent to the line.

A row is ``text`` and ``reply`` (``silence`` for none) or ``not`` (replies it must not get); where needed also
``stage``, ``after`` (texts that the same phone sent before), ``media`` (how many pictures) and ``says`` (words of the
answer).

Each row is sent twice: to a line that has not learned free text yet, as in the first half minute on a new machine, and
to one that has. ``free_text: true`` marks what needs it. ``known_failure: why`` marks what still goes wrong; such a row
fails on the day it passes, so that the list can only shrink.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from pydantic import BaseModel, ConfigDict, Field
from ruamel.yaml import YAML

from sms_service.service.release import Release

if TYPE_CHECKING:
    from tests.conftest import LineUnderTest

pytestmark = pytest.mark.timeout(900)  # the first test of a process waits until one has learned; a machine may be busy

HERE = Path(__file__).parent
TABLES = [*sorted(HERE.glob("*.yaml")), HERE.parents[1] / "responses" / "golden.yaml"]


class Row(BaseModel):
    """One row of a table; a misspelt field is an error, not a test that checks nothing."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    text: str
    reply: str | None = None
    is_not: list[str] = Field(default_factory=list, alias="not")
    stage: str | None = None
    after: list[str] = Field(default_factory=list)
    media: int = 0
    says: str | None = None
    free_text: bool = False
    known_failure: str | None = None


def rows(*, learned: bool) -> Iterator[Any]:
    for table in TABLES:
        for number, fields in enumerate(YAML(typ="safe").load(table), start=1):
            row = Row.model_validate(fields)
            if row.free_text and not learned:
                continue
            marks = [pytest.mark.xfail(reason=row.known_failure, strict=True)] if row.known_failure else []
            yield pytest.param(row, id=f"{table.stem}-{number}", marks=marks)


def check(line: LineUnderTest, row: Row) -> None:
    for text in row.after:
        line.handle(text)
    answer = line.handle(row.text, NumMedia=str(row.media))
    event = line.recorder.events[-1]
    got = event.reply or "silence"
    assert row.reply in (None, got), f"{row.text!r} got {got} at stage {event.stage}"
    assert got not in row.is_not, f"{row.text!r} got {got} at stage {event.stage}"
    assert row.stage in (None, event.stage)
    words = "".join(message.text or "" for message in ET.fromstring(answer.body).iter("Message"))
    assert row.says is None or row.says in words


@pytest.mark.parametrize("row", list(rows(learned=False)))
def test_before_free_text_is_learned(make_line: Callable[..., LineUnderTest], row: Row) -> None:
    check(make_line(), row)


@pytest.mark.parametrize("row", list(rows(learned=True)))
def test_with_free_text(make_line: Callable[..., LineUnderTest], learned_release: Release, row: Row) -> None:
    check(make_line(release=learned_release), row)


def test_danger_at_the_end_of_a_long_story_is_not_outweighed_by_the_story(
    make_line: Callable[..., LineUnderTest], learned_release: Release
) -> None:
    story = "we talked about school and music for a long time. " * 75
    line = make_line(release=learned_release)
    assert line.reply(f"{story} he is outside my house now with a knife") == "urgent"
    assert line.reply(story, sender="+447700900124") != "urgent"


def test_every_row_expects_something() -> None:
    for table in TABLES:
        for fields in YAML(typ="safe").load(table):
            row = Row.model_validate(fields)
            assert row.reply or row.is_not, f"{table.name}: {row.text!r}"
    assert {"issue", "keywords", "noise", "commands", "conversation"} <= {table.stem for table in TABLES}
