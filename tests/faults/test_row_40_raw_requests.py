"""Faults row 40 and ASVS 4.2.1: requests whose length can be read in two ways, at both web servers, on raw sockets.

Each is followed by a second request on the same connection. Where the first one's end is in doubt, no second one may be
answered there: that is what smuggling needs. granian takes the chunks of a request that says both lengths and then
closes the connection, as RFC 9112, 6.1 allows; gunicorn refuses it.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from sms_service.service.release import Release
from sms_service.webhooks.signed_request import message_fields, new_message_id, sign
from tests.conftest import ACCOUNT_SID, PUBLIC_URL, TOKEN
from tests.faults.house import PHRASE, phone
from tests.faults.provider import KnownTexts
from tests.faults.server import Server
from tests.waiting import eventually

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

FORM = b"Host: line.example.org\r\nContent-Type: application/x-www-form-urlencoded\r\n"
SECOND = b"GET /healthz HTTP/1.1\r\nHost: line.example.org\r\nConnection: close\r\n\r\n"
CHUNKS = b"6\r\nBody=a\r\n0\r\n\r\n"

IN_DOUBT = {
    "length and chunks": (b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n", CHUNKS),
    "chunks and length": (b"Transfer-Encoding: chunked\r\nContent-Length: 6\r\n", CHUNKS),
    "chunks that end before the length": (b"Transfer-Encoding: chunked\r\nContent-Length: 600\r\n", b"0\r\n\r\n"),
    "two lengths": (b"Content-Length: 6\r\nContent-Length: 60\r\n", b"Body=a"),
    "a list of lengths": (b"Content-Length: 6, 60\r\n", b"Body=a"),
    "a list of one length": (b"Content-Length: 6, 6\r\n", b"Body=a"),
    "a length with a sign": (b"Content-Length: +6\r\n", b"Body=a"),
    "a negative length": (b"Content-Length: -6\r\n", b"Body=a"),
    "a length in hexadecimal": (b"Content-Length: 0x6\r\n", b"Body=a"),
    "an empty length": (b"Content-Length: \r\n", b"Body=a"),
    "a folded header": (b"X-A: a\r\n b\r\nContent-Length: 6\r\n", b"Body=a"),
    "a folded encoding": (b"Transfer-Encoding:\r\n chunked\r\nContent-Length: 6\r\n", CHUNKS),
    "a space before the colon": (b"Content-Length : 6\r\n", b"Body=a"),
    "a space before the encoding's colon": (b"Transfer-Encoding : chunked\r\nContent-Length: 6\r\n", CHUNKS),
    "an unknown encoding": (b"Transfer-Encoding: xchunked\r\nContent-Length: 6\r\n", CHUNKS),
    "chunked, and then not": (b"Transfer-Encoding: chunked, identity\r\n", CHUNKS),
    "two encodings": (b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", CHUNKS),
    "a tab before the encoding": (b"Transfer-Encoding:\tchunked\r\nContent-Length: 6\r\n", CHUNKS),
    "a carriage return in a header": (b"X-A: a\rContent-Length: 60\r\nContent-Length: 6\r\n", b"Body=a"),
    "a NUL in a header": (b"X-A: a\0b\r\nContent-Length: 6\r\n", b"Body=a"),
    "a chunk with a prefix": (b"Transfer-Encoding: chunked\r\n", b"0x6\r\nBody=a\r\n0\r\n\r\n"),
    "chunks without carriage returns": (b"Transfer-Encoding: chunked\r\n", b"6\nBody=a\n0\n\n"),
}


@pytest.fixture(params=[("granian", "on"), ("granian", "off"), ("gunicorn", "on"), ("gunicorn", "off")], ids="-".join)
def server(request: pytest.FixtureRequest, shipped_release: Release, tmp_path: Path) -> Iterator[Server]:
    """Each web server, with the fast lane and without."""
    web_server, lane = request.param
    environ = {"WEB_SERVER": web_server, "FAST_LANE": lane}
    line = Server(tmp_path / "server", KnownTexts(shipped_release), workers=1, **environ)
    yield line
    line.kill()


def asked(server: Server, raw: bytes) -> list[int]:
    """Send bytes; give the status of each answer on that connection, which somebody must close."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as line:
        heard = b""
        try:
            line.sendall(raw)
            while received := line.recv(65536):
                heard += received
        except ConnectionResetError:
            pass  # the plainest refusal
    return [int(status) for status in re.findall(rb"HTTP/1\.[01] (\d+)", heard)]


def test_row_40_no_second_request_after_one_whose_end_is_in_doubt(server: Server) -> None:
    whole = b"POST /sms HTTP/1.1\r\n" + FORM
    assert asked(server, whole + b"Content-Length: 6\r\n\r\nBody=a" + SECOND) == [403, 200], "the usual case is two"
    for name, (headers, body) in IN_DOUBT.items():
        statuses = asked(server, whole + headers + b"\r\n" + body + SECOND)
        assert len(statuses) <= 1, name
        assert set(statuses) <= {400, 403, 501}, name
    old = b"POST /sms HTTP/1.0\r\n" + FORM + b"Connection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert asked(server, old + CHUNKS + SECOND) == [400]
    fields = message_fields(f"urgent {PHRASE}", phone(1), ACCOUNT_SID, message_id=new_message_id())
    signed = sign(f"{PUBLIC_URL}/sms", fields, TOKEN)
    chunks = b"%x\r\n%s\r\n0\r\n\r\n" % (len(signed.raw_body), signed.raw_body)
    head = whole + b"X-Twilio-Signature: " + signed.signature.encode() + b"\r\n"
    both = head + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert asked(server, both + chunks + SECOND) in ([200], [400]), "signed or not, it is the last on its connection"
    server.answered(phone(2))
    eventually(lambda: len(server.rows()) in (1, 2))
    assert server.leaks() == []
