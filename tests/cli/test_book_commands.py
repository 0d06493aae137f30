"""export, import, releases: the book goes out and comes back byte for byte."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sms_service.cli import main


@pytest.fixture
def run(tmp_path: Path, project_root: Path, monkeypatch: pytest.MonkeyPatch):
    book = tmp_path / "book"
    shutil.copytree(project_root / "responses", book, ignore=shutil.ignore_patterns("*.txt"))
    monkeypatch.setenv("VAR_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("RESPONSES_DIR", str(book))

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(main, list(arguments))

    assert run("migrate").exit_code == 0
    return run


def test_out_changed_in_published_and_out_again(run, tmp_path: Path) -> None:
    assert "Nothing has been published yet" in run("releases").output
    out = tmp_path / "out"
    assert "of release 0" in run("export", str(out)).output
    files = {path.relative_to(out) for path in out.rglob("*") if path.is_file()}
    assert {path: (out / path).read_bytes() for path in files} == {
        path: (tmp_path / "book" / path).read_bytes() for path in files
    }
    assert "is not empty" in run("export", str(out)).output
    with (out / "meet.yaml").open("a") as file:
        file.write("# Changed.\r\n")
    told = run("import", str(out), "--publish", "--title", "By hand")
    assert told.output == "Draft 1: 1 files differ from what is live.\nRelease 1 is live.\n"
    again = tmp_path / "again"
    assert "of release 1" in run("export", str(again)).output
    assert (again / "meet.yaml").read_bytes() == (out / "meet.yaml").read_bytes()
    assert "command import, approved by nobody: By hand" in run("releases").output


def test_production_publishes_nothing_alone(run, production_environ, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in production_environ.items():
        if name not in {"VAR_DIR", "RESPONSES_DIR"}:
            monkeypatch.setenv(name, value)
    told = run("import", production_environ["RESPONSES_DIR"], "--publish")
    assert told.exit_code == 2
    assert "a second person has to approve" in told.output


def test_a_folder_that_is_no_book_is_named(run, tmp_path: Path) -> None:
    folder = tmp_path / "odd"
    folder.mkdir()
    (folder / "bad name.yaml").write_bytes(b"x")
    (folder / "meet.yaml").write_bytes(b"ok\n\xff")
    told = run("import", str(folder)).output
    assert "'bad name.yaml' has no place in a book" in told
    assert "meet.yaml, line 2: a character is not UTF-8" in told
