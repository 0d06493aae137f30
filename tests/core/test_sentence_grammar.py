from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_service.core.sentence_grammar import SENTENCES_PER_LINE, expand_grammar


def sentences(source: str, per_line: int = SENTENCES_PER_LINE) -> list[str]:
    grammar = expand_grammar(source, per_line=per_line)
    assert not grammar.problems
    return list(grammar.sentences)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("help me", ["help me"]),
        ("(he|she) wont stop", ["he wont stop", "she wont stop"]),
        ("help[ me]", ["help me", "help"]),
        ("[please] help [me|us]", ["please help me", "please help us", "please help", "help me", "help us", "help"]),
        ("((a|b) (c|d)|e) f", ["a c f", "a d f", "b c f", "b d f", "e f"]),
        ("yes|no", ["yes", "no"]),
        ("$who = he|she\n$who left", ["he left", "she left"]),
        ("$a = x|y\n$b = $a z\n($b)", ["x z", "y z"]),
        ("# note\n\n  spaced   out  ", ["spaced out"]),
        (r"\(he\) owes \$5", ["(he) owes $5"]),
        ("(a|a) b", ["a b"]),
        ("(|very) bad", ["bad", "very bad"]),
    ],
)
def test_a_pattern_gives_its_sentences(source, expected):
    assert sentences(source) == expected


@pytest.mark.parametrize(
    ("source", "line", "what"),
    [
        ("ok\n(a|b", 2, "')' is missing"),
        ("[a", 1, "']' is missing"),
        ("a) b", 1, "')' without its '('"),
        ("(a] b", 1, "']' without its '['"),
        ("$nobody left", 1, "no list $nobody above"),
        ("$late left\n$late = a", 1, "no list $late above"),
        ("$a = x\n$a = y", 2, "$a is given twice"),
        ("costs $ 5", 1, "$ without a name"),
        ("()", 1, "no words here"),
        ("(" * 30 + "a" + ")" * 30, 1, "nested more than 20 deep"),
        ("x" * 2001, 1, "longer than 2000"),
        (
            "".join(
                f"$l{n}={'$l' + str(n - 1) if n else '(a|b)'}{'$l' + str(n - 1) if n else ''}\n" for n in range(12)
            ),
            6,
            "far too",
        ),
    ],
)
def test_a_bad_line_is_named_with_its_mend(source, line, what):
    problem = expand_grammar(source).problems[0]
    assert problem.line == line
    assert what in problem.what
    assert problem.mend


def test_a_bad_line_does_not_cost_the_good_ones():
    grammar = expand_grammar("(a|b\ngood (one|two)")
    assert grammar.sentences == ("good one", "good two")
    assert [expansion.line for expansion in grammar.expansions] == [2]


def test_a_large_pattern_gives_an_even_spread():
    lists = ["a0|a1|a2|a3|a4", "b0|b1|b2|b3", "c0|c1|c2|c3|c4|c5|c6", "d0|d1"]
    found = sentences(" ".join(f"({choices})" for choices in lists), per_line=40)
    assert len(found) == 40
    for position, choices in enumerate(lists):
        counts = [sum(sentence.split()[position] == word for sentence in found) for word in choices.split("|")]
        assert min(counts) >= 40 / len(counts) * 0.6, (choices, counts)
        assert max(counts) <= 40 / len(counts) * 1.5, (choices, counts)


def test_the_same_source_gives_the_same_sentences():
    source = "(a|b|c|d|e|f|g) (h|i|j|k|l|m) (n|o|p|q)"
    assert expand_grammar(source) == expand_grammar(source)


def test_the_total_is_told_beside_the_spread():
    (expansion,) = expand_grammar("(a|b|c) (d|e|f)", per_line=4).expansions
    assert (expansion.total, len(expansion.sentences), expansion.pattern) == (9, 4, "(a|b|c) (d|e|f)")


words = st.text("abc", min_size=1, max_size=3)
patterns = st.recursive(
    words,
    lambda inner: st.lists(inner, min_size=1, max_size=3).flatmap(
        lambda parts: st.sampled_from([" ".join(parts), f"({'|'.join(parts)})", f"x[{'|'.join(parts)}]"])
    ),
    max_leaves=12,
)


@given(patterns, st.integers(1, 30))
def test_every_pattern_keeps_its_cap_and_gives_each_sentence_once(pattern, per_line):
    grammar = expand_grammar(pattern, per_line=per_line)
    assert not grammar.problems
    (expansion,) = grammar.expansions
    assert 1 <= len(expansion.sentences) <= min(per_line, expansion.total)
    assert len(set(expansion.sentences)) == len(expansion.sentences)
    everything = set(expand_grammar(pattern, per_line=10**6).sentences) if expansion.total <= 5000 else None
    assert everything is None or set(expansion.sentences) <= everything


@given(st.text("ab()[]|$\\= \n#", max_size=60))
def test_no_source_raises(source):
    grammar = expand_grammar(source)
    assert all(problem.what and problem.mend for problem in grammar.problems)
