"""Danger phrases: certain, readable signs that stand above the statistics and work without them.

Each pattern reads the plain words of a message (lower case, text-speak written out, one space between words). A pattern
asks for positive evidence: somebody who threatens, harm, a place, a time. A negated, past or joking phrase does not count.
"""

from __future__ import annotations

from dataclasses import dataclass

import regex

_SOMEONE = (
    r"(?:he|hes|she|shes|they|theyre|someone|somebody|this guy|this man|some man|a man|the man|that man|a guy|the guy"
    r"|that guy|a woman|the boy|that boy)"
)
_IS = r"(?: is| are| was just| just)?"
_A_PLACE_OF_HIS = r"(?:his|her|their|this guys|a strangers|some guys|some mans|a mans|this mans)"
_PICTURES = r"(?:it|them|pictures?|photos?|nudes?|videos?|screenshots?|everything|stuff|my \w+)"

_URGENT = (
    rf"\b{_SOMEONE}{_IS}(?: \w+)? (?:outside|at) (?:my|our|the) (?:house|home|door|window|flat|school|gate|front door|back door)\b",
    rf"\b{_SOMEONE}{_IS} (?:outside|downstairs|here) (?:and|i|please|now|right now|what|help|im)\b",
    rf"\b{_SOMEONE}{_IS}(?: still| been)? (?:following|chasing|hunting) (?:me|us|her|him)\b",
    r"\b(?:being|getting|am|im|been) (?:followed|chased|attacked|kidnapped)\b",
    rf"\bim (?:still |stuck |trapped |locked )?(?:in|at) {_A_PLACE_OF_HIS} (?:car|van|house|flat|room|place|hotel|garage)\b(?=.*\b(?:scared|help|out|leave|go|home|stuck|trapped|dont)\b)",
    r"\b(?:wont|not|never|refuses to|refusing to) let(?:ting)? (?:me|us|her|him) (?:go|leave|out|get out|go home)\b",
    r"\b(?:locked|trapped|shut) (?:me |us |her |him )?in (?:a|the|his|her|their|here|this|my)\b",
    r"\b(?:he|she|they|hes|shes|theyre|who)(?: has| have| had)?(?: got)? a (?:knife|gun|blade|weapon|hammer|machete)\b",
    r"\b(?:my|our) (?:\w+ )?(?:daughter|son|sister|brother|cousin|friend|girl|boy|child|foster \w+)(?: is| has| has gone|s gone| went| gone)(?: \w+)? missing\b",
    r"\b(?:put|slipped) (?:something|anything|stuff) in my drink\b",
    r"\b(?:he|she|they|hes|shes|theyre)(?: is| are)? (?:going to|about to|trying to) (?:kill|stab|hurt|rape|hit) (?:me|us|her|him)\b",
    r"\b(?:breaking|broke|broken|kicking|smashing) (?:in|into|down) (?:my|our|the) (?:house|home|door|flat|window)\b",
    r"\bim in (?:immediate |real |serious |a lot of )?danger\b",
    r"\bcall (?:me )?(?:the police|999|an ambulance) (?:now|please|quick|for me)\b",
)

_CRISIS = (
    r"\b(?:want|wants|going|need|ready|planning|decided|trying|tried|might|could|will|gonna|thinking (?:of|about))(?: to| of| about)?(?: just)? "
    r"(?:die|kill(?:ing)? (?:myself|my self)|end(?:ing)? (?:my life|it all|everything)|be dead|hang(?:ing)? myself|hurt(?:ing)? myself|harm(?:ing)? myself)\b",
    r"\bkill(?:ing)? (?:myself|my self)\b",
    r"\b(?:im|feel|feeling|am|been|so|really|getting) suicidal\b|\bsuicidal (?:thoughts|feelings|again|tonight)\b",
    r"\b(?:self ?harm(?:ing|ed)?|cut(?:ting)? my ?(?:self|wrists?|arms?|legs?)|burn(?:ing|t)? myself|hurting myself)\b",
    r"\b(?:dont|do not) (?:want|wanna|wish) to (?:live|exist|be here|be alive|wake up|be on this earth)(?: any ?more| now| again)?\b",
    r"\bdont want to be alive\b",
    r"\b(?:better|best) off (?:dead|without me)\b",
    r"\b(?:taken|took|swallowed|taking)(?: \w+){0,4} (?:tablets|pills|paracetamol|overdose)\b|\boverdosed?\b",
    r"\b(?:no|any) (?:reason|point) (?:to|in|of) (?:live|living|be alive|being alive|going on|carry on living|being here)\b",
    r"\b(?:wish|wished) i (?:was|were|am) (?:dead|never born|gone)\b|\bwish (?:id|i had|i was) never (?:been )?born\b",
    r"\bnot (?:want|wanting) to wake up\b|\bnever wake up\b",
)

_BLACKMAIL = (
    rf"\b(?:or|otherwise|unless|if)\b.{{0,60}}\b(?:he|hell|she|shell|they|theyll|will|gets?|going to|is going to)(?: \w+)? (?:post|posts|posting|share|sharing|send|sending|sends|leak|leaks|leaking|show|expose|upload|tell|tells|put|gets sent|get sent)(?:ed)? {_PICTURES}\b(?=.*\b(?:everyone|school|friends|family|mum|dad|parents|online|followers|contacts|year|all)\b)",
    r"\b(?:threaten(?:s|ed|ing)?|threat(?:s)?)\b.{0,40}\b(?:post|share|send|leak|show|expose|upload|tell|put|release|publish)",
    r"\b(?:blackmail(?:ed|ing|s)?|sextort(?:ed|ing|ion|ed me)) (?:me|by|over|because|please|help|what|im|and|someone)\b|\b(?:being|am|im|getting|been|got) (?:blackmailed|sextorted)\b",
    r"\b(?:pay|send (?:more|him|her|them|money)|give (?:him|her|them))\b.{0,30}\bor (?:he|she|they|hell|shell|theyll|ill|else|it)\b",
)

_NOT_LIVE = regex.compile(
    r"\b(?:film|movie|book|series|netflix|documentary|episode|game|lyrics|homework|essay|project|assembly|lol|haha|hahaha|joking|jk|xd)\b"
)
"""Words of stories, school work and jokes: a phrase beside one of them is left to the statistics."""

_NEGATED = regex.compile(
    r"\b(?:not|never|no|isnt|wasnt|dont|didnt|hasnt|havent|arent|werent|doesnt|wouldnt|without)(?: \w+){0,2}$"
)
_PAST = regex.compile(
    r"\b(?:last (?:year|summer|winter|month)|years? ago|months? ago|ages ago|back then|used to|when i was|once|in the past|long time ago)\b"
)


@dataclass(frozen=True, slots=True)
class DangerPhrase:
    """A certain sign of danger: which reply it calls for, and the words that say so."""

    reply: str
    words: str


class _Pattern:
    def __init__(self, reply: str, pattern: str) -> None:
        self.reply = reply
        self._regex = regex.compile(pattern)

    def find(self, text: str) -> DangerPhrase | None:
        match = self._regex.search(text, timeout=None)
        # "dont want to live" carries its own negator inside the match; only one before the match turns it round.
        if match is None or _NEGATED.search(text[: match.start()].rstrip()):
            return None
        return DangerPhrase(self.reply, match.group())


_PATTERNS = tuple(
    _Pattern(reply, pattern)
    for reply, patterns in (("urgent", _URGENT), ("crisis", _CRISIS), ("blackmail", _BLACKMAIL))
    for pattern in patterns
)

_READ_CHARACTERS = 1_600
"""The longest text the provider passes on (Twilio error 21617)."""


def find_danger_phrases(words: tuple[str, ...]) -> tuple[DangerPhrase, ...]:
    """Give the danger phrases of a message, most dangerous reply first, one a reply.

    Args:
        words: Plain words with text-speak written out.
    """
    text = " ".join(words)[:_READ_CHARACTERS]
    if _NOT_LIVE.search(text):
        return ()
    found: dict[str, DangerPhrase] = {}
    for pattern in _PATTERNS:
        if pattern.reply in found:
            continue
        phrase = pattern.find(text)
        if phrase is not None and not (phrase.reply == "urgent" and _PAST.search(text)):
            found[phrase.reply] = phrase
    return tuple(found.values())
