"""``ask``: what the line would answer, as a phone would show it, and why."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Final

import click
from rich.console import Console
from rich.panel import Panel
from rich.progress import Progress
from rich.text import Text

from sms_service.cli.options import book_folder_option
from sms_service.cli.printing import console, count_of
from sms_service.core.understanding.nearest import NearExample
from sms_service.core.understanding.result import Understanding
from sms_service.factory.environment import settings_for_tools
from sms_service.factory.releases import asker_from_files
from sms_service.service.asking import Asker, answer_as_json, nearest_examples
from sms_service.service.messaging import utc_now
from sms_service.service.planning import Plan

_PHONE_WIDTH: Final = 44
_MEND: Final = 'Write one object a line, such as {"text": "help"}.'


@click.command("ask")
@click.argument("text", required=False)
@click.option("--jsonl", is_flag=True, help='Read {"text": ...} lines on standard input, write one JSON line each.')
@book_folder_option
def command(text: str | None, directory: Path, *, jsonl: bool) -> None:
    """Show what the line would answer to TEXT, as a first message, and why.

    With --jsonl, a line that cannot be read gives a line with its number, the error and the mend; the exit code is
    then 1.
    """
    if (text is None) != jsonl:
        raise click.UsageError("Give a TEXT, or --jsonl to read texts from standard input.")
    asker = asker_from_files(settings_for_tools(os.environ, directory))
    if asker is None:
        raise click.ClickException(f"There is no usable reply book in {directory}. Run `check` to see why.")
    if text is not None:
        planned = asker.ask(text, utc_now())
        _print_answer(console(), planned, nearest_examples(asker.release, text, planned.understanding))
        return
    sys.exit(0 if _answer_lines(asker, sys.stdin.buffer, click.echo) else 1)


def _answer_lines(asker: Asker, lines: BinaryIO, write: Callable[[str], None]) -> bool:
    """Answer every line; give whether all could be read."""
    all_good = True
    for number, line in _with_progress(lines):
        if not line.strip():
            continue
        try:
            asked = _text_of(line)
        except ValueError as error:
            all_good = False
            write(json.dumps({"line": number, "error": str(error), "mend": _MEND}))
            continue
        write(json.dumps(answer_as_json(asked, asker.ask(asked, utc_now()))))
    return all_good


def _text_of(line: bytes) -> str:
    try:
        asked = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise ValueError("The line is not UTF-8.") from None
    except (ValueError, RecursionError):
        raise ValueError("The line is not JSON.") from None
    text = asked.get("text") if isinstance(asked, dict) else None
    if not isinstance(text, str):
        raise ValueError("The line is not an object with a 'text' that is a string.")
    return text


def _with_progress(lines: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Number the lines; show how far it is on standard error, when that is a terminal."""
    with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task("Asking", total=_count_of_lines(lines))
        for number, line in enumerate(lines, start=1):
            yield number, line
            progress.advance(task)


def _count_of_lines(lines: BinaryIO) -> int | None:
    """Count them where that does not use them up: in a file, not in a pipe."""
    if not sys.stderr.isatty() or not lines.seekable():
        return None
    start = lines.tell()
    count = sum(1 for _ in lines)
    lines.seek(start)
    return count


def _print_answer(out: Console, planned: Plan, nearest: Sequence[NearExample]) -> None:
    rendered = planned.rendered
    if rendered is None:
        out.print(Text("(no answer)", "italic"))
    else:
        out.print(Panel(Text(rendered.text), width=_PHONE_WIDTH, title="The line", title_align="left"), soft_wrap=False)
        out.print(f"{count_of(rendered.segments, 'segment')}, language {rendered.language}\n")
    for heading, words in _reasons(planned):
        out.print(Text.assemble((f"{heading:<18}", "bold"), words))
    for number, near in enumerate(nearest):
        heading = "" if number else "Most like"
        out.print(Text.assemble((f"{heading:<18}", "bold"), f"{near.sentence} ({near.label})"))


def _reasons(planned: Plan) -> list[tuple[str, str]]:
    found = planned.understanding
    facts = [
        ("Reply", planned.decision.reply),
        ("Found by", f"{found.stage.value}, score {found.score:.2f}"),
        ("Why", found.reason),
    ]
    if found.evidence:
        facts.append(("Words", ", ".join(found.evidence)))
    facts.append(("Nearly", _runner_ups(found)))
    facts.append(("Without guessing", found.without_guessing))
    if planned.decision.emergency_line:
        facts.append(("Emergency line", "in front: danger is likely too"))
    return facts


def _runner_ups(found: Understanding) -> str:
    return ", ".join(f"{one.reply} {one.score:.2f}" for one in found.runner_ups) or "nothing else"
