"""The list of real English words that ships with the code (``language_data/README.md`` says where it is from)."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

_WORDS = Path(__file__).parent / "language_data" / "english_words.txt"


@lru_cache(maxsize=1)
def english_words() -> frozenset[str]:
    """Give the words, lower case; none when the file is missing (more words then count as slips, nothing breaks)."""
    try:
        return frozenset(_WORDS.read_text(encoding="ascii").split())
    except OSError:
        return frozenset()
