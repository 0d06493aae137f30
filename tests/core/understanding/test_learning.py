"""The free-text stage learns from a few sentences, the same way every time, and may be missing."""

from __future__ import annotations

import numpy as np
import pytest

from sms_service.core.understanding.features import columns, feature_names
from sms_service.core.understanding.free_text import FreeText, Tuning
from sms_service.core.understanding.learning import examples_digest, free_text_from, free_text_while_learning, learn

EXAMPLES = {
    "nudes": ["he keeps asking for pictures", "she wants me to send a nude", "i sent a private pic and regret it"] * 3,
    "meet": ["he wants to meet me on saturday", "should i go and see him", "she asked me to come to hers"] * 3,
    "harmless": ["what time is dinner", "see you at football", "cant find my homework"] * 3,
}


@pytest.fixture(scope="module")
def learned():
    return learn(EXAMPLES)


def test_the_same_examples_teach_the_same_weights(learned):
    np.testing.assert_array_equal(learn(EXAMPLES).model.weights, learned.model.weights)


@pytest.mark.parametrize(
    ("text", "label"),
    [("he is asking for a picture", "nudes"), ("he asked to meet", "meet"), ("dinner time", "harmless")],
)
def test_a_new_sentence_gets_the_label_of_those_it_resembles(learned, text, label):
    free_text, _ = free_text_from(learned, frozenset(), None)
    assert free_text.judge(tuple(text.split()), {}).ranked[0][0] == label


def test_an_example_is_known_word_for_word(learned):
    free_text, _ = free_text_from(learned, frozenset(), None)
    assert free_text.label_of_example(("he", "wants", "to", "meet", "me", "on", "saturday")) == "meet"
    assert free_text.label_of_example(("he", "wants", "to", "meet")) is None


def test_probabilities_add_up_to_one(learned):
    judgement = FreeText(learned.model).judge(("hello",), {})
    assert sum(probability for _, probability in judgement.ranked) == pytest.approx(1, abs=1e-5)
    assert not judgement.encoder_used


class _BrokenEncoder:
    labels = ("nudes", "meet", "harmless")

    def log_probabilities(self, words):
        raise RuntimeError("the model file is damaged")


def test_a_broken_encoder_costs_quality_and_no_answer(learned):
    told: list[Exception] = []
    free_text, _ = free_text_from(learned, frozenset(), _BrokenEncoder(), told.append)
    assert free_text.judge(("asked", "to", "meet"), {}).ranked[0][0] == "meet"
    assert len(told) == 1


class _SureEncoder:
    labels = ("harmless", "meet")

    def log_probabilities(self, words):
        return np.log(np.array([0.01, 0.99], dtype=np.float32))


def test_a_label_that_the_encoder_never_saw_keeps_its_lexical_score(learned):
    free_text, _ = free_text_from(learned, frozenset(), _SureEncoder())
    assert free_text.judge(("send", "a", "nude", "picture"), {}).ranked[0][0] == "nudes"


def test_the_encoder_is_asked_only_where_the_lexical_model_is_not_sure(learned):
    sure = FreeText(learned.model, _SureEncoder())
    words = ("what", "time", "is", "dinner")
    unsure = FreeText(learned.model, _SureEncoder(), tuning=Tuning(lexical_alone_above=1.0))
    asked = unsure.judge(words, {"harmless": 5.0})
    believed = sure.judge(words, {"harmless": 5.0})
    assert asked.encoder_used
    assert not believed.encoder_used
    assert believed == FreeText(learned.model).judge(words, {"harmless": 5.0})
    assert sure.judge(("hello",), {}).encoder_used


def test_until_the_examples_are_learned_the_encoder_reads_alone():
    free_text, spelling = free_text_while_learning(_SureEncoder(), frozenset())
    assert free_text.judge(("anything",), {}).ranked[0][0] == "meet"
    assert not free_text.has_learned
    assert spelling.repair("anythng") is None


def test_the_digest_names_the_examples():
    assert examples_digest(EXAMPLES) == examples_digest(dict(reversed(EXAMPLES.items())))
    assert examples_digest(EXAMPLES) != examples_digest({**EXAMPLES, "meet": ["another"]})


def test_features_are_the_same_on_every_machine():
    assert columns(feature_names(("he", "asked"))).tolist()[:3] == columns(["length 2", "< he", "he asked"]).tolist()
    assert columns(["w he"]).tolist() == [95649]


def test_a_very_long_message_has_bounded_features():
    assert len(feature_names(("wort",) * 100_000)) < 50
