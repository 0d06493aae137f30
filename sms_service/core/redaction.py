"""Taking what could point at a person out of a text that nobody understood, before staff may learn from it.

Rather a word too many than one too few: what is left is read by a person who only wants to know how young people put
things. It is no promise of anonymity, which is why the text is encrypted as well and kept for days only.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

MOST_CHARACTERS: Final = 480

_NAME_WORDS: Final = r"(?:[^\W\d_][\w'’-]*)"
_NOT_NAMES: Final = frozenset(
    """a an the at in on my so not no being getting scared worried sad lonely alone ok okay fine feeling going gonna
    really very just only still also too bored tired upset confused hurt stuck lost ill sick afraid sorry here there
    home locked trapped blocked with from under over nearly almost about because and but or if when why how what who
    that this it he she they we you trying having doing thinking talking texting asking waiting hoping hiding crying
    shaking pregnant depressed anxious angry happy unsure sure new old young gay bi trans autistic online outside
    inside""".split()
)
_NUMBER_WORDS: Final = "zero oh nought one two three four five six seven eight nine double triple".split()

_RULES: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (re.compile(r"\b(?:[a-z][a-z0-9+.-]{1,15}://|www\.)\S+", re.IGNORECASE), "[link]"),
    (re.compile(r"\S+@\S+\.\S+"), "[email]"),
    (
        re.compile(r"\b\S+\s*(?:\(at\)|\[at\]|\bat\b)\s*(?:gmail|hotmail|outlook|yahoo|icloud)\b\S*", re.IGNORECASE),
        "[email]",
    ),
    (re.compile(r"(?<![\w])@\w[\w.]*"), "[handle]"),
    (
        re.compile(
            r"\b(?:(?:my|his|her|their)\s+)?(?:snap(?:chat)?|insta(?:gram)?|tik\s*tok|discord|kik|roblox|xbox|psn|steam|"
            r"telegram|whats\s*app|user\s*name|username|gamertag)\s*(?:name|id|is|tag|handle|@|:|-)+\s*\S+",
            re.IGNORECASE,
        ),
        "[handle]",
    ),
    (
        re.compile(
            r"\b(?:[a-z0-9-]+\.)+(?:co\.uk|org\.uk|com|org|net|uk|me|io|gg|ly|tv|app)\b(?:/\S*)?", re.IGNORECASE
        ),
        "[link]",
    ),
    (re.compile(r"\b(?=\w*\d)(?=\w*[a-z])[a-z]\w*(?:[._]\w+)*\d\w*\b(?<!\b[a-z]\d)", re.IGNORECASE), "[name or code]"),
    (re.compile(r"\b\w+(?:[._]\w+)+\b"), "[handle]"),
)

_POSTCODE: Final = re.compile(r"\b[a-z]{1,2}[0-9][a-z0-9]?\s*[0-9][a-z]{2}\b", re.IGNORECASE)
_ROAD: Final = re.compile(
    r"\b(?:\d+\w?\s+)?(?:\w+\s+){1,2}(?:street|st|road|rd|avenue|ave|lane|close|drive|crescent|court|way|walk|gardens)\b",
    re.IGNORECASE,
)
_DIGITS: Final = re.compile(r"(?<!\w)[+(]?\d(?:[\s().,/+-]{0,3}\d){2,}(?!\w)|\d{3,}")
_SPELLED_DIGITS: Final = re.compile(rf"\b(?:(?:{'|'.join(_NUMBER_WORDS)})\b[\s,-]*){{4,}}", re.IGNORECASE)
_SAID_NAME: Final = re.compile(
    r"\b(my(?:\s+\w+)?(?:['’]s)?\s+names?(?:\s+is|['’]?s)?|(?:his|her|their)(?:\s+\w+)?\s+names?(?:\s+is|['’]?s)?|names?\s+is|"
    r"(?:is|was|he['’]?s|shes?|hes|someone|guy|girl|boy|man|woman|friend|teacher)\s+(?:called|named)|called|"
    r"this\s+is|it['’]?s\s+me|(?:i\s+)?go\s+by)\s+"
    rf"({_NAME_WORDS}(?:\s+{_NAME_WORDS})?)",
    re.IGNORECASE,
)
_I_AM: Final = re.compile(rf"\b(i\s*['’]?\s*a?m)\s+({_NAME_WORDS})", re.IGNORECASE)
_SCHOOL: Final = re.compile(
    rf"\b(?:at|from|in|near|to)\s+((?:{_NAME_WORDS}\s+){{1,3}}(?:school|college|academy|primary|high|uni|university))\b",
    re.IGNORECASE,
)
_CAPITAL: Final = re.compile(r"(?<=[a-z,;] )(?!I\b)[A-Z][a-z'’-]+(?:\s+[A-Z][a-z'’-]+)*\b")


def redacted(text: str) -> str:
    """Give a text without numbers, names that are said to be names, e-mails, links, handles, postcodes and addresses.

    Returns:
        At most 480 characters in one line. What was taken out stands there as ``[number]``, ``[name]``, ...
    """
    plain = unicodedata.normalize("NFKC", text[: 4 * MOST_CHARACTERS])
    plain = "".join(_visible(character) for character in plain)
    plain = " ".join(plain.split())
    plain = _POSTCODE.sub("[postcode]", plain)
    for pattern, stands_for in _RULES[:2]:
        plain = pattern.sub(stands_for, plain)
    plain = _DIGITS.sub("[number]", plain)
    plain = _SPELLED_DIGITS.sub("[number] ", plain)
    for pattern, stands_for in _RULES[2:]:
        plain = pattern.sub(stands_for, plain)
    plain = _SAID_NAME.sub(_without_said_name, plain)
    plain = _I_AM.sub(_without_own_name, plain)
    plain = _SCHOOL.sub("at [school]", plain)
    plain = _ROAD.sub("[address]", plain)
    plain = _CAPITAL.sub("[name]", plain)
    return " ".join(plain.split())[:MOST_CHARACTERS]


def _visible(character: str) -> str:
    kind = unicodedata.category(character)
    if kind == "Nd":  # digits of any script
        return str(unicodedata.digit(character))
    if kind == "Cf":  # unseen marks that would split a number or a name
        return ""
    return " " if kind.startswith("C") else character


def _without_said_name(match: re.Match[str]) -> str:
    said, name = match[1], match[2].split()
    if name[0].casefold() in _NOT_NAMES:
        return match[0]
    rest = "" if len(name) == 1 or name[1].casefold() not in _NOT_NAMES else f" {name[1]}"
    return f"{said} [name]{rest}"


def _without_own_name(match: re.Match[str]) -> str:
    return match[0] if match[2].casefold() in _NOT_NAMES else f"{match[1]} [name]"
