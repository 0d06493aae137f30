"""The composition root: the one place that knows which adapters stand behind which door."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import SecretStr

from sms_service.core.errors import SettingsError
from sms_service.core.reply_book import ReplyBook
from sms_service.core.understanding.pipeline import Understander
from sms_service.service.asking import Asker
from sms_service.service.messaging import MessagingService, utc_now
from sms_service.service.ports import Erasure, EventRecorder, HotState, LineLog
from sms_service.service.pseudonyms import Pseudonyms
from sms_service.service.release import CurrentRelease, Release
from sms_service.settings import BadSettings, PseudonymKey, Settings, read_settings
from sms_service.storage import bank_holidays, response_files
from sms_service.storage.development_secrets import development_secret
from sms_service.storage.in_memory import InMemoryHotState, InMemoryRecorder
from sms_service.storage.response_files import LoadedBook
from sms_service.storage.word_list import english_words

if TYPE_CHECKING:
    from flask import Flask

    from sms_service.service.trying import TryLine
    from sms_service.webhooks.sms import SmsWebhook

__all__ = [
    "FirstRelease",
    "Line",
    "LoadedBook",
    "asker_from_files",
    "build_line",
    "build_understander",
    "create_app",
    "load_bank_holidays",
    "load_book",
    "release_from_files",
    "settings_for_tools",
    "settings_from",
    "sms_webhook",
]

_ANY_ACCOUNT = "AC" + 32 * "0"


# Settings and books ---------------------------------------------------------------------------------------------------


def settings_from(environ: Mapping[str, str]) -> Settings:
    """Read the settings, and make in development what is missing: a token and keys of this machine's own.

    Raises:
        SettingsError: Names every variable that is missing or bad.
    """
    try:
        settings = read_settings(environ)
        return settings if settings.in_production else _with_development_secrets(settings)
    except BadSettings as bad:
        lines = [f"  {problem.variable} {problem.sentence}" for problem in bad.problems]
    except OSError as error:
        lines = [f"  VAR_DIR cannot be written ({error.strerror})"]
    raise SettingsError("\n".join(["These settings need a look (README.md lists them all):", *lines]))


def settings_for_tools(environ: Mapping[str, str], responses_dir: Path) -> Settings:
    """Give settings for a command that texts nobody: no secret is needed, read or made."""
    kept = {name: environ[name] for name in ("VAR_DIR",) if name in environ}
    return replace(read_settings(kept), responses_dir=responses_dir)


def _with_development_secrets(settings: Settings) -> Settings:
    def secret(name: str) -> SecretStr:
        return SecretStr(development_secret(settings.var_dir, name))

    key = bytes.fromhex(development_secret(settings.var_dir, "development_pseudonym_key"))
    return replace(
        settings,
        twilio_auth_token=settings.twilio_auth_token or secret("development_token"),
        secret_key=settings.secret_key or secret("development_secret_key"),
        pseudonym_keys=settings.pseudonym_keys or (PseudonymKey("dev", key),),
    )


def load_book(directory: Path) -> LoadedBook:
    """Load the reply book from a folder of files, with every complaint about them. Nothing in a file raises."""
    return response_files.load_book(directory)


def load_bank_holidays() -> frozenset[dt.date]:
    """Give the days on which offices in England and Wales are shut."""
    return bank_holidays.load_bank_holidays()


def build_understander(
    book: ReplyBook,
    examples: Mapping[str, tuple[str, ...]],  # noqa: ARG001 - for the free-text stage
    settings: Settings,  # noqa: ARG001 - same: learned weights lie in VAR_DIR
) -> Understander:
    """Give what finds the reply for a text. The one place where the free-text stage is trained or loaded."""
    return Understander(book, english_words(), None)


@dataclass(frozen=True, slots=True)
class FirstRelease:
    """What a process starts with: the book from the files, and one sentence for operators when it is not whole."""

    release: Release | None
    trouble: str | None


def release_from_files(settings: Settings, holidays: frozenset[dt.date]) -> FirstRelease:
    """Make a release of the book in ``RESPONSES_DIR``. A bad file costs that reply, never the line."""
    loaded = load_book(settings.responses_dir)
    if loaded.book is None:
        return FirstRelease(None, "No reply book: every text gets the built-in fallback. Run `check`.")
    understander = build_understander(loaded.book, loaded.examples, settings)
    release = Release.of(loaded.book, understander, now=utc_now(), bank_holidays=holidays)
    bad = sum(complaint.is_error for complaint in loaded.complaints)
    return FirstRelease(release, f"{bad} errors in the reply book's files. Run `check`." if bad else None)


def asker_from_files(settings: Settings) -> Asker | None:
    """Give what answers without a web server, from the book's files; None without a book."""
    holidays = load_bank_holidays()
    release = release_from_files(settings, holidays).release
    return None if release is None else Asker(release, holidays)


# The line -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Line:
    """The service without its web server: what a test, a worker or the web application starts from."""

    settings: Settings
    log: LineLog
    releases: CurrentRelease
    hot_state: HotState
    messaging: MessagingService
    book_trouble: str | None


def build_line(settings: Settings, log: LineLog | None = None) -> Line:
    """Put the line together. Whatever is broken around it, there is a line afterwards."""
    from sms_service.ops.line_log import StructuredLog
    from sms_service.webhooks.twiml import TwimlAnswers

    log = log or StructuredLog()
    holidays = _holidays_or_none(log)
    first = release_from_files(settings, holidays)
    if first.trouble is not None:
        log.trouble("reply_book_not_whole")
    releases = CurrentRelease(first.release)
    hot_state = _hot_state(settings)
    recorder, erasure = _recorder(settings)
    messaging = MessagingService(
        releases=releases,
        pseudonyms=Pseudonyms(settings.pseudonym_keys),
        hot_state=hot_state,
        recorder=recorder,
        erasure=erasure,
        log=log,
        answers=TwimlAnswers(),
        bank_holidays=holidays,
    )
    return Line(
        settings=settings,
        log=log,
        releases=releases,
        hot_state=hot_state,
        messaging=messaging,
        book_trouble=first.trouble,
    )


def _holidays_or_none(log: LineLog) -> frozenset[dt.date]:
    try:
        return load_bank_holidays()
    except (OSError, ValueError, KeyError) as error:
        log.trouble("bank_holidays_failed", error=error)
        return frozenset()


def _hot_state(settings: Settings) -> HotState:  # noqa: ARG001 - REDIS_URL and VAR_DIR choose the adapter
    """Choose the hot state's adapter."""
    return InMemoryHotState()


def _recorder(settings: Settings) -> tuple[EventRecorder, Erasure]:  # noqa: ARG001 - VAR_DIR and DATABASE_URL choose
    """Choose where events go, and what erases them."""
    recorder = InMemoryRecorder()
    return recorder, recorder


# The web application --------------------------------------------------------------------------------------------------


def create_app(settings: Settings | None = None, log: LineLog | None = None) -> Flask:
    """Give the WSGI application.

    Raises:
        SettingsError: When ``settings`` is not given and the environment's are not good.
    """
    from flask import Flask

    from sms_service.ops.health import health_blueprint
    from sms_service.staff.http_headers import install_headers
    from sms_service.webhooks.error_pages import install_error_pages
    from sms_service.webhooks.form_parsing import MOST_BYTES
    from sms_service.webhooks.sms import sms_blueprint

    line = build_line(settings or settings_from(os.environ), log)
    app = Flask("sms_service", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES
    # A redirect to a tidier address would reach the provider's server, which then comes back without the message.
    app.url_map.merge_slashes = False
    install_error_pages(app, line.log)
    install_headers(app, https_only=line.settings.in_production)
    app.register_blueprint(sms_blueprint(sms_webhook(line.settings, line.messaging, line.log)))
    checks = {"reply_book": lambda: line.book_trouble, "hot_state": line.hot_state.check}
    app.register_blueprint(health_blueprint(checks, {"release": line.settings.release or "unknown"}))
    if not line.settings.in_production:
        from sms_service.staff.try_it import try_it_blueprint

        app.register_blueprint(try_it_blueprint(_try_line(line)))
    return app


def sms_webhook(settings: Settings, story: MessagingService, log: LineLog) -> SmsWebhook:
    """Give the one way in for messages."""
    from sms_service.webhooks.request_verification import RequestVerifier
    from sms_service.webhooks.sms import SmsWebhook
    from sms_service.webhooks.sms_parsing import OwnAccount

    verifier = RequestVerifier(settings.public_url, settings.auth_tokens)
    own = OwnAccount(settings.twilio_account_sid, settings.line_numbers)
    return SmsWebhook(verifier, own, story, log)


def _try_line(line: Line) -> TryLine:
    from sms_service.service.trying import TryLine
    from sms_service.webhooks.signed_request import SAMPLE_LINE_NUMBER
    from sms_service.webhooks.simulated_phone import SimulatedPhone

    settings = line.settings

    def new_phone() -> SimulatedPhone:
        recorder = InMemoryRecorder()
        story = replace(line.messaging, hot_state=InMemoryHotState(), recorder=recorder, erasure=recorder)
        return SimulatedPhone(
            sms_webhook(settings, story, line.log),
            public_url=settings.public_url,
            token=settings.auth_tokens[0],
            account_sid=settings.twilio_account_sid or _ANY_ACCOUNT,
            to=min(settings.line_numbers, default=SAMPLE_LINE_NUMBER),
            last_event=recorder.newest,
        )

    return TryLine(line.releases, new_phone)
