"""One field changes; every other byte of the file stays."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sms_service.core.call_settings import CallPiece
from sms_service.core.publishing.content import decoded
from sms_service.core.publishing.errors import BadEdit
from sms_service.core.publishing.field_edits import FieldEdit, FieldValue, value_at
from sms_service.storage.book_source import raw_files
from sms_service.storage.publishing.book_format import YamlBookFormat

FORMAT = YamlBookFormat()
FILES = decoded(raw_files(Path(__file__).parents[3] / "responses"))
REPLIES = sorted(
    path
    for path in FILES
    if path.endswith(".yaml") and "/" not in path and path not in {"contacts.yaml", "service.yaml", "golden.yaml"}
)

ODD = """\
# Above.

title: "Quoted: title"  # why it is called so
danger: none
keywords:   # capitals
  - ONE
  # about two
  - "2"
  - THREE  # the last
text:
  en: |  # sent
    First line.

    # not a comment but words
    Last {contact.x} line.
  # between
  cy: |
    Un.
follow: [urgent, talk]
# At the end.
"""


def changed_lines(before: str, after: str) -> list[str]:
    lines = difflib.ndiff(before.splitlines(keepends=True), after.splitlines(keepends=True))
    return [line.rstrip("\n") for line in lines if line[0] in "+-"]


@pytest.mark.parametrize(
    ("field", "value", "changes"),
    [
        (("title",), "New", ['- title: "Quoted: title"  # why it is called so', "+ title: New  # why it is called so"]),
        (("danger",), "high", ["- danger: none", "+ danger: high"]),
        (("keywords",), ("ONE", "2", "FOUR"), ["-   - THREE  # the last", "+   - FOUR"]),
        (("keywords",), ("2", "THREE", "ONE"), ["-   - ONE", "+   - ONE"]),
        (("text", "en"), "Only: #this", [
            "-     First line.", "- ", "-     # not a comment but words", "-     Last {contact.x} line.",
            "+     Only: #this",
        ]),
        (("text", "cy"), "Dau.\n\nTri.", ["-     Un.", "+     Dau.", "+ ", "+     Tri."]),
        (("text", "pl"), "Raz", ["+   pl: |", "+     Raz"]),
        (("text", "cy"), None, ["-   cy: |", "-     Un."]),
        (("again", "en"), "Again", ["+ again:", "+   en: |", "+     Again"]),
        (("follow",), ("talk",), ["- follow: [urgent, talk]", "+ follow:", "+   - talk"]),
        (("follow",), None, ["- follow: [urgent, talk]"]),
        (("danger",), "none", []),
    ],
)  # fmt: skip
def test_only_the_field_s_own_lines_change(
    field: tuple[str, ...], value: FieldValue | None, changes: list[str]
) -> None:
    after = FORMAT.edited("odd.yaml", ODD, [FieldEdit(field, value)])
    assert sorted(changed_lines(ODD, after)) == sorted(changes)


@pytest.mark.parametrize("path", REPLIES)
def test_every_field_of_the_shipped_replies_can_be_changed_and_put_back(path: str) -> None:
    text = FILES[path]
    fields = FORMAT.fields(path, text)
    for field in [("title",), *((part, "en") for part in ("text", "again", "more", "spoken") if part in fields)]:
        before = value_at(fields, field)
        assert isinstance(before, str)
        other = FORMAT.edited(
            path, text, [FieldEdit(field, before + "\nAnother line: yes #1" if len(field) > 1 else "X")]
        )
        assert other != text
        assert FORMAT.edited(path, other, [FieldEdit(field, before)]) == text


def test_contacts_are_changed_added_and_taken_away() -> None:
    text = FILES["contacts.yaml"]
    checked = [
        FieldEdit(("childline", "checked_by"), "Ann O'Neil"),
        FieldEdit(("childline", "checked_on"), "2026-11-30"),
        FieldEdit(("childline", "number"), "01632 960 123"),
    ]
    after = FORMAT.edited("contacts.yaml", text, checked)
    assert [line[0] for line in changed_lines(text, after)].count("-") == 1
    hours: FieldValue = {
        "days": {"mon": ("09:00-17:00",), "fri": ("09:00-12:00", "13:00-16:00")},
        "open_on_bank_holidays": "no",
    }
    new: dict[str, FieldValue] = {"number": "01632 960 124", "name": "New: one", "hours": hours, "notes": "Two\nlines"}
    added = FORMAT.edited("contacts.yaml", after, [FieldEdit(("new_one",), new)])
    assert FORMAT.fields("contacts.yaml", added)["new_one"] == {**new, "notes": "Two\nlines\n"}
    assert added.startswith(after)
    assert FORMAT.edited("contacts.yaml", added, [FieldEdit(("new_one",), None)]).rstrip() == after.rstrip()
    loaded = FORMAT.load({**FILES, "contacts.yaml": added})
    assert loaded.book is not None
    assert loaded.book.contacts["new_one"].number == "01632 960 124"
    assert not [one for one in loaded.complaints if one.is_error]


def test_settings_keep_their_notes() -> None:
    text = FILES["service.yaml"]
    menu = FORMAT.fields("service.yaml", text)["menu"]
    assert isinstance(menu, tuple)
    after = FORMAT.edited("service.yaml", text, [FieldEdit(("menu",), (*menu[1:], menu[0]))])
    assert changed_lines(text, after) == ["-   - iwf", "+   - iwf"]


SAID = [
    ("call", "words", "emergency", "en"),  # a note above it
    ("call", "words", "quiet", "cy"),
    ("call", "words", "goodbye", "cy"),  # the last of all
    ("call", "menu", "iwf", "en"),  # the first
    ("call", "menu", "police", "cy"),
    ("waiting_languages", "cy"),
]


def test_words_of_a_call_are_changed_and_put_back_byte_for_byte() -> None:
    text = FILES["service.yaml"]
    fields = FORMAT.fields("service.yaml", text)
    before = [value_at(fields, field) for field in SAID]
    other = [FieldEdit(field, "Other words: yes #1.\n{contact.emergency}") for field in SAID]
    changed = FORMAT.edited("service.yaml", text, other)
    assert [line for line in text.splitlines() if "# " in line] == [
        line for line in changed.splitlines() if "# " in line
    ]
    loaded = FORMAT.load({**FILES, "service.yaml": changed})
    assert loaded.book is not None
    assert loaded.book.service.call.words[CallPiece.QUIET]["cy"] == "Other words: yes #1.\n{contact.emergency}"
    back = [FieldEdit(field, value) for field, value in zip(SAID, before, strict=True)]
    assert FORMAT.edited("service.yaml", changed, back) == text


def test_what_a_call_says_anew_is_written_in_blocks_and_taken_out_again() -> None:
    text = FILES["service.yaml"]
    new = [
        FieldEdit(("call", "words", "hello", "pl"), "Dzien dobry."),
        FieldEdit(("call", "menu", "signs", "en"), "To hear signs"),
        FieldEdit(("emergency_line", "pl"), "Zadzwon: {contact.emergency}"),
        FieldEdit(("waiting_languages", "pl"), "A reader"),
    ]
    after = FORMAT.edited("service.yaml", text, new)
    assert not [line for line in changed_lines(text, after) if line.startswith("-")]
    assert "      pl: |\n        Dzien dobry.\n" in after
    assert not [one for one in FORMAT.load({**FILES, "service.yaml": after}).complaints if one.is_error]
    assert FORMAT.edited("service.yaml", after, [FieldEdit(edit.path, None) for edit in new]) == text
    bare = FORMAT.edited("service.yaml", text, [FieldEdit(("call",), None)])
    first = FORMAT.edited("service.yaml", bare, [FieldEdit(("call", "words", "goodbye", "en"), "Bye.")])
    second = FORMAT.edited("service.yaml", first, [FieldEdit(("call", "words", "welcome", "en"), "Hello.")])
    assert second.index("welcome:") < second.index("goodbye:"), "in the order of a call"


@pytest.mark.parametrize("path", ["nudes.yaml", "no_match.yaml"])
def test_keywords_of_other_languages_are_changed_and_put_back(path: str) -> None:
    text = FILES[path]
    before = value_at(FORMAT.fields(path, text), ("keywords_in", "cy"))
    was = before if isinstance(before, tuple) else None
    edits = [FieldEdit(("keywords_in", "cy"), ("UN", *(was or ()))), FieldEdit(("keywords_in", "pl"), ("RAZ",))]
    after = FORMAT.edited(path, text, edits)
    assert not [line for line in changed_lines(text, after) if line.startswith("-")]
    back = [FieldEdit(("keywords_in", "cy"), was), FieldEdit(("keywords_in", "pl"), None)]
    assert FORMAT.edited(path, after, back) == text


def test_windows_line_ends_stay() -> None:
    windows = ODD.replace("\n", "\r\n")
    after = FORMAT.edited("odd.yaml", windows, [FieldEdit(("text", "en"), "One\nTwo")])
    assert "\n" not in after.replace("\r\n", "")


def test_a_new_reply_is_written_in_the_book_s_order() -> None:
    fields = {"text": {"en": "Words"}, "title": "New", "keywords": ("NEW",), "danger": "none"}
    text = FORMAT.edited("new.yaml", "", [FieldEdit((name,), value) for name, value in fields.items()])  # type: ignore[arg-type]
    assert text == "title: New\ndanger: none\nkeywords:\n  - NEW\ntext:\n  en: |\n    Words\n"


@pytest.mark.parametrize("value", ["a\0b", "a\x1bb", "half \ud800", "a\u2028b"])
def test_what_yaml_cannot_hold_is_refused(value: str) -> None:
    with pytest.raises(BadEdit, match="unseen control character"):
        FORMAT.edited("odd.yaml", ODD, [FieldEdit(("title",), value)])


@settings(max_examples=40)
@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=60),
    st.sampled_from([("title",), ("text", "en"), ("again", "en")]),
)
def test_any_words_come_back_or_are_refused(words: str, field: tuple[str, ...]) -> None:
    try:
        after = FORMAT.edited("odd.yaml", ODD, [FieldEdit(field, words or "x")])
    except BadEdit:
        return
    got = value_at(FORMAT.fields("odd.yaml", after), field)
    wanted = "\n".join(line.rstrip() for line in words.replace("\r\n", "\n").replace("\r", "\n").split("\n")).strip()
    if words:
        assert (got or "").strip() == wanted  # type: ignore[union-attr]
    assert after.endswith("# At the end.\n")


def test_golden_texts_are_added_changed_and_taken_away() -> None:
    text = FILES["golden.yaml"]
    added = FORMAT.with_golden(text, 'he said "pay: now" #1', "blackmail")
    assert added.startswith(text)
    assert FORMAT.with_golden(added, 'he said "pay: now" #1', "blackmail") == added
    assert FORMAT.load({**FILES, "golden.yaml": added}).golden[-1].text == 'he said "pay: now" #1'
    assert FORMAT.without_golden(added, 'he said "pay: now" #1') == text
    other = FORMAT.without_golden(text, "he has a knife")
    assert FORMAT.merged_golden(text, other, added) == FORMAT.with_golden(other, 'he said "pay: now" #1', "blackmail")
