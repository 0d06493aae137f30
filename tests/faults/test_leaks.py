"""Nothing leaks: canaries through every path and fault of the line as it is really put together, then a search.

Searched: Redis (every value, and what it wrote to disk), PostgreSQL (every row, and its files, journal included), every
file of the line, log lines, standard output and error, what a collector of errors and traces was told, every page.
"""

from __future__ import annotations

import base64
import dataclasses
import io
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from sqlalchemy import MetaData, select

from sms_service.cli import main
from sms_service.core.errors import LineError
from sms_service.factory.environment import settings_from
from sms_service.factory.line import Line, build_line
from sms_service.factory.pages import PagesBehindTheLine
from sms_service.factory.stores import set_up_stores
from sms_service.factory.web import app_of
from sms_service.ops.line_log import StructuredLog
from sms_service.service.release import CurrentRelease
from sms_service.storage.database import Database
from sms_service.webhooks.signed_request import call_fields, message_fields, new_call_id, new_message_id, sign
from tests.conftest import ACCOUNT_SID, PUBLIC_URL, TOKEN
from tests.faults.collector import Collector
from tests.faults.house import NUMBER, NUMBERS, PHRASE, TEN_THOUSAND
from tests.faults.server import book_that_is_learned_at_once
from tests.faults.test_row_24_exceptions import break_one, places_on_the_way_of
from tests.postgres_process import PostgresProcess
from tests.storage.valkey_process import ValkeyProcess
from tests.waiting import eventually

pytest.importorskip("sentry_sdk", reason="sentry-sdk is not installed (requirements-extras.txt)")
pytest.importorskip("opentelemetry.sdk", reason="opentelemetry-sdk is not installed (requirements-extras.txt)")

TRACES = [*NUMBERS, PHRASE, PHRASE.upper(), PHRASE[::-1], quote(f"+{NUMBER[1:]}"), NUMBER[4:]]
SOUGHT = tuple(
    {
        written
        for trace in TRACES
        for written in (trace.encode(), trace.encode("utf-16-le"), trace.encode().hex().encode())
    }
    | {base64.b64encode(PHRASE.encode())[:-4]}
)
"""A canary as it is, reversed, in UTF-16, in hexadecimal and in base 64."""

ABOUT = {
    "ProfileName": f"Name {PHRASE}",
    "FromCity": f"City {PHRASE}",
    "FromState": PHRASE,
    "FromZip": PHRASE,
    "WaId": NUMBER[1:],
    "Latitude": "52.6369",
    "Longitude": "-1.1398",
    "Address": f"1 {PHRASE} Street",
    "Label": PHRASE,
    "MediaContentType0": f"image/{PHRASE}",
    "MediaUrl0": f"https://media.example/{PHRASE}/{NUMBER}",
    "ReferralBody": PHRASE,
    PHRASE: PHRASE,
}
"""What the provider may tell besides the text."""


@dataclass
class Whole:
    """The line as the composition root makes it, and everything around it."""

    line: Line
    client: FlaskClient
    log: io.StringIO
    collector: Collector
    valkey: ValkeyProcess
    postgres: PostgresProcess
    environ: dict[str, str]

    def post(self, fields: dict[str, str], path: str = "/sms", token: str = TOKEN) -> tuple[int, bytes]:
        request = sign(PUBLIC_URL + path, fields, token)
        headers = {"X-Twilio-Signature": request.signature, "Content-Type": "application/x-www-form-urlencoded"}
        answer = self.client.post(path, data=request.raw_body, headers=headers)
        assert not leaks_in(answer.data), "an answer never repeats what was written"
        assert not leaks_in(str(answer.headers).encode())
        return answer.status_code, answer.data

    def text(self, text: str, sender: str = NUMBER, **more: str) -> None:
        status, body = self.post({**message_fields(text, sender, ACCOUNT_SID), **ABOUT, **more})
        assert status == 200
        assert b"<Response" in body

    def every_path(self) -> None:
        """Text, send pictures, report, knock without a key: everything that can come in."""
        for text in (
            PHRASE,
            f"urgent {PHRASE}",
            f"{PHRASE} {NUMBER}",
            "help",
            "MORE",
            "STOP",
            "START",
            "FORGET ME",
            "",
        ):
            self.text(text)
            self.text(text, f"whatsapp:{NUMBER}", NumMedia="1")
            self.text(text, TEN_THOUSAND[1], ButtonText=PHRASE, ButtonPayload=PHRASE)
        self.text(PHRASE, PHRASE)
        self.text("STOP", OptOutType="STOP")
        report = {"MessageSid": new_message_id(), "To": NUMBER, "From": NUMBER, **ABOUT}
        for status in ("sent", "undelivered", PHRASE):
            for code in ("30003", PHRASE, NUMBER):
                self.post({**report, "MessageStatus": status, "ErrorCode": code, "ErrorMessage": PHRASE}, "/sms/status")
        self.ring()
        self.refused()

    def ring(self) -> None:
        """Ring, press and say things, hang up, and let the provider complain of an answer."""
        call = {**call_fields(NUMBER, ACCOUNT_SID, new_call_id()), **ABOUT, "CallerName": PHRASE}
        for more in ({}, {"Digits": "5"}, {"SpeechResult": f"he is going to kill me {PHRASE} {NUMBER}"}, {}):
            for path in ("/voice", "/voice?step=2&place=menu&language=en"):
                assert self.post({**call, **more}, path)[0] == 200
        fields = {**call, "CallStatus": "completed", "ErrorCode": PHRASE, "RecordingUrl": PHRASE}
        assert self.post(fields, "/voice/status")[0] == 204
        assert self.post({**call, "ErrorCode": "11200", "ErrorUrl": PHRASE}, "/voice/fallback")[0] == 200
        assert self.post(call, "/voice", token="forged")[0] == 403

    def knock_at_the_pages(self) -> None:
        """Bring canaries to every page, in the address and in a form; nobody is logged in."""
        written = dict.fromkeys(("email", "password", "code", "text", "number", "q", "sender"), PHRASE)
        for rule in self.page_rules():
            for answer in (
                self.client.get(rule, query_string={**written, "sender": NUMBER}),
                self.client.post(rule, data={**written, "number": NUMBER}),
            ):
                # Where to go after logging in is said back to whoever asked, and to nobody else.
                leads_to_log_in = answer.status_code == 303 or rule == "/log-in"
                assert leads_to_log_in or not leaks_in(answer.data), rule

    def page_rules(self) -> list[str]:
        front = self.client.application.wsgi_app
        assert isinstance(front, PagesBehindTheLine)
        return [rule.rule for rule in front.pages.url_map.iter_rules() if "<" not in rule.rule]

    def refused(self) -> None:
        fields = {**message_fields(PHRASE, NUMBER, ACCOUNT_SID), **ABOUT}
        assert self.post(fields, token="forged")[0] == 403
        assert self.post({**fields, "AccountSid": f"AC{PHRASE}"})[0] == 403
        assert self.post({**fields, "MessageSid": PHRASE})[0] == 403
        for odd in (b"Body=\xff" + PHRASE.encode(), PHRASE.encode() * 10_000, b"From=1&From=" + NUMBER.encode()):
            self.client.post("/sms", data=odd, headers={"X-Twilio-Signature": PHRASE})
        for path in (
            f"/{PHRASE}",
            f"/sms/{PHRASE}?From={NUMBER}",
            f"/readyz?{PHRASE}",
            f"/sms/status?answers={PHRASE}",
        ):
            for method in ("get", "post", "put"):
                answer = getattr(self.client, method)(path, headers={"User-Agent": PHRASE, "Referer": NUMBER})
                assert not leaks_in(answer.data), path

    def commands(self) -> None:
        """What staff do about a person."""
        runner = CliRunner(env=self.environ)
        for command in (["hold", NUMBER], ["forget", NUMBER], ["hold", "--release", NUMBER], ["purge"]):
            told = runner.invoke(main, command)
            assert not leaks_in(told.output.encode()), command
        runner.invoke(main, ["export-person", NUMBER])

    def every_fault(self) -> None:
        """Break what is around the line, one after the other, and go every path meanwhile."""
        self.valkey.kill()
        self.every_path()
        self.commands()
        self.valkey.start()
        self.valkey.freeze()
        self.every_path()
        self.valkey.thaw()
        self.postgres.kill()
        self.every_path()
        self.commands()
        self.postgres.start()
        outbox = self.line.settings.var_dir / "outbox.sqlite3"
        outbox.write_bytes(b"no database" * 1000)
        self.every_path()
        self.commands()
        outbox.unlink()
        set_up_stores(settings_from(self.environ))
        self.every_path()

    def close(self) -> None:
        assert self.line.events is not None
        assert self.line.book_watch is not None
        self.line.book_watch.close()
        self.line.events.drain.stop()
        self.line.events.outbox.close()
        self.line.hot_state.close()  # type: ignore[attr-defined]

    def pages(self) -> dict[str, bytes]:
        """Give every page that needs no name in its address, as a stranger sees it."""
        rules = [rule.rule for rule in self.client.application.url_map.iter_rules() if "<" not in rule.rule]
        return {rule: self.client.get(rule).data for rule in {*rules, "/readyz", "/nothing", "/sms/nothing"}}

    def rows(self) -> list[Any]:
        database = Database(str(self.environ["DATABASE_URL"]))
        with database.read() as connection:
            tables = MetaData()
            tables.reflect(connection)
            rows = [row for table in tables.sorted_tables for row in connection.execute(select(table)).fetchall()]
        database.close()
        return rows

    def everything(self) -> dict[str, bytes]:
        """Give every place that holds something, with what it holds."""
        with self.valkey.admin() as admin:
            redis = b"\n".join(key + (admin.dump(key) or b"") for key in admin.scan_iter(count=1000))
        folders = [self.line.settings.var_dir, self.valkey.folder, self.postgres.folder]
        files = {str(path): path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file()}
        told = dict.fromkeys([f"collector {number}" for number in range(len(self.collector.kept))], b"")
        told = dict(zip(told, self.collector.kept, strict=True))
        return {
            **files,
            **told,
            **self.pages(),
            "redis": redis,
            "log": self.log.getvalue().encode(),
            "rows": repr(self.rows()).encode(),
        }


def leaks_in(content: bytes) -> list[bytes]:
    return [sought for sought in SOUGHT if sought in content]


@pytest.fixture
def whole(
    production_environ: dict[str, str],
    tmp_path: Path,
    valkey: ValkeyProcess,
    postgres: PostgresProcess,
    postgres_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Whole]:
    """The line with Redis, PostgreSQL, Sentry and OpenTelemetry, all of them real or as good as."""
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "100")
    with Collector() as collector:
        environ = {
            **production_environ,
            "RESPONSES_DIR": str(book_that_is_learned_at_once(tmp_path)),
            "REDIS_URL": valkey.url,
            "DATABASE_URL": postgres_url,
            "SENTRY_DSN": f"http://key@127.0.0.1:{collector.port}/1",
            "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{collector.port}",
        }
        settings, log = settings_from(environ), io.StringIO()
        set_up_stores(settings)
        line = build_line(settings, StructuredLog(log))
        whole = Whole(line, app_of(line).test_client(), log, collector, valkey, postgres, environ)
        yield whole
        whole.close()


def test_the_search_finds_what_is_there(tmp_path: Path) -> None:
    """A test that cannot fail is none: each way of writing a canary is found."""
    for content in (
        f"x{PHRASE}y".encode(),
        f"0{NUMBER[3:]}".encode(),
        f"+{NUMBER[1:]}".encode(),
        PHRASE.encode("utf-16-le"),
        json.dumps({"From": NUMBER}).encode(),
        NUMBER.encode().hex().encode(),
        base64.b64encode(PHRASE.encode()),
    ):
        assert leaks_in(content), content
    assert not leaks_in(b"urgent 0116 454 1004")


def test_no_canary_is_left_anywhere(
    whole: Whole, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    whole.every_path()
    whole.commands()
    assert len(whole.page_rules()) > 20
    whole.knock_at_the_pages()
    found_places = places_on_the_way_of(whole.every_path)
    assert len(found_places) > 80
    for place in found_places:  # whatever raises, with canaries in its words
        with monkeypatch.context() as patch:
            break_one(place, patch)
            with suppress(LineError):
                whole.text(f"urgent {PHRASE}", TEN_THOUSAND[2])

    working = whole.client
    broken = dataclasses.replace(
        whole.line, messaging=dataclasses.replace(whole.line.messaging, releases=CurrentRelease(None))
    )
    whole.client = app_of(broken).test_client()
    whole.every_path()
    whole.client = working

    whole.every_fault()
    eventually(lambda: len(whole.rows()) > 50)
    eventually(
        lambda: len(whole.collector.heard("/api/1/envelope")) > 5 and len(whole.collector.heard("/v1/traces")) > 5
    )
    with whole.postgres.connect() as connection:
        connection.execute("CHECKPOINT")
    content = whole.everything()
    assert len(content["log"]) > 10_000
    assert len(content["redis"]) > 1_000
    assert any(b"answer_failed" in told for told in whole.collector.kept), "errors were really reported"
    found = {place: leaks_in(held) for place, held in content.items() if leaks_in(held)}
    assert found == {}
    said = "".join(capfd.readouterr()).encode()
    assert leaks_in(said) == []
