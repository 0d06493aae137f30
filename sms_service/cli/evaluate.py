"""``evaluate``: how well the line understands a file of labelled messages."""

from __future__ import annotations

import json
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import click
from rich.console import Console
from rich.progress import track
from rich.table import Table

from sms_service.cli.options import book_folder_option
from sms_service.core.errors import LineError
from sms_service.core.reply_book import NO_MATCH
from sms_service.core.understanding.evaluation import (
    ALARM_REPLIES,
    Evaluation,
    LabelledMessage,
    evaluate,
    percentile,
    replies_with_emergency_numbers,
)
from sms_service.core.understanding.result import Understanding
from sms_service.factory.environment import settings_for_tools
from sms_service.factory.releases import asker_from_files

_HAM_LABEL = "ham"


@click.command("evaluate")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--ham", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Everyday texts: label, tab, text."
)
@click.option("--errors", is_flag=True, help="List every message that got a wrong reply.")
@click.option("--without-free-text", is_flag=True, help="Ask only the stages before free text.")
@click.option("--without-encoder", is_flag=True, help="Ask only the lexical model in the free-text stage.")
@book_folder_option
def command(
    file: Path, ham: Path | None, directory: Path, *, errors: bool, without_free_text: bool, without_encoder: bool
) -> None:
    """Measure how well FILE's messages are understood.

    FILE holds one JSON object a line: text, label, and optionally also (a list of other right labels).
    """
    asker = asker_from_files(settings_for_tools(os.environ, directory))
    if asker is None:
        raise click.ClickException(f"There is no usable reply book in {directory}. Run `check` to see why.")
    understander = asker.release.understander.without(free_text=without_free_text, encoder=without_encoder)
    carries = replies_with_emergency_numbers(asker.release.book)
    latencies: list[float] = []

    def understand(text: str) -> Understanding:
        started = time.perf_counter()
        result = understander.understand(text)
        latencies.append((time.perf_counter() - started) * 1000)
        return result

    console = Console()
    try:
        messages = _read(file)
    except LineError as error:
        raise click.ClickException(error.sentence) from error
    result = evaluate(_with_progress(messages), understand, carries.__contains__)
    _print(console, file, result, latencies)
    if ham is not None:
        _print_ham(console, ham, understand)
    if errors:
        for mistake in result.mistakes:
            message = mistake.message
            got = f"{mistake.got.reply} ({mistake.got.score:.2f}, {mistake.got.stage.value})"
            console.print(f"{message.label} -> {got}: {message.text}", markup=False, highlight=False)


def _read(file: Path) -> list[LabelledMessage]:
    messages = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            fields = json.loads(line)
            messages.append(LabelledMessage(str(fields["text"]), str(fields["label"]), tuple(fields.get("also", ()))))
        except (ValueError, KeyError, TypeError) as error:
            raise LineError(
                f"{file.name}, line {number}: not a labelled message ({error}). "
                'Write {"text": "...", "label": "..."}.'
            ) from error
    return messages


def _with_progress(messages: list[LabelledMessage]) -> Iterator[LabelledMessage]:
    console = Console(stderr=True)
    yield from track(messages, description="Reading", console=console, disable=not console.is_terminal, transient=True)


def _print(console: Console, file: Path, result: Evaluation, latencies: list[float]) -> None:
    console.print(f"{file.name}: {result.messages} messages")
    console.print(f"  right reply          {result.accuracy:.3f}")
    console.print(f"  danger, right reply  {result.danger_recall:.3f}  ({result.danger_messages} messages)")
    console.print(f"  danger, right or with emergency numbers  {result.danger_safety:.3f}")
    console.print(f"  danger missed        {result.danger_messages - result.danger_safe}")
    console.print(
        f"  false urgent or crisis on none  {result.false_alarm_rate:.3f}  ({result.harmless_messages} messages)"
    )
    console.print(f"  menu rate            {result.menu_rate:.3f}")
    console.print(
        f"  latency ms           median {percentile(latencies, 0.5):.2f}, p99 {percentile(latencies, 0.99):.2f}"
    )
    table = Table("label", "messages", "right", "commonest reply if wrong", box=None)
    for label in sorted(result.by_label):
        replies = result.by_label[label]
        count = sum(replies.values())
        wrong = [(reply, n) for reply, n in replies.most_common() if reply != label]
        table.add_row(
            label,
            str(count),
            f"{result.right_by_label[label] / count:.2f}",
            ", ".join(f"{r} {n}" for r, n in wrong[:3]),
        )
    console.print(table)
    for label, reply, count in result.confusions():
        console.print(f"  {label} read as {reply}: {count}")


def _print_ham(console: Console, ham: Path, understand: Callable[[str], Understanding]) -> None:
    texts = [
        line.split("\t", 1)[1]
        for line in ham.read_text(encoding="utf-8").splitlines()
        if line.startswith(f"{_HAM_LABEL}\t")
    ]
    counts = Counter(understand(text).reply for text in texts)
    alarms = sum(counts[reply] for reply in ALARM_REPLIES)
    console.print(f"{ham.name}: {len(texts)} everyday texts")
    console.print(f"  urgent or crisis     {alarms / max(1, len(texts)):.4f}  ({alarms})")
    console.print(f"  menu                 {counts[NO_MATCH] / max(1, len(texts)):.4f}")
