"""The list of passwords that everybody uses (``language_data/README.md`` says where it is from)."""

from __future__ import annotations

import gzip
from functools import lru_cache
from pathlib import Path

_LIST = Path(__file__).parent / "language_data" / "common_passwords.txt.gz"


@lru_cache(maxsize=1)
def common_passwords() -> frozenset[str]:
    """Give 19,640 passwords in small letters. A missing file is an error: nobody should notice years later."""
    return frozenset(gzip.decompress(_LIST.read_bytes()).decode().casefold().split())
