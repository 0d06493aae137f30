"""Pseudonyms: the same for the same sender, of no use without the key, findable while a key lives."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_service.service.pseudonyms import Pseudonyms
from sms_service.settings import PseudonymKey

OLD, NEW = PseudonymKey("k1", 32 * b"1"), PseudonymKey("k2", 32 * b"2")
SENDER = "+447700900123"


def test_the_current_key_makes_them_and_says_so() -> None:
    pseudonym = Pseudonyms([NEW, OLD]).current(SENDER)
    assert pseudonym.key_id == "k2"
    assert len(pseudonym.value) == 32
    assert set(pseudonym.value) <= set("0123456789abcdef")


def test_stay_the_same_and_are_written_down_here_so_that_no_change_unlinks_by_accident() -> None:
    assert Pseudonyms([OLD]).current(SENDER).value == "e2ac72ecb7de4bd2bb6dd4d49939db89"


def test_a_sender_is_found_under_every_live_key() -> None:
    found = Pseudonyms([NEW, OLD]).all(SENDER)
    assert found == (Pseudonyms([NEW]).current(SENDER).value, Pseudonyms([OLD]).current(SENDER).value)
    assert len(set(found)) == 2


def test_blanks_in_a_number_make_no_other_person() -> None:
    keys = Pseudonyms([NEW])
    assert keys.current("+44 7700 900123") == keys.current(SENDER)


def test_a_plain_hash_gives_nothing_away() -> None:
    value = Pseudonyms([NEW]).current(SENDER).value
    assert value not in hashlib.sha256(SENDER.encode()).hexdigest()


@given(st.text(), st.text())
def test_other_senders_and_words_give_other_values(one: str, other: str) -> None:
    keys = Pseudonyms([NEW])
    same_sender = "".join(one.split()) == "".join(other.split())
    assert (keys.current(one) == keys.current(other)) is same_sender
    assert (keys.fingerprint(one) == keys.fingerprint(other)) is (one == other)
    assert keys.fingerprint(one) not in keys.current(one).value


def test_without_a_key_there_are_none() -> None:
    with pytest.raises(ValueError, match="at least one key"):
        Pseudonyms([])


def test_keys_stay_out_of_sight() -> None:
    assert "1111" not in repr(Pseudonyms([OLD]))
    assert "1111" not in repr(OLD)
