"""A book as one zip file, to send it to a colleague or keep it elsewhere."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Final

from sms_service.core.publishing.content import MOST_BOOK_BYTES, MOST_FILES, BookFiles
from sms_service.core.publishing.errors import BadBookFiles

_FOLDER: Final = "responses"
_NO_DATE: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest that a zip file can say, so that the same book is the same file."""

_NO_ZIP_FILE: Final = (
    zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, zlib.error
)  # fmt: skip
"""What the library raises for something else, something damaged, or something locked with a password."""


class ZipArchive:
    """The :class:`~sms_service.service.publishing.ports.BookArchive`."""

    def pack(self, files: BookFiles) -> bytes:
        """Give a zip file that holds a folder ``responses``."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for path, text in sorted(files.items()):
                entry = zipfile.ZipInfo(f"{_FOLDER}/{path}", _NO_DATE)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, text.encode())
        return buffer.getvalue()

    def unpack(self, archive: bytes) -> Mapping[str, bytes]:
        """Give the files of a zip file: of the folder in it that holds ``contacts.yaml``."""
        try:
            with zipfile.ZipFile(io.BytesIO(archive)) as opened:
                entries = [entry for entry in opened.infolist() if not entry.is_dir()]
                _refuse_too_much(entries)
                names = {entry.filename: opened.read(entry) for entry in entries}
        except _NO_ZIP_FILE as error:
            raise BadBookFiles("This cannot be opened as a zip file. Export a book to see one.") from error
        roots = sorted((PurePosixPath(name).parent for name in names if name.endswith("contacts.yaml")), key=str)
        if not roots:
            raise BadBookFiles("There is no contacts.yaml in this zip file. Export a book to see what is wanted.")
        inside = {name: PurePosixPath(name) for name in names if PurePosixPath(name).is_relative_to(roots[0])}
        found = {str(path.relative_to(roots[0])): names[name] for name, path in inside.items()}
        return {path: content for path, content in found.items() if not PurePosixPath(path).name.startswith(".")}


def _refuse_too_much(entries: list[zipfile.ZipInfo]) -> None:
    # What is unpacked counts: a small file can hold gigabytes of one letter.
    if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > MOST_BOOK_BYTES:
        raise BadBookFiles("This zip file holds more than a book can. Is it the right one?")
