"""The stages in their order: the first that is sure decides, and says why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sms_service.core.normalisation import NormalisedText, keyword_form, normalise, readable
from sms_service.core.reply_book import NO_MATCH, ReplyBook
from sms_service.core.understanding.courtesies import core_of
from sms_service.core.understanding.danger import DangerPhrase, find_danger_phrases
from sms_service.core.understanding.free_text import HARMLESS, FreeText, Judgement
from sms_service.core.understanding.keywords import KeywordHit, KeywordIndex, is_only_keywords
from sms_service.core.understanding.mishearings import SOUNDS_LIKE
from sms_service.core.understanding.opt_out import is_opt_in, is_opt_out, may_ask_to_stop, speaks_of_neither
from sms_service.core.understanding.other_languages import ForeignPhrase, PhraseBook
from sms_service.core.understanding.result import Candidate, Stage, Understanding
from sms_service.core.understanding.spelling import SpellingTable
from sms_service.core.understanding.text_speak import expand_text_speak
from sms_service.core.understanding.vocabulary import COURTESY, MENU_COURTESY, NUMBER_WORDS

_GENERIC_REPLY = "help"
"""Gives way to any other keyword in the same message."""

_ACUTE = ("urgent", "crisis")
_NEVER = -20.0
"""A log score that no other evidence makes up for."""
_SURE_OF_OTHER_LANGUAGE = 0.7
"""Statistics over English must be this sure of a message that is hardly English."""
_RUNNER_UPS = 3
_SHORT_MESSAGE_WORDS = 6
_LONG_MESSAGE_WORDS = 120
"""Longer than texts to phones are; apps send such. Statistics over so much talk drown the sentence that matters."""
_THANKS_EMOJI = frozenset(
    "\N{THUMBS UP SIGN}\N{PERSON WITH FOLDED HANDS}\N{HEAVY BLACK HEART}\N{OK HAND SIGN}\N{WHITE HEAVY CHECK MARK}"
)


class Understander:
    """Finds the reply for a text; built once per release, safe to share between threads.

    Args:
        book: The release's reply book.
        english: Real words, which are never taken for a slip of another.
        free_text: None until it has been trained, or where it failed: the other stages work without it.
        spelling: Repairs slips before free text; None without free text.
        phrases: Of other languages, where they were made from this book before.
    """

    def __init__(
        self,
        book: ReplyBook,
        english: frozenset[str],
        free_text: FreeText | None = None,
        spelling: SpellingTable | None = None,
        phrases: PhraseBook | None = None,
    ) -> None:
        self._book = book
        self._english = english
        self._free_text = free_text
        self._spelling = spelling
        self._keywords = KeywordIndex({key: reply.all_keywords for key, reply in book.replies.items()}, english)
        self._languages = {
            keyword_form(keyword): language
            for reply in book.replies.values()
            for language, keywords in reply.keywords_in.items()
            for keyword in keywords
        }
        self._phrases = phrases or PhraseBook(book.phrases_in, book.replies, english)
        labels = () if free_text is None else free_text.lexical.labels
        # A model learned from another book, or made with the encoder, may know replies that this one has not.
        self._absent = {label: _NEVER for label in labels if label != HARMLESS and label not in book.replies}

    @property
    def has_learned(self) -> bool:
        """Whether the free-text stage has learned the book's examples."""
        return self._free_text is not None and self._free_text.has_learned

    @property
    def reads_own_words(self) -> bool:
        """Whether there is a free-text stage at all, be it the sentence encoder alone."""
        return self._free_text is not None

    @property
    def learned_from(self) -> str | None:
        """Digest of the examples that the free-text stage has learned; None while it has learned none."""
        return None if self._free_text is None else self._free_text.learned_from

    def with_free_text(self, free_text: FreeText, spelling: SpellingTable) -> Understander:
        """Give the same understander with the free-text stage added (it is trained in the background)."""
        return Understander(self._book, self._english, free_text, spelling, self._phrases)

    def for_book(self, book: ReplyBook) -> Understander:
        """Give an understander for another book that goes on with what was learned from this one's examples."""
        same = book.phrases_in == self._book.phrases_in and book.replies.keys() == self._book.replies.keys()
        return Understander(book, self._english, self._free_text, self._spelling, self._phrases if same else None)

    def without(self, *, free_text: bool = False, encoder: bool = False) -> Understander:
        """Give the same understander without a part of it, to measure what that part is worth."""
        kept = None if free_text or self._free_text is None else self._free_text
        if kept is not None and encoder:
            kept = kept.without_encoder()
        return Understander(self._book, self._english, kept, self._spelling, self._phrases)

    def understand(self, text: str) -> Understanding:
        """Give the reply that fits a text. Never raises on any text."""
        return self.read(normalise(readable(text)))

    def is_keyword(self, written: NormalisedText) -> bool:
        """Whether a text is a keyword and nothing else."""
        return self._keywords.exact(written.form) is not None

    def read(self, written: NormalisedText) -> Understanding:
        """Give the reply that fits a text whose words are known already."""
        if not written.words:
            return self._without_words(written)
        decided = self._opt_out(written.words)
        if decided is not None:
            return decided
        core = core_of(written.words)
        if core.stop - core.start < len(written.words):
            found = self._said(written.part(core))
            if found.reply not in (NO_MATCH, "stop"):
                return found
        return self._said(written)

    def _said(self, written: NormalisedText) -> Understanding:
        decided = self._menu_number(written.words)
        if decided is not None:
            return decided
        plain = self._keywords.plain_words(written.words)
        alone = SOUNDS_LIKE.get(" ".join([word for word in plain if word not in COURTESY]))
        if alone is not None:
            plain = (alone,)
        hits = [hit for hit in self._keywords.find(written, plain) if not hit.negated]
        decided = self._keyword(plain, hits)
        if decided is not None:
            return decided
        foreign = self._phrases.find(written)
        if foreign is not None and self._book.is_danger(foreign.reply):
            return self._from_foreign(foreign)
        understood = self._english_words(plain, hits)
        if foreign is not None and not self._book.is_danger(understood.reply):
            return self._from_foreign(foreign)
        unsure = understood.stage is Stage.FREE_TEXT and understood.score < _SURE_OF_OTHER_LANGUAGE
        if unsure and self._phrases.is_not_english(written):
            return replace(understood, reply=NO_MATCH, stage=Stage.NO_MATCH, reason="It is hardly English.")
        return understood

    def _english_words(self, plain: tuple[str, ...], hits: list[KeywordHit]) -> Understanding:
        slips = [hit for hit in self._keywords.find_with_slips(plain) if not hit.negated]
        if slips and is_only_keywords(plain, [*hits, *slips]):
            return self._from_hit(self._weightiest([*hits, *slips]), Stage.TYPO, hits)
        return self._own_words(plain, hits)

    # The stages ---------------------------------------------------------------------------------------------------

    def _without_words(self, written: NormalisedText) -> Understanding:
        if written.emoji and set(written.emoji) <= _THANKS_EMOJI and "thanks" in self._book.replies:
            return Understanding("thanks", Stage.KEYWORD, "The message is only a thank-you sign.")
        return Understanding(NO_MATCH, Stage.NO_MATCH, "The message holds no words.", score=0.0)

    def _opt_out(self, words: tuple[str, ...]) -> Understanding | None:
        if speaks_of_neither(words):
            return None
        if is_opt_out(words):
            return Understanding(
                "stop", Stage.OPT_OUT, "The whole message asks to stop texts.", without_guessing="stop"
            )
        if is_opt_in(words):
            return Understanding(
                "start", Stage.OPT_OUT, "The whole message asks to start again.", without_guessing="start"
            )
        return None

    def _menu_number(self, words: tuple[str, ...]) -> Understanding | None:
        said = [word for word in words if word not in MENU_COURTESY]
        number = NUMBER_WORDS.get(said[0], said[0]) if len(said) == 1 else ""
        if not number.isdigit() or len(number) > 2:  # noqa: PLR2004 - 999 is a keyword
            return None
        key = self._book.menu_number(int(number))
        if key is None:
            return None
        return Understanding(key, Stage.KEYWORD, f"Menu number {number}.", evidence=(number,), without_guessing=key)

    def _keyword(self, plain: tuple[str, ...], hits: list[KeywordHit]) -> Understanding | None:
        if not hits or (self._free_text is not None and may_ask_to_stop(plain)):
            # 'Remove my number' is no request for the keyword REMOVE; own words decide it.
            return None
        only = is_only_keywords(plain, hits)
        standing_out = hits if only else [hit for hit in hits if hit.shouted]
        if not standing_out:
            return None
        chosen = self._weightiest(standing_out)
        if self._book.is_danger(chosen.reply):
            return self._from_hit(chosen, Stage.DANGER, hits)
        return self._from_hit(chosen, Stage.KEYWORD if only else Stage.KEYWORD_INSIDE, hits)

    def _own_words(self, plain: tuple[str, ...], hits: list[KeywordHit]) -> Understanding:
        if self._free_text is not None:
            plain = self._free_text.splitter.respaced(plain)
        expanded = tuple(expand_text_speak(plain))
        if self._free_text is None or self._spelling is None:
            return self._certain_signs(plain, hits, find_danger_phrases(expanded))
        label = self._free_text.label_of_example(expanded)
        if label == "stop" and not may_ask_to_stop(expanded):
            label = None
        if label is not None and not hits and (label == HARMLESS or label in self._book.replies):
            return self._from_example(label)
        repaired = tuple(self._spelling.repair(word) or word for word in expanded)
        signs = find_danger_phrases(repaired)
        acute = next((sign for sign in signs if sign.reply in _ACUTE and sign.reply in self._book.replies), None)
        if acute is not None and len(repaired) > _LONG_MESSAGE_WORDS:
            return self._from_phrase(acute)
        # A danger word among others weighs as much as a danger phrase: only a clearly everyday text outweighs it.
        danger_words = (DangerPhrase(hit.reply, hit.keyword) for hit in hits if self._book.is_danger(hit.reply))
        phrases = (*signs, *danger_words)
        tuning = self._free_text.tuning
        bonuses: dict[str, float] = dict(self._absent)
        for hit in hits:
            bonuses[hit.reply] = tuning.keyword_bonus
        for phrase in phrases:
            bonuses[phrase.reply] = bonuses.get(phrase.reply, 0.0) + tuning.phrase_bonus
        if not may_ask_to_stop(repaired):
            bonuses["stop"] = _NEVER
        judgement = self._free_text.judge(repaired, bonuses)
        if acute is not None and judgement.ranked[0][0] not in (*_ACUTE, HARMLESS):
            # Two worries: the more dangerous one decides, however many words the other has.
            return self._from_phrase(acute)
        return self._policy(judgement, repaired, phrases, self._certain_signs(plain, hits, phrases).reply)

    def _certain_signs(
        self, plain: tuple[str, ...], hits: list[KeywordHit], phrases: Sequence[DangerPhrase]
    ) -> Understanding:
        """Decide without statistics: a danger phrase, else a keyword in a short message, else the menu."""
        for phrase in phrases:
            if phrase.reply in self._book.replies:
                return self._from_phrase(phrase)
        dangerous = [hit for hit in hits if self._book.is_danger(hit.reply)]
        if dangerous:
            return self._from_hit(dangerous[0], Stage.DANGER, hits)
        if hits and len(plain) <= _SHORT_MESSAGE_WORDS:
            return self._from_hit(self._weightiest(hits), Stage.KEYWORD_INSIDE, hits)
        return Understanding(NO_MATCH, Stage.NO_MATCH, "No keyword and no danger phrase.", score=0.0)

    def _from_phrase(self, phrase: DangerPhrase) -> Understanding:
        return Understanding(
            phrase.reply,
            Stage.DANGER,
            f"It says '{phrase.words}'.",
            evidence=(phrase.words,),
            without_guessing=phrase.reply,
        )

    def _from_foreign(self, phrase: ForeignPhrase) -> Understanding:
        said = " ".join(phrase.words)
        return Understanding(
            phrase.reply,
            Stage.OTHER_LANGUAGE,
            f"It says '{said}' ({self._book.phrases_in[phrase.language].name}).",
            evidence=(said,),
            without_guessing=phrase.reply,
            language=phrase.language,
        )

    def _from_example(self, label: str) -> Understanding:
        if label == HARMLESS:
            return Understanding(NO_MATCH, Stage.NO_MATCH, "It is one of the everyday examples.")
        return Understanding(label, Stage.FREE_TEXT, f"It is one of the examples of {label}.")

    # Helpers ------------------------------------------------------------------------------------------------------

    def _policy(
        self, judgement: Judgement, words: tuple[str, ...], phrases: Sequence[DangerPhrase], without_guessing: str
    ) -> Understanding:
        assert self._free_text is not None  # noqa: S101 - only called with it
        tuning = self._free_text.tuning
        best, probability = judgement.ranked[0]
        acute = judgement.probability(*_ACUTE)
        harmless = judgement.probability(HARMLESS)
        runner_ups = tuple(
            Candidate(NO_MATCH if label == HARMLESS else label, round(score, 4))
            for label, score in judgement.ranked[1 : 1 + _RUNNER_UPS]
        )
        danger_likely = acute >= tuning.emergency_line_from
        if phrases and probability < (tuning.everyday_over_phrase if best == HARMLESS else tuning.menu_below):
            return self._from_phrase(phrases[0])
        reason: str | None = None
        if best == HARMLESS:
            reason = "It reads like an everyday text."
        elif probability < tuning.menu_below:
            reason = f"Not sure enough: the likeliest reply, {best}, has {probability:.0%}."
        elif best in _ACUTE and not phrases and acute < tuning.alarm_bar(words) * harmless:
            reason = f"Could be {best}, but an everyday text is nearly as likely: the menu leads with the numbers."
        if reason is not None:
            return Understanding(
                NO_MATCH, Stage.NO_MATCH, reason, round(probability, 4),
                runner_ups=(Candidate(best, round(probability, 4)), *runner_ups) if best != HARMLESS else runner_ups,
                danger_likely=danger_likely, without_guessing=without_guessing,
            )  # fmt: skip
        evidence = tuple(phrase.words for phrase in phrases if phrase.reply == best)
        evidence += self._free_text.lexical.telling_words(words, best)
        return Understanding(
            best, Stage.FREE_TEXT, f"In own words, most like the examples of {best}: {', '.join(evidence[:4])}.",
            round(probability, 4), evidence=evidence, runner_ups=runner_ups,
            danger_likely=danger_likely and best not in _ACUTE, without_guessing=without_guessing,
        )  # fmt: skip

    def _weightiest(self, hits: Sequence[KeywordHit]) -> KeywordHit:
        """Give danger first, the general 'help' last, otherwise what was written first, the longest of that."""
        return min(hits, key=self._weight)

    def _weight(self, hit: KeywordHit) -> tuple[bool, bool, int, int]:
        return not self._book.is_danger(hit.reply), hit.reply == _GENERIC_REPLY, hit.position, -hit.words

    def _from_hit(self, hit: KeywordHit, stage: Stage, exact_hits: Sequence[KeywordHit]) -> Understanding:
        written = f"'{hit.repaired_from}', read as {hit.keyword.upper()}" if hit.repaired_from else hit.keyword.upper()
        others: Mapping[str, None] = dict.fromkeys(other.reply for other in exact_hits if other.reply != hit.reply)
        return Understanding(
            hit.reply, stage, f"Keyword {written}.", evidence=(hit.keyword,),
            runner_ups=tuple(Candidate(reply, 0.0) for reply in others),
            without_guessing=hit.reply if hit.repaired_from is None else NO_MATCH,
            language=self._languages.get(hit.keyword),
        )  # fmt: skip
