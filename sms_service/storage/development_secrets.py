"""Secrets that a developer's machine makes for itself, so that ./run needs no preparation; never in production."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
from pathlib import Path

_HEX = re.compile(r"[0-9a-f]{64}")


def development_secret(var_dir: Path, name: str) -> str:
    """Give 64 characters 0-9 a-f, made once and kept in a file that only its owner can read.

    Two processes that start together get the same: the file is linked into place complete, and only once.

    Raises:
        OSError: When the folder cannot be written.
    """
    path = var_dir / name
    with contextlib.suppress(FileNotFoundError):
        kept = path.read_text(encoding="ascii", errors="replace").strip()
        if _HEX.fullmatch(kept):
            path.chmod(0o600)
            return kept
        path.unlink()  # emptied or damaged by hand
    var_dir.mkdir(parents=True, exist_ok=True)
    draft = var_dir / f".{name}.{secrets.token_hex(8)}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32) + "\n")
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()
    return path.read_text(encoding="ascii").strip()
