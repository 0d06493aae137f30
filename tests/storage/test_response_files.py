from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sms_service.core.checks import check_book
from sms_service.core.loaded_book import LoadedBook
from sms_service.core.reply_book import KnownHours, ReservedWords, WeeklyHours
from sms_service.storage.response_files import load_book

CONTACTS = """\
emergency:
  name: Emergency services
  number: "999"
  hours: always
duty_and_advice:
  name: Duty and Advice
  number: 0116 454 1004
  hours: always
"""

SERVICE = """\
name: A text line
menu:
  - talk
emergency_line:
  en: |
    Not safe? Call {contact.emergency}.
"""

TALK = """\
# For staff.
title: Talk
keywords:
  - TALK
  - NO
  - "101"
text:
  en: |
    You are not in trouble.
    Day or night: {contact.duty_and_advice}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small good book."""
    for name, content in {"contacts.yaml": CONTACTS, "service.yaml": SERVICE, "talk.yaml": TALK}.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    return tmp_path


def said(loaded: LoadedBook) -> list[tuple[str, int | None, str, str]]:
    return [(one.file, one.line, one.what, one.mend) for one in loaded.complaints]


def with_file(folder: Path, name: str, content: str | bytes) -> LoadedBook:
    raw = content.encode("utf-8") if isinstance(content, str) else content
    (folder / name).write_bytes(raw)
    return load_book(folder)


def test_a_good_book_is_loaded_without_complaint(folder):
    loaded = load_book(folder)
    assert said(loaded) == []
    assert loaded.book is not None
    assert list(loaded.book.replies) == ["talk"]
    assert loaded.book.contacts["duty_and_advice"].shown == "0116 454 1004"
    assert loaded.book.service.reserved_words is ReservedWords.PROVIDER


def test_every_plain_value_is_a_string(folder):
    loaded = load_book(folder)
    assert loaded.book is not None
    # YAML would make them false and a number.
    assert loaded.book.replies["talk"].keywords == ("TALK", "NO", "101")


def test_dates_numbers_and_yes_or_no_are_read_where_they_belong(folder):
    contacts = CONTACTS + "  checked_on: 2026-11-22\noffice:\n  name: O\n  number: 01632960123\n  hours:\n"
    contacts += "    days:\n      mon: [09:00-17:00]\n    open_on_bank_holidays: yes\n"
    (folder / "service.yaml").write_text(SERVICE + "pence_per_segment: 3.5\n", encoding="utf-8")
    loaded = with_file(folder, "contacts.yaml", contacts)
    assert said(loaded) == []
    assert loaded.book is not None
    assert loaded.book.contacts["duty_and_advice"].checked_on == dt.date(2026, 11, 22)
    assert loaded.book.contacts["duty_and_advice"].hours is KnownHours.ALWAYS
    office = loaded.book.contacts["office"]
    assert isinstance(office.hours, WeeklyHours)
    assert office.hours.open_on_bank_holidays
    assert office.shown == "01632960123"
    assert loaded.book.service.pence_per_segment == 3.5


def test_places_name_file_and_line(folder):
    places = load_book(folder).places
    assert places.at(("replies", "talk", "title")).line == 2
    assert places.at(("replies", "talk", "keywords", 1)).line == 5
    assert places.at(("replies", "talk")).line == 1
    assert places.at(("contacts", "duty_and_advice", "number")).line == 7
    text = places.at(("replies", "talk", "text", "en"))
    assert (text.file, text.line, text.text_line) == ("talk.yaml", 8, 9)


def test_a_rule_points_at_the_very_line_of_the_words(folder):
    loaded = with_file(folder, "talk.yaml", TALK + "\n    Nobody will know.\n")
    assert loaded.book is not None
    complaint = next(one for one in check_book(loaded.book, loaded.places) if "Nobody will" in one.what)
    assert (complaint.file, complaint.line) == ("talk.yaml", 12)


def test_empty_lines_before_the_words_do_not_shift_the_line(folder):
    text = "title: T\ntext:\n  en: |\n\n    Nobody will know.\n"
    loaded = with_file(folder, "talk.yaml", text)
    assert loaded.book is not None
    complaint = next(one for one in check_book(loaded.book, loaded.places) if "Nobody will" in one.what)
    assert complaint.line == 5


BAD_REPLIES = [
    # what is tried, the file, line, a part of what is said, a part of the mend
    (
        "unknown field",
        TALK.replace("title", "titel", 1),
        2,
        "'titel' is not a field here. Did you mean title?",
        "fields are",
    ),
    ("missing field", TALK.replace("title: Talk\n", ""), 1, "'title' is missing", "Add a line 'title: ...'"),
    ("empty field", TALK.replace("title: Talk", "title:"), 2, "'title' is empty", "Write something"),
    ("wrong word", TALK + "danger: hihg\n", 11, "'hihg' is not allowed here", "none, high or emergency"),
    ("word for a list", TALK + "follow: talk\n", 11, "'follow' must be a list", "after '- '"),
    ("words without a language", "title: T\ntext: Hello\n", 2, "'text' must have fields", "moved in"),
    ("list for words", "title: [T]\n" + TALK[TALK.index("text") :], 1, "'title' must be words", "no list"),
    ("no English", TALK.replace("en:", "cy:"), 7, "Text needs an 'en' entry", "Correct"),
    ("long language", TALK.replace("en:", "english:"), 8, "'english' is not a language", "en, cy, pl"),
    ("odd follow", TALK + "follow:\n  - Talk now\n", 12, "'Talk now' is not a name of a reply", "small letters"),
    ("words on the line", "title: T\ntext:\n  en: Hello #you\n", 3, "a part of them may get lost", "Write 'en: |'"),
    ("quoted words", 'title: T\ntext:\n  en: "Hello"\n', 3, "stand on the line", "Write 'en: |'"),
    ("folded words", "title: T\ntext:\n  en: >\n    Hello\n", 3, "stand on the line", "Write 'en: |'"),
    ("again on the line", TALK + "again:\n  en: Again\n", 12, "'again' stand on the line of 'en:'", "Write 'en: |'"),
    ("field twice", TALK + "title: Again\n", 11, "'title' stands here twice", "Keep one"),
    ("second colon", "title: Talk: now\n" + TALK, 1, "second colon", "quotation marks"),
    ("tab", "title: T\nkeywords:\n\t- A\n", 3, "tab", "Use spaces"),
    ("open quote", 'title: "T\n', 1, "opened and not closed", "Close it"),
    ("at sign", "title: @home\n", 1, "may not begin with this", "quotation marks"),
    ("star", "title: *bold*\n", 1, "may not begin with *", "quotation marks"),
    ("alias", "title: &x T\nkeywords: [*x]\n", 2, "may not begin with *", "quotation marks"),
    ("tag", "title: !!int 3\n" + TALK[TALK.index("text") :], 1, "'!' tag", "words alone"),
    ("odd spaces", "title: T\n   keywords: []\n", 2, "", "quotation marks"),
    ("no colon", "title\n", 1, "no fields", "title: ..."),
    ("list", "- a\n", 1, "no fields", "title: ..."),
    ("empty", "", 1, "The file is empty", "copy a good file"),
    ("only notes", "# nothing\n", 1, "The file is empty", "copy a good file"),
    ("control character", "title: a\x07b\n", 1, "unseen control character", "Delete"),
    ("two documents", TALK + "---\n" + TALK, 11, "cannot be read", "good file"),
    ("too deep", "title: " + "[" * 50_000, 1, "inside each other", "good file"),
    ("too large", "# " + "x" * 70_000, None, "larger than 64 KiB", "smaller"),
]


@pytest.mark.parametrize(
    ("content", "line", "what", "mend"), [row[1:] for row in BAD_REPLIES], ids=[row[0] for row in BAD_REPLIES]
)
def test_a_bad_reply_file_is_named_with_line_and_mend(folder, content, line, what, mend):
    complaints = said(with_file(folder, "other.yaml", content))
    assert any(one[0] == "other.yaml" and one[1] == line and what in one[2] and mend in one[3] for one in complaints), (
        complaints
    )


BAD_CONTACTS = [
    (
        "unknown field",
        "x:\n  name: X\n  number: 1\n  hours: always\n  fax: 2\n",
        5,
        "'fax' is not a field",
        "The fields are",
    ),
    ("no number", "x:\n  name: X\n  hours: always\n", 1, "either a number or an address", "Correct"),
    (
        "odd hours",
        "x:\n  name: X\n  number: 1\n  hours: sometimes\n",
        4,
        "'sometimes' is not allowed",
        "always or unknown",
    ),
    (
        "odd span",
        "x:\n  name: X\n  number: 1\n  hours:\n    days:\n      mon: [9-5]\n",
        6,
        "'9-5' is not a time span",
        "09:00",
    ),
    (
        "odd day",
        "x:\n  name: X\n  number: 1\n  hours:\n    days:\n      monday: []\n",
        6,
        "'monday' is not allowed",
        "mon, tue",
    ),
    (
        "odd field in hours",
        "x:\n  name: X\n  number: 1\n  hours:\n    dayz: {}\n",
        5,
        "'dayz' is not a field",
        "open_on_bank",
    ),
    (
        "odd date",
        "x:\n  name: X\n  number: 1\n  hours: always\n  checked_on: 30.11.2026\n",
        5,
        "not a date",
        "2026-11-30",
    ),
    (
        "odd yes",
        "x:\n  name: X\n  number: 1\n  hours:\n    days: {}\n    open_on_bank_holidays: maybe\n",
        6,
        "neither",
        "yes or no",
    ),
    ("odd key", "X y:\n  name: X\n  number: 1\n  hours: always\n", 1, "not a name for a contact", "small letters"),
    ("no fields", "x: 999\n", 1, "'x' must have fields of its own", "below it"),
]


@pytest.mark.parametrize(
    ("extra", "line", "what", "mend"), [row[1:] for row in BAD_CONTACTS], ids=[row[0] for row in BAD_CONTACTS]
)
def test_a_bad_contact_is_named_and_the_others_stay(folder, extra, line, what, mend):
    loaded = with_file(folder, "contacts.yaml", CONTACTS + extra)
    assert loaded.book is not None
    assert "duty_and_advice" in loaded.book.contacts
    below = CONTACTS.count("\n")
    assert any(one[1] == line + below and what in one[2] and mend in one[3] for one in said(loaded)), said(loaded)


def test_all_complaints_of_all_files_come_at_once(folder):
    (folder / "a.yaml").write_text("title: A\ntext: A\nfolow: []\n", encoding="utf-8")
    (folder / "b.yaml").write_text("title: B: C\n", encoding="utf-8")
    (folder / "service.yaml").write_text(SERVICE + "nam: x\n", encoding="utf-8")
    loaded = load_book(folder)
    assert [(one.file, one.line) for one in loaded.complaints] == [
        ("a.yaml", 2),
        ("a.yaml", 3),
        ("b.yaml", 1),
        ("service.yaml", 7),
    ]
    assert loaded.unread == {("replies", "a"), ("replies", "b")}


def test_a_field_too_many_does_not_cost_the_reply(folder):
    loaded = with_file(folder, "talk.yaml", TALK + "colour: red\n")
    assert loaded.book is not None
    assert "talk" in loaded.book.replies
    assert loaded.unread == frozenset()


@pytest.mark.parametrize("name", ["contacts.yaml", "service.yaml"])
@pytest.mark.parametrize("content", [None, "", "a: b: c\n"])
def test_without_contacts_or_settings_there_is_no_book_and_no_traceback(folder, name, content):
    if content is None:
        (folder / name).unlink()
    else:
        (folder / name).write_text(content, encoding="utf-8")
    loaded = load_book(folder)
    assert loaded.book is None
    assert any(one.file == name for one in loaded.complaints)


def test_a_missing_folder_is_a_complaint(tmp_path):
    loaded = load_book(tmp_path / "nowhere")
    assert loaded.book is None
    assert "no such folder" in loaded.complaints[0].what


@pytest.mark.parametrize(
    ("name", "what"), [("talk.yml", "ends in .yml"), ("Talk Two.yaml", "cannot be the name of a reply")]
)
def test_a_badly_named_file_is_not_passed_over(folder, name, what):
    assert [(one[0], what in one[2]) for one in said(with_file(folder, name, TALK))] == [(name, True)]


def test_other_files_are_left_alone(folder):
    for name in ("README.md", ".talk.yaml.swp", ".hidden.yaml", "notes.txt"):
        (folder / name).write_text("x", encoding="utf-8")
    (folder / "folder.yaml").mkdir()
    (folder / "folder.yaml").rmdir()
    assert said(load_book(folder)) == []


def test_windows_line_ends_and_a_byte_order_mark_are_fine(folder):
    raw = b"\xef\xbb\xbf" + TALK.replace("\n", "\r\n").encode()
    loaded = with_file(folder, "talk.yaml", raw)
    assert said(loaded) == []
    assert loaded.book is not None
    assert "\r" not in loaded.book.replies["talk"].text["en"]


def test_another_encoding_is_named_with_its_line(folder):
    complaints = said(with_file(folder, "talk.yaml", TALK.encode() + b"    caf\xe9\n"))
    assert complaints[0][:3] == ("talk.yaml", 11, "There is a character that is not UTF-8.")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(st.one_of(st.binary(max_size=80), st.text("ab:-|>\n \t'\"#*&!{}[]%@`,?", max_size=80).map(str.encode)))
def test_nothing_in_a_file_raises(folder, content):
    loaded = with_file(folder, "talk.yaml", content)
    assert loaded.complaints
    for complaint in loaded.complaints:
        assert complaint.what
        assert complaint.mend


def test_the_shipped_book_loads_without_complaint_and_breaks_no_rule(project_root):
    loaded = load_book(project_root / "responses")
    assert loaded.complaints == ()
    assert loaded.book is not None
    errors = [one for one in check_book(loaded.book, loaded.places) if one.is_error]
    assert errors == []


def test_the_shipped_directory_holds_the_numbers_of_the_built_in_fallback(project_root):
    from sms_service.core.fallback import BUILT_IN_FALLBACK
    from sms_service.core.phone_numbers import find_phone_numbers, only_digits

    book = load_book(project_root / "responses").book
    assert book is not None
    known = {only_digits(contact.number) for contact in book.contacts.values() if contact.number}
    assert {number.digits for number in find_phone_numbers(BUILT_IN_FALLBACK)} <= known


def test_phrases_of_other_languages_are_part_of_the_book(folder):
    (folder / "languages").mkdir()
    loaded = with_file(
        folder, "languages/pl.yaml", "name: Polish\nnegators: [nie]\nphrases:\n  talk: [chce/chcę mówi*]\n"
    )
    assert said(loaded) == []
    assert loaded.book is not None
    assert loaded.book.phrases_in["pl"].phrases == {"talk": ("chce/chcę mówi*",)}


@pytest.mark.parametrize(
    ("name", "content", "line", "what"),
    [
        ("polish.yaml", "name: Polish\n", None, "This is no list of phrases."),
        ("pl.yaml", "name: Polish\nphrases:\n  talc: [pomocy]\n", 3, "There is no reply 'talc'."),
        ("pl.yaml", "name: Polish\nphrases:\n  talk: [na*]\n", 2, "would fit any word"),
        ("pl.yaml", "name: Polish\nphrases:\n  talk: [po-mocy]\n", 2, "is not one word"),
        ("pl.yaml", "name: Polish\nphrases:\n  talk: ['!']\n", 2, "is not one word"),
        ("pl.yaml", "name: Polish\nwords: []\nphrases: {}\n", 2, "'words' is not a field here."),
    ],
)
def test_a_bad_list_of_phrases_is_named_with_its_line(folder, name, content, line, what):
    (folder / "languages").mkdir()
    complaint = with_file(folder, f"languages/{name}", content).complaints[0]
    assert (complaint.file, complaint.line) == (f"languages/{name}", line)
    assert what in complaint.what
