"""A draft tried from a real phone, from end to end: the page, real stores, and texts signed as the provider does."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from sqlalchemy import select

from sms_service.core.publishing.field_edits import FieldEdit
from sms_service.factory.line import Line, build_line
from sms_service.factory.stores import database_of
from sms_service.factory.web import app_of
from sms_service.settings import read_settings
from sms_service.storage.tables import message_log
from sms_service.webhooks.signed_request import message_fields, sign
from tests.publishing_in_memory import ANN
from tests.publishing_site import NEW_WORDS
from tests.staff_site import StaffClient, doorman_for

TOKEN, URL = "token-of-the-phones", "https://line.example.org/sms"
WORDS = f"{NEW_WORDS}Day or night: {{contact.duty_and_advice}}\n"
PHONE, CHILD = "+447700900456", "+447700900123"


@pytest.fixture
def line(tmp_path: Path, migrated_var: Path, shipped_files: Mapping[str, str]) -> Line:
    """A line with real stores and few examples."""
    book, var_dir = tmp_path / "responses", tmp_path / "var"
    for path, text in shipped_files.items():
        (book / path).parent.mkdir(parents=True, exist_ok=True)
        (book / path).write_text(text)
    (book / "golden.yaml").write_text("- text: URGENT\n  reply: urgent\n")
    shutil.copytree(migrated_var, var_dir)
    return build_line(
        read_settings(
            {
                "LINE_ENV": "development",
                "TWILIO_AUTH_TOKEN": TOKEN,
                "PUBLIC_URL": "https://line.example.org",
                "VAR_DIR": str(var_dir),
                "RESPONSES_DIR": str(book),
                "PSEUDONYM_KEYS": "k1:" + 32 * "11",
                "SECRET_KEY": 32 * "s",
            }
        )
    )


def until(happened: Callable[[], bool]) -> None:
    """Wait for what happens in the background, as long as the test may take."""
    while not happened():
        time.sleep(0.05)


def kinds_of_rows(line: Line) -> list[str]:
    database = database_of(line.settings)
    with database.read() as connection:
        kinds = connection.execute(select(message_log.c.kind).order_by(message_log.c.at)).scalars().all()
    database.close()
    return list(kinds)


def texted(app: Flask, words: str, sender: str) -> str:
    request = sign(URL, message_fields(words, sender, "AC" + 32 * "0"), TOKEN)
    answer = app.test_client().post(
        urlsplit(URL).path,
        data=request.raw_body,
        headers={"X-Twilio-Signature": request.signature},
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code == 200
    return "".join(message.text or "" for message in ET.fromstring(answer.data).iter("Message"))


def test_from_the_page_to_the_phone_and_back(line: Line, tmp_path: Path) -> None:
    publishing, watch = line.publishing, line.book_watch
    assert publishing is not None
    assert watch is not None
    app = app_of(line, doorman_for(ANN))
    client = StaffClient(app, ANN)
    draft = publishing.drafts.open(ANN, "Kinder words")
    seen = publishing.drafts.fields(draft, "meet.yaml").seen
    publishing.drafts.save_fields(ANN, 1, "meet.yaml", seen, [FieldEdit(("text", "en"), WORDS)])
    until(lambda: publishing.trials.result(publishing.drafts.get(1)) is not None)

    allowed = client.send("/drafts/1/phones", {"mobile": "07700 900456", "hours": "1"})
    assert allowed.status_code == 303, allowed.text
    watch.tried.look()
    assert texted(app, "MEET", PHONE).startswith("You are not in trouble. We want you to be safe.")
    assert not texted(app, "MEET", CHILD).startswith("You are not in trouble. We want you to be safe.")

    page = client.get("/drafts/1/phones").text
    assert "Allowed by Ann Example" in page
    client.send("/drafts/1/phones/end", {}, form_at="/drafts/1/phones")
    assert not texted(app, "MEET", PHONE).startswith("You are not in trouble. We want you to be safe.")

    until(lambda: len(kinds_of_rows(line)) == 3)
    assert kinds_of_rows(line) == ["trial", "message", "message"]
    watch.close()
    kept = b"".join(path.read_bytes() for path in (tmp_path / "var").rglob("*") if path.is_file())
    assert b"900456" not in kept
    assert b"900 456" not in kept
