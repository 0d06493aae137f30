"""Drafts: opened, edited by several people at once, discarded. Nothing here reaches a child."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sms_service.core.people import Person
from sms_service.core.publishing.content import BookFiles, Digest, Tree, decoded, is_book_path
from sms_service.core.publishing.errors import BadEdit, Clash, EditConflict, NotFound
from sms_service.core.publishing.field_edits import FieldEdit, Fields, FieldValue, merge
from sms_service.core.publishing.records import Draft, DraftStatus
from sms_service.core.publishing.sentence_lines import with_sentences, without_sentences
from sms_service.core.reply_book import ReplyKey
from sms_service.service.history import History
from sms_service.service.publishing.books import Books, LiveBook
from sms_service.service.publishing.catching_up import Side, caught_up
from sms_service.service.publishing.draft_changes import DraftChanges, may_edit
from sms_service.service.publishing.edit_words import TitleOf, edit_words, file_words
from sms_service.service.publishing.ports import BookFormat, DraftStore

OVER: Final = (DraftStatus.PUBLISHED, DraftStatus.DISCARDED)
UNDER_WAY: Final = (DraftStatus.OPEN, DraftStatus.IN_REVIEW)

NO_FILE: Final = ""
"""What an editor has seen who makes a new file."""

GOLDEN_FILE: Final = "golden.yaml"


@dataclass(frozen=True, slots=True)
class DraftFile:
    """One file of a draft, as an editor sees it.

    Attributes:
        path: Within the book.
        text: Its bytes as text.
        seen: To be handed back when saving, so that nobody overwrites what they have not seen.
    """

    path: str
    text: str
    seen: Digest


@dataclass(frozen=True, slots=True)
class DraftFields:
    """The fields of one YAML file of a draft, as an editor sees them; ``seen`` as in :class:`DraftFile`."""

    path: str
    fields: Fields
    seen: Digest


@dataclass(frozen=True, kw_only=True)
class Drafts:
    """The story of drafts. Every change is in the history, with who made it."""

    store: DraftStore
    books: Books
    book_format: BookFormat
    history: History

    @property
    def _changes(self) -> DraftChanges:
        return DraftChanges(store=self.store, books=self.books, history=self.history)

    # Finding ------------------------------------------------------------------------------------------------------

    def get(self, draft_id: int) -> Draft:
        """Give a draft.

        Raises:
            NotFound: When there is none of this id.
        """
        return self._changes.get(draft_id)

    def list(self, *, over: bool = False, before: int | None = None, most: int = 50) -> tuple[Draft, ...]:
        """Give drafts under way, or those that are over, newest first; ``before`` is the last id of the page before."""
        return self.store.drafts(OVER if over else UNDER_WAY, before, most)

    def tree(self, draft: Draft) -> Tree:
        """Give the files that a draft has, by path."""
        return self.books.tree(draft.tree)

    def files(self, draft: Draft) -> BookFiles:
        """Give all files of a draft, for export."""
        return self.books.files(draft.tree)

    def file(self, draft: Draft, path: str) -> DraftFile:
        """Give one file of a draft.

        Raises:
            NotFound: When it has none of this path.
        """
        digest = self.tree(draft).get(path)
        if digest is None:
            raise NotFound(f"The draft has no file {path}.")
        return DraftFile(path, self.books.text(digest), digest)

    def fields(self, draft: Draft, path: str) -> DraftFields:
        """Give the fields of a YAML file of a draft.

        Raises:
            NotFound: When it has none of this path.
            BadEdit: When it cannot be read.
        """
        file = self.file(draft, path)
        return DraftFields(path, self.book_format.fields(path, file.text), file.seen)

    def changed_files(self, draft: Draft) -> tuple[str, ...]:
        """Give the paths that differ from what the draft began from."""
        before, after = self.books.tree(draft.base_tree), self.tree(draft)
        return tuple(path for path in sorted({*before, *after}) if before.get(path) != after.get(path))

    # Opening and closing ------------------------------------------------------------------------------------------

    def open(self, person: Person, title: str) -> Draft:
        """Open a draft on what is live now."""
        may_edit(person)
        live = self.books.live()
        return self._add(person, title, live.number, live.tree, live.tree, source=None, action="draft_opened")

    def take_in(self, person: Person, title: str, raw_files: Mapping[str, bytes]) -> Draft:
        """Open a draft that holds other files (an import, or those of a deploy) as its change to what is live.

        Raises:
            BadBookFiles: When they cannot be a book.
        """
        may_edit(person)
        files = decoded(raw_files)
        live = self.books.live()
        tree = self.books.keep(files)
        return self._add(person, title, live.number, live.tree, tree, source=tree, action="imported")

    def discard(self, person: Person, draft_id: int) -> Draft:
        """Close a draft without publishing it; its content can still be looked at for a while."""
        return self._changes.discard(person, draft_id)

    # Editing ------------------------------------------------------------------------------------------------------

    def save_fields(self, person: Person, draft_id: int, path: str, seen: Digest, edits: Sequence[FieldEdit]) -> Draft:
        """Save fields of a YAML file: reply, contacts or settings.

        A form may hand in all its fields: those that the editor did not change are left as they are now, whoever
        changed them meanwhile.

        Args:
            person: Who edits.
            draft_id: The draft.
            path: The file.
            seen: As it came with the fields.
            edits: What the fields are to hold.

        Raises:
            EditConflict: When somebody else changed the same fields; nothing was saved.
            BadEdit: When a value cannot be written.
        """
        base = self.book_format.fields(path, self.books.text(seen))

        def change(tree: Tree) -> Mapping[str, str | None]:
            text, digest = self._now(tree, path)
            merged = merge(path, base, self.book_format.fields(path, text), edits)
            if merged.clashes:
                raise EditConflict(merged.clashes, digest)
            return {path: self.book_format.edited(path, text, merged.edits)} if merged.edits else {}

        return self._changes.edit(person, draft_id, change, edit_words(path, edits, base, self._title_of(draft_id)))

    def save_file(self, person: Person, draft_id: int, path: str, seen: Digest, text: str | None) -> Draft:
        """Save a whole file as it is given; ``seen`` is ``NO_FILE`` for a new one, ``text`` None takes the file away.

        Raises:
            EditConflict: When the file is not what was seen any more.
            BadEdit: When a file may not have this path.
        """
        what = file_words(path, self._title_of(draft_id))
        what = what if text is not None else f"{what}: taken out"
        return self._save_file(person, draft_id, path, seen, text, what)

    def _save_file(self, person: Person, draft_id: int, path: str, seen: Digest, text: str | None, what: str) -> Draft:
        if not is_book_path(path):
            raise BadEdit(f"A file of the book cannot be called {path!r}. Use a plain name, such as meet.yaml.")

        def change(tree: Tree) -> Mapping[str, str | None]:
            digest = tree.get(path, NO_FILE)
            if digest != seen:
                theirs = self.books.text(digest) if digest else None
                base = self.books.text(seen) if seen else None
                if theirs != text:
                    raise EditConflict((Clash(path, (), base, theirs, text),), digest)
            return {path: text}

        return self._changes.edit(person, draft_id, change, what)

    def add_reply(self, person: Person, draft_id: int, key: str, fields: Mapping[str, FieldValue]) -> Draft:
        """Make a new reply: ``key`` becomes its file name, ``fields`` at least a title and a text.

        Raises:
            EditConflict: When there is a reply of this name already.
            BadEdit: When a value cannot be written.
        """
        path, edits = f"{key}.yaml", [FieldEdit((name,), value) for name, value in fields.items()]
        text = self.book_format.edited(path, "", edits)
        return self._save_file(person, draft_id, path, NO_FILE, text, f"{fields.get('title', key)}: added")

    def add_examples(self, person: Person, draft_id: int, label: str, sentences: Sequence[str]) -> Draft:
        """Add example sentences to a reply, or to ``harmless``; nobody else's sentences are touched."""
        return self._change_lines(person, draft_id, _examples(label), lambda text: with_sentences(text, sentences))

    def remove_examples(self, person: Person, draft_id: int, label: str, sentences: Sequence[str]) -> Draft:
        """Take example sentences out.

        Raises:
            BadEdit: When one does not stand there.
        """
        return self._change_lines(person, draft_id, _examples(label), lambda text: without_sentences(text, sentences))

    def add_golden(self, person: Person, draft_id: int, text: str, reply: str) -> Draft:
        """Add a golden text: from now on it must get this reply."""
        return self._change_lines(
            person, draft_id, GOLDEN_FILE, lambda source: self.book_format.with_golden(source, text, reply)
        )

    def remove_golden(self, person: Person, draft_id: int, text: str) -> Draft:
        """Take a golden text off the list."""
        return self._change_lines(
            person, draft_id, GOLDEN_FILE, lambda source: self.book_format.without_golden(source, text)
        )

    # When another release went live meanwhile ---------------------------------------------------------------------

    def is_behind(self, draft: Draft) -> bool:
        """Whether another release went live since the draft began."""
        live = self.books.live()
        return (live.number, live.tree) != (draft.base_number, draft.base_tree)

    def catch_up(
        self, person: Person, draft_id: int, choices: Mapping[tuple[str, tuple[str, ...]], Side] | None = None
    ) -> Draft:
        """Take what went live meanwhile into the draft, field by field.

        Args:
            person: Who does it.
            draft_id: The draft.
            choices: For each clash of an earlier try, by file and field: whose version to keep.

        Raises:
            EditConflict: When draft and live book changed the same fields and nothing was chosen. Nothing was changed.
        """

        def tree_on(draft: Draft, live: LiveBook) -> Digest:
            return caught_up(self.books, self.book_format, draft, live.tree, choices or {})

        return self._changes.rebase(person, draft_id, tree_on)

    # --------------------------------------------------------------------------------------------------------------

    def _change_lines(self, person: Person, draft_id: int, path: str, change_text: Callable[[str], str]) -> Draft:
        def change(tree: Tree) -> Mapping[str, str | None]:
            before = self.books.text(tree[path]) if path in tree else ""
            after = change_text(before)
            return {path: after} if after != before else {}

        return self._changes.edit(person, draft_id, change, file_words(path, self._title_of(draft_id)))

    def _title_of(self, draft_id: int) -> TitleOf:
        """Give the titles of a draft's replies, one file at a time: a whole book takes long to read."""

        def title_of(key: ReplyKey) -> str:
            try:
                title = self.fields(self.get(draft_id), f"{key}.yaml").fields.get("title")
            except (NotFound, BadEdit):
                return key
            return title if isinstance(title, str) else key

        return title_of

    def _now(self, tree: Tree, path: str) -> tuple[str, Digest]:
        if path not in tree:
            raise NotFound(f"Somebody has taken {path} out of this draft meanwhile.")
        return self.books.text(tree[path]), tree[path]

    def _add(
        self, person: Person, title: str, number: int, base: Digest, tree: Digest, *, source: Digest | None, action: str
    ) -> Draft:
        now = self.history.clock()
        draft = Draft(
            draft_id=0,
            title=" ".join(title.split())[:120] or "Without a title",
            status=DraftStatus.OPEN,
            base_number=number,
            base_tree=base,
            tree=tree,
            version=1,
            created_by=person,
            created_at=now,
            updated_at=now,
            authors=(person,) if tree != base else (),
            source_tree=source,
        )
        return self.store.add_draft(draft, self.history.entry(person, action, "", draft.title))


def _examples(label: str) -> str:
    path = f"examples/{label}.txt"
    if not is_book_path(path):
        raise BadEdit(f"{label!r} is not the name of a reply.")
    return path
