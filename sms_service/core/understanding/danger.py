"""Danger phrases: certain, readable signs that stand above the statistics and work without them.

Each pattern reads the plain words of a message (lower case, text-speak written out, one space between words). A pattern
asks for positive evidence: somebody who threatens, harm, a place, a time. A negated, past or joking phrase does not
count.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import regex

_NAMED_IN_PATTERNS: Final = {
    "SOMEONE": "he|hes|she|shes|they|theyre|someone|somebody|(?:this|the|that|some|a) (?:man|guy|boy|woman|person)",
    "CHILD": "daughter|son|sister|brother|cousin|friend|girl|boy|child|niece|nephew|foster \\w+",
    "ME": "me|us|her|him",
    "POSSESSIVE": "his|her|their|a strangers|(?:this|some|a) (?:guys|mans)",
    "PICTURES": "it|them|pictures?|photos?|nudes?|videos?|screenshots?|everything|stuff|my \\w+",
    "SHARE": "post|share|send|leak|show|expose|upload|tell|put|release|publish",
    "SHARES": "posts?|posting|shares?|sharing|sends?|sending|leaks?|leaking|shows?|expose|upload|tells?|put|gets? sent",
    "OTHERS": "everyone|school|friends|family|mum|dad|parents|online|followers|contacts|year|all",
    "DIE": "die|be dead|kill(?:ing)? (?:myself|my self)|end(?:ing)? (?:my life|it all|everything)"
    "|(?:hang|hurt|harm)(?:ing)? myself",
}

_URGENT: Final = (
    r"\b<SOMEONE>(?: is| are| just)?(?: \w+)? (?:outside|at) (?:my|our|the) "
    r"(?:house|home|door|window|flat|school|gate|front door|back door)\b",
    r"\b<SOMEONE>(?: is| are| just)? (?:outside|downstairs|here) (?:and|i|please|now|right now|what|help|im)\b",
    r"\b<SOMEONE>(?: is| are)?(?: still| been)? (?:following|chasing|hunting) <ME>\b",
    r"\b(?:being|getting|am|im|been) (?:followed|chased|attacked|kidnapped)\b",
    r"\bim (?:still |stuck |trapped |locked )?(?:in|at) <POSSESSIVE> (?:car|van|house|flat|room|place|hotel|garage)\b"
    r"(?=.*\b(?:scared|help|out|leave|go|home|stuck|trapped|dont)\b)",
    r"\b(?:wont|not|never|refuses to|refusing to) let(?:ting)? <ME> (?:go|leave|out|get out|go home)\b",
    r"\b(?:locked|trapped|shut) (?:<ME> )?in (?:a|the|his|her|their|here|this|my)\b",
    r"\b(?:he|she|they|hes|shes|theyre|who)(?: has| have| had)?(?: got)? a (?:knife|gun|blade|weapon|hammer|machete)\b",
    r"\b(?:my|our) (?:\w+ )?(?:<CHILD>)(?: is| has| has gone| went| gone)(?: \w+)? missing\b",
    r"\b(?:put|slipped) (?:something|anything|stuff) in my drink\b",
    r"\b<SOMEONE>(?: is| are)? (?:going to|about to|trying to) (?:kill|stab|hurt|rape|hit) <ME>\b",
    r"\b(?:raped|(?:sexually )?assaulted|molested|sexually abused) (?:<ME>)\b",
    r"\bi (?:was|got|have been|been|just got) (?:raped|sexually assaulted|assaulted|molested|sexually abused)\b",
    r"\b(?:dad|mum|stepdad|step dad|stepmum|uncle|brother|boyfriend|dads|mums|carer|teacher)(?: \w+)? "
    r"(?:hits|hit|beats|beat|punches|punched|strangled|kicks|kicked) me\b(?! (?:up|at|with|to))",
    r"\b(?:breaking|broke|broken|kicking|smashing) (?:in|into|down) (?:my|our|the) (?:house|home|door|flat|window)\b",
    r"\bim in (?:immediate |real |serious |a lot of )?danger\b",
    r"\b<SOMEONE>(?: will| going to|ll| is going to)? be here (?:any (?:minute|second|moment)|soon|in \w+)\b"
    r"(?=.*\b(?:alone|scared|help|frightened|terrified|hide|hiding|shaking)\b)",
    r"(?<=\b(?:blackmail\w*|threat\w*|pictures?|video|knife|hurt|kill|cash|scared|angry) .*)"
    r"\bon (?:his|her|their|the) way (?:here|round|over|to (?:mine|me|my|ours|our))\b",
    r"\b<SOMEONE>(?: has| have)? (?:gone|been) missing (?:since|for|all|from|last|and)\b",
    r"\bcall (?:me )?(?:the police|999|an ambulance) (?:now|please|quick|for me)\b",
)

_CRISIS: Final = (
    r"\b(?:wants?|going|need|ready|planning|decided|trying|tried|might|could|will|thinking (?:of|about))"
    r"(?: to| of| about)?(?: just)? <DIE>\b",
    r"\bkill(?:ing)? (?:myself|my self)\b",
    r"\b(?:im|feel|feeling|am|been|so|really|getting) suicidal\b|\bsuicidal (?:thoughts|feelings|again|tonight)\b",
    r"\bself ?harm(?:ing|ed)?\b|\b(?:hurting|burn(?:ing|t)?) myself\b",
    r"\bcut(?:ting)? (?:my ?self|my (?:wrists?|arms?|legs?))\b(?! (?:a|some|another)\b)",
    r"\b(?:dont|do not) (?:want|wish) to (?:live|exist|be here|be alive|wake up|be on this earth)\b",
    r"\b(?:better|best) off (?:dead|without me)\b",
    r"\b(?:easier|better) if (?:im|i was|i were)(?: just)? (?:dead|gone|not here)\b",
    r"\b(?:taken|took|swallowed|taking)(?: \w+){0,4} (?:tablets|pills|paracetamol|overdose)\b|\boverdosed?\b",
    r"\b(?:no|any) (?:reason|point) (?:to|in|of) (?:live|living|be(?:ing)? (?:alive|here)|going on|carry on living)\b",
    r"\bwish(?:ed)? (?:i (?:was|were|am) (?:dead|never born|gone)|(?:id|i had|i was) never (?:been )?born)\b",
    r"\b(?:not|never) (?:wanting to )?wake up\b",
    r"\b(?:pills|tablets|paracetamol) (?:are )?(?:in|on) (?:my|the) (?:hand|hands|lap|bed)\b",
    r"\b(?:just|should i|might as well|want to|ready to|better to) end (?:it|things)\b"
    r"(?! (?:with|between|now with|off))",
    r"\bon (?:the|a|this) (?:bridge|roof|railway|tracks|ledge)\b(?=.*\b(?:cry|crying|jump|jumping|goodbye|end it)\b)",
    r"\b(?:going to|wants? to|about to|trying to|will) (?:kill|hang) (?:herself|himself|themselves|themself)\b"
    r"(?=.*\b(?:now|tonight|today)\b)",
    r"\b(?:wrote|written|writing) (?:my|a) (?:goodbye|suicide|goodbye letter|suicide note)\b",
)

_BLACKMAIL: Final = (
    r"\b(?:or|otherwise|unless|if)\b(?: \w+){0,10}? (?:he|hell|she|shell|they|theyll|will|to)(?: \w+)? "
    r"(?:<SHARES>) (?:<PICTURES>)(?: \w+){0,4}? (?:<OTHERS>)\b",
    r"\bthreat(?:en(?:s|ed|ing)?|s)?\b(?: \w+){0,6}? (?:<SHARE>)",
    r"\b(?:being|am|im|getting|been|got) (?:blackmailed|sextorted)\b",
    r"\b(?:blackmail(?:ed|ing|s)?|sextort(?:ed|ing)) (?:me|by|over|because|please|help|what|im|and|someone)\b",
    r"\b(?:pay|send (?:more|him|her|them|money)|give (?:him|her|them))\b.{0,30}"
    r"\bor (?:he|she|they|hell|shell|theyll|ill|else|it)\b",
)

_NOT_LIVE: Final = regex.compile(
    r"\b(?:film|movie|book|series|netflix|documentary|episode|game|lyrics|homework|essay|project|assembly"
    r"|lol|haha|hahaha|joking|jk|xd)\b"
)
"""Words of stories, school work and jokes: a phrase beside one of them is left to the statistics."""

_NEGATED: Final = regex.compile(
    r"\b(?:not|never|no|isnt|wasnt|dont|didnt|hasnt|havent|arent|werent|doesnt|wouldnt|without)(?: \w+){0,2}$"
)
_PAST: Final = regex.compile(
    r"\b(?:last (?:year|summer|winter|month)|years? ago|months? ago|ages ago|back then|used to|when i was|once"
    r"|in the past|long time ago)\b"
)

_HINTS: Final = {
    "urgent": frozenset(
        """
        outside at here downstairs following chasing hunting followed chased attacked kidnapped in let letting locked
        trapped shut knife gun blade weapon hammer machete missing drink kill stab hurt rape hit breaking broke broken
        kicking smashing raped assaulted molested abused hits beats beat punches punched strangled kicks kicked danger
        999 police ambulance way
        """.split()
    ),
    "crisis": frozenset(
        """
        die dead kill killing end ending hang hanging hurt hurting harm harming myself my suicidal self selfharm
        selfharming harmed cut cutting burn burning burnt live exist alive here wake earth off easier better taken took
        swallowed taking overdose overdosed point reason wish wished goodbye suicide pills tablets
        paracetamol bridge roof railway tracks ledge herself himself themselves themself
        """.split()
    ),
    "blackmail": frozenset(
        "or otherwise unless if threat threats threaten threatens threatened threatening blackmailed sextorted "
        "blackmail blackmailing blackmails sextorting pay send give".split()
    ),
}
"""One of these words stands in every phrase of the reply: most messages need no pattern at all."""

_READ_CHARACTERS: Final = 800
"""Half of the longest text message (Twilio error 21617): bounds the cost of a hostile one. Of a longer one, such as
apps send, the beginning and the end are read: what was hard to say often comes last."""


@dataclass(frozen=True, slots=True)
class DangerPhrase:
    """A certain sign of danger: which reply it calls for, and the words that say so."""

    reply: str
    words: str


def _compile(pattern: str) -> regex.Pattern[str]:
    for name, alternatives in _NAMED_IN_PATTERNS.items():
        pattern = pattern.replace(f"<{name}>", f"(?:{alternatives})")
    return regex.compile(pattern)


_PATTERNS: Final = tuple(
    (reply, _compile(pattern))
    for reply, patterns in (("urgent", _URGENT), ("crisis", _CRISIS), ("blackmail", _BLACKMAIL))
    for pattern in patterns
)


def find_danger_phrases(words: tuple[str, ...]) -> tuple[DangerPhrase, ...]:
    """Give the danger phrases of a message, most dangerous reply first, one a reply.

    Args:
        words: Plain words with text-speak written out.
    """
    hinted = {reply for reply, hints in _HINTS.items() if not hints.isdisjoint(words)}
    if not hinted:
        return ()
    text = " ".join(words)
    found = _found_in(text[:_READ_CHARACTERS], hinted)
    if len(text) > _READ_CHARACTERS:
        found |= _found_in(text[-_READ_CHARACTERS:], hinted - found.keys())
    return tuple(found[reply] for reply in dict.fromkeys(reply for reply, _ in _PATTERNS) if reply in found)


def _found_in(text: str, hinted: set[str]) -> dict[str, DangerPhrase]:
    found: dict[str, DangerPhrase] = {}
    if _NOT_LIVE.search(text):
        return found
    for reply, pattern in _PATTERNS:
        if reply in found or reply not in hinted:
            continue
        match = pattern.search(text)
        # "dont want to live" carries its own negator inside the match; only one before the match turns it round.
        if match is None or _NEGATED.search(text[: match.start()].rstrip()):
            continue
        if not (reply == "urgent" and _PAST.search(text)):
            found[reply] = DangerPhrase(reply, match.group())
    return found
