"""Faults rows 31-35: delivery reports in any order, bodies too large, broken bytes, odd writing, nothing at all."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from itertools import permutations
from urllib.parse import quote_from_bytes
from xml.etree import ElementTree as ET

import pytest

from sms_service.storage import message_log
from sms_service.storage.database import Database
from sms_service.webhooks.signed_request import new_message_id, sign
from tests.conftest import ACCOUNT_SID, PUBLIC_URL, TOKEN
from tests.faults.house import NUMBER, PHRASE, TEN_THOUSAND, House, phone
from tests.faults.provider import CONTENT_TYPE
from tests.waiting import eventually

OpenHouse = Callable[..., House]


def report(reply_id: str, status: str, code: str = "") -> dict[str, str]:
    """Give a delivery report as the provider sends it."""
    more = {"ErrorCode": code} if code else {}
    return {"AccountSid": ACCOUNT_SID, "MessageSid": reply_id, "MessageStatus": status, "To": NUMBER, **more}


def test_row_31_all_120_orders_of_delivery_reports(open_house: OpenHouse) -> None:
    """Twice, unknown, late and with unknown codes: 204 always, and in SQL every message ends in the same state."""
    house = open_house()
    life = [("queued", ""), ("sent", ""), ("sent", ""), ("teleported", "99999"), ("failed", "21610")]
    asked: dict[str, str] = {}
    for number, order in enumerate(permutations(life)):
        message_id, reply_id = f"SM{number:032x}", f"SM{number + 10**6:032x}"
        answer = house.provider.send(house.line.fields("urgent", phone(number), message_id))
        [message] = ET.fromstring(answer.body)
        path = message.attrib["statusCallback"].removeprefix(PUBLIC_URL)
        for status, code in order:
            assert house.provider.send(report(reply_id, status, code), path).status == 204
        asked[message_id] = path
    assert house.provider.send(report(new_message_id(), "delivered"), "/sms/status").status == 204, "of nobody's"

    def states() -> set[str]:
        database = Database(house.url)
        with database.read() as connection:
            found = message_log.deliveries_of(connection, tuple(asked))
        database.close()
        return {state.words for state in found.values()} if len(found) == len(asked) else set()

    eventually(lambda: house.rows() == 120 + 120 * 4 + 1, 30)
    assert states() == {"failed: blocked at provider (21610)"}
    house.check_answers()


TOO_MUCH = {
    "2 MB": b"Body=" + b"x" * 2_000_000,
    "10,000 fields": b"&".join(b"field%d=%d" % (number, number) for number in range(10_000)),
    "101 fields": b"&".join(b"f%d=1" % number for number in range(101)),
    "one name of 64 kB": b"x" * 65_000 + b"=1",
}


@pytest.mark.parametrize("body", TOO_MUCH.values(), ids=TOO_MUCH.keys())
def test_row_32_bodies_that_are_too_large(body: bytes, open_house: OpenHouse) -> None:
    """Refused in the provider's own type and without a word; the next text is answered as ever."""
    house = open_house()
    headers = {"X-Twilio-Signature": "c2ln", "Content-Type": "application/x-www-form-urlencoded"}
    answer = house.line.client.post("/sms", data=body, headers=headers)
    assert answer.status_code in {400, 403, 413}
    assert answer.content_type == CONTENT_TYPE
    assert list(ET.fromstring(answer.data)) == []
    house.text(3)
    house.check_answers()
    house.all_arrive()


ODD_BYTES = [
    *(b"\xff", b"\xff\xfe\x00", b"\xed\xa0\x80", b"\xc0\xaf", b"\xe0\x80\xaf", b"\xf0\x80\x80\xaf"),
    *(b"\xf8\x88\x80\x80\x80", b"\x00", b"a\x00b", b"\x01\x02\x1b[2J", b"\r\n\r\nHTTP/1.1 200 OK"),
    *(b"\xef\xbf\xbe", b"\xef\xbf\xbf", b"\xe2\x80\xa8", b"\xed\xa0\xbd\xed\xb8\x80", b"\x80" * 1600),
    *(b"<Response/>", b"]]>&amp;<!--", b"%00%ff", b"\xf0\x9f\x98\x80" * 200),
]


def send_bytes(house: House, raw: bytes, sender: str) -> None:
    """Text bytes as the provider would, percent-encoded; hold the answer to REPLY."""
    fields = house.line.fields("PLACE", sender)
    signature = sign(f"{PUBLIC_URL}/sms", {**fields, "Body": raw.decode("utf-8", "replace")}, TOKEN).signature
    body = sign("", fields, TOKEN).raw_body.replace(b"Body=PLACE", b"Body=" + quote_from_bytes(raw).encode())
    before = house.provider.clock()
    headers = {"X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded"}
    answer = house.line.client.post("/sms", data=body, headers=headers)
    assert answer.status_code == 200
    [message] = ET.fromstring(answer.data)
    assert message.text in house.provider.known_at(before)


@pytest.mark.parametrize("raw", ODD_BYTES, ids=lambda raw: repr(raw[:20]))
def test_row_33_bytes_that_are_no_text(raw: bytes, open_house: OpenHouse) -> None:
    house = open_house()
    send_bytes(house, raw, NUMBER)
    unsigned = house.line.client.post("/sms", data=b"Body=" + raw, headers={"X-Twilio-Signature": "c2ln"})
    assert unsigned.status_code in {400, 403}, "raw bytes are nothing that the provider sends"
    assert house.leaks() == []


@pytest.mark.soak
def test_row_33_fuzz_for_ten_minutes(open_house: OpenHouse) -> None:
    """Random bytes, damaged texts and mixtures of both; the seed is told when it fails."""
    house, until = open_house(), time.monotonic() + 600
    seed = time.time_ns()
    chance = random.Random(seed)
    number = 0
    while time.monotonic() < until:
        number += 1
        pieces = [chance.randbytes(chance.randrange(60)), chance.choice(ODD_BYTES), b"urgent", PHRASE.encode()]
        chance.shuffle(pieces)
        send_bytes(house, b"".join(pieces[: chance.randrange(5)])[:1600], TEN_THOUSAND[number % 10_000])
    assert house.log.troubles == [], seed


ODD_WRITING = [
    ("help", "help"),
    ("help!!", "help"),
    ("H E L P", "help"),
    ("h.e.l.p", "help"),
    ("HELP", "help"),
    ("ｈｅｌｐ", "help"),  # full width
    ("he\u200blp", "help"),  # zero width
    ("\ufeffhelp\u2060", "help"),
    ("\u202ehelp\u202c", "help"),  # right to left
    ("hе" + "lр", "help"),  # Cyrillic е and р
    ("h\u0301e\u0301l\u0301p\u0301", "help"),  # combining
    ("𝐡𝐞𝐥𝐩", "help"),  # mathematical
    ("ⓗⓔⓛⓟ", "help"),
    ("  help\n\n", "help"),
    ("URGENT", "urgent"),
    ("u r g e n t", "urgent"),
    ("ＵＲＧＥＮＴ", "urgent"),
    ("urg\u200dent", "urgent"),
    ("UЯGENT", None),  # another letter, not a look-alike: any reply will do
]


@pytest.mark.parametrize(("text", "reply"), ODD_WRITING)
def test_row_34_odd_writing(text: str, reply: str | None, open_house: OpenHouse) -> None:
    house = open_house()
    said = house.say(text)
    if reply is not None:
        assert house.log.events[-1].reply == reply
        assert said == house.say(reply, phone(1)), "the words that the plain word gets"
    assert not set(said) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f"), "screen order"
    house.check_answers()


NOTHING = {
    "empty": ({"Body": ""}, "no_match"),
    "spaces": ({"Body": " \t\n "}, "no_match"),
    "no body field": ({}, "no_match"),
    "emoji": ({"Body": "\N{SLIGHTLY SMILING FACE}"}, None),
    "1600 characters": ({"Body": "x" * 1600}, "no_match"),
    "1600 emoji": ({"Body": "\N{SLIGHTLY SMILING FACE}" * 1600}, None),
    "a voice note": ({"Body": "", "NumMedia": "1", "MediaContentType0": "audio/ogg"}, "voice_note"),
    "a picture": ({"Body": "", "NumMedia": "1", "MediaContentType0": "image/jpeg"}, "picture"),
    "ten pictures": ({"Body": "", "NumMedia": "10"}, "picture"),
}


@pytest.mark.parametrize("kind", NOTHING)
def test_row_35_nothing_to_read(kind: str, open_house: OpenHouse) -> None:
    """The menu with the emergency numbers, or the words for a picture; never silence, and nothing is opened."""
    house = open_house()
    more, reply = NOTHING[kind]
    fields = {name: value for name, value in house.line.fields("").items() if name != "Body"}
    before = house.provider.clock()
    answer = house.provider.send({**fields, **more, "MediaUrl0": f"https://media.example/{PHRASE}"})
    said = house.provider.check_reply(answer, before)
    house.sent.append(fields["MessageSid"])
    assert "999" in said
    if reply is not None:
        assert house.log.events[-1].reply == reply
    house.check_answers()
    house.all_arrive()
