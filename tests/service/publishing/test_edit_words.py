"""The history says what was edited in the words of the pages."""

from __future__ import annotations

import pytest

from sms_service.core.history import HistoryQuery
from sms_service.core.publishing.field_edits import FieldEdit
from sms_service.service.publishing.edit_words import edit_words, file_words
from sms_service.service.publishing.publishing import Publishing
from tests.publishing_in_memory import ANN

MEET = "Meeting somebody from online"


@pytest.mark.parametrize(
    ("path", "edits", "said"),
    [
        ("meet.yaml", [FieldEdit(("title",), "x"), FieldEdit(("text", "cy"), "y")], f"{MEET}: Title; The text, Welsh"),
        ("meet.yaml", [FieldEdit(("keywords_in", "cy"), ("CWRDD",))], f"{MEET}: Keywords, Welsh"),
        (
            "contacts.yaml",
            [FieldEdit(("childline", "number"), "x"), FieldEdit(("childline", "notes"), None)],
            "Childline: Phone number; Notes",
        ),
        ("contacts.yaml", [FieldEdit(("night", ), {"name": "Night team"})], "Night team: added"),
        ("contacts.yaml", [FieldEdit(("childline", ), None)], "Childline: taken out"),
        ("service.yaml", [FieldEdit(("menu",), ("iwf",))], "Settings of the line: Menu"),
        (
            "service.yaml",
            [FieldEdit(("call", "words", "goodbye", "en"), "x"), FieldEdit(("call", "menu", "meet", "cy"), "x")],
            f"What callers hear: The last words of a call, English; In the spoken menu, {MEET}, Welsh",
        ),
        ("service.yaml", [FieldEdit(("call", "put_through"), ("x",))], "What callers hear: Whom key 0 rings"),
    ],
)  # fmt: skip
def test_fields_are_named(publishing: Publishing, path: str, edits: list[FieldEdit], said: str) -> None:
    drafts = publishing.drafts
    before = drafts.fields(drafts.open(ANN, "A change"), path).fields
    assert edit_words(path, edits, before, {"meet": MEET}.__getitem__) == said


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("examples/meet.txt", f"Sentences that lead to {MEET}"),
        ("examples/harmless.txt", "Everyday messages"),
        ("golden.yaml", "Texts that must lead to a reply"),
        ("unknown.yaml", "unknown"),
    ],
)
def test_files_are_named(path: str, said: str) -> None:
    assert file_words(path, {"meet": MEET, "unknown": "unknown"}.__getitem__) == said


def test_nothing_of_the_files_is_in_the_history(publishing: Publishing) -> None:
    drafts = publishing.drafts
    draft = drafts.open(ANN, "Everything")
    number = draft.draft_id
    drafts.add_reply(
        ANN, number, "games", {"title": "Worried about a game", "text": {"en": "Talk. {contact.childline}"}}
    )
    seen = drafts.fields(drafts.get(number), "games.yaml").seen
    drafts.save_fields(ANN, number, "games.yaml", seen, [FieldEdit(("keywords",), ("GAME",))])
    drafts.add_examples(ANN, number, "games", ["he is odd in the game"])
    drafts.add_golden(ANN, number, "odd in the game", "games")
    drafts.save_file(ANN, number, "games.yaml", drafts.file(drafts.get(number), "games.yaml").seen, None)
    told = {entry.detail for entry in publishing.history.search(HistoryQuery(action="edited")).entries}
    assert told == {
        "Worried about a game: added",
        "Worried about a game: Keywords",
        "Sentences that lead to Worried about a game",
        "Texts that must lead to a reply",
        "Worried about a game: taken out",
    }
