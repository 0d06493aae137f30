"""Redis broken in every way we could think of: a message never waits for it."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.hot_state_line import LONGEST_CALL_SECONDS, MENU, OPEN_SECONDS, Line, SkippingClock, open_line
from tests.faults.measurements import stopwatch
from tests.ports import free_port
from tests.storage.tcp_proxy import TcpProxy
from tests.storage.valkey_process import ValkeyProcess
from tests.waiting import eventually


@pytest.fixture
def clock() -> SkippingClock:
    return SkippingClock()


@pytest.fixture
def on_redis(valkey: ValkeyProcess, clock: SkippingClock, tmp_path: Path) -> Iterator[Line]:
    yield from open_line(valkey.url, tmp_path, clock)


def test_absent_at_start_then_started(tmp_path: Path, clock: SkippingClock) -> None:
    server = ValkeyProcess(tmp_path / "valkey", port=free_port())
    for line in open_line(server.url, tmp_path, clock):
        assert line.messages(20) == [True] * 20
        line.assert_told("cannot be reached")
        server.start()
        line.assert_back()
    server.kill()


def test_killed_under_load_and_started_again(valkey: ValkeyProcess, on_redis: Line) -> None:
    on_redis.clock.may_skip = False  # here the real time counts
    on_redis.settle("SM-before", b"before")
    wait = on_redis.keep_sending(1.5)
    time.sleep(0.3)
    valkey.kill()
    time.sleep(0.3)
    assert on_redis.claim("SM-before").answer == b"before", "remembered in this process"
    valkey.start()
    assert wait() > 0
    on_redis.assert_back()


def test_frozen_costs_one_time_out_then_nobody_asks(valkey: ValkeyProcess, on_redis: Line) -> None:
    on_redis.assert_healthy(3)
    with on_redis.clock.stopped():
        valkey.freeze()
        started = stopwatch()
        on_redis.message()
        assert 0.15 < stopwatch() - started < LONGEST_CALL_SECONDS, "one time-out in a message, not two"
        started = stopwatch()
        assert on_redis.messages(50) == [True] * 50
        assert stopwatch() - started < 50 * 0.1, "then none: fifty would be fifteen seconds"
        on_redis.clock.skip(OPEN_SECONDS)
        started = stopwatch()
        on_redis.messages(50)
        assert stopwatch() - started < 50 * 0.1, "half-open, one message tries"
    on_redis.assert_told("in time")
    on_redis.assert_quick()
    valkey.thaw()
    on_redis.assert_back()


def test_frozen_under_load_of_many_threads(valkey: ValkeyProcess, on_redis: Line) -> None:
    on_redis.clock.may_skip = False
    wait = on_redis.keep_sending(2.0, threads=8)
    time.sleep(0.3)
    valkey.freeze()
    time.sleep(1.0)
    valkey.thaw()
    assert wait() > 0
    on_redis.assert_back()


def test_frozen_before_anybody_has_connected(valkey: ValkeyProcess, on_redis: Line) -> None:
    valkey.freeze()
    assert on_redis.messages(20) == [True] * 20
    on_redis.assert_quick()
    valkey.thaw()
    on_redis.assert_back()


def test_paused(valkey: ValkeyProcess, on_redis: Line) -> None:
    on_redis.messages(3)
    with valkey.admin() as admin:
        admin.client_pause(1000, all=True)
        started = time.monotonic()
        on_redis.messages(20)
        on_redis.assert_quick()
        time.sleep(max(0.0, started + 1.0 - time.monotonic()))
    on_redis.assert_back()


def test_full(valkey: ValkeyProcess, on_redis: Line) -> None:
    on_redis.settle("SM-before", b"before")
    with valkey.admin() as admin:
        admin.config_set("maxmemory", 100_000)
        assert on_redis.messages(20) == [True] * 20
        on_redis.assert_told("full")
        assert on_redis.claim("SM-before").answer == b"before"
        known = on_redis.claim("SM-after")
        assert known.conversation == MENU, "what is stored can still be read"
        admin.config_set("maxmemory", 0)
    on_redis.assert_back()


def test_a_read_only_replica(valkey: ValkeyProcess, on_redis: Line) -> None:
    on_redis.settle("SM-before", b"before")
    with valkey.admin() as admin:
        admin.replicaof("127.0.0.1", str(free_port()))
        assert on_redis.messages(20) == [True] * 20
        on_redis.assert_told("read-only replica")
        assert on_redis.claim("SM-before").answer == b"before", "the same text after a failover"
        admin.replicaof("NO", "ONE")
    on_redis.assert_back()


def test_wrong_or_missing_password(tmp_path: Path, clock: SkippingClock) -> None:
    server = ValkeyProcess(tmp_path / "valkey", "--requirepass", "s3cret").start()
    for url in (server.url, f"redis://:wr0ng@127.0.0.1:{server.port}", f"redis://me:wr0ng@127.0.0.1:{server.port}"):
        for line in open_line(url, tmp_path, clock):
            assert line.messages(20) == [True] * 20
            line.assert_told("refuses our name or password")
            told = line.state.check() or ""
            assert not {word for word in ("s3cret", "wr0ng", "127.0.0.1") if word in told}
            line.assert_quick()
            with server.admin(password="s3cret") as admin:
                admin.config_set("requirepass", "wr0ng")
                if url.startswith("redis://:"):
                    line.assert_back()
                admin.config_set("requirepass", "s3cret")
    server.kill()


def test_a_user_without_permissions(valkey: ValkeyProcess, tmp_path: Path, clock: SkippingClock) -> None:
    with valkey.admin() as admin:
        admin.acl_setuser("me", enabled=True, passwords=["+p"], categories=["-@all"], commands=["+ping"])
        for line in open_line(f"redis://me:p@127.0.0.1:{valkey.port}", tmp_path, clock):
            assert line.messages(10) == [True] * 10
            line.assert_told("does not permit")
            line.assert_quick()


def test_flushed_under_load(valkey: ValkeyProcess, on_redis: Line) -> None:
    on_redis.settle("SM-before", b"before")
    wait = on_redis.keep_sending(1.0)
    with valkey.admin() as admin:
        for _ in range(10):
            admin.flushall()
            admin.script_flush()
            time.sleep(0.08)
    assert wait() > 0  # each with its repeat, which gets the same bytes
    assert on_redis.claim("SM-before").answer == b"before", "remembered in this process"
    on_redis.assert_healthy()
    on_redis.assert_quick()


@pytest.mark.parametrize(("delay_seconds", "degraded"), [(0.05, False), (0.15, False), (0.5, True)])
def test_slow(
    valkey: ValkeyProcess, tmp_path: Path, clock: SkippingClock, delay_seconds: float, degraded: bool
) -> None:
    with TcpProxy(valkey.port) as proxy:
        for line in open_line(f"redis://127.0.0.1:{proxy.port}", tmp_path, clock):
            proxy.delay_seconds = delay_seconds
            line.messages(2)
            told: list[bool] = []
            while degraded not in told and len(told) < (1 if degraded else 10):
                # Connecting took too long for the first message, but was not in vain; and a busy machine may add its
                # own wait to the delay, so a Redis that is only slow gets more than one try.
                time.sleep(0 if degraded else 3 * delay_seconds)
                clock.skip(0 if degraded else OPEN_SECONDS)
                line.messages(1)
                told.append(line.message().degraded)
            assert degraded in told
            line.assert_quick()
            proxy.delay_seconds = 0
            line.assert_back()


def test_an_answer_that_trickles_in(valkey: ValkeyProcess, tmp_path: Path, clock: SkippingClock) -> None:
    with TcpProxy(valkey.port) as proxy:
        for line in open_line(f"redis://127.0.0.1:{proxy.port}", tmp_path, clock):
            line.messages(2)
            proxy.trickle_seconds = 0.05  # each byte well within any time-out for one wait
            assert line.message().degraded
            line.messages(5)
            line.assert_quick()
            proxy.trickle_seconds = 0
            line.assert_back()


def test_packets_dropped_on_open_connections(valkey: ValkeyProcess, tmp_path: Path, clock: SkippingClock) -> None:
    with TcpProxy(valkey.port) as proxy:
        for line in open_line(f"redis://127.0.0.1:{proxy.port}", tmp_path, clock):
            wait = line.keep_sending(0.3, threads=8)  # several connections
            wait()
            proxy.swallows = True
            line.messages(5)
            line.assert_quick()
            proxy.swallows = False
            line.assert_back()


def test_packets_dropped_while_connecting(tmp_path: Path, clock: SkippingClock) -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        port = full.getsockname()[1]
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:  # nobody accepts: once the queue is full, the kernel drops what comes
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", port))
        for line in open_line(f"redis://127.0.0.1:{port}", tmp_path, clock):
            for _ in range(3):
                assert line.messages(3) == [True] * 3
                clock.skip(OPEN_SECONDS)
            line.assert_quick()
        for filler in fillers:
            filler.close()


def test_a_name_that_takes_long_to_find(
    valkey: ValkeyProcess, tmp_path: Path, clock: SkippingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lookup of a name knows no time-out at all."""
    find = socket.getaddrinfo
    is_slow = True

    def slowly(host, port, *rest):
        if is_slow:
            time.sleep(1.5)
        return find("127.0.0.1" if host == "redis.example" else host, port, *rest)

    monkeypatch.setattr(socket, "getaddrinfo", slowly)
    for line in open_line(f"redis://redis.example:{valkey.port}", tmp_path, clock):
        for _ in range(3):
            assert line.messages(3) == [True] * 3
            clock.skip(OPEN_SECONDS)
        line.assert_quick()
        is_slow = False
        line.assert_back()


def test_a_name_that_does_not_exist(tmp_path: Path, clock: SkippingClock, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    for line in open_line("redis://redis.example", tmp_path, clock):
        assert line.messages(10) == [True] * 10
        line.assert_told("cannot be reached")
        line.assert_quick()


@pytest.mark.parametrize(
    "said", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"$x\r\n", b"*-7\r\n", b"\xff" * 100, b"+PONG\r\n"]
)
def test_something_else_listens_there(tmp_path: Path, clock: SkippingClock, said: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:

        def serve() -> None:
            while True:
                with contextlib.suppress(ConnectionError):
                    try:
                        line, _ = other.accept()
                    except OSError:
                        return
                    with line:
                        while line.recv(65536):
                            line.sendall(said)

        threading.Thread(target=serve, daemon=True).start()
        for line in open_line(f"redis://127.0.0.1:{other.getsockname()[1]}", tmp_path, clock):
            for _ in range(3):
                assert line.messages(5) == [True] * 5
                assert line.state.check() is not None
                clock.skip(OPEN_SECONDS)
            line.assert_quick()
        other.shutdown(socket.SHUT_RDWR)


def test_the_same_without_tls_on_the_other_side(valkey: ValkeyProcess, tmp_path: Path, clock: SkippingClock) -> None:
    for line in open_line(f"rediss://127.0.0.1:{valkey.port}", tmp_path, clock):
        assert line.messages(10) == [True] * 10
        assert line.state.check() is not None
        line.assert_quick()


def test_no_more_threads_to_be_had(valkey: ValkeyProcess, on_redis: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", refuse)
        assert on_redis.messages(5) == [True] * 5
    on_redis.assert_back()


def test_answered_while_redis_was_away_stays_answered(valkey: ValkeyProcess, on_redis: Line) -> None:
    valkey.kill()
    on_redis.settle("SM-during", b"during")
    valkey.start()
    on_redis.assert_back()
    assert on_redis.claim("SM-during").answer == b"during"
    with valkey.admin() as admin:

        def others_hear_of_it() -> bool:
            assert on_redis.settle("SM-during", b"by a slower thread") == b"during"
            on_redis.clock.skip(OPEN_SECONDS)
            return bool(admin.get("line:{s}:seen:SM-during") == b"sms1:during")

        eventually(others_hear_of_it)


def test_an_outage_does_not_open_the_door_to_a_flood_or_a_loop(on_redis: Line, valkey: ValkeyProcess) -> None:
    valkey.kill()
    counts = [on_redis.claim(f"SM-flood-{number}").messages_in_30_seconds for number in range(40)]
    assert counts == list(range(1, 41))
    assert counts[-1] > 25
    on_redis.settle("SM-flood-1", b"1")
    assert on_redis.claim("SM-later").conversation == MENU, "so that the loop guard still knows what was said"
