"""Danger phrases ask for positive evidence: a negated, past or joking one does not count."""

from __future__ import annotations

import time

import pytest

from sms_service.core.understanding.danger import find_danger_phrases


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("someone is outside my house", "urgent"),
        ("hes following me", "urgent"),
        ("he wont let me go home", "urgent"),
        ("hes got a knife", "urgent"),
        ("my sister has gone missing", "urgent"),
        ("i want to kill myself", "crisis"),
        ("i dont want to be here", "crisis"),
        ("im suicidal", "crisis"),
        ("they would be better off without me", "crisis"),
        ("he threatened to share my pictures", "blackmail"),
        ("if i dont send more he will post it to everyone", "blackmail"),
        ("im being blackmailed", "blackmail"),
        ("my friend is going to kill herself tonight", "crisis"),
        ("he will be here any minute im alone", "urgent"),
        ("hes got my video and hes on his way round", "urgent"),
        ("shes gone missing since lunch", "urgent"),
        ("ive got the pills in my hand", "crisis"),
        ("on the bridge and i cant stop crying", "crisis"),
    ],
)
def test_a_certain_sign_is_found(text, reply):
    assert [phrase.reply for phrase in find_danger_phrases(tuple(text.split()))] == [reply]


@pytest.mark.parametrize(
    "text",
    [
        "i wasnt in danger",
        "im not suicidal",
        "he said he wants to kill himself if i leave",
        "she will be here in ten so put the kettle on",
        "mum is on her way home",
        "i just end it with him",
        "on the bridge taking pictures of boats",
        "he never threatened to share it",
        "a man was following me last year",
        "cut myself a slice of cake",
        "watching a film where he has a knife",
        "he is stalking lol hes got a knife in the game",
        "im at his house watching the match",
        "endless messages from him",
    ],
)
def test_negated_past_and_told_signs_do_not_count(text):
    assert find_danger_phrases(tuple(text.split())) == ()


def test_urgent_comes_before_the_others():
    words = tuple("i want to kill myself and hes outside my house".split())
    assert [phrase.reply for phrase in find_danger_phrases(words)] == ["urgent", "crisis"]


@pytest.mark.parametrize(
    "part", ["or he will send my ", "threat send ", "in his car im at ", "if he to post it a ", "someone is "]
)
def test_hostile_texts_cost_little(part):
    words = tuple((part * 400).split())
    started = time.thread_time()
    find_danger_phrases(words)
    assert time.thread_time() - started < 0.1
