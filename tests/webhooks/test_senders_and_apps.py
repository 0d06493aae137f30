"""Odd senders get silence and a row, so that nothing loops; apps get the same answers as a text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sms_service.webhooks.twiml import SILENCE

if TYPE_CHECKING:
    from tests.conftest import LineUnderTest as Line


@pytest.mark.parametrize(
    ("sender", "kind"),
    [
        ("+441632960123", "landline"),
        ("60777", "short_code"),
        ("MYBANK", "name"),
        ("alerts@example.com", "email"),
        ("+448001111000", "service_number"),
        ("+447700900000", "own_number"),
    ],
)
@pytest.mark.parametrize("release", [True, False])
def test_nobodys_phone_gets_silence_and_a_row(make_line, sender: str, kind: str, release: bool) -> None:
    line = make_line() if release else make_line(release=None)
    for text in ("URGENT", "Your code is 1234", "HELP"):
        answer = line.handle(text, sender)
        assert (answer.status, answer.body) == (200, SILENCE)
    rows = line.recorder.events
    assert len(rows) == 3
    assert {(row.outcome, row.reply) for row in rows} == {("silent_sender", None)}
    if release:
        assert {row.refusal for row in rows} == {kind}
        assert [row.danger_likely for row in rows] == [True, False, False], "operators are told of danger"


@pytest.mark.parametrize("sender", ["+447700900123", "+48500100200", "+12025550123", "", "messenger:12345"])
def test_in_doubt_it_is_somebodys_phone(line: Line, sender: str) -> None:
    assert line.texts("URGENT", sender)


@pytest.mark.parametrize("sender", ["whatsapp:+447700900123", "rcs:+447700900123", "whatsapp:GB.12345"])
def test_apps_get_the_same_answers(line: Line, make_line, sender: str) -> None:
    assert line.texts("URGENT", sender) == make_line().texts("URGENT")
    assert line.recorder.events[0].channel == sender.partition(":")[0]


def test_the_same_person_is_the_same_on_every_channel(line: Line) -> None:
    line.texts("help", "+447700900123")
    line.texts("help", "whatsapp:+447700900123")
    assert len({row.pseudonym for row in line.recorder.events}) == 1
    assert line.recorder.events[1].part == "again"


@pytest.mark.parametrize(
    ("fields", "reply"),
    [
        ({"ButtonPayload": "5", "ButtonText": "Meeting up"}, "meet"),
        ({"ButtonPayload": "URGENT", "ButtonText": "I need help now"}, "urgent"),
        ({"ButtonPayload": "blackmail", "ButtonText": "Threats"}, "blackmail"),
        ({"ButtonPayload": "btn_0x7f3a", "ButtonText": "MEET"}, "meet"),
        ({"ButtonPayload": "", "ButtonText": "4"}, "live"),
        ({"ListId": "1", "ListTitle": "Picture online", "ListDescription": "x"}, "iwf"),
        ({"ListId": "row-17", "ListTitle": "FRIEND"}, "friend"),
        ({"ButtonPayload": "help", "ButtonText": "x"}, "help"),
    ],
)
def test_a_button_or_list_entry_is_a_menu_choice(line: Line, fields: dict[str, str], reply: str) -> None:
    text = fields.get("ButtonText") or fields.get("ListTitle") or ""
    assert line.reply(text, sender="whatsapp:+447700900123", **fields) == reply


def test_names_of_profiles_are_dropped(line: Line) -> None:
    answer = line.handle("URGENT", "whatsapp:+447700900123", ProfileName="Canary Name", WaId="447700900123")
    kept = f"{answer.body!r}{line.recorder.events!r}{line.log.events!r}"
    assert "Canary" not in kept
    assert "7700900123" not in kept


def test_a_long_message_of_an_app_is_read_whole(line: Line) -> None:
    story = "we talked about school and music for a long time. " * 75
    assert len(story) > 3500
    assert line.reply(f"{story} he is going to kill me", sender="whatsapp:+447700900123") == "urgent"
