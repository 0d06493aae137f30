"""A book as its files, byte for byte, and the digests that name a file and a whole book.

A *tree* says which file has which digest; its own digest names a whole book. Two releases with one tree say exactly the
same. (Git keeps its files in this way too.)
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Final

from sms_service.core.publishing.errors import BadBookFiles

BookFiles = Mapping[str, str]
"""Path within the book's folder (``contacts.yaml``, ``examples/nudes.txt``) to text, nothing left out."""

Digest = str
"""SHA-256 of a file or tree, 64 characters 0-9 a-f."""

Tree = Mapping[str, Digest]
"""Path to the digest of its file."""

MOST_FILES: Final = 500
MOST_FILE_BYTES: Final = 4 * 1024 * 1024
MOST_BOOK_BYTES: Final = 32 * 1024 * 1024

_PATH: Final = re.compile(r"(?:(?:examples|languages)/)?[A-Za-z0-9_][A-Za-z0-9_.-]{0,79}")


def digest_of(content: bytes) -> Digest:
    """Give the name of a content."""
    return hashlib.sha256(content).hexdigest()


def tree_of(files: BookFiles) -> dict[str, Digest]:
    """Give the tree of some files."""
    return {path: digest_of(text.encode()) for path, text in sorted(files.items())}


def tree_bytes(tree: Tree) -> bytes:
    """Write a tree down; the same tree always gives the same bytes."""
    return json.dumps(dict(sorted(tree.items())), separators=(",", ":")).encode()


def tree_from_bytes(content: bytes) -> dict[str, Digest]:
    """Read a tree.

    Raises:
        ValueError: When it is none.
    """
    tree = json.loads(content)
    if not isinstance(tree, dict) or not all(isinstance(value, str) for value in tree.values()):
        raise ValueError("not a tree")
    return tree


def tree_digest(tree: Tree) -> Digest:
    """Give the name of a whole book."""
    return digest_of(tree_bytes(tree))


def is_book_path(path: str) -> bool:
    """Whether a file may have this path in a book: in its folder or one of its two rooms, a plain name, not hidden."""
    return _PATH.fullmatch(path) is not None and ".." not in path


def decoded(raw_files: Mapping[str, bytes]) -> dict[str, str]:
    """Give files as text, nothing changed.

    Raises:
        BadBookFiles: Names every file that has no place in a book, is not UTF-8 or is too large.
    """
    problems = []
    files: dict[str, str] = {}
    for path, raw in sorted(raw_files.items()):
        if not is_book_path(path):
            mend = "use plain names, in the folder itself, in examples/ or in languages/."
            problems.append(f"{path!r} has no place in a book: {mend}")
        elif len(raw) > MOST_FILE_BYTES:
            problems.append(f"{path} is larger than {MOST_FILE_BYTES // 2**20} MiB. Make it smaller.")
        else:
            try:
                files[path] = raw.decode()
            except UnicodeDecodeError as error:
                line = raw.count(b"\n", 0, error.start) + 1
                problems.append(f"{path}, line {line}: a character is not UTF-8. Save the file as UTF-8.")
    if len(raw_files) > MOST_FILES:
        problems.append(f"There are more than {MOST_FILES} files. Is it the right folder?")
    if sum(map(len, raw_files.values())) > MOST_BOOK_BYTES:
        problems.append(f"All files together are larger than {MOST_BOOK_BYTES // 2**20} MiB. Is it the right folder?")
    if problems:
        raise BadBookFiles("\n".join(problems))
    return files
