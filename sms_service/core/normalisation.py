"""From what somebody typed to the plain words that every later stage compares.

One way for everything: keywords in the book, example sentences and incoming texts all pass through :func:`normalise`,
so that two texts are the same word list exactly when a careful reader would read the same words.
Everything here is linear in the length of the text.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import regex
from anyascii import anyascii

_FORMAT_CHARACTERS = regex.compile(r"[\p{Cf}\p{Mn}\p{Me}\p{Variation_Selector}]+")
"""Zero-width joiners, direction marks and free-standing combining accents: invisible, so they separate nothing."""

_EMOJI = regex.compile(r"\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}")

_SOS_SIGN = "\N{SQUARED SOS}"

_BOXED_LETTERS = str.maketrans("\U0001f170\U0001f171\U0001f17e\U0001f17f", "ABOP")
"""Four boxed letters are emoji as well; the other boxed letters are left to transliteration."""

_LOOKALIKES = str.maketrans(
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u0406\u0405\u0408"
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0455\u0458"
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03bf\u03bd",
    "ABEKMHOPCTYXISJaeopcyxisjABEZHIKMNOPTYXov",
)
"""Cyrillic and Greek letters that look Latin (Unicode TR 39 calls them confusables), to the letter they look like."""

_OTHER_SCRIPT = regex.compile(r"[\p{L}--\p{Latin}]", regex.VERSION1)

_WORD_WITH_LOOKALIKE = regex.compile(r"\w*[\p{Cyrillic}\p{Greek}]\w*")

_SIGNATURE = regex.compile(
    r"(?im)^[ \t]*(?:--[ \t]*$|sent (?:from|via|using) (?:my |the )?\p{L}[\w ,.'\N{RIGHT SINGLE QUOTATION MARK}]{0,40}$"
    r"|get outlook for \p{L}[\w ]{0,20}$)"
)
"""Lines that a mail program or phone adds below a text ("Sent from my iPhone")."""

_INLINE_SIGNATURE = regex.compile(
    r"(?i)\bsent (?:from|via) (?:my|school|work|mums|dads) (?:\p{L}+ ){0,2}"
    r"(?:phone|iphone|ipad|android|tablet|mobile)\b\W*$"
)

_APOSTROPHES = regex.compile("(?<=[A-Za-z])['`\u2018\u2019\u02bc\u00b4\uff07](?=[A-Za-z])")

_WORD = re.compile(r"[a-z0-9]+")
_WORD_AS_TYPED = re.compile(r"[A-Za-z0-9]+")

_LONG_RUN = re.compile(r"([a-z])\1{2,}")

_NUMBER_WITH_ENDING = regex.compile(r"[0-9]+(?:st|nd|rd|th|am|pm|ish|yo|yrs?)?|[0-9]{2,}[skpmx]")
"""A number, or one as people end it ('in his 50s', '15th', '7pm', '14yo'): no word with digits for letters."""

_LEET = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t"})

# Signs that stand for a letter inside a word ("h@te", "$uicide"); elsewhere they are punctuation.
_SIGN_LETTERS = {"@": "a", "$": "s"}
_SIGN_IN_WORD = regex.compile(r"(?<=[A-Za-z])[@$](?=[A-Za-z])")


_READ_CHARACTERS = 4_800
"""Three times the longest message that the provider passes on (1,600 characters, Twilio error 21617)."""

_NO_EMOJI: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NormalisedText:
    """A text as plain words.

    Attributes:
        words: Lower-case ASCII words and numbers in order, apostrophes dropped (``dont``).
        shouted: For each word, whether every letter of it was a capital (two letters or more).
        emoji: The emoji of the text in order, as they were.
        other_script: Whether a letter of it was of no Latin alphabet, so that words may only sound like Latin ones.
    """

    words: tuple[str, ...]
    shouted: tuple[bool, ...]
    emoji: tuple[str, ...]
    other_script: bool = False

    def part(self, words: slice) -> NormalisedText:
        """Give some of the words in a row as a text of their own."""
        return NormalisedText(self.words[words], self.shouted[words], self.emoji, self.other_script)

    @property
    def form(self) -> str:
        """The words with one space between them: what keyword tables are keyed by."""
        return " ".join(self.words)

    @property
    def shouts_all_over(self) -> bool:
        """Whether most of the text is in capitals, so that a word in capitals says nothing special."""
        return len(self.words) > 1 and 2 * sum(self.shouted) > len(self.words)


def normalise(text: str) -> NormalisedText:
    """Give the plain words of a text; an empty or unreadable text gives no words, never an error."""
    plain, emoji = _plain(text)
    lowered = plain.lower()
    words = tuple(_WORD.findall(lowered))
    other_script = not text.isascii() and has_other_script(text)
    if plain == lowered:
        return NormalisedText(words, (False,) * len(words), emoji, other_script)
    typed = _WORD_AS_TYPED.findall(plain)
    return NormalisedText(words, tuple([len(word) > 1 and word.isupper() for word in typed]), emoji, other_script)


def has_other_script(text: str) -> bool:
    """Whether a letter of a text is of no Latin alphabet."""
    return _OTHER_SCRIPT.search(text) is not None


def readable(text: str) -> str:
    """Give what is read of a text: all of it, or the first and last parts of one that no phone can send."""
    if len(text) <= _READ_CHARACTERS:
        return text
    return text[: _READ_CHARACTERS * 3 // 4] + " " + text[-_READ_CHARACTERS // 4 :]


def keyword_form(text: str) -> str:
    """Give the form under which a keyword is looked up (``"I.W.F!"`` gives ``"i w f"``)."""
    # Without what else normalise finds out: tens of thousands of sentences pass here at each start.
    return " ".join(_WORD.findall(_plain(text)[0].lower()))


def squeeze(word: str, to: int = 1) -> str:
    """Shorten letters that stand three times or more in a row (``heeelp`` gives ``help``, or ``heelp`` to two)."""
    return _LONG_RUN.sub(r"\1" * to, word)


def unleet(word: str) -> str:
    """Read digits as the letters they look like (``h3lp`` gives ``help``); a number stays as it is (``50s``)."""
    return word if _NUMBER_WITH_ENDING.fullmatch(word) else word.translate(_LEET)


def _plain(text: str) -> tuple[str, tuple[str, ...]]:
    """Give a text in ASCII as its words are read from, and its emoji."""
    plain, emoji = (text, _NO_EMOJI) if text.isascii() else _to_ascii(text)
    plain = _without_signature(plain)
    if "'" in plain or "`" in plain:
        plain = _APOSTROPHES.sub("", plain)
    if "@" in plain or "$" in plain:
        plain = _SIGN_IN_WORD.sub(lambda sign: _SIGN_LETTERS[sign.group()], plain)
    return plain, emoji


def _to_ascii(text: str) -> tuple[str, tuple[str, ...]]:
    folded = unicodedata.normalize("NFKC", text.replace(_SOS_SIGN, " SOS ").translate(_BOXED_LETTERS))
    emoji = tuple(_EMOJI.findall(folded))
    if emoji:
        folded = _EMOJI.sub(" ", folded)
    folded = _APOSTROPHES.sub("", folded)
    # Accents go before transliteration, so that 'é' is 'e' and a bare combining mark splits no word.
    folded = _FORMAT_CHARACTERS.sub("", unicodedata.normalize("NFD", folded))
    return anyascii(_WORD_WITH_LOOKALIKE.sub(_read_lookalikes, folded)), emoji


def _read_lookalikes(match: regex.Match[str]) -> str:
    """Read a word as Latin only when that leaves no other script in it; a real Cyrillic word keeps its sounds."""
    looked = match.group().translate(_LOOKALIKES)
    return looked if looked.isascii() else match.group()


def _without_signature(text: str) -> str:
    if "sent " not in text.lower() and "--" not in text and "utlook" not in text:
        return text
    match = _SIGNATURE.search(text)
    if match and match.start() > 0:
        text = text[: match.start()]
    return _INLINE_SIGNATURE.sub("", text)
