"""Where the files of a book come from: a folder on disk, or files held in memory (a draft, a release)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from sms_service.core.publishing.content import BookFiles

EXAMPLES_FOLDER: Final = "examples"
LANGUAGES_FOLDER: Final = "languages"


class BookSource(Protocol):
    """Gives files by their path within the book."""

    def paths(self) -> list[str]:
        """Give the paths of all files at the top, in ``examples`` and in ``languages``, sorted."""
        ...

    def read(self, path: str) -> bytes:
        """Give a file's bytes.

        Raises:
            OSError: When it is not there or cannot be read.
        """
        ...


@dataclass(frozen=True)
class FolderSource:
    """A book in a folder."""

    folder: Path

    def paths(self) -> list[str]:
        """Give the paths of what is there now."""
        found = [path.name for path in self.folder.iterdir() if path.is_file()]
        for name in (EXAMPLES_FOLDER, LANGUAGES_FOLDER):
            folder = self.folder / name
            if folder.is_dir():
                found += [f"{name}/{path.name}" for path in folder.iterdir()]
        return sorted(found)

    def read(self, path: str) -> bytes:
        """Read a file."""
        return (self.folder / path).read_bytes()


@dataclass(frozen=True)
class FilesSource:
    """A book in memory."""

    files: BookFiles

    def paths(self) -> list[str]:
        """Give the paths."""
        return sorted(self.files)

    def read(self, path: str) -> bytes:
        """Give a file's bytes."""
        try:
            return self.files[path].encode()
        except KeyError:
            raise FileNotFoundError(2, "No such file", path) from None


def raw_files(folder: Path) -> Mapping[str, bytes]:
    """Give every file of a folder that is part of its book; hidden ones are not.

    Raises:
        OSError: When one cannot be read.
    """
    source = FolderSource(folder)
    return {path: source.read(path) for path in source.paths() if not Path(path).name.startswith(".")}
