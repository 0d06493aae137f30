"""The provider's side of the go-live check: account, numbers, addresses, keyword handling, fallback, errors."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from sms_service.core.delivery import error_words
from sms_service.core.errors import LineError
from sms_service.core.findings import Finding, State
from sms_service.core.reply_book import ReservedWords
from sms_service.service.doctor_stop_words import NewestRow, stop_words_finding
from sms_service.service.fallback_export import FallbackFiles, StaticAnswers, fallback_files
from sms_service.service.provider_ports import (
    FallbackPages,
    LineNumber,
    ProviderAccount,
    ProviderTrouble,
    SenderPool,
    Webhook,
)
from sms_service.service.release import Release

_MOST_CLOCK_SECONDS = 30.0
_AREA = "provider"


@dataclass(frozen=True, kw_only=True)
class ProviderCheck:
    """Asks the provider.

    Attributes:
        account: Its API.
        pages: Reads what is configured as a fallback.
        public_url: What stands before our paths.
        numbers: The line's own, from the settings; none: all of the account's.
        answers: Makes the fallback files.
        same: Whether two answers say the same.
        clock: Gives the moment, aware.
        newest: Asks the message log who answered STOP lately.
        bank_holidays: Days off.
    """

    account: ProviderAccount
    pages: FallbackPages
    public_url: str
    numbers: frozenset[str]
    answers: StaticAnswers
    same: Callable[[bytes, bytes], bool]
    clock: Callable[[], dt.datetime]
    newest: NewestRow
    bank_holidays: frozenset[dt.date] = frozenset()

    def examine(self, release: Release | None) -> Iterator[Finding]:
        """Look at everything there; one question that fails hides no other."""
        files = None if release is None else fallback_files(release, self.answers, self.clock(), self.bank_holidays)
        yield from _each(self._account)
        yield from _each(lambda: self._numbers(files))
        yield from _each(lambda: self._pools(files))
        yield from _each(self._errors)
        if release is not None and files is not None:
            yield from self._words(release, files)
        yield from _by_hand()

    def _account(self) -> Iterator[Finding]:
        account = self.account.account()
        yield _found(
            "The account is active", account.active, "A suspended account answers nobody.", "Ask the provider."
        )
        yield _found(
            "The account is a paid one",
            not account.is_trial,
            "A trial account texts only numbers confirmed before, and adds words of its own.",
            "Upgrade the account.",
        )
        if account.clock_ahead_seconds is not None:
            off = abs(account.clock_ahead_seconds)
            yield _found(
                f"Our clock is {off:.0f} seconds from the provider's",
                off <= _MOST_CLOCK_SECONDS,
                "Opening hours, limits and the log go by it.",
                "Set the host's clock by NTP.",
                State.WARNING,
            )

    def _numbers(self, files: FallbackFiles | None) -> Iterator[Finding]:
        numbers = [one for one in self.account.numbers() if not self.numbers or one.number in self.numbers]
        missing = {number for number in self.numbers if ":" not in number} - {one.number for one in numbers}
        yield _found(
            f"The account has every number of LINE_NUMBERS ({len(numbers)})"
            if not missing
            else f"{len(missing)} of LINE_NUMBERS are not in the account",
            bool(numbers) and not missing,
            "Texts to a number that is not ours never come here.",
            "Correct LINE_NUMBERS, or buy the number.",
        )
        pooled = {number for pool in self.account.pools() if not pool.number_decides for number in pool.numbers}
        for one in numbers:
            yield from self._number(one, files, in_pool=one.number in pooled)

    def _number(self, one: LineNumber, files: FallbackFiles | None, *, in_pool: bool) -> Iterator[Finding]:
        name = _short(one.number)
        if one.application:
            yield Finding(
                _AREA,
                f"{name}: an application of the provider's overrides its addresses",
                State.WARNING,
                "What is checked here is then not what is called.",
                "Take the application away from the number, or look at its addresses yourself.",
            )
        if not in_pool:
            yield self._calls_us(f"{name}: texts", one.texts, "/sms")
            yield from self._fallback(f"{name}: texts", one.texts_fallback, files.sms if files else None)
        if one.calls is not None:
            yield self._calls_us(f"{name}: calls", one.calls, "/voice", otherwise=State.WARNING)
            yield from self._fallback(
                f"{name}: calls", one.calls_fallback or Webhook("", ""), files.voice if files else None, State.WARNING
            )
        yield Finding(
            _AREA,
            f"{name}: a {'short code' if one.is_short_code else 'long number'}",
            State.LOOK,
            "A short code sends 100 texts a second and gets no keyword handling of the provider's; a long number about "
            "one a second, and the provider answers STOP and HELP itself unless that is switched off.",
            "Is that enough for a bad evening?",
        )

    def _pools(self, files: FallbackFiles | None) -> Iterator[Finding]:
        for pool in self.account.pools():
            if self.numbers and not self.numbers & set(pool.numbers):
                continue
            yield from self._pool(pool, files)

    def _pool(self, pool: SenderPool, files: FallbackFiles | None) -> Iterator[Finding]:
        name = f"Messaging service '{pool.name}'"
        if not pool.number_decides:
            yield self._calls_us(f"{name}: texts", pool.texts, "/sms")
            yield from self._fallback(f"{name}: texts", pool.texts_fallback, files.sms if files else None)
        conflicts = [
            words
            for words, on in (
                ("sticky sender", pool.sticky_sender),
                ("fallback to a long code", pool.fallback_to_long_code),
            )
            if on
        ]
        yield _found(
            f"{name}: {' and '.join(conflicts)} stand in the way of redaction"
            if conflicts
            else f"{name}: nothing stands in the way of redaction",
            not conflicts,
            "With message redaction the provider keeps no text and no number; it refuses to with these on (23002).",
            "Switch them off, then ask for message redaction.",
            State.WARNING,
        )
        if pool.smart_encoding:
            yield Finding(
                _AREA,
                f"{name}: smart encoding changes characters of our texts",
                State.WARNING,
                "What arrives is then not the approved text, character by character.",
                "Switch it off; `check` already keeps texts within the plain alphabet.",
            )

    def _calls_us(self, name: str, webhook: Webhook, path: str, otherwise: State = State.BAD) -> Finding:
        wanted = self.public_url + path
        # What stands after '#' sets the provider's own time-outs and is not part of the address.
        holds = webhook.url.partition("#")[0] == wanted and webhook.method.upper() == "POST"
        if holds:
            return Finding(_AREA, f"{name} come to {wanted}", State.GOOD, "It is where the line listens.")
        is_ours = webhook.url.partition("#")[0] == wanted
        what = "come by GET" if is_ours else "go nowhere" if not webhook.url else "go to another address"
        why = "A GET is logged with the text for a week." if is_ours else "The line never hears of them."
        return Finding(_AREA, f"{name} {what}", otherwise, why, f"Set the address to {wanted}, method POST.")

    def _fallback(
        self, name: str, webhook: Webhook, expected: bytes | None, otherwise: State = State.BAD
    ) -> Iterator[Finding]:
        why = "It answers when our whole host is dead."
        how = "Run `python -m sms_service export-fallback`, put the file into a TwiML Bin and set its address."
        if not webhook.url:
            yield Finding(_AREA, f"{name} have no fallback", otherwise, why, how)
        elif f"{webhook.url}/".startswith(f"{self.public_url}/"):
            yield Finding(_AREA, f"{name}: the fallback is this very host", otherwise, why, how)
        elif expected is not None:
            try:
                same = self.same(self.pages.read(webhook), expected)
            except ProviderTrouble as error:
                yield Finding(_AREA, f"{name}: {error.sentence}", State.LOOK, why, "Compare it by eye.")
                return
            what = "says what the live release says" if same else "says something else than the live release"
            yield _found(f"{name}: the fallback {what}", same, why, how, State.WARNING)

    def _errors(self) -> Iterator[Finding]:
        alerts = self.account.alerts()
        yield _found(
            "The provider noted no error in the last day"
            if not alerts
            else "The provider noted errors: "
            + "; ".join(f"{error_words(one.code)} ({one.code}), {one.count} times" for one in alerts[:5]),
            not alerts,
            "These are the times it could not use our answer.",
            "Look them up by their code in the provider's documentation.",
            State.WARNING,
        )

    def _words(self, release: Release, files: FallbackFiles) -> Iterator[Finding]:
        by_line = release.book.service.reserved_words is ReservedWords.LINE
        yield from _each(lambda: [stop_words_finding(self.newest, self.clock(), by_line=by_line, area=_AREA)])
        for word, text in files.opt_out_texts.items():
            yield Finding(
                _AREA, f"Advanced Opt-Out, {word}", State.LOOK, "The text to paste, from the live release.", text
            )


def _by_hand() -> Iterator[Finding]:
    yield Finding(
        _AREA,
        "Pictures can only be fetched with our token",
        State.LOOK,
        "Without it whoever knows the address sees a child's picture. The API does not say.",
        "In the console, under Messaging, Settings: HTTP authentication for media, on.",
    )
    yield Finding(
        _AREA,
        "The provider keeps texts and numbers unless told otherwise",
        State.LOOK,
        "We store neither; its log does.",
        "Ask for message redaction, and set how long its log is kept.",
    )


def _each(look: Callable[[], Iterable[Finding]]) -> Sequence[Finding]:
    found: list[Finding] = []
    try:
        for finding in look():
            found.append(finding)
    except LineError as error:
        found.append(
            Finding(_AREA, error.sentence, State.WARNING, "It could not be looked at.", "Mend that, then check again.")
        )
    return found


def _found(what: str, holds: bool, why: str, how: str, otherwise: State = State.BAD) -> Finding:
    return Finding(_AREA, what, State.GOOD if holds else otherwise, why, "" if holds else how)


def _short(number: str) -> str:
    """Name one of our own numbers by its end."""
    return f"Number ...{number[-4:]}"
