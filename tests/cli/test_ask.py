"""``ask``: the answer as a phone shows it and the reasons; one JSON line for each line asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from sms_service.cli import ask, main
from sms_service.factory.releases import load_bank_holidays
from sms_service.service.asking import Asker
from sms_service.service.release import Release


@pytest.fixture(autouse=True)
def _without_learning(monkeypatch: pytest.MonkeyPatch, shipped_release: Release) -> None:
    asker = Asker(shipped_release, load_bank_holidays())
    monkeypatch.setattr(ask, "asker_from_files", lambda settings: asker if settings.responses_dir.is_dir() else None)


def run(*args: str, given: str | bytes = "") -> Result:
    return CliRunner().invoke(main, ["ask", *args], input=given)


def lines_of(given: str | bytes) -> tuple[list[dict[str, Any]], int]:
    result = run("--jsonl", given=given)
    return [json.loads(line) for line in result.output.splitlines()], result.exit_code


def test_shows_the_reply_its_cost_and_why(shipped_release: Release) -> None:
    result = run("ugrent")
    assert result.exit_code == 0
    shown = result.output
    for part in (
        "Call 999 if you are in danger now.",
        "0116 454 1004",
        "2 segments",
        "typo",
        "'ugrent', read as URGENT",
        "Nearly",
    ):
        assert part in shown
    assert "Without guessing  no_match" in shown
    assert not any(len(line) > 100 for line in shown.splitlines())


def test_every_line_gets_one_json_line() -> None:
    given = "".join(
        json.dumps({"text": text}) + "\n" for text in ["URGENT!!", "xyzzy", "STOP", "START", "more", "", "\ud83d"]
    )
    lines, exit_code = lines_of(given)
    assert exit_code == 0
    assert [line["reply"] for line in lines] == ["urgent", "no_match", "stop", "help", "help", "no_match", "no_match"]
    first = lines[0]
    assert list(first) == ["text", "reply", "stage", "reason", "score", "runner_up", "language", "messages", "segments"]
    assert (first["text"], first["stage"], first["score"], first["language"]) == ("URGENT!!", "danger", 1.0, "en")
    assert first["reason"] == "Keyword URGENT."
    assert (len(first["messages"]), first["segments"]) == (1, 2)
    assert "0116 454 1004" in first["messages"][0]


def test_lines_do_not_know_of_each_other() -> None:
    lines, _ = lines_of('{"text": "talk"}\n' * 6)
    assert len({line["messages"][0] for line in lines}) == 1


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (b"help", "not JSON"),
        (b'{"text": "help"', "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b'"help"', "not an object"),
        (b'{"txt": "help"}', "'text'"),
        (b'{"text": 1}', "'text'"),
        (b'{"text": null}', "'text'"),
        (b'{"text": "\xff"}', "not UTF-8"),
    ],
)
def test_a_bad_line_is_named_with_its_mend_and_the_others_go_on(line: bytes, error: str) -> None:
    lines, exit_code = lines_of(b'{"text": "help"}\n' + line + b'\n\n{"text": "talk"}\n')
    assert exit_code == 1
    assert [one.get("reply") for one in lines] == ["help", None, "talk"]
    assert lines[1]["line"] == 2
    assert error in lines[1]["error"]
    assert '{"text": "help"}' in lines[1]["mend"]


def test_a_mark_at_the_start_of_a_windows_file_is_no_error() -> None:
    lines, exit_code = lines_of(b'\xef\xbb\xbf{"text": "help"}\r\n')
    assert (exit_code, lines[0]["reply"]) == (0, "help")


def test_a_pipe_gets_nothing_but_the_lines() -> None:
    result = run("--jsonl", given='{"text": "help"}\n' * 300)
    assert len(result.output.splitlines()) == 300
    assert result.stderr == ""


@pytest.mark.parametrize("args", [(), ("help", "--jsonl")])
def test_one_text_or_many_but_not_both(args: tuple[str, ...]) -> None:
    assert run(*args).exit_code == 2


def test_a_missing_book_is_named(tmp_path: Path) -> None:
    result = run("help", "--book", str(tmp_path / "none"))
    assert result.exit_code == 1
    assert "no usable reply book" in result.output
