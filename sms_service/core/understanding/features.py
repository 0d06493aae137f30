"""What the lexical model sees of a message: words, word pairs and letter groups, hashed into columns."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

COLUMNS = 1 << 17
"""Hash buckets. At 30,000 examples about one feature in four shares a bucket, which costs no measurable accuracy."""

MAX_WORDS = 120
"""Words that are read; a text of the longest length a provider passes on (1,600 characters) has about 300."""

_SHORT_WORDS = 12
"""At most this many words count as short; whether a message is short says something about what it is."""

_LETTER_GROUPS = (3, 4, 5)


def feature_names(words: Sequence[str]) -> list[str]:
    """Give the features of a message, each once, in a fixed order.

    Args:
        words: Normalised words with text-speak written out and slips repaired.
    """
    read = tuple(words[:MAX_WORDS])
    found: dict[str, None] = {f"length {min(len(read), _SHORT_WORDS)}": None}
    padded = ("<", *read, ">")
    for first, second in pairwise(padded):
        found[f"{first} {second}"] = None
    for first, second in zip(padded, padded[2:], strict=False):
        found[f"{first} _ {second}"] = None
    for word in read:
        found[f"w {word}"] = None
        framed = f"<{word}>"
        for size in _LETTER_GROUPS:
            for start in range(len(framed) - size + 1):
                found[f"c {framed[start : start + size]}"] = None
    return list(found)


def columns(names: Sequence[str]) -> NDArray[np.int32]:
    """Give the column of each feature (CRC-32: the same on every machine and in every release of Python)."""
    return np.fromiter((zlib.crc32(name.encode()) % COLUMNS for name in names), dtype=np.int32, count=len(names))
