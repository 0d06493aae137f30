"""A keyword is found in any noise, and not where it is no keyword."""

from __future__ import annotations

import pytest

from sms_service.core.normalisation import normalise
from sms_service.core.understanding.keywords import KeywordIndex, is_only_keywords

KEYWORDS = {
    "urgent": ["URGENT", "999", "SOS", "NOW", "HELP ME NOW"],
    "help": ["HELP", "MENU"],
    "iwf": ["IWF", "REPORT", "REPORT REMOVE"],
    "grooming": ["GROOMING", "WHAT"],
    "police": ["POLICE", "CEOP", "CALL THE POLICE"],
    "nudes": ["NUDES", "WEBCAM"],
    "meet": ["MEET"],
}
ENGLISH = frozenset("helps hell held kelp meat met polite report what now my teacher is shelf".split())


@pytest.fixture(scope="module")
def index():
    return KeywordIndex(KEYWORDS, ENGLISH)


def found(index, text):
    written = normalise(text)
    plain = index.plain_words(written.words)
    hits = index.find(written, plain)
    return plain, hits


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("U R G E N T", "urgent"),
        ("u.r.g.e.n.t", "urgent"),
        ("eye double you eff", "iwf"),
        ("see ee oh pee", "police"),
        ("sea op", "police"),
        ("urgenthelp", "urgent"),
        ("pleasehelp", "help"),
        ("h3lp", "help"),
        ("n00ds", "nudes"),
        ("newds", "nudes"),
        ("HEEEELP", "help"),
        ("meeet", "meet"),
        ("reports", "iwf"),
        ("nine nine nine", "urgent"),
        ("please can i have the word grooming", "grooming"),
        ("text IWF to this number pls", "iwf"),
    ],
)
def test_noise_around_a_keyword_does_not_hide_it(index, text, reply):
    plain, hits = found(index, text)
    assert [hit.reply for hit in hits][:1] == [reply], plain
    assert is_only_keywords(plain, hits)


@pytest.mark.parametrize("text", ["what is this", "are you there", "r u ok", "i c u", "now then"])
def test_everyday_words_are_no_keywords_inside_others(index, text):
    assert found(index, text)[1] == []


@pytest.mark.parametrize("text", ["not urgent", "its not really urgent", "no police please", "dont report it"])
def test_a_negated_keyword_is_marked(index, text):
    assert all(hit.negated for hit in found(index, text)[1])


@pytest.mark.parametrize(
    ("slip", "reply"),
    [("hlep", "help"), ("helpp", "help"), ("urgnet", "urgent"), ("polcie", "police"), ("groming", "grooming")],
)
def test_one_slip_is_repaired(index, slip, reply):
    (hit,) = index.find_with_slips((slip,))
    assert (hit.reply, hit.repaired_from) == (reply, slip)


def test_a_slip_of_a_common_word_is_a_keyword_only_alone(index):
    assert [hit.reply for hit in index.find_with_slips(("whta",))] == ["grooming"]
    assert index.find_with_slips(("whta", "now")) == []


@pytest.mark.parametrize("real", ["hell", "held", "shelf", "meat", "met", "polite", "helps"])
def test_a_real_word_is_no_slip(index, real):
    assert index.find_with_slips((real,)) == []


def test_a_word_in_capitals_stands_out_only_in_a_quiet_text(index):
    assert found(index, "my teacher said REPORT it")[1][0].shouted
    assert not found(index, "MY TEACHER SAID REPORT IT")[1][0].shouted


@pytest.mark.parametrize(
    ("text", "keyword"),
    [
        ("hlep me now", "help me now"),
        ("help me noww pls", "help me now"),
        ("pls repor remove", "report remove"),
        ("report rmove", "report remove"),
        ("call teh police", "call the police"),
        ("web cma", "webcam"),
    ],
)
def test_one_slip_in_a_keyword_of_several_words_is_repaired(index, text, keyword):
    plain, hits = found(index, text)
    slips = index.find_with_slips(plain)
    assert keyword in [hit.keyword for hit in slips]
    assert is_only_keywords(plain, [*hits, *slips])


@pytest.mark.parametrize("text", ["help me meat", "report polite", "kelp me met", "call my polite"])
def test_a_real_word_is_no_slip_in_a_keyword_of_several_words(index, text):
    assert not [hit for hit in index.find_with_slips(tuple(text.split())) if hit.words > 1]
