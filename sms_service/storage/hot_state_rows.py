"""What the hot state's SQLite file holds and how it is asked: one read and one write a message.

One table, ordered by sender: what is remembered of a person lies on one page of the file, so a message writes one page.
A row is an answer, by its message, or the sender's conversation with the times of the messages of the last seconds.
Every change is one statement, no ``BEGIN`` ... ``COMMIT`` around several: the file is then locked only inside SQLite,
for some 30 microseconds, and never while Python waits for its interpreter lock.

There is no index by time: it would be a second page for every message. Old rows are found by going through the table
bit by bit (:func:`remove_old`).
"""

from __future__ import annotations

import sqlite3
from typing import Final

from sms_service.core.conversation import Conversation
from sms_service.service.ports import Claim
from sms_service.storage import hot_state_values as values

FORMAT = 2
"""Of :data:`SCHEMA` and of what stands in it; another one is another file."""

SCHEMA: Final = (
    "CREATE TABLE memory (sender TEXT, item TEXT, at REAL NOT NULL, keep_seconds REAL NOT NULL, value NOT NULL,"
    " arrivals TEXT, PRIMARY KEY (sender, item)) WITHOUT ROWID",
)

Place = tuple[str | bytes, str]
"""Of a row: sender and item. The sender of an answer to somebody who was forgotten is empty."""
BEGINNING: Final[Place] = ("", "")
_END: Final[Place] = (b"", "")
"""SQLite orders texts before bytes."""

_CONVERSATION: Final = "conversation"
_ARRIVAL: Final = "%017.3f"
"""Unix seconds in a fixed width, so that SQL can add one and cut off the oldest."""
_ARRIVAL_CHARACTERS: Final = 17
_MOST_ARRIVAL_CHARACTERS: Final = values.MOST_COUNTED * _ARRIVAL_CHARACTERS


def _item_of(message_id: str) -> str:
    return f"answer {message_id}"


_IS_ANSWER: Final = (
    f"at BETWEEN :now - {values.KEEP_ANSWER_SECONDS} AND :now + {values.KEEP_ANSWER_SECONDS}"
    f" AND typeof(value) = 'blob' AND length(value) <= {values.LARGEST_ANSWER_BYTES}"
)

# Three lookups by key. ``IN`` would do as well, but makes a temporary table, which takes longer than all the rest.
_READ: Final = f"""
SELECT value, NULL, NULL FROM memory WHERE sender = :sender AND item = :item AND {_IS_ANSWER}
UNION ALL
SELECT value, NULL, NULL FROM memory WHERE sender = '' AND item = :item AND {_IS_ANSWER}
UNION ALL
SELECT value, arrivals, :now BETWEEN at - keep_seconds AND at + keep_seconds FROM memory
WHERE sender = :sender AND item = '{_CONVERSATION}' AND typeof(value) = 'text'
AND length(value) <= {values.LARGEST_CONVERSATION_BYTES}
AND typeof(arrivals) = 'text' AND length(arrivals) <= {_MOST_ARRIVAL_CHARACTERS}
"""  # noqa: S608 - our own words

# The first to settle wins: whoever finds an answer changes neither row. The conversation comes first, because the
# answer must not be there yet when it looks for one.
_WRITE: Final = f"""
INSERT INTO memory VALUES
(:sender, '{_CONVERSATION}', :now, :keep_seconds, :conversation, :arrival),
(:sender, :item, :now, {values.KEEP_ANSWER_SECONDS}, :answer, NULL)
ON CONFLICT DO UPDATE SET at = excluded.at, keep_seconds = excluded.keep_seconds, value = excluded.value,
arrivals = CASE WHEN at BETWEEN :now - {values.COUNTED_SECONDS} AND :now + {values.COUNTED_SECONDS}
THEN substr(excluded.arrivals || arrivals, 1, {_MOST_ARRIVAL_CHARACTERS}) ELSE excluded.arrivals END
WHERE NOT EXISTS (SELECT 1 FROM memory WHERE sender = :sender AND item = :item AND {_IS_ANSWER})
"""  # noqa: S608 - same
_ROWS_OF_A_MESSAGE: Final = 2

_ANSWER_OF_SOMEBODY_FORGOTTEN: Final = f"SELECT value FROM memory WHERE sender = '' AND item = :item AND {_IS_ANSWER}"  # noqa: S608
_UNDO: Final = f"DELETE FROM memory WHERE sender = :sender AND item IN (:item, '{_CONVERSATION}')"  # noqa: S608


def claim(connection: sqlite3.Connection, message_id: str, sender: str, now: float) -> Claim:
    """Read what is known of a message and its sender. A reader waits for nobody, so a repeat is always answered."""
    asked = {"sender": sender, "item": _item_of(message_id), "now": now}
    for value, arrivals, is_fresh in connection.execute(_READ, asked).fetchall():
        if is_fresh is None:
            return Claim(bytes(value))
        if is_fresh:
            return Claim(None, values.read_conversation(value), 1 + _count(arrivals, now))
        # At once, lest a clock that is put back revives it.
        connection.execute(f"DELETE FROM memory WHERE sender = ? AND item = '{_CONVERSATION}'", (sender,))  # noqa: S608
    return Claim()


def settle(
    connection: sqlite3.Connection, message_id: str, sender: str, answer: bytes, conversation: Conversation, now: float
) -> bytes:
    """Keep the answer and the conversation, unless the message has an answer already; give the answer that counts."""
    kept = {
        "sender": sender,
        "item": _item_of(message_id),
        "now": now,
        "answer": answer,
        "conversation": conversation.to_json(),
        "keep_seconds": values.keep_conversation_seconds(conversation),
        "arrival": _ARRIVAL % now,
    }
    if connection.execute(_WRITE, kept).rowcount == _ROWS_OF_A_MESSAGE:
        # Looked for afterwards: whoever forgets in between has settled before us, or finds what we wrote.
        forgotten = connection.execute(_ANSWER_OF_SOMEBODY_FORGOTTEN, kept).fetchone()
        if forgotten is None:
            return answer
        connection.execute(_UNDO, kept)
        return bytes(forgotten[0])
    first = claim(connection, message_id, sender, now).answer
    return answer if first is None else first


def forget(connection: sqlite3.Connection, sender: str) -> None:
    """Erase the conversation, and take the sender's name off the answers: a repeat still gets the same bytes."""
    connection.execute(f"DELETE FROM memory WHERE sender = ? AND item = '{_CONVERSATION}'", (sender,))  # noqa: S608
    # The first answer to a message stays the answer; what came to the same message later goes.
    connection.execute("UPDATE OR IGNORE memory SET sender = '' WHERE sender = ?", (sender,))
    connection.execute("DELETE FROM memory WHERE sender = ?", (sender,))


def write_a_little(connection: sqlite3.Connection) -> None:
    """Find out whether the file can be written."""
    connection.execute("INSERT OR REPLACE INTO memory VALUES ('check', 'check', 0, 0, '', NULL)")
    connection.execute("DELETE FROM memory WHERE sender = 'check'")


def remove_old(connection: sqlite3.Connection, now: float, after: Place, most_looked_at: int) -> tuple[int, Place]:
    """Remove what is past its time, or further ahead than a clock that was put back explains, from the next rows.

    Args:
        connection: To the file.
        now: Unix seconds.
        after: Where the last call got to.
        most_looked_at: Rows.

    Returns:
        How many rows were removed, and how far it got; :data:`BEGINNING` after the last row.
    """
    last = connection.execute(
        "SELECT sender, item FROM memory WHERE (sender, item) > (?, ?) ORDER BY sender, item LIMIT 1 OFFSET ?",
        (*after, most_looked_at - 1),
    ).fetchone()
    removed = connection.execute(
        "DELETE FROM memory WHERE (sender, item) > (?, ?) AND (sender, item) <= (?, ?)"
        " AND ? NOT BETWEEN at - keep_seconds AND at + keep_seconds",
        (*after, *(last or _END), now),
    ).rowcount
    return removed, last or BEGINNING


def _count(arrivals: str, now: float) -> int:
    starts = range(0, len(arrivals), _ARRIVAL_CHARACTERS)
    try:
        times = [float(arrivals[start : start + _ARRIVAL_CHARACTERS]) for start in starts]
    except ValueError:
        return 0
    return sum(abs(now - at) < values.COUNTED_SECONDS for at in times)
