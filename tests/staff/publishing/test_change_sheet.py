"""What a draft changes, named as people name it: nothing that a child reads or hears may change unseen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from sms_service.core.call_settings import CallPiece, CallSettings
from sms_service.core.checks import Places
from sms_service.core.loaded_book import LoadedBook
from sms_service.core.reply_book import Danger, Reply, ReplyBook, ReservedWords, ServiceSettings
from sms_service.service.release import Release
from sms_service.staff.publishing.change_sheet import ChangeSheet, compared

Change = Callable[[ReplyBook], ReplyBook]


def of_meet(**fields: object) -> Change:
    def change(book: ReplyBook) -> ReplyBook:
        reply: Reply = book.replies["meet"].model_copy(update=fields)
        return book.model_copy(update={"replies": {**book.replies, "meet": reply}})

    return change


def of_service(**fields: object) -> Change:
    def change(book: ReplyBook) -> ReplyBook:
        service: ServiceSettings = book.service.model_copy(update=fields)
        return book.model_copy(update={"service": service})

    return change


def of_call(**fields: object) -> Change:
    return lambda book: of_service(call=CallSettings.model_validate({**book.service.call.model_dump(), **fields}))(book)


def sheet_of(book: ReplyBook, change: Change) -> ChangeSheet:
    before = LoadedBook(book, Places())
    return compared(before, replace(before, book=change(book)))[0]


def lines(sheet: ChangeSheet) -> list[str]:
    """Write a sheet down, a line for each row."""
    written = []
    for section in sheet.sections:
        written += [f"{section.title} | {row.heading}" for row in section.texts]
        written += [f"{section.title} | {row.field}: {row.before} > {row.after}" for row in section.facts]
        written += [f"{section.title} | {row.what}: +{row.added} -{row.removed}" for row in section.sentences]
    return written


SETTINGS = "Settings of the line"
CALLS = "What callers hear"
MEET = "Meeting somebody from online"


@pytest.mark.parametrize(
    ("change", "seen"),
    [
        (of_meet(keywords_in={"cy": ("CWRDD",)}), f"{MEET} | Keywords, Welsh: +('CWRDD',) -()"),
        (of_meet(keywords_in={"pl": ("SPOTKANIE",)}), f"{MEET} | Keywords, Polish: +('SPOTKANIE',) -()"),
        (of_meet(again={"cy": "Paid."}), f"{MEET} | If they ask again, Welsh"),
        (of_service(languages=("en", "cy")), f"{SETTINGS} | Languages: English > English, Welsh"),
        (of_service(waiting_languages={"cy": "A native reader"}), f"{SETTINGS} | What Welsh waits for: "),
        (of_service(emergency_line={"en": "Call {contact.emergency}."}), f"{SETTINGS} | Emergency line, English"),
        (of_call(words={CallPiece.WELCOME: {"en": "Hello."}}), f"{CALLS} | The first words of a call, English"),
        (of_call(menu={"meet": {"en": "Meeting"}}), f"{CALLS} | In the spoken menu, {MEET}, English"),
        (of_call(put_through=("childline",)), f"{CALLS} | Whom key 0 rings: "),
    ],
)
def test_a_change_has_a_row_of_its_own(shipped_release: Release, change: Change, seen: str) -> None:
    written = lines(sheet_of(shipped_release.book, change))
    assert any(line.startswith(seen) for line in written), written


def test_whom_a_call_is_put_through_to_is_named(shipped_release: Release) -> None:
    sheet = sheet_of(shipped_release.book, of_call(put_through=("childline",)))
    assert [line.rpartition(" > ")[2] for line in lines(sheet)] == ["Childline"]


def test_what_is_said_of_a_reply_in_the_spoken_menu_is_no_change_of_the_reply(shipped_release: Release) -> None:
    assert sheet_of(shipped_release.book, of_call(menu={})).replies == ()


def test_the_same_book_changes_nothing(shipped_release: Release) -> None:
    assert sheet_of(shipped_release.book, lambda book: book).is_empty


def test_every_field_of_a_reply_and_of_the_settings_shows_when_it_changes(shipped_release: Release) -> None:
    """A field that the book gets later must be shown too: the sheet is what a second person approves."""
    book = shipped_release.book
    other = Reply(
        title="x",
        danger=Danger.HIGH,
        keywords=("X",),
        keywords_in={"cy": ("X",)},
        examples=("x",),
        text={"en": "x"},
        again={"en": "x"},
        more={"en": "x"},
        spoken={"en": "x"},
        follow=("iwf",),
    )
    unseen = [name for name in Reply.model_fields if sheet_of(book, of_meet(**{name: getattr(other, name)})).is_empty]
    assert unseen == ["examples"], "the files' reader adds these to the sentences, which are compared"
    settings = ServiceSettings(
        name="x",
        languages=("cy",),
        menu=("about",),
        emergency_line={"en": "x"},
        reserved_words=ReservedWords.LINE,
        pence_per_segment=9,
    )
    for name in ServiceSettings.model_fields:
        assert not sheet_of(book, of_service(**{name: getattr(settings, name)})).is_empty, name


def test_sentences_of_other_files_are_named(shipped_release: Release) -> None:
    before = LoadedBook(shipped_release.book, Places())
    after = replace(before, examples={"harmless": ("see you at five",)})
    assert lines(compared(before, after)[0]) == [
        "Everyday messages | Sentences that lead here: +('see you at five',) -()"
    ]


@pytest.mark.parametrize(
    ("change", "heard"),
    [
        (of_meet(spoken={"en": "Ring {contact.childline}."}), "Ring 0 8 0 0, 1 1 1 1, again, 0 8 0 0, 1 1 1 1."),
        (of_meet(spoken={}, text={"en": "Ring {contact.emergency}"}), "Ring 9 9 9, again, 9 9 9."),
        (of_meet(text={"en": "Ring {contact.emergency}"}), ""),
        (of_meet(again={"en": "Ring {contact.emergency}"}), ""),
        (of_call(words={CallPiece.WELCOME: {"en": "Hello"}}), "Hello."),
        (of_call(menu={"meet": {"en": "Meeting"}}), "Meeting, press 5."),
        (of_service(emergency_line={"en": "Call {contact.emergency}."}), ""),
    ],
)
def test_what_is_said_in_a_call_is_shown_as_it_is_heard(shipped_release: Release, change: Change, heard: str) -> None:
    rows = [row for section in sheet_of(shipped_release.book, change).sections for row in section.texts]
    assert heard in {row.heard for row in rows}
    assert [row.heard for row in rows if row.is_gone and row.heard] == []


def test_a_contact_is_told_with_everything_that_it_changes(shipped_release: Release) -> None:
    book = shipped_release.book
    contacts = {**book.contacts, "duty_and_advice": book.contacts["duty_and_advice"].model_copy(update={"number": "1"})}
    [section] = sheet_of(book, lambda book: book.model_copy(update={"contacts": contacts})).contacts
    assert section.used_in[-2:] == ("the emergency line", "what callers hear")
