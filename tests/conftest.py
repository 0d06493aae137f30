"""What every test may use. Rooms keep their own fixtures in their own conftest."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient
from hypothesis import settings as hypothesis_settings
from werkzeug.test import TestResponse

from sms_service.core.events import Event
from sms_service.factory.calls import call_service, voice_webhook
from sms_service.factory.environment import settings_for_tools
from sms_service.factory.line import Line
from sms_service.factory.releases import load_bank_holidays, release_from_files
from sms_service.factory.web import app_of, sms_webhook
from sms_service.service.calls import CallService
from sms_service.service.messaging import MessagingService
from sms_service.service.pseudonyms import Pseudonyms
from sms_service.service.release import CurrentRelease, Release
from sms_service.settings import Settings, read_settings
from sms_service.storage.in_memory import InMemoryHotState, InMemoryRecorder
from sms_service.webhooks.signed_request import SignedRequest, message_fields, new_message_id, sign
from sms_service.webhooks.simulated_call import SimulatedCall
from sms_service.webhooks.sms import SmsWebhook, WebhookAnswer
from sms_service.webhooks.twiml import TwimlAnswers
from sms_service.webhooks.voice import VoiceWebhook
from tests.publishing_in_memory import deploy, outside, publishing, shipped_files
from tests.quick_pages import cheap_hashes, share_compiled_templates
from tests.staff_accounts import make_site, migrated_var, site
from tests.staff_site import serve, staff_browser, staff_client
from tests.twiml_rules import checked

__all__ = [  # fixtures
    "cheap_hashes",
    "deploy",
    "make_site",
    "migrated_var",
    "outside",
    "publishing",
    "serve",
    "shipped_files",
    "site",
    "staff_browser",
    "staff_client",
]

ROOT = Path(__file__).resolve().parents[1]

# A shared machine makes any deadline a coin toss; what must be fast has a test of its own.
hypothesis_settings.register_profile("here", deadline=None)
# What decides whether a change lands gives the same answer twice.
hypothesis_settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis_settings.load_profile("ci" if os.environ.get("CI") == "true" else "here")
share_compiled_templates()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by their folder, so that `./test browser` and `./test faults` miss none."""
    for item in items:
        room = item.path.relative_to(ROOT / "tests").parts[0]
        if room in {"browser", "faults"}:
            item.add_marker(room)


@pytest.fixture(scope="session")
def project_root() -> Path:
    """The folder that holds ./run and ./test."""
    return ROOT


@pytest.fixture(scope="session")
def shared_data() -> Callable[[str], Path]:
    """Find a file of the shared test data, which lies beside this repository; without it, skip."""

    def find(name: str) -> Path:
        path = ROOT.parent / "shared" / "data" / name
        if not path.exists():
            pytest.skip(f"The shared test data is not beside this repository: no ../shared/data/{name}")
        return path

    return find


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Drive the Chromium of this machine; pytest-playwright would look for one that it downloaded itself."""
    path = os.environ.get("CHROMIUM_PATH", "/usr/bin/chromium")
    sentence = None
    if not os.access(path, os.X_OK):
        sentence = f"No Chromium at {path}: install it (apt-get install chromium), or set CHROMIUM_PATH."
    elif subprocess.run([sys.executable, "-m", "playwright", "--version"], capture_output=True, check=False).returncode:
        sentence = "Playwright's Node.js does not start: install its library (apt-get install libatomic1)."
    if sentence is not None:
        if os.environ.get("CI") == "true":
            pytest.fail(sentence)
        pytest.skip(sentence)
    # These would call home, again and again where nothing answers.
    quiet = ["--disable-component-update", "--disable-sync", "--disable-quic"]
    return {**browser_type_launch_args, "executable_path": path, "args": quiet}


TOKEN = "token-of-the-tests"
ACCOUNT_SID = "AC" + 32 * "a"
SENDER = "+447700900123"
PUBLIC_URL = "https://line.example.org"


class CapturedLog:
    """Keeps what would have become log lines."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.troubles: list[tuple[str, BaseException | None]] = []
        self.refusals: list[str] = []

    def event(self, event: Event) -> None:
        self.events.append(event)

    def trouble(self, code: str, *, error: BaseException | None = None, message_id: str | None = None) -> None:
        self.troubles.append((code, error))

    def refusal(self, code: str) -> None:
        self.refusals.append(code)


class KeptTexts:
    """Keeps the texts that a caller asked for."""

    def __init__(self, *, works: bool = True) -> None:
        self.available = True
        self.sent: list[tuple[str, str]] = []
        self.works = works

    def send(self, text: str, *, to: str, sender: str, call_id: str) -> bool:
        self.sent.append((to, text))
        return self.works


class LineUnderTest:
    """The whole line with stores in memory: text it as the provider does, look at what it did."""

    def __init__(self, line: Line, log: CapturedLog, recorder: InMemoryRecorder) -> None:
        self.line = line
        self.log = log
        self.recorder = recorder
        self._client: FlaskClient | None = None
        self.sent_texts = KeptTexts()
        self.calls: CallService = call_service(line, self.sent_texts)

    @property
    def voice(self) -> VoiceWebhook:
        return voice_webhook(self.line, self.calls)

    def call(self, caller: str = SENDER) -> SimulatedCall:
        """Give a caller who has not rung yet. Every answer is held against Twilio's rules."""

        def send(request: SignedRequest) -> bytes:
            path_and_query = request.url.removeprefix(PUBLIC_URL)
            answer = self.voice.handle(request.raw_body, request.signature, path_and_query)
            assert answer.status == 200, self.log.refusals
            checked(answer.body)
            return answer.body

        return SimulatedCall(send, public_url=PUBLIC_URL, token=TOKEN, account_sid=ACCOUNT_SID, caller=caller)

    @property
    def client(self) -> FlaskClient:
        """A client of the Flask application."""
        self._client = self._client or app_of(self.line).test_client()
        return self._client

    @property
    def story(self) -> MessagingService:
        return self.line.messaging

    @property
    def webhook(self) -> SmsWebhook:
        return sms_webhook(self.line.settings, self.story, self.line.log)

    @property
    def release(self) -> Release:
        release = self.line.releases.current
        assert release is not None
        return release

    def with_parts(self, **parts: Any) -> LineUnderTest:
        """Give the same line with some parts of its story replaced."""
        line = dataclasses.replace(self.line, messaging=dataclasses.replace(self.story, **parts))
        return LineUnderTest(line, self.log, self.recorder)

    def fields(
        self, text: str = "", sender: str = SENDER, message_id: str | None = None, **more: str
    ) -> dict[str, str]:
        return {**message_fields(text, sender, ACCOUNT_SID, message_id=message_id), **more}

    def handle(self, text: str = "", sender: str = SENDER, message_id: str | None = None, **more: str) -> WebhookAnswer:
        """Text the line through the plain function."""
        request = sign(f"{PUBLIC_URL}/sms", self.fields(text, sender, message_id, **more), TOKEN)
        answer = self.webhook.handle(request.raw_body, request.signature)
        checked(answer.body)
        return answer

    def post(
        self, text: str = "", path: str = "/sms", headers: dict[str, str] | None = None, **more: str
    ) -> TestResponse:
        """Text the line through the Flask view."""
        request = sign(PUBLIC_URL + path, self.fields(text, **more), TOKEN)
        return self.client.post(
            path,
            data=request.raw_body,
            headers={"X-Twilio-Signature": request.signature, **(headers or {})},
            content_type="application/x-www-form-urlencoded; charset=UTF-8",
        )

    def texts(self, text: str = "", sender: str = SENDER, message_id: str | None = None, **more: str) -> list[str]:
        """Text the line and give the texts that come back, read by a real XML parser."""
        answer = self.handle(text, sender, message_id, **more)
        assert answer.status == 200
        return [message.text or "" for message in ET.fromstring(answer.body).iter("Message")]

    def reply(self, text: str = "", sender: str = SENDER, **more: str) -> str | None:
        """Text the line and give the key of the reply that it recorded; None for silence."""
        message_id = new_message_id()
        self.handle(text, sender, message_id, **more)
        return next(event.reply for event in self.recorder.events if event.message_id == message_id)


def release_without_free_text(var_dir: Path) -> Release:
    """Give the release of the book in responses/, without free text, which takes long to learn."""
    settings = settings_for_tools({"VAR_DIR": str(var_dir)}, ROOT / "responses")
    release = release_from_files(settings, load_bank_holidays()).release
    assert release is not None
    return replace(release, understander=release.understander.without(free_text=True))


def production(var_dir: Path) -> dict[str, str]:
    """Give everything that production needs."""
    return {
        "LINE_ENV": "production",
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
        "PUBLIC_URL": PUBLIC_URL,
        "PSEUDONYM_KEYS": "k2:" + 32 * "22" + ",k1:" + 32 * "11",
        "SECRET_KEY": 32 * "s",
        "VAR_DIR": str(var_dir),
        "RESPONSES_DIR": str(ROOT / "responses"),
    }


def make_line_in_memory(release: Release | None, environ: Mapping[str, str]) -> LineUnderTest:
    """Put a line together whose stores are in memory."""
    line_settings: Settings = read_settings(environ)
    log, recorder, hot_state = CapturedLog(), InMemoryRecorder(), InMemoryHotState()
    releases = CurrentRelease(release)
    messaging = MessagingService(
        releases=releases,
        pseudonyms=Pseudonyms(line_settings.pseudonym_keys),
        hot_state=hot_state,
        recorder=recorder,
        erasure=recorder,
        log=log,
        answers=TwimlAnswers(line_settings.public_url),
    )
    line = Line(
        settings=line_settings,
        log=log,
        releases=releases,
        hot_state=hot_state,
        messaging=messaging,
        book_trouble=None,
    )
    return LineUnderTest(line, log, recorder)


@pytest.fixture(scope="session")
def shipped_release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The release of the book in responses/, without free text."""
    return release_without_free_text(tmp_path_factory.mktemp("var"))


@pytest.fixture
def production_environ(tmp_path: Path) -> dict[str, str]:
    """Everything that production needs."""
    return production(tmp_path / "var")


@pytest.fixture
def make_line(production_environ: dict[str, str], shipped_release: Release) -> Callable[..., LineUnderTest]:
    """Put a line together: ``make_line(LINE_ENV="development")`` changes a setting, ``release=None`` takes the book."""

    def make(release: Release | None = shipped_release, **environ: str) -> LineUnderTest:
        return make_line_in_memory(release, {**production_environ, **environ})

    return make


@pytest.fixture
def line(make_line: Callable[..., LineUnderTest]) -> LineUnderTest:
    """A line as in production, with the shipped book and stores in memory."""
    return make_line()
