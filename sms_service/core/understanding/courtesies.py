"""What people put before and after what they have to say: 'hi sorry to bother you but ...', '... pls reply asap ty x'.

In a short message such words drown the ones that matter, so they are taken off before statistics are asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import regex

_PLEASE: Final = "(?:please|pls|plz|plss|plse)"
_YOU: Final = "(?:you|u|ya|yous)"
_KNOW: Final = "(?:(?:i )?(?:dont|didnt|do not|did not|dnt) (?:really |even )?(?:know|no)|idk|dunno|not sure|unsure)"

_OPENINGS: Final = (
    r"(?:hi|hii|hello|hey|heya|hiya|good (?:morning|afternoon|evening)|dear (?:sir|madam|team|all))"
    r"(?: (?:there|guys|everyone|all|again|miss|sir|team))?",
    r"(?:im |i am )?(?:so |really |very )?sorry (?:to|for|if) "
    rf"(?:bother|bothering|text|texting|disturb|disturbing|message|messaging|trouble|troubling)"
    rf"(?: {_YOU})?(?: (?:like this|so late|this late|again))?",
    rf"{_KNOW} who (?:else )?to (?:text|ask|tell|talk to|turn to|message|contact)",
    rf"{_KNOW} (?:where to (?:start|begin)|how to (?:say|put|start|explain|word)(?: this| it)?)",
    rf"{_KNOW} if (?:this is|its|im in|i got) the right (?:place|number|person)",
    rf"(?:can|could|may) i (?:just )?(?:ask|tell) (?:{_YOU} )?(?:something|smth|a question)",
    r"(?:this|it)?(?: ?is| ?s| might be| may be| sounds)? ?(?:a bit |really |so |probably |prob )?"
    r"(?:silly|stupid|dumb|embarrassing|hard to say)(?: question)?(?= but\b)",
    r"(?:is )?(?:anyone|anybody|any1|somebody) (?:there|here|awake)",
    rf"(?:{_PLEASE} )?(?:can|could) (?:someone|somebody|anyone|anybody|{_YOU}) (?:{_PLEASE} )?help(?: me)?"
    rf"(?: {_PLEASE})?(?: with (?:this|something|smth))?",
    rf"(?:{_KNOW}|hoping|wondering) if {_YOU} can help(?: me)?(?: with (?:this|something))?",
    rf"(?:i )?hope (?:this is|its|it is|this) (?:ok|okay|alright|fine) to (?:ask|text|message)(?: {_YOU}| this)?",
    r"(?:this |it |that )?(?:is going to |is gonna |gonna |might |may |will |probably )?sounds? "
    r"(?:(?:a bit|really|so) )?(?:weird|silly|stupid|dumb|mad|strange|bad)(?= but\b)",
    r"long story short|(?:heres )?my situation is",
    r"my name(?:s| is) \w+",
    r"(?:(?:i )?got|my \w+ gave me|(?:i )?(?:found|saw)) (?:this|your|ur) number"
    r"(?: (?:from|off|at|on|in)(?: \w+){1,2})?",
)
_JOINTS: Final = r"(?:but|so|and|basically|like|ok|okay|right|well)"

_CLOSINGS: Final = (
    rf"(?:{_PLEASE} )?(?:can {_YOU} )?(?:{_PLEASE} )?"
    r"(?:reply|answer|respond|text back|message back|txt back|get back to me)"
    rf"(?: (?:asap|as soon as possible|quick|quickly|soon|now|back|fast|me|to me|{_PLEASE}))*",
    rf"(?:many |so many )?(?:thanks|thank {_YOU}|ty|tysm|thx|thnx|cheers|ta)"
    r"(?: (?:so much|a lot|very much|in advance|again|guys|for (?:your|ur|the) (?:help|time)"
    r"|for (?:listening|reading)))*",
    r"x{1,5}|xo|xoxo",
    r"(?:kind|best|warm|many) (?:regards|wishes)(?: \w+){0,2}",
    r"sorry for (?:the )?(?:long|massive|huge|random) (?:message|text|msg|rant|txt)",
    rf"(?:hope|if) (?:that|this|it) makes sense|if {_YOU} (?:know|get|no) what i mean",
)

_QUESTIONS: Final = (
    rf"(?:what|wot|wat|wht) (?:do|should|shall) i (?:even )?do(?: now| next)?(?: {_PLEASE})?",
    rf"(?:{_PLEASE} )?(?:can|could) (?:someone|anyone|{_YOU}) (?:{_PLEASE} )?help(?: me)?(?: {_PLEASE})?",
    rf"any (?:advice|ideas|help)(?: {_PLEASE})?",
    rf"{_KNOW} what to do(?: anymore| now| next)?",
    r"thats (?:it|all)(?: really| tbh)?",
    r"sorry",
)
"""Said after what is the matter; of a message of few words they may be all it says."""

_FEWEST_WORDS_BEFORE_A_QUESTION: Final = 4

_FIRST_PART: Final = regex.compile(rf"(?:(?:{'|'.join(_OPENINGS)})(?: {_JOINTS})*|{_JOINTS})(?: |$)")
_LAST_PART: Final = regex.compile(rf"(?: |^)(?:{'|'.join(_CLOSINGS)})$")

_QUESTION: Final = regex.compile(rf" (?:{'|'.join(_QUESTIONS)})$")

_MOST_PARTS: Final = 6
_READ_WORDS: Final = 20
"""Openings and closings are no longer than this; what lies between is not looked at."""


def core_of(words: Sequence[str]) -> slice:
    """Give the part of a message between its courtesies; all of it where nothing else would be left.

    Args:
        words: Normalised, text-speak as typed.
    """
    start, end = 0, len(words)
    for _ in range(_MOST_PARTS):
        match = _FIRST_PART.match(" ".join(words[start : min(start + _READ_WORDS, end)]))
        if match is None:
            break
        start += len(match.group().split())
    for _ in range(_MOST_PARTS):
        end_of_text = " ".join(words[max(start, end - _READ_WORDS) : end])
        match = _LAST_PART.search(end_of_text) or _QUESTION.search(end_of_text)
        taken = 0 if match is None else len(match.group().split())
        if match is None or (match.re is _QUESTION and end - start - taken < _FEWEST_WORDS_BEFORE_A_QUESTION):
            break
        end -= taken
    return slice(start, end) if start < end else slice(0, len(words))
