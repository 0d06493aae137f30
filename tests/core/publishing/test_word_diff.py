"""What changed in a text reads well, and both texts can be read out of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_service.core.publishing.word_diff import DiffKind, word_diff

SAME, ADDED, REMOVED = DiffKind.SAME, DiffKind.ADDED, DiffKind.REMOVED
TEXTS = st.text(alphabet=st.sampled_from("ab \n.{}é"), max_size=30)


@pytest.mark.parametrize(
    ("old", "new", "pieces"),
    [
        (
            "say no, even at the last minute.",
            "say no, and you can leave.",
            [(SAME, "say no, "), (REMOVED, "even at the last minute"), (ADDED, "and you can leave"), (SAME, ".")],
        ),
        ("one two", "one", [(SAME, "one"), (REMOVED, " two")]),
        ("one three", "one two three", [(SAME, "one "), (ADDED, "two "), (SAME, "three")]),
        ("", "new", [(ADDED, "new")]),
        ("a\nb", "c\nd", [(REMOVED, "a"), (ADDED, "c"), (SAME, "\n"), (REMOVED, "b"), (ADDED, "d")]),
    ],
)
def test_a_run_of_changes_is_one(old: str, new: str, pieces: list[tuple[DiffKind, str]]) -> None:
    assert [(piece.kind, piece.text) for piece in word_diff(old, new)] == pieces


@given(TEXTS, TEXTS)
def test_both_texts_are_in_it(old: str, new: str) -> None:
    pieces = word_diff(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind is not ADDED) == old
    assert "".join(piece.text for piece in pieces if piece.kind is not REMOVED) == new
    assert all(piece.text for piece in pieces)
