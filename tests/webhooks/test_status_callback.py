from __future__ import annotations

import dataclasses
import itertools
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pytest

from sms_service.core.delivery import DeliveryReport, DeliveryState, DeliveryStatus, final_state
from sms_service.core.events import Event
from sms_service.service.ports import Recorded
from sms_service.storage import message_log
from sms_service.storage.database import Database
from sms_service.storage.drain import Drain
from sms_service.storage.event_stores import OUTBOX_FILE, database_url, make_event_stores
from sms_service.webhooks.signed_request import sign
from tests.conftest import ACCOUNT_SID, PUBLIC_URL, TOKEN, LineUnderTest

REPLY_ID = "SM" + 32 * "b"
ANSWERED_ID = "SM" + 32 * "a"


def report(status: str = "delivered", **more: str) -> dict[str, str]:
    """Give the fields of a report as the provider sends them, geography and prices left out."""
    return {
        "AccountSid": ACCOUNT_SID,
        "ApiVersion": "2010-04-01",
        "From": "+447700900000",
        "MessageSid": REPLY_ID,
        "MessageStatus": status,
        "SmsSid": REPLY_ID,
        "SmsStatus": status,
        "To": "+447700900123",
        **more,
    }


def send(line: LineUnderTest, fields: Mapping[str, str], path: str = "/sms/status", token: str = TOKEN) -> int:
    request = sign(PUBLIC_URL + path, fields, token)
    answer = line.client.post(
        path,
        data=request.raw_body,
        headers={"X-Twilio-Signature": request.signature},
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.data == b""
    return answer.status_code


def state(events: list[Event]) -> DeliveryState:
    return final_state(DeliveryReport(DeliveryStatus.of(event.delivery_status), event.error_code) for event in events)


def test_a_report_becomes_a_row_and_a_line_without_a_number(line: LineUnderTest) -> None:
    assert send(line, report("undelivered", ErrorCode="30003")) == 204
    [event] = line.recorder.events
    assert event.event_id == f"delivery:{REPLY_ID}:undelivered"
    assert (event.message_id, event.delivery_status, event.error_code) == (REPLY_ID, "undelivered", 30003)
    assert event.pseudonym is None
    assert "7700900" not in repr(event)
    assert line.log.events == [event]


def test_the_address_says_which_message_was_answered(line: LineUnderTest) -> None:
    assert send(line, report(), path=f"/sms/status?answers={ANSWERED_ID}") == 204
    assert line.recorder.events[0].message_id == ANSWERED_ID


@pytest.mark.parametrize(
    "answers", ["", "SM1", "../etc", ANSWERED_ID + "0", ANSWERED_ID + "\n", ANSWERED_ID.upper(), "<script>"]
)
def test_an_odd_address_says_nothing(line: LineUnderTest, answers: str) -> None:
    assert send(line, report(), path=f"/sms/status?{urlencode({'answers': answers})}") == 204
    assert line.recorder.events[0].message_id == REPLY_ID


def test_an_address_with_two_messages_names_none(line: LineUnderTest) -> None:
    assert send(line, report(), path=f"/sms/status?answers={ANSWERED_ID}&answers={REPLY_ID}") == 204
    assert line.recorder.events[0].message_id == REPLY_ID


def test_a_report_cannot_be_moved_to_another_message(line: LineUnderTest) -> None:
    request = sign(f"{PUBLIC_URL}/sms/status?answers={ANSWERED_ID}", report(), TOKEN)
    for path in ("/sms/status", f"/sms/status?answers={REPLY_ID}", f"/sms/status?answers={ANSWERED_ID}&x=1"):
        answer = line.client.post(path, data=request.raw_body, headers={"X-Twilio-Signature": request.signature})
        assert answer.status_code == 403
    assert line.recorder.events == []


def test_all_120_orders_with_repeats_end_the_same(line: LineUnderTest) -> None:
    life = [report("queued"), report("sent"), report("sent"), report("teleported"), report("failed", ErrorCode="21610")]
    states = set()
    for order in itertools.permutations(life):
        fresh = line.with_parts(recorder=type(line.recorder)())
        for fields in order:
            assert send(fresh, fields) == 204
        states.add(state(fresh.story.recorder.events))  # type: ignore[attr-defined]
    assert {one.words for one in states} == {"failed: blocked at provider (21610)"}


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        (report("teleported"), "unknown", None),
        (report(""), "unknown", None),
        (report("sent", ErrorCode="123456"), "sent", 123456),
        (report("sent", ErrorCode="nonsense"), "sent", None),
        (report("sent", ErrorCode="9" * 400), "sent", None),
        (report("delivered", Canary="new field"), "delivered", None),
    ],
)
def test_unknown_values_and_codes_are_kept(line: LineUnderTest, fields, status: str, code: int | None) -> None:
    assert send(line, fields) == 204
    [event] = line.recorder.events
    assert (event.delivery_status, event.error_code) == (status, code)


@pytest.mark.parametrize(
    "fields", [{}, report(MessageSid="", SmsSid=""), report(MessageSid="SM1"), report(MessageSid="x" * 5000)]
)
def test_a_report_about_nothing_is_answered_and_left(line: LineUnderTest, fields: Mapping[str, str]) -> None:
    assert send(line, fields) == 204
    assert line.recorder.events == []
    assert line.log.refusals == ["odd_message_id"]


def test_only_the_provider_may_report(line: LineUnderTest) -> None:
    assert send(line, report(), token="another") == 403
    assert line.client.post("/sms/status", data=b"MessageSid=x").status_code == 403
    assert line.recorder.events == []
    assert line.log.refusals == ["forged", "unsigned"]


def test_a_field_with_two_values_changes_nothing(line: LineUnderTest) -> None:
    signature = sign(f"{PUBLIC_URL}/sms/status", report(), TOKEN).signature
    body = urlencode({**report(), "MessageStatus": "failed"}) + "&MessageStatus=delivered"
    answer = line.client.post("/sms/status", data=body.encode(), headers={"X-Twilio-Signature": signature})
    assert answer.status_code in (204, 403)
    assert line.recorder.events == []


class Refuses:
    def record(self, event: Event) -> Recorded:
        return Recorded.NOT_KEPT


class Raises:
    def record(self, event: Event) -> Recorded:
        raise RuntimeError


@pytest.mark.parametrize("recorder", [Refuses(), Raises()])
def test_without_an_outbox_it_is_in_the_log(line: LineUnderTest, recorder: object) -> None:
    assert send(line.with_parts(recorder=recorder), report()) == 204
    assert line.log.events[0].degraded == ("outbox",)


@pytest.mark.parametrize("method", ["get", "put", "delete", "options"])
def test_only_post(line: LineUnderTest, method: str) -> None:
    assert getattr(line.client, method)("/sms/status").status_code == 405


# From the answer to the message log ----------------------------------------------------------------------------------


@dataclasses.dataclass
class KeptLine:
    """A line whose rows go to a real outbox, and from there to a real database when asked."""

    line: LineUnderTest
    var_dir: Path

    def text(self, message_id: str) -> str:
        """Text the line; give the path and query to which the provider would report."""
        answers = {self.line.post("urgent", message_id=message_id).data for _ in range(2)}
        [answer] = answers  # the retry gets the same bytes, its address included
        [message] = ET.fromstring(answer)
        address = message.attrib["statusCallback"]
        assert address.startswith(f"{PUBLIC_URL}/sms/status?")
        return address.removeprefix(PUBLIC_URL)

    def deliveries(self, *message_ids: str) -> dict[str, str]:
        """Drain, and give what the message log says became of the replies to some messages."""
        database = Database(database_url(self.var_dir, None))
        drain = Drain(self.var_dir / OUTBOX_FILE, database)
        drain.empty()
        with database.read() as connection:
            found = message_log.deliveries_of(connection, message_ids)
        drain.close()
        return {message_id: state.words for message_id, state in found.items()}


@pytest.fixture
def kept_line(line: LineUnderTest, migrated_var: Path, tmp_path: Path) -> Iterator[KeptLine]:
    shutil.copytree(migrated_var, tmp_path, dirs_exist_ok=True)
    stores = make_event_stores(tmp_path, None, line.log)
    # Drained by the test itself, not by the thread.
    outbox = type(stores.outbox)(tmp_path / OUTBOX_FILE)
    yield KeptLine(line.with_parts(recorder=outbox), tmp_path)
    outbox.close()


def test_the_message_log_shows_the_delivery_by_message(kept_line: KeptLine) -> None:
    arrived, blocked, silent = ("SM" + 32 * digit for digit in "123")
    to_arrived, to_blocked, _ = (kept_line.text(message_id) for message_id in (arrived, blocked, silent))
    other_reply = {"MessageSid": "SM" + 32 * "c", "SmsSid": "SM" + 32 * "c"}
    for status in ("delivered", "sent", "queued", "sent"):
        assert send(kept_line.line, report(status), path=to_arrived) == 204
    for status, code in (("failed", "21610"), ("queued", "")):
        assert send(kept_line.line, report(status, ErrorCode=code, **other_reply), path=to_blocked) == 204
    assert kept_line.deliveries(arrived, blocked, silent) == {
        arrived: "delivered",
        blocked: "failed: blocked at provider (21610)",
    }
