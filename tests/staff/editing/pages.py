"""Reading and sending the forms of the editing pages as a browser does, without a script."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from tests.staff_site import StaffClient

if TYPE_CHECKING:
    from werkzeug.test import TestResponse


def fields_of(page: str) -> dict[str, str]:
    """Give what the form of a page would send: inputs, texts and selects as they stand."""
    fields = {}
    for name, value in re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>\n(.*?)</textarea>', page, re.DOTALL):
        fields[name] = html.unescape(value)
    for tag in re.findall(r"<input[^>]*>", page):
        found = dict(re.findall(r'([a-z]+)="([^"]*)"', tag))
        if found.get("type") in {"radio", "checkbox"} and " checked" not in tag:
            continue
        if "name" in found:
            fields.setdefault(found["name"], html.unescape(found.get("value", "")))
    for name, options in re.findall(r'<select[^>]* name="(follow-[^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        fields[name] = "".join(re.findall(r'value="([^"]*)" selected', options))
    return fields


def send(client: StaffClient, changes: dict[str, str], path: str, page: str | None = None) -> TestResponse:
    """Send the form of a page (opened now unless given) with some changes."""
    page = page if page is not None else client.get(path).get_data(as_text=True)
    return client.post(path, {**fields_of(page), **changes})


def words(answer: TestResponse) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", answer.get_data(as_text=True)).split())
