"""Words that may not reach a child, each with the reason and something better. For English texts.

Sources: the line's writing rules (never blaming, no legal threats, only true promises); the police's page on silent 999
calls and the emergency text service (texting 999 works only for phones registered before); UK guidance on images of
under-18s (nobody may ask for them, not even to help).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import regex

from sms_service.core.checks.complaints import Severity


@dataclass(frozen=True, slots=True)
class RefusedWords:
    """A wording to find.

    Attributes:
        pattern: Finds it, whatever the case, the spaces and the kind of apostrophe.
        why: Completes the sentence "'...' ...".
        instead: What to do.
        severity: A warning where the words can also be right.
    """

    pattern: regex.Pattern[str]
    why: str
    instead: str
    severity: Severity = Severity.ERROR


def _refuse(words: str, why: str, instead: str, severity: Severity = Severity.ERROR) -> RefusedWords:
    loose = words.replace("'", "['\N{RIGHT SINGLE QUOTATION MARK}]?").replace(" ", r"\s+")
    return RefusedWords(regex.compile(rf"\b(?:{loose})(?!\w)", regex.IGNORECASE), why, instead, severity)


_WILL: Final = "(?: will|'ll)"
_NEVER_BEFORE: Final = "(?<!not )(?<!never )(?<!n't )"

_BLAMES: Final = "blames the young person."
_THREATENS: Final = "sounds like a threat with the law."
_PROMISES: Final = "promises what we cannot keep."

_SAY_WHAT_TO_DO: Final = "Say what they can do now."
_SAY_NO_FAULT: Final = "Say: it is not your fault."
_SAY_PRIVATE: Final = "Say: private, unless someone is in danger."
_SAY_TRUE_TODAY: Final = "Say what is true today."
_LEAVE_OUT: Final = "Leave it out."

_BLAME: Final = (
    _refuse("why did(?:n't| not)? you", _BLAMES, "Leave it out: nobody has to explain."),
    _refuse("put(?:ting|s)? yourself (?:and others )?(?:at|in) (?:risk|danger)", _BLAMES, _SAY_WHAT_TO_DO),
    _refuse("you should(?:n't| not)? have", _BLAMES, _SAY_WHAT_TO_DO),
    _refuse("should(?:n't| not)? have (?:sent|done|gone|told|talked|met|shared)", _BLAMES, _SAY_WHAT_TO_DO),
    _refuse("you (?:have )?made a mistake|your (?:own )?mistake", _BLAMES, _SAY_NO_FAULT),
    _refuse("you let (?:him|her|them)|you (?:chose|agreed) to", _BLAMES, _SAY_NO_FAULT),
    _refuse(_NEVER_BEFORE + "your (?:own )?fault", _BLAMES, _SAY_NO_FAULT),
    _refuse(_NEVER_BEFORE + "to blame", _BLAMES, "Say: you are not to blame."),
    _refuse("silly|stupid|foolish|naive|careless|irresponsible|shameful|disgusting", _BLAMES, _LEAVE_OUT),
    _refuse("attention seeking|overreacting|being dramatic", _BLAMES, "Leave it out: believe them."),
    _refuse("victims?", "makes a person small.", "Say: you, or: a young person.", Severity.WARNING),
)

_LAW: Final = (
    _refuse("(?:broke|broken|break|breaking|against) the law|illegal|unlawful", _THREATENS, _LEAVE_OUT),
    _refuse("arrested|prosecuted|convicted|criminal record|committed a crime|be charged", _THREATENS, _LEAVE_OUT),
)

_PROMISE: Final = (
    _refuse(
        f"(?:nobody|no one|no-one|they){_WILL} (?:ever |never )?(?:know|find out|see|tell)", _PROMISES, _SAY_PRIVATE
    ),
    _refuse(
        "never (?:know|find out|be found|be seen|come back|be posted|be shared|happen)", _PROMISES, _SAY_TRUE_TODAY
    ),
    _refuse("won't (?:tell|know|find out|be posted|be shared|post|share)", _PROMISES, _SAY_TRUE_TODAY),
    _refuse("(?:it|this|that|is|stays?|kept|be|completely|totally|our|your) secret", _PROMISES, _SAY_PRIVATE),
    _refuse(
        "secret(?:ly)?",
        "is a promise when we say it, and their word when they say it.",
        "Say 'private, unless someone is in danger', or say what they ask to hide.",
        Severity.WARNING,
    ),
    _refuse("confidential(?:ly|ity)?", _PROMISES, _SAY_PRIVATE),
    _refuse("anonymous(?:ly)?", "is true for few services.", "Say what they will be asked.", Severity.WARNING),
    _refuse("(?:we|I) promise|guaranteed?|for sure|100 ?%|always works?", _PROMISES, "Say 'can' or 'may'."),
    _refuse(
        f"(?:it|they|pictures?|videos?|nudes?){_WILL} be (?:taken down|removed|deleted|blocked)",
        _PROMISES,
        "Say: can try.",
    ),
    _refuse(
        f"(?:we|they|someone|somebody|a person|the police|police){_WILL} (?:always )?"
        "(?:answer|reply|respond|ring|call|text|come|be there|help|get back)",
        _PROMISES,
        "Say 'can', or name a number.",
    ),
    _refuse(
        "(?:answers?|answered|reply|replies|help|there)(?: you)? (?:at once|straight away|right away|immediately)",
        _PROMISES,
        "Leave the time out: there may be a wait.",
    ),
    _refuse("(?:will|'ll|going to) be (?:fine|okay|ok|all ?right|safe|over)", _PROMISES, "Say: there is help."),
    _refuse(
        "don't worry|do not worry|calm down|cheer up",
        "tells a frightened person how to feel.",
        "Leave it out, or say: we can help.",
        Severity.WARNING,
    ),
)

_FACTS: Final = (
    _refuse(
        r"text (?:to )?(?:999|\{contact\.emergency\})",
        "works only for a phone that was registered before.",
        "Say: call {contact.emergency}.",
    ),
    _refuse(
        "(?:dial|ring|call|text) 55|99955",
        "is wrong: 55 is pressed when the 999 operator asks.",
        "Say: call {contact.emergency} and listen. When asked, press 55.",
    ),
    _refuse(
        _NEVER_BEFORE + "send us (?:the|a|your|that|any) (?:picture|pic|photo|image|video|screenshot|nude)s?",
        "asks for what nobody may hold.",
        "Say: never send the picture to anyone, not even us.",
    ),
    _refuse("sext(?:ing|s|ed)?", "is a word of adults.", "Say: nudes."),
    _refuse("(?:child |kiddie )?porn(?:ography)?", "is not what it is.", "Say: nude, or picture."),
)

REFUSED_WORDS: Final = _BLAME + _LAW + _PROMISE + _FACTS
"""In order of precedence: where two overlap in a text, the first is complained about."""

LOCK_SCREEN_WORDS: Final = regex.compile(
    r"\b(?:abus|groom|nude|naked|sex|porn|pics?\b|pictur|photo|imag|video|webcam|camera|blackmail|extort|threat|suicid|"
    r"self[ -]?harm|hurt yourself|kill|rape|assault|predator|pa?edo|molest|exploit|victim|police|crime|online|"
    r"childline|nspcc|ceop|iwf|internet watch|samaritans|shout\b|safeguard|social (?:work|care|serv)|duty and advice|"
    r"report remove|counsel)[\w-]*",
    regex.IGNORECASE,
)
"""Words that tell somebody who glances at a locked phone what the text is about."""
