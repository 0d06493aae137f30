from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sms_service.cli import COMMANDS, main


def run(*args: str, text: str | None = None) -> Result:
    return CliRunner().invoke(main, args, input=text)


@pytest.fixture
def book(project_root: Path, tmp_path: Path) -> Path:
    """A copy of the shipped book."""
    return Path(shutil.copytree(project_root / "responses", tmp_path / "responses"))


def test_every_command_tells_what_it_is_for():
    for name in COMMANDS:
        result = run(name, "--help")
        assert result.exit_code == 0, name
        assert len(result.output.splitlines()) > 3, name


def test_an_unknown_command_is_refused():
    assert run("chekc").exit_code == 2


def test_the_shipped_book_passes_with_a_summary(project_root):
    result = run("check", str(project_root / "responses"))
    assert result.exit_code == 0, result.output
    assert result.output.splitlines()[-1].startswith("0 errors, ")
    assert "error:" not in result.output


def test_a_bad_book_fails_with_file_line_and_mend(book):
    with (book / "talk.yaml").open("a", encoding="utf-8") as file:
        file.write("colour: red\n")
    lines = len((book / "talk.yaml").read_text(encoding="utf-8").splitlines())
    result = run("check", str(book))
    assert result.exit_code == 1
    assert f"{book / 'talk.yaml'}:{lines}: error: 'colour' is not a field here." in result.output
    assert "    The fields are: title," in result.output
    assert result.output.splitlines()[-1].startswith("1 error, ")


def test_every_kind_of_fault_is_told_in_one_go(book):
    (book / "talk.yaml").write_text("title: T: x\n", encoding="utf-8")
    (book / "meet.yaml").write_text(
        "title: T\nkeywords: [IWF, STOP]\ntext:\n  en: |\n    Call 0300 123 4567\n", encoding="utf-8"
    )
    output = run("check", str(book)).output
    for part in ("second colon", "also leads to 'iwf'", "stop word", "0300 123 4567 is typed in", "Nobody to ring"):
        assert part in output, part
    assert "no reply 'talk'" not in output


def test_a_missing_folder_fails_with_a_sentence(tmp_path):
    result = run("check", str(tmp_path / "nowhere"))
    assert result.exit_code == 1
    assert "There is no such folder." in result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)


def test_output_that_is_piped_has_no_colour_and_whole_lines(book):
    (book / "talk.yaml").write_text("title: T: x\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "sms_service", "check", str(book)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "\x1b" not in done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("hello", ["GSM-7: 1 segment, 5 septets, 155 left"]),
        ("a" * 161, ["2 segments, 161 septets, 145 left", "1 aaa", "2 aaaaaaaa"]),
        (
            "it\u2019s",
            [
                "UCS-2: 1 segment, 4 code units",
                "Character 3: '\\u2019' (RIGHT SINGLE QUOTATION MARK)",
                "GSM-7, 1 segment",
            ],
        ),
        ("\U0001f642", ["SLIGHTLY SMILING FACE", "no cheaper twin"]),
    ],
)
def test_segments_of_a_text(text, parts):
    result = run("segments", text)
    assert result.exit_code == 0
    for part in parts:
        assert part in result.output


def test_segments_reads_standard_input():
    assert "3 septets" in run("segments", "-", text="abc\n").output


def test_square_brackets_are_text_and_no_markup():
    assert "[bold]" in run("segments", "[bold]" + "x" * 160).output


def test_schema_prints_json():
    assert json.loads(run("schema", "contacts").output)["title"] == "Contacts"


def test_schema_writes_all_files(tmp_path):
    result = run("schema", "--write", str(tmp_path / "new"))
    assert result.exit_code == 0
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == [
        "contacts.schema.json",
        "language.schema.json",
        "reply.schema.json",
        "service.schema.json",
    ]


def test_expand_lists_the_sentences_of_each_line(book):
    (book / "examples").mkdir(exist_ok=True)
    (book / "examples" / "talk.grammar").write_text("zq (one|two)\n(a\n", encoding="utf-8")
    result = run("expand", "talk", "--book", str(book))
    assert "examples/talk.grammar:1 2 of 2: zq (one|two)\n    zq one\n    zq two\n" in result.output
    assert "examples/talk.grammar:2: error:" in result.output
    assert "2 sentences from 1 line." in result.output


def test_expand_names_the_grammars_there_are(book):
    result = run("expand", "nobody", "--book", str(book))
    assert result.exit_code == 1
    assert "There is no grammar for 'nobody'." in result.output
