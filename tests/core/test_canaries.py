"""A canary is known by what only this line can make."""

from __future__ import annotations

import secrets

from sms_service.core.canaries import canary_id, canary_key, canary_sender, is_canary

KEY = canary_key(32 * "s")


def test_a_canary_is_known() -> None:
    message_id = canary_id(KEY, bytes(range(8)))
    assert len(message_id) == 34
    assert is_canary(KEY, message_id, canary_sender(message_id))


def test_nobody_else_is_taken_for_one() -> None:
    message_id = canary_id(KEY, bytes(range(8)))
    assert not is_canary(KEY, message_id, "+447700900123"), "a phone"
    assert not is_canary(canary_key(32 * "t"), message_id, canary_sender(message_id)), "another line"
    assert not is_canary(KEY, message_id[:-1] + ("1" if message_id[-1] == "0" else "0"), canary_sender(message_id)), (
        "a changed id"
    )
    assert not any(is_canary(KEY, f"SM{secrets.token_hex(16)}", "canary-x") for _ in range(1000))


def test_each_canary_is_somebody_else() -> None:
    ids = {canary_id(KEY, secrets.token_bytes(16)) for _ in range(100)}
    assert len({canary_sender(one) for one in ids}) == 100


def test_the_key_says_nothing_of_the_secret() -> None:
    assert b"s" * 8 not in KEY
    assert len(KEY) == 32
