"""What a message costs as the book grows: more keywords, more examples. Processor time in one process, no store."""

from __future__ import annotations

import itertools
import random
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bench.in_process import Driver, WsgiApp
from bench.line_app import SIGNED_URL
from bench.ratios import Ratio, interleaved, ratio_of
from bench.traffic import ACCOUNT_SID, ROOT, TOKEN, Traffic, evaluation_texts
from sms_service.core.reply_book import ReplyBook
from sms_service.core.understanding import learning
from sms_service.core.understanding.pipeline import Understander
from sms_service.factory.releases import load_bank_holidays, load_book
from sms_service.storage.sentence_encoder import shipped_encoder
from sms_service.storage.word_list import english_words

KEYWORDS = (10, 100, 1_000, 10_000)
EXAMPLES = (1_000, 5_000, 20_000)
_SYLLABLES = ("ba", "ko", "ri", "sen", "tu", "mar", "lo", "pin", "de", "gas", "wel", "ton", "ha", "ver", "mi", "cal")


def invented_keywords(count: int) -> list[str]:
    """Give words that mean nothing, a tenth of them of two parts."""
    chance = random.Random(7)  # noqa: S311 - the same words for everybody
    found: dict[str, None] = {}
    while len(found) < count:
        word = "".join(chance.choice(_SYLLABLES) for _ in range(chance.randint(3, 5)))
        found[word if chance.random() < 0.9 else f"{word} {chance.choice(_SYLLABLES)}"] = None  # noqa: PLR2004 - a tenth
    return list(found)


def book_with(keywords: Sequence[str]) -> ReplyBook:
    """Give the shipped book with other keywords, shared among its replies."""
    book = load_book(ROOT / "responses").book
    if book is None:
        raise RuntimeError("the shipped book does not load: run `python -m sms_service check`")
    shares = {key: tuple(keywords[number :: len(book.replies)]) for number, key in enumerate(book.replies)}
    replies = {key: reply.model_copy(update={"keywords": shares[key]}) for key, reply in book.replies.items()}
    return book.model_copy(update={"replies": replies})


@dataclass(frozen=True, slots=True)
class KeywordCost:
    """Microseconds here of finding the reply and of the whole request, and both as ratios to the smallest book's."""

    understand_us: float
    whole_us: float
    understand: Ratio
    whole: Ratio


def measure_keywords(rounds: int) -> dict[int, KeywordCost]:
    """Give the cost by number of keywords."""
    english = english_words()
    finding: dict[int, Callable[[], float]] = {}
    whole: dict[int, Callable[[], float]] = {}
    for count in KEYWORDS:
        words = invented_keywords(count)
        book = book_with(words)
        texts = [one.text for one in Traffic(SIGNED_URL, _ONLY_KEYWORDS, 1, keywords=words).requests(400)]
        finding[count] = _timed(Understander(book, english).understand, texts)
        whole[count] = Driver(_app_of(book, english), SIGNED_URL, _ONLY_KEYWORDS, keywords=words)
    base = KEYWORDS[0]
    for one in (*finding.values(), *whole.values()):
        one()
    found = {}
    understood = interleaved(finding[base], {str(count): finding[count] for count in KEYWORDS}, rounds)
    answered = interleaved(whole[base], {str(count): whole[count] for count in KEYWORDS}, rounds)
    for count in KEYWORDS:
        inner, outer = understood[str(count)], answered[str(count)]
        found[count] = KeywordCost(_middle(inner), _middle(outer), ratio_of(inner), ratio_of(outer))
    return found


_ONLY_KEYWORDS: Mapping[str, float] = {"keyword": 0.7, "courtesy": 0.15, "dressed": 0.08, "slip": 0.07}


@dataclass(frozen=True, slots=True)
class ExampleCost:
    """Seconds to learn, and microseconds here of a message in own words, without and with the sentence encoder."""

    learning_seconds: float
    lexical_us: float
    whole_us: float
    lexical: Ratio


def measure_examples(rounds: int) -> dict[int, ExampleCost]:
    """Give the cost by number of examples, taken evenly from the shipped ones."""
    loaded = load_book(ROOT / "responses")
    if loaded.book is None:
        raise RuntimeError("the shipped book does not load")
    english, encoder, texts = english_words(), shipped_encoder(), evaluation_texts()[:300]
    pairs = [(label, sentence) for label, sentences in sorted(loaded.examples.items()) for sentence in sentences]
    lexical: dict[int, Callable[[], float]] = {}
    whole, seconds = {}, {}
    for count in EXAMPLES:
        chosen: dict[str, list[str]] = {}
        for label, sentence in itertools.islice(pairs, None, None, max(1, len(pairs) // count)):
            chosen.setdefault(label, []).append(sentence)
        started = time.thread_time()
        learned = learning.learn(chosen)
        seconds[count] = time.thread_time() - started
        alone = Understander(loaded.book, english).with_free_text(*learning.free_text_from(learned, english, None))
        both = Understander(loaded.book, english).with_free_text(*learning.free_text_from(learned, english, encoder))
        lexical[count] = _timed(alone.understand, texts)
        whole[count] = _timed(both.understand, texts)()
    pairs_of = interleaved(lexical[EXAMPLES[0]], {str(count): lexical[count] for count in EXAMPLES}, rounds)
    return {
        count: ExampleCost(seconds[count], _middle(pairs_of[str(count)]), whole[count], ratio_of(pairs_of[str(count)]))
        for count in EXAMPLES
    }


def _timed(call: Callable[[str], object], texts: Sequence[str]) -> Callable[[], float]:
    def run() -> float:
        started = time.thread_time()
        for text in texts:
            call(text)
        return (time.thread_time() - started) / len(texts) * 1e6

    return run


def _middle(pairs: Sequence[tuple[float, float]]) -> float:
    return statistics.median(own for own, _ in pairs)


def _app_of(book: ReplyBook, english: frozenset[str]) -> WsgiApp:
    from flask import Flask

    from sms_service.ops.line_log import StructuredLog
    from sms_service.service.messaging import MessagingService, utc_now
    from sms_service.service.pseudonyms import Pseudonyms
    from sms_service.service.release import CurrentRelease, Release
    from sms_service.settings import PseudonymKey
    from sms_service.storage.in_memory import InMemoryHotState, InMemoryRecorder
    from sms_service.webhooks.request_verification import RequestVerifier
    from sms_service.webhooks.sms import SmsWebhook, sms_blueprint
    from sms_service.webhooks.sms_parsing import OwnAccount
    from sms_service.webhooks.twiml import TwimlAnswers

    holidays = load_bank_holidays()
    release = Release.of(book, Understander(book, english), now=utc_now(), bank_holidays=holidays)
    recorder = InMemoryRecorder()
    public_url = SIGNED_URL.removesuffix("/sms")
    log = StructuredLog(open("/dev/null", "w"))  # noqa: SIM115, PTH123 - as long as the process
    story = MessagingService(
        releases=CurrentRelease(release), pseudonyms=Pseudonyms([PseudonymKey("k1", bytes(32))]),
        hot_state=InMemoryHotState(), recorder=recorder, erasure=recorder, log=log, answers=TwimlAnswers(public_url),
    )  # fmt: skip
    app = Flask("grown")
    app.register_blueprint(
        sms_blueprint(SmsWebhook(RequestVerifier(public_url, [TOKEN]), OwnAccount(ACCOUNT_SID), story, log))
    )
    return app.wsgi_app
