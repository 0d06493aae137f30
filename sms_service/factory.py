"""The composition root: the one place that knows which adapters stand behind which door."""

from __future__ import annotations

import datetime as dt
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import SecretStr

from sms_service.core.errors import LineError, SettingsError
from sms_service.core.reply_book import ReplyBook
from sms_service.core.understanding import learning
from sms_service.core.understanding.pipeline import Understander
from sms_service.service.asking import Asker
from sms_service.service.learning import learned_from
from sms_service.service.messaging import MessagingService, utc_now
from sms_service.service.ports import HotState, LineLog
from sms_service.service.pseudonyms import Pseudonyms
from sms_service.service.release import CurrentRelease, Release
from sms_service.service.retention import RetentionService
from sms_service.settings import BadSettings, PseudonymKey, Settings, read_settings
from sms_service.storage import bank_holidays, response_files
from sms_service.storage.development_secrets import development_secret
from sms_service.storage.event_stores import EventStores, SetUp, data_stores, is_set_up, make_event_stores, set_up
from sms_service.storage.hot_state import make_hot_state
from sms_service.storage.in_memory import InMemoryHotState, InMemoryRecorder
from sms_service.storage.model_cache import ModelCache
from sms_service.storage.response_files import LoadedBook
from sms_service.storage.sentence_encoder import shipped_encoder
from sms_service.storage.word_list import english_words

if TYPE_CHECKING:
    from flask import Flask

    from sms_service.service.trying import TryLine
    from sms_service.webhooks.sms import SmsWebhook
    from sms_service.webhooks.status_callback import StatusWebhook

__all__ = [
    "FirstRelease",
    "Line",
    "LoadedBook",
    "app_of",
    "asker_from_files",
    "build_line",
    "build_understander",
    "create_app",
    "load_bank_holidays",
    "load_book",
    "open_retention",
    "release_from_files",
    "set_up_stores",
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
    book: ReplyBook, examples: Mapping[str, tuple[str, ...]], settings: Settings, *, learn_now: bool = False
) -> Understander:
    """Give what finds the reply for a text.

    Free text is whole at once when this host has learned these examples before. Otherwise they are learned now
    (``learn_now``, tens of seconds: for the command line), or :func:`learn_in_background` does it while the sentence
    encoder reads alone.
    """
    understander = Understander(book, english_words(), None)
    store = ModelCache(settings.var_dir / "models")
    learned = learned_from(examples, store) if learn_now else store.load(learning.examples_digest(examples))
    if learned is not None:
        return _with_free_text(understander, learned)
    encoder = shipped_encoder()
    return (
        understander.with_free_text(*learning.free_text_while_learning(encoder, english_words()))
        if encoder
        else understander
    )


def _with_free_text(
    understander: Understander, learned: learning.LearnedText, log: LineLog | None = None
) -> Understander:
    def tell(error: Exception) -> None:
        if log is not None:
            log.trouble("sentence_encoder_failed", error=error)

    free_text, spelling = learning.free_text_from(learned, english_words(), shipped_encoder(), tell)
    return understander.with_free_text(free_text, spelling)


def learn_in_background(releases: CurrentRelease, examples: Mapping[str, tuple[str, ...]], line: Line) -> None:
    """Learn free text beside the running line, and swap it in when it is ready. Until then the other stages answer."""

    def learn_and_swap() -> None:
        try:
            learned = learned_from(examples, ModelCache(line.settings.var_dir / "models"))
            release = releases.current
            if release is not None and not release.understander.has_learned:
                releases.swap(replace(release, understander=_with_free_text(release.understander, learned, line.log)))
        except Exception as error:  # noqa: BLE001 - without free text the line still answers
            line.log.trouble("learning_failed", error=error)

    threading.Thread(target=learn_and_swap, name="learn-free-text", daemon=True).start()


@dataclass(frozen=True, slots=True)
class FirstRelease:
    """What a process starts with: the book from the files, and one sentence for operators when it is not whole."""

    release: Release | None
    trouble: str | None
    examples: Mapping[str, tuple[str, ...]]


def release_from_files(settings: Settings, holidays: frozenset[dt.date], *, learn_now: bool = False) -> FirstRelease:
    """Make a release of the book in ``RESPONSES_DIR``. A bad file costs that reply, never the line."""
    loaded = load_book(settings.responses_dir)
    if loaded.book is None:
        return FirstRelease(None, "No reply book: every text gets the built-in fallback. Run `check`.", {})
    understander = build_understander(loaded.book, loaded.examples, settings, learn_now=learn_now)
    release = Release.of(loaded.book, understander, now=utc_now(), bank_holidays=holidays)
    bad = sum(complaint.is_error for complaint in loaded.complaints)
    return FirstRelease(
        release, f"{bad} errors in the reply book's files. Run `check`." if bad else None, loaded.examples
    )


def asker_from_files(settings: Settings) -> Asker | None:
    """Give what answers without a web server, from the book's files; None without a book. Learns them when needed."""
    holidays = load_bank_holidays()
    release = release_from_files(settings, holidays, learn_now=True).release
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
    events: EventStores | None = None
    """Where rows go; None for a line that keeps them in memory."""


def build_line(settings: Settings, log: LineLog | None = None) -> Line:
    """Put the line together. Whatever is broken around it, there is a line afterwards."""
    from sms_service.ops.extras import with_error_reports
    from sms_service.ops.line_log import StructuredLog
    from sms_service.webhooks.twiml import TwimlAnswers

    log = with_error_reports(log or StructuredLog(), settings)
    holidays = _holidays_or_none(log)
    first = release_from_files(settings, holidays)
    if first.trouble is not None:
        log.trouble("reply_book_not_whole")
    releases = CurrentRelease(first.release)
    hot_state = _hot_state(settings)
    events = _event_stores(settings, log)
    messaging = MessagingService(
        releases=releases,
        pseudonyms=Pseudonyms(settings.pseudonym_keys),
        hot_state=hot_state,
        recorder=events.outbox,
        erasure=events.erasure,
        log=log,
        answers=TwimlAnswers(settings.public_url),
        bank_holidays=holidays,
    )
    line = Line(
        settings=settings,
        log=log,
        releases=releases,
        hot_state=hot_state,
        messaging=messaging,
        book_trouble=first.trouble,
        events=events,
    )
    if first.release is not None and not first.release.understander.has_learned:
        learn_in_background(releases, first.examples, line)
    return line


def _holidays_or_none(log: LineLog) -> frozenset[dt.date]:
    try:
        return load_bank_holidays()
    except (OSError, ValueError, KeyError) as error:
        log.trouble("bank_holidays_failed", error=error)
        return frozenset()


def _hot_state(settings: Settings) -> HotState:
    """Give the hot state: Redis where there is one, otherwise a file. Neither is opened before a message needs it."""
    url = None if settings.redis_url is None else settings.redis_url.get_secret_value()
    return make_hot_state(url, settings.var_dir)


# Rows: outbox, message log, and what deletes them ---------------------------------------------------------------------


def _event_stores(settings: Settings, log: LineLog) -> EventStores:
    """Give where rows go. In development the files are made here; in production only ``migrate`` makes them."""
    if not settings.in_production and not is_set_up(settings.var_dir):
        try:
            set_up_stores(settings)
        except LineError as error:
            log.trouble("set_up_failed", error=error)
    return make_event_stores(settings.var_dir, _database_url(settings), log)


def set_up_stores(settings: Settings, *, make_missing: bool = False) -> SetUp:
    """Make the stores that are missing and bring the database up to date.

    Raises:
        LineError: When that cannot be done; the sentence says what to do.
    """
    return set_up(settings.var_dir, _database_url(settings), make_missing=make_missing)


@contextmanager
def open_retention(settings: Settings) -> Iterator[RetentionService]:
    """Open the stories of deletion, erasure and holds.

    Raises:
        LineError: When a store fails, in the block too.
    """
    with data_stores(settings.var_dir, _database_url(settings)) as stores:
        yield RetentionService(
            stores=stores.ageing,
            people=stores.people,
            audit=stores.audit,
            pseudonyms=Pseudonyms(settings.pseudonym_keys),
            hot_state=_hot_state(settings),
            clock=utc_now,
        )


def _database_url(settings: Settings) -> str | None:
    return None if settings.database_url is None else settings.database_url.get_secret_value()


# The web application --------------------------------------------------------------------------------------------------


def create_app() -> Flask:
    """Give the WSGI application for the settings of the environment.

    Raises:
        SettingsError: When they are not good.
    """
    line = build_line(settings_from(os.environ))
    if line.events is not None:
        line.events.drain.ensure_running()
    return app_of(line)


def app_of(line: Line) -> Flask:
    """Put a web server's front on a line."""
    from flask import Flask

    from sms_service.ops.extras import add_traces
    from sms_service.ops.health import health_blueprint
    from sms_service.staff.http_headers import install_headers
    from sms_service.webhooks.error_pages import install_error_pages
    from sms_service.webhooks.form_parsing import MOST_BYTES
    from sms_service.webhooks.sms import sms_blueprint
    from sms_service.webhooks.status_callback import status_blueprint

    app = Flask("sms_service", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES
    # A redirect to a tidier address would reach the provider's server, which then comes back without the message.
    app.url_map.merge_slashes = False
    install_error_pages(app, line.log)
    add_traces(app, line.log, line.settings)
    install_headers(app, https_only=line.settings.in_production)
    app.register_blueprint(sms_blueprint(sms_webhook(line.settings, line.messaging, line.log)))
    app.register_blueprint(status_blueprint(_status_webhook(line)))
    checks = {"reply_book": lambda: line.book_trouble, "hot_state": line.hot_state.check}
    if line.events is not None:
        checks["message_log"] = line.events.check
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


def _status_webhook(line: Line) -> StatusWebhook:
    from sms_service.service.deliveries import DeliveryService
    from sms_service.webhooks.request_verification import RequestVerifier
    from sms_service.webhooks.status_callback import StatusWebhook

    verifier = RequestVerifier(line.settings.public_url, line.settings.auth_tokens)
    story = DeliveryService(recorder=line.messaging.recorder, log=line.log)
    return StatusWebhook(verifier, story, line.log, line.messaging.clock)


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
