"""Whole books by the digest of their tree: kept in the content store, read once, then in memory."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from sms_service.core.loaded_book import LoadedBook
from sms_service.core.publishing.content import (
    BookFiles,
    Digest,
    Tree,
    digest_of,
    tree_bytes,
    tree_from_bytes,
    tree_of,
)
from sms_service.core.publishing.errors import NotFound
from sms_service.core.publishing.records import FILES, ReleaseRecord
from sms_service.service.publishing.ports import BookFormat, ContentStore, ReleaseStore

_KEPT_TREES: Final = 64
_KEPT_BOOKS: Final = 4

Key = TypeVar("Key")
Value = TypeVar("Value")


class Newest(Generic[Key, Value]):
    """Keeps the values that were used last. Safe to share between threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[Key, Value] = OrderedDict()

    def get_or_make(self, key: Key, make: Callable[[], Value]) -> Value:
        """Give a value, made now unless it is kept. Made outside the lock: two threads may both make it."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        value = make()
        with self._lock:
            self._kept[key] = value
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return value


@dataclass(frozen=True, slots=True)
class LiveBook:
    """What is live according to the store.

    Attributes:
        number: Of the release; 0 while nothing was published and the files of the deploy rule.
        tree: Digest of its content.
        record: The release; None for the files of the deploy.
    """

    number: int
    tree: Digest
    record: ReleaseRecord | None


class Books:
    """Reads and keeps books.

    Args:
        contents: Where files are kept.
        releases: Which one is live.
        book_format: Reads YAML.
        deployed: Gives the files of the deploy; may raise ``BadBookFiles``.
    """

    def __init__(
        self,
        contents: ContentStore,
        releases: ReleaseStore,
        book_format: BookFormat,
        deployed: Callable[[], BookFiles],
    ) -> None:
        self._contents = contents
        self._releases = releases
        self._format = book_format
        self._deployed = deployed
        self._trees: Newest[Digest, Tree] = Newest(_KEPT_TREES)
        self._loaded: Newest[Digest, LoadedBook] = Newest(_KEPT_BOOKS)

    def deployed_files(self) -> BookFiles:
        """Give the files of the deploy."""
        return self._deployed()

    def live(self) -> LiveBook:
        """Give what is live."""
        number = self._releases.newest_number()
        record = self._releases.release(number) if number != FILES else None
        if record is not None:
            return LiveBook(number, record.tree, record)
        return LiveBook(FILES, self.keep(self._deployed()), None)

    def keep(self, files: BookFiles) -> Digest:
        """Keep a whole book; give the digest of its tree."""
        tree = tree_of(files)
        content = tree_bytes(tree)
        wanted = {tree[path]: path for path in files}
        present = self._contents.present([*wanted, digest_of(content)])
        missing = {digest: files[path].encode() for digest, path in wanted.items() if digest not in present}
        if digest_of(content) not in present:
            missing[digest_of(content)] = content
        if missing:
            self._contents.put(missing)
        return digest_of(content)

    def keep_changed(self, tree: Tree, changed: Mapping[str, str | None]) -> Digest:
        """Keep a book that differs from another in some files (None: not there any more); give its tree's digest."""
        new_tree = {path: digest for path, digest in tree.items() if path not in changed}
        contents = {}
        for path, text in changed.items():
            if text is not None:
                content = text.encode()
                new_tree[path] = digest_of(content)
                contents[new_tree[path]] = content
        content = tree_bytes(new_tree)
        self._contents.put({**contents, digest_of(content): content})
        return digest_of(content)

    def tree(self, digest: Digest) -> Tree:
        """Give which files a book has.

        Raises:
            NotFound: When the book is not kept.
        """
        return self._trees.get_or_make(digest, lambda: tree_from_bytes(self._content(digest)))

    def text(self, digest: Digest) -> str:
        """Give one file by its own digest.

        Raises:
            NotFound: When it is not kept.
        """
        return self._content(digest).decode()

    def files(self, digest: Digest) -> BookFiles:
        """Give all files of a book."""
        tree = self.tree(digest)
        contents = self._contents.get(set(tree.values()))
        try:
            return {path: contents[one].decode() for path, one in tree.items()}
        except KeyError:
            raise NotFound("A file of this book is missing in the store.") from None

    def loaded(self, digest: Digest) -> LoadedBook:
        """Give a book, read and with complaints about its files; a second or two the first time."""
        return self._loaded.get_or_make(digest, lambda: self._format.load(self.files(digest)))

    def _content(self, digest: Digest) -> bytes:
        try:
            return self._contents.get([digest])[digest]
        except KeyError:
            raise NotFound("This content is not in the store (any more).") from None
