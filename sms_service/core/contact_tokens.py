"""Contacts in a text as people who edit it see them: ``((Childline))`` for ``{contact.childline}``.

The book keeps keys, because a name may change; a page shows names, because nobody should have to learn keys. Both ways
are exact: what is shown and taken back unchanged is the same text again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from sms_service.core.checks.sheet import did_you_mean
from sms_service.core.placeholders import pieces
from sms_service.core.reply_book import Contact, ContactKey

_TOKEN: Final = re.compile(r"\(\(([^()\n]{1,120})\)\)")


class ContactTokens:
    """The tokens of one directory.

    Args:
        contacts: By key. A name that two share, or that holds brackets, is shown as its key.
    """

    def __init__(self, contacts: Mapping[ContactKey, Contact]) -> None:
        shown = {key: _without_brackets(contact.name) for key, contact in contacts.items()}
        folded = [_folded(name) for name in shown.values()]
        self._names = {
            key: name if folded.count(_folded(name)) == 1 and _folded(name) not in contacts.keys() - {key} else key
            for key, name in shown.items()
        }
        self._keys = {_folded(key): key for key in contacts} | {_folded(name): key for key, name in self._names.items()}

    def token(self, key: ContactKey) -> str:
        """Give the token of a contact; of an unknown one, its placeholder."""
        name = self._names.get(key)
        return f"{{contact.{key}}}" if name is None else f"(({name}))"

    def shown(self, text: str) -> str:
        """Give a text of the book as it is edited."""
        cut = pieces(text)
        return "".join(self.token(piece) if index % 2 else piece for index, piece in enumerate(cut))

    def taken(self, text: str) -> str:
        """Give an edited text as the book keeps it. Tokens that name no contact stay as they are."""

        def placeholder(match: re.Match[str]) -> str:
            key = self._keys.get(_folded(match.group(1)))
            return match.group() if key is None else f"{{contact.{key}}}"

        return _TOKEN.sub(placeholder, text)

    def unknown(self, text: str) -> list[tuple[str, str]]:
        """Give each token of a taken text that names no contact, with a hint which was meant, or an empty one."""
        names = self._names.values()
        return [(match.group(), did_you_mean(match.group(1), names).strip()) for match in _TOKEN.finditer(text)]


def _without_brackets(name: str) -> str:
    """Leave out what stands in brackets: 'Report Remove (Childline and IWF)' is called Report Remove."""
    return " ".join(re.sub(r"\([^()]*\)|[()]", " ", name).split())


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()
