"""A step of a call in TwiML: words said in the right voice, keys and speech gathered, somebody else's phone rung.

Every answer that listens ends with words after the listening: should the provider not come back to us, the caller hears
the numbers and not a click (docs: voice/twiml/gather). Nothing is ever recorded, and speech comes unfiltered: who has
to say an ugly word about what was done to them is to be understood.
"""

from __future__ import annotations

from typing import Final, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from sms_service.core.book_fields import DEFAULT_LANGUAGE, LanguageCode
from sms_service.core.call_settings import PRESS
from sms_service.core.calls.state import CallStep, Then, Words
from sms_service.core.fallback import BUILT_IN_FALLBACK
from sms_service.core.speech import say_lines, say_literal
from sms_service.webhooks.twiml import CLOSE, NOT_IN_XML, OPEN
from sms_service.webhooks.voice_address import step_address

LISTEN_SECONDS: Final = 7
"""Without a sound or a key. A frightened person needs longer than the five that are usual."""

RING_SECONDS: Final = 25
"""Before the next number is rung: most voicemails take over after that."""

LONGEST_WORDS: Final = 3000
"""Of one ``<Say>``; the provider's limit is 4096 characters, Amazon's voices take 3000."""


class Voice(NamedTuple):
    """How a language is spoken and heard: the provider's names."""

    spoken: str
    voice: str
    heard: str


VOICES: Final[dict[LanguageCode, Voice]] = {
    DEFAULT_LANGUAGE: Voice("en-GB", "Polly.Amy-Neural", "en-GB"),
    # The provider recognises no Welsh: keys work, and so do English words.
    "cy": Voice("cy-GB", "Polly.Gwyneth", "en-GB"),
}
"""A language that is not among them is said by the English voice: PRESS and this table grow together."""

assert VOICES.keys() == PRESS.keys()  # noqa: S101 - two tables of this program, compared when it starts


HINTS: Final = (
    "blackmail, nudes, grooming, groomed, sextortion, webcam, livestream, Childline, Samaritans, IWF, CEOP, urgent, "
    "emergency, help, talk, police, suicide, self harm, press zero, say it again, text me, menu, he wants to meet me, "
    "someone is threatening me, they want pictures of me, they posted my picture, I am scared, he knows where I live"
)
"""What callers are likely to say, so that 'blackmail' is not heard as 'black male'."""


class VoiceTwiml:
    """The :class:`~sms_service.service.call_ports.CallFormat` of the provider.

    Args:
        public_url: What stands before the path in the addresses that the provider calls.
    """

    def __init__(self, public_url: str) -> None:
        self._public_url = public_url

    def wrap(self, step: CallStep, dialled: str | None, caller_id: str) -> bytes:
        """Give the bytes of a step.

        Raises:
            ValueError: When nothing is left of its words.
        """
        words = "".join(_say(part) for part in step.words)
        if not words:
            raise ValueError("nothing to say")
        first = "".join(_say(part) for part in step.first_words)
        if step.then is Then.HANG_UP:
            return _document(f"{first}{words}<Hangup/>")
        action = quoteattr(step_address(self._public_url, step.state))
        if step.then is Then.RING and dialled:
            shown = f" callerId={quoteattr(caller_id)}" if caller_id else ""
            dial = f'<Dial action={action} method="POST" timeout="{RING_SECONDS}"{shown}>'
            return _document(f"{first}{words}{dial}<Number>{escape(dialled)}</Number></Dial>{_LAST_WORDS}")
        heard = VOICES.get(step.state.language, VOICES[DEFAULT_LANGUAGE]).heard
        gather = (
            f'<Gather input="dtmf speech" action={action} method="POST" numDigits="1" finishOnKey=""'
            f' timeout="{LISTEN_SECONDS}" speechTimeout="auto" actionOnEmptyResult="true" profanityFilter="false"'
            f' language="{heard}" hints="{HINTS}">{words}</Gather>'
        )
        return _document(f"{first}{gather}{_LAST_WORDS}")

    @property
    def last_resort(self) -> bytes:
        """The bytes that say the built-in fallback and hang up."""
        return LAST_RESORT


def _document(verbs: str) -> bytes:
    return f"{OPEN}{verbs}{CLOSE}".encode()


def _say(words: Words) -> str:
    text = NOT_IN_XML.sub("", words.text).strip()
    if not text:
        return ""
    voice = VOICES.get(words.language, VOICES[DEFAULT_LANGUAGE])
    return f'<Say voice="{voice.voice}" language="{voice.spoken}">{escape(_shortened(text))}</Say>'


def _shortened(text: str) -> str:
    """Cut words that are too long at the end of a sentence; the checker keeps a book from having any."""
    return text if len(text) <= LONGEST_WORDS else text[:LONGEST_WORDS].rpartition(". ")[0] + "."


_LAST_WORDS: Final = _say(Words(say_lines(say_literal(BUILT_IN_FALLBACK)), DEFAULT_LANGUAGE))
LAST_RESORT: Final = _document(f"{_LAST_WORDS}<Hangup/>")
"""Made when the program starts, so that nothing can go wrong with it later."""
