from __future__ import annotations

from pathlib import Path

import pytest

from sms_service.core.checks import Severity
from sms_service.storage.book_source import FolderSource
from sms_service.storage.example_files import Examples, KeptExamples, read_examples

LABELS = ("talk", "nudes")


def read(folder: Path, files: dict[str, str | bytes], in_book: dict[str, tuple[str, ...]] | None = None) -> Examples:
    (folder / "examples").mkdir(exist_ok=True)
    for name, content in files.items():
        raw = content.encode("utf-8") if isinstance(content, str) else content
        (folder / "examples" / name).write_bytes(raw)
    return read_examples(FolderSource(folder), LABELS, in_book or {})


def test_a_sentence_a_line_without_comments_and_blanks(tmp_path):
    examples = read(
        tmp_path, {"talk.txt": "# note\n\n can i talk \nwho can i talk to\n", "harmless.txt": "whats for tea\n"}
    )
    assert examples.sentences == {"talk": ("can i talk", "who can i talk to"), "harmless": ("whats for tea",)}
    assert examples.complaints == ()


def test_sentences_of_the_reply_file_come_first(tmp_path):
    examples = read(tmp_path, {"talk.txt": "can i talk\n"}, {"talk": ("i need to talk",)})
    assert examples.sentences["talk"] == ("i need to talk", "can i talk")


def test_a_grammar_gives_its_sentences_after_the_written_ones(tmp_path):
    examples = read(tmp_path, {"nudes.txt": "he wants nudes\n", "nudes.grammar": "(he|she) wants nudes\n"})
    assert examples.sentences["nudes"] == ("he wants nudes", "she wants nudes")
    assert examples.complaints == ()
    assert [expansion.total for expansion in examples.grammars["nudes"]] == [2]


@pytest.mark.parametrize(
    ("files", "severity", "file", "line", "what"),
    [
        ({"nuds.txt": "a\n"}, Severity.ERROR, "examples/nuds.txt", None, "no reply 'nuds'"),
        ({"nuds.grammar": "a\n"}, Severity.ERROR, "examples/nuds.grammar", None, "no reply 'nuds'"),
        ({"talk.csv": "a\n"}, Severity.ERROR, "examples/talk.csv", None, "no file of examples"),
        ({"talk.txt": "can i talk\nCan I, talk?\n"}, Severity.ERROR, "examples/talk.txt", 2, "line 1 already"),
        ({"talk.txt": "help\n", "nudes.txt": "help\n"}, Severity.ERROR, "examples/talk.txt", 1, "cannot mean both"),
        (
            {"talk.txt": "she left\n", "nudes.grammar": "(he|she) left\n"},
            Severity.ERROR,
            "examples/nudes.grammar",
            1,
            "both",
        ),
        ({"talk.txt": "?!\n"}, Severity.WARNING, "examples/talk.txt", 1, "no word to read"),
        ({"talk.grammar": "fine\n(a|b\n"}, Severity.ERROR, "examples/talk.grammar", 2, "')' is missing"),
        ({"talk.txt": b"ok\ncaf\xe9\n"}, Severity.ERROR, "examples/talk.txt", 2, "not UTF-8"),
    ],
)
def test_a_slip_is_named_with_its_place(tmp_path, files, severity, file, line, what):
    (complaint,) = read(tmp_path, files).complaints
    assert (complaint.severity, complaint.file, complaint.line) == (severity, file, line)
    assert what in complaint.what
    assert complaint.mend


def test_a_contradiction_with_the_reply_file_is_named(tmp_path):
    (complaint,) = read(tmp_path, {"nudes.txt": "help me\n"}, {"talk": ("help me",)}).complaints
    assert "talk.yaml" in complaint.what


def test_without_a_folder_there_are_no_examples(tmp_path):
    assert read_examples(FolderSource(tmp_path), LABELS, {}) == Examples()


def test_notes_for_people_are_left_alone(tmp_path):
    assert read(tmp_path, {"README.md": "x", ".talk.txt.swp": "x"}).complaints == ()


def test_what_was_read_lately_is_not_read_again_and_nothing_else_is_taken_for_it(tmp_path):
    files: dict[str, str | bytes] = {"talk.txt": "can i talk\n", "nudes.grammar": "(he|she) wants nudes\n"}
    first = read(tmp_path, files, {"talk": ("i need to talk",)})
    kept, source, in_book = KeptExamples(), FolderSource(tmp_path), {"talk": ("i need to talk",)}
    assert kept(source, LABELS, in_book) == first
    assert kept(source, LABELS, in_book) is kept(source, tuple(reversed(LABELS)), in_book)
    for labels, more, changed in (
        (("talk",), in_book, files),
        (LABELS, {"talk": ("another",)}, files),
        (LABELS, in_book, {**files, "talk.txt": "can we talk\n"}),
        (LABELS, in_book, {**files, "harmless.txt": "hi\n"}),
    ):
        for name, text in changed.items():
            (tmp_path / "examples" / name).write_text(str(text))
        assert kept(source, labels, more) == read_examples(source, labels, more) != first
        (tmp_path / "examples" / "harmless.txt").unlink(missing_ok=True)
        read(tmp_path, files)
