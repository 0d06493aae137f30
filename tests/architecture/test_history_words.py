"""Every act that is written into the history has words on its page, and every word there has an act that is written."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from sms_service.core.history import ACTS

CODE = Path(__file__).resolve().parents[2] / "sms_service"
WORDS = {action for acts in ACTS.values() for action in acts}
WRITERS = {"note": 1, "_note": 1, "entry": 1, "new_entry": 2}
"""What writes an entry, and the place of the action among its arguments."""


def texts_in(node: ast.AST) -> Iterator[str]:
    for found in ast.walk(node):
        if isinstance(found, ast.Constant) and isinstance(found.value, str):
            yield found.value


def written_acts(code: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            place = WRITERS.get(name)
            if place is not None and len(node.args) > place:
                action = node.args[place]
                # Of a choice between two acts both are written; of what it depends on neither.
                parts = (action.body, action.orelse) if isinstance(action, ast.IfExp) else (action,)
                for part in parts:
                    yield from texts_in(part)


def test_every_act_has_words() -> None:
    unknown = {
        f"{path.relative_to(CODE)}: {action}"
        for path in CODE.rglob("*.py")
        for action in written_acts(path.read_text())
        if action not in WORDS and action.isidentifier()
    }
    assert unknown == set(), "give them words in core/history.py, ACTS"


def test_every_word_has_an_act() -> None:
    everything = "\n".join(path.read_text() for path in CODE.rglob("*.py") if path.name != "history.py")
    assert {action for action in WORDS if f'"{action}"' not in everything} == set()
