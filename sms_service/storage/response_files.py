"""The reply book as files: ``contacts.yaml``, ``service.yaml``, one ``<reply>.yaml`` per reply, and example sentences.

Nothing that stands in a file raises here. A bad file becomes complaints, all of all files at once, and the others are
loaded without it, so that one slip never takes the whole line down.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path as FilePath
from pathlib import PurePosixPath
from typing import Final, TypeVar

from pydantic import BaseModel, ValidationError

from sms_service.core.checks import Complaint, Path, Place, Places, Severity, in_reading_order
from sms_service.core.checks.sheet import did_you_mean
from sms_service.core.language_phrases import LanguagePhrases
from sms_service.core.loaded_book import LoadedBook
from sms_service.core.publishing.golden import GoldenText
from sms_service.core.rendering import Part
from sms_service.core.reply_book import (
    Contact,
    ContactKey,
    LanguageCode,
    Reply,
    ReplyBook,
    ReplyKey,
    ServiceSettings,
)
from sms_service.storage.book_source import LANGUAGES_FOLDER, BookSource, FolderSource
from sms_service.storage.example_files import KeptExamples
from sms_service.storage.validation_words import complaints_from
from sms_service.storage.yaml_files import Plain, YamlFile, read_yaml

CONTACTS_FILE: Final = "contacts.yaml"
SERVICE_FILE: Final = "service.yaml"
GOLDEN_FILE: Final = "golden.yaml"

_read_examples: Final = KeptExamples()

_Model = TypeVar("_Model", bound=BaseModel)

_LANGUAGE_FILE: Final = re.compile(r"[a-z]{2}\.yaml")
_KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")


def load_book(directory: FilePath) -> LoadedBook:
    """Load the book in a folder, with every complaint about its files."""
    if not directory.is_dir():
        complaint = Complaint(
            Severity.ERROR, directory.name, None, "There is no such folder.", "Name the book's folder."
        )
        return LoadedBook(None, Places(), complaints=(complaint,))
    return load_from(FolderSource(directory))


def load_from(source: BookSource) -> LoadedBook:
    """Load a book from wherever its files are, with every complaint about them."""
    loader = _Loader(source)
    contacts = loader.contacts()
    service = loader.service()
    replies = loader.replies()
    book = None
    if service is not None and contacts is not None:
        book = ReplyBook(replies=replies, contacts=contacts, service=service, phrases_in=loader.languages())
    golden = loader.golden()
    examples = _read_examples(source, loader.reply_names, {key: reply.examples for key, reply in replies.items()})
    complaints = in_reading_order([*loader.complaints, *examples.complaints])
    unread = frozenset(loader.unread)
    return LoadedBook(book, loader.places, examples.sentences, examples.grammars, tuple(complaints), unread, golden)


class _Loader:
    """Reads the YAML files of one folder, collecting places and complaints."""

    def __init__(self, source: BookSource) -> None:
        self._source = source
        paths = source.paths()
        self._paths = [path for path in paths if "/" not in path]
        self._language_paths = [path for path in paths if path.startswith(f"{LANGUAGES_FOLDER}/")]
        self._known: dict[Path, Place] = {}
        self.places = Places(self._known)
        self.complaints: list[Complaint] = []
        self.reply_names: set[ReplyKey] = set()
        self.unread: set[Path] = set()

    def contacts(self) -> dict[ContactKey, Contact] | None:
        """Give the good contacts; None when the file cannot be read."""
        file = self._read(CONTACTS_FILE, ("contacts",))
        if file is None:
            return None
        contacts: dict[ContactKey, Contact] = {}
        for key, fields in file.data.items():
            path = ("contacts", key)
            if _KEY.fullmatch(key) is None:
                mend = "Write small letters, digits and _ only, as in duty_and_advice."
                self._complain(path, f"'{key}' is not a name for a contact.", mend)
                continue
            contact = self._validated(fields, path, Contact)
            if contact is not None:
                contacts[key] = contact
        return contacts

    def service(self) -> ServiceSettings | None:
        """Give the settings of the line, or None."""
        file = self._read(SERVICE_FILE, ("service",))
        if file is None:
            return None
        self._want_blocks(file, ("service",), ("emergency_line",))
        self._want_blocks_in_call(file)
        return self._validated(file.data, ("service",), ServiceSettings)

    def replies(self) -> dict[ReplyKey, Reply]:
        """Give the good replies, by file name."""
        replies: dict[ReplyKey, Reply] = {}
        for name in self._reply_files():
            key = name.removesuffix(".yaml")
            self.reply_names.add(key)
            root = ("replies", key)
            file = self._read(name, root)
            if file is None:
                self.unread.add(root)
                continue
            self._want_blocks(file, root, tuple(part.value for part in Part))
            reply = self._validated(file.data, root, Reply)
            if reply is not None:
                replies[key] = reply
        return replies

    def languages(self) -> dict[LanguageCode, LanguagePhrases]:
        """Give the good lists of phrases in other languages; to be asked after the replies."""
        lists: dict[LanguageCode, LanguagePhrases] = {}
        for path in map(PurePosixPath, self._language_paths):
            if _LANGUAGE_FILE.fullmatch(path.name) is None:
                self._complain_file(str(path), "This is no list of phrases.", "Name it after a language: pl.yaml.")
                continue
            root = (LANGUAGES_FOLDER, path.stem)
            file = self._read(str(path), root)
            read = None if file is None else self._validated(file.data, root, LanguagePhrases)
            if read is None:
                continue
            lists[path.stem] = read
            for reply in read.phrases.keys() - self.reply_names:
                mend = f"Write a reply's name.{did_you_mean(reply, self.reply_names)}"
                self._complain((*root, "phrases", reply), f"There is no reply '{reply}'.", mend)
        return lists

    def _validated(self, fields: Plain, root: Path, model: type[_Model]) -> _Model | None:
        """Make a model of some fields; a field too many is complained about and left out, anything else is None."""
        try:
            return model.model_validate(fields)
        except ValidationError as error:
            self.complaints += complaints_from(error, root, model, self.places)
        if isinstance(fields, dict):
            known = {name: value for name, value in fields.items() if name in model.model_fields}
            try:
                return model.model_validate(known)
            except ValidationError:
                pass  # complained about above
        self.unread.add(root)
        return None

    def golden(self) -> tuple[GoldenText, ...]:
        """Give the golden texts; none when the file is missing."""
        if GOLDEN_FILE not in self._paths:
            return ()
        file = self._read(GOLDEN_FILE, ("golden",), holds_list=True)
        rows = file.data.get("", []) if file is not None else []
        golden = []
        for index, row in enumerate(rows if isinstance(rows, list) else ()):
            path = ("golden", "", index)
            text, reply = (row.get("text"), row.get("reply")) if isinstance(row, dict) else (None, None)
            if not isinstance(text, str) or not text.strip() or not isinstance(reply, str):
                self._complain(path, "This is no golden text.", 'Write - {text: "...", reply: ...}.')
            elif reply not in self.reply_names:
                what = f"There is no reply '{reply}'."
                self._complain(path, what, f"Write a reply's name.{did_you_mean(reply, self.reply_names)}")
            else:
                golden.append(GoldenText(text, reply, self.places.at(path).line))
        return tuple(golden)

    def _reply_files(self) -> Iterator[str]:
        for path in map(PurePosixPath, self._paths):
            if path.name in (CONTACTS_FILE, SERVICE_FILE, GOLDEN_FILE) or path.name.startswith("."):
                continue
            if path.suffix == ".yml":
                self._complain_file(path.name, "The file's name ends in .yml.", "Let it end in .yaml.")
            elif path.suffix == ".yaml" and _KEY.fullmatch(path.stem) is None:
                what = "The file's name cannot be the name of a reply."
                self._complain_file(path.name, what, "Use small letters, digits and _ only, as in no_match.yaml.")
            elif path.suffix == ".yaml":
                yield path.name

    def _read(self, name: str, root: Path, *, holds_list: bool = False) -> YamlFile | None:
        """Read one file and note where its parts stand; None when it cannot be read, which is then complained about."""
        if name not in self._paths and name not in self._language_paths:
            self._complain_file(name, "The file is missing.", "Put it back.")
            return None
        file = read_yaml(lambda: self._source.read(name), holds_list=holds_list)
        self._known[root] = Place(name, 1)
        for steps, line in file.lines.items():
            self._known[(*root, *steps)] = Place(name, line, file.blocks.get(steps))
        for problem in file.problems:
            self.complaints.append(Complaint(Severity.ERROR, name, problem.line, problem.what, problem.mend, root))
        return None if file.problems else file

    def _want_blocks(self, file: YamlFile, root: Path, fields: tuple[str, ...]) -> None:
        """Complain about sent words that do not stand in a block: on one line, YAML cuts them at a '#'."""
        for name in fields:
            texts = file.data.get(name)
            for language, text in texts.items() if isinstance(texts, dict) else ():
                if isinstance(text, str) and text and (name, language) not in file.blocks:
                    what = f"The words of '{name}' stand on the line of '{language}:'; a part of them may get lost."
                    self._complain(
                        (*root, name, language), what, f"Write '{language}: |' and the words below, moved in."
                    )

    def _want_blocks_in_call(self, file: YamlFile) -> None:
        """Complain about words of a call that do not stand in a block."""
        call = file.data.get("call")
        for room in ("menu", "words"):
            named = call.get(room) if isinstance(call, dict) else None
            for name, texts in named.items() if isinstance(named, dict) else ():
                for language, text in texts.items() if isinstance(texts, dict) else ():
                    steps = ("call", room, name, language)
                    if isinstance(text, str) and text and steps not in file.blocks:
                        what = f"The words of '{name}' stand on the line of '{language}:'; a part of them may get lost."
                        mend = f"Write '{language}: |' and the words below, moved in."
                        self._complain(("service", *steps), what, mend)

    def _complain(self, path: Path, what: str, mend: str) -> None:
        place = self.places.at(path)
        self.complaints.append(Complaint(Severity.ERROR, place.file, place.line, what, mend, path))

    def _complain_file(self, name: str, what: str, mend: str) -> None:
        self.complaints.append(Complaint(Severity.ERROR, name, None, what, mend))
