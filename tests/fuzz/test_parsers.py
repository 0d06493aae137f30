"""Every parser bears every kept seed and whatever hypothesis makes of bytes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import settings as limits
from hypothesis import strategies as st

from tests.fuzz.parsers import PARSERS

SEEDS = sorted((Path(__file__).parent / "seeds").rglob("*.seed"))


@pytest.mark.parametrize("parser", PARSERS)
def test_bears_every_seed(parser: str) -> None:
    """A seed found with one parser is worth trying with all."""
    assert len(SEEDS) >= len(PARSERS)
    for seed in SEEDS:
        PARSERS[parser](seed.read_bytes())


@pytest.mark.parametrize("parser", [name for name in PARSERS if name != "reply_file"])
@given(data=st.one_of(st.binary(max_size=400), st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))))
@example(data=b"")
@limits(max_examples=60)
def test_bears_any_bytes(parser: str, data: bytes) -> None:
    PARSERS[parser](data)


@given(data=st.binary(max_size=200))
@limits(max_examples=15)
def test_a_reply_file_may_hold_any_bytes(data: bytes) -> None:
    PARSERS["reply_file"](data)
