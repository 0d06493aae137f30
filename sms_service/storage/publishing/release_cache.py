"""The live release on this host's disk: what a worker starts with when SQL is down.

One file with a checksum in front, written to a temporary name and moved into place: half-written, cut or changed by a
single bit, it is not used, and the files of the deploy are.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import zlib
from pathlib import Path
from typing import Final

from sms_service.core.publishing.content import MOST_BOOK_BYTES, BookFiles
from sms_service.service.publishing.watching import CachedRelease

_MAGIC: Final = b"SMSREL1\n"
_CHECKSUM_BYTES: Final = 32


class FileReleaseCache:
    """The :class:`~sms_service.service.publishing.watching.ReleaseCache`.

    Args:
        file: Its folder is made when missing.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    def load(self) -> CachedRelease | None:
        """Give what is kept, or None when it is missing or damaged in any way."""
        try:
            stored = self._file.read_bytes()
            head, checksum = len(_MAGIC), len(_MAGIC) + _CHECKSUM_BYTES
            if stored[:head] != _MAGIC or hashlib.sha256(stored[checksum:]).digest() != stored[head:checksum]:
                return None
            unpacker = zlib.decompressobj()
            kept = json.loads(unpacker.decompress(stored[checksum:], 2 * MOST_BOOK_BYTES))
            files = kept["files"]
            number = kept["number"]
        except (OSError, ValueError, KeyError, TypeError, zlib.error):
            return None
        if not isinstance(number, int) or not isinstance(files, dict):
            return None
        return CachedRelease(number, {str(path): str(text) for path, text in files.items()})

    def save(self, number: int, files: BookFiles) -> bool:
        """Keep a release; False when the disk does not allow it."""
        payload = zlib.compress(json.dumps({"number": number, "files": dict(files)}).encode())
        temporary = self._file.with_suffix(f".{os.getpid()}.tmp")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with temporary.open("wb") as file:
                file.write(_MAGIC + hashlib.sha256(payload).digest() + payload)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(self._file)
        except OSError:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
            return False
        return True
