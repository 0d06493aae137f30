"""What Redis itself does for the hot state: one script when a message comes in, one when its answer is known.

Every value begins with a mark, and no more of it is read than we could have written: a key that holds something else
(another type, another program's, ten megabytes) is as good as none, and is replaced at the next write.
Times: arrivals are counted by our clock (``now``), whatever is kept expires by Redis's, so a clock of ours that jumps
revives nothing. Old servers will do: nothing here is younger than Redis 3.2.
"""

from __future__ import annotations

import hashlib
from typing import Final

from sms_service.storage.redis_connection import NotRedis

_READ: Final = """
local MARK = 'sms1:'
local function read(key, most)
  local value = redis.pcall('GETRANGE', key, 0, #MARK + most)
  if type(value) ~= 'string' or #value > #MARK + most or string.sub(value, 1, #MARK) ~= MARK then
    return false
  end
  return string.sub(value, #MARK + 1)
end
"""


class Script:
    """A Lua script and the name that Redis knows it by once it has seen it.

    Args:
        source: Of the script.
    """

    def __init__(self, source: str) -> None:
        self.source = source
        self.sha1 = hashlib.sha1(source.encode(), usedforsecurity=False).hexdigest()


CLAIM: Final = Script(
    _READ
    + """
-- KEYS: answer, conversation, arrivals.
-- ARGV: message id, now, counted seconds, most counted, largest answer, largest conversation.
-- Gives: answer or nil, conversation or nil, arrivals of the running window (-1: could not be counted).
local function count()
  local now, window, key = tonumber(ARGV[2]), tonumber(ARGV[3]), KEYS[3]
  -- Adding comes first: after any other write of a script Redis no longer minds that it is full.
  local added = redis.pcall('ZADD', key, 'NX', ARGV[2], ARGV[1])
  if type(added) == 'table' and string.find(added.err, 'WRONGTYPE', 1, true) then
    redis.call('DEL', key)
    added = redis.pcall('ZADD', key, 'NX', ARGV[2], ARGV[1])
  end
  if type(added) == 'table' then
    return -1 -- full, or a read-only replica: what could be read is still worth having
  end
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now - window)
  redis.call('ZREMRANGEBYSCORE', key, now + window, '+inf') -- from before a clock was put back
  redis.call('ZADD', key, 'NX', ARGV[2], ARGV[1]) -- if it was there, but long ago
  redis.call('ZREMRANGEBYRANK', key, 0, -1 - tonumber(ARGV[4]))
  redis.call('EXPIRE', key, 2 * window)
  return redis.call('ZCARD', key)
end
local answer = read(KEYS[1], tonumber(ARGV[5]))
if answer then
  return {answer, false, 0}
end
return {false, read(KEYS[2], tonumber(ARGV[6])), count()}
"""
)

SETTLE: Final = Script(
    _READ
    + """
-- KEYS: answer, conversation.
-- ARGV: answer, conversation, seconds to keep each, largest answer.
-- Gives: 0 and the answer that was there first, or 1 when it was this one.
local first = read(KEYS[1], tonumber(ARGV[5]))
if first then
  return {0, first}
end
redis.call('SET', KEYS[1], MARK .. ARGV[1], 'EX', ARGV[3])
redis.call('SET', KEYS[2], MARK .. ARGV[2], 'EX', ARGV[4])
return {1}
"""
)


def read_claim(said: object) -> tuple[bytes | None, bytes | None, int]:
    """Give answer, conversation, and arrivals (-1: not counted) from what :data:`CLAIM` gave.

    Raises:
        NotRedis: It is nothing of the kind.
    """
    match said:
        case [bytes() | None as answer, bytes() | None as conversation, int() as arrivals]:
            return answer, conversation, arrivals
    raise NotRedis("no claim")


def read_settled(said: object) -> bytes | None:
    """Give the answer that was there first, if any, from what :data:`SETTLE` gave.

    Raises:
        NotRedis: It is nothing of the kind. What a stranger says must never go out as an answer.
    """
    match said:
        case [0, bytes() as first]:
            return first
        case [1]:
            return None
    raise NotRedis("not settled")
