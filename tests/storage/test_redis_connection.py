"""What goes to Redis is what redis-py itself would send."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from redis import Connection

from sms_service.storage.redis_connection import Word, _packed

WORDS = st.one_of(st.binary(max_size=30), st.text(max_size=30), st.integers(), st.floats())


@given(st.lists(WORDS, min_size=1, max_size=8))
def test_a_command_is_written_as_redis_py_writes_it(words: list[Word]) -> None:
    # A first word with a blank is two words to redis-py; ours are single.
    command = ["EVALSHA", *words]
    try:
        expected = b"".join(Connection().pack_command(*command))
    except UnicodeEncodeError:
        return
    assert _packed(command) == expected
