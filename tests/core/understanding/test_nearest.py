from __future__ import annotations

from sms_service.core.understanding.nearest import ExampleIndex

INDEX = ExampleIndex(
    {
        "meet": ["he wants to meet me in town", "should i meet her on saturday"],
        "friend": ["my mate wants to meet somebody"],
        "harmless": ["see you in town at four"],
    }
)


def test_the_same_words_come_first_whatever_their_case() -> None:
    first, *_ = INDEX.nearest("He wants to meet me in town!!")
    assert (first.sentence, first.label, first.likeness) == ("he wants to meet me in town", "meet", 1.0)


def test_a_rare_word_weighs_more_than_common_ones() -> None:
    assert INDEX.nearest("something on saturday")[0].label == "meet"
    assert INDEX.nearest("somebody")[0].label == "friend"


def test_one_reply_alone_can_be_asked_for() -> None:
    found = INDEX.nearest("my mate is in town", label="meet")
    assert found
    assert {example.label for example in found} == {"meet"}


def test_nothing_in_common_is_nothing_near() -> None:
    assert INDEX.nearest("zebra") == ()
    assert INDEX.nearest("") == ()
    assert ExampleIndex({}).nearest("town") == ()


def test_no_more_than_asked_for() -> None:
    assert len(INDEX.nearest("meet town mate", most=2)) == 2
