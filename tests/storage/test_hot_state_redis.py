"""What the hot state in Redis promises beyond the contract: few questions, safe keys, every address, no garbage."""

from __future__ import annotations

import os
import ssl
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from redis.crc import key_slot

from sms_service.core.conversation import Conversation
from sms_service.storage.hot_state_redis import RedisHotState
from sms_service.storage.redis_address import read_redis_url
from tests.ports import free_port
from tests.storage.tcp_proxy import TcpProxy
from tests.storage.valkey_process import ValkeyProcess

NOW = 1_800_000_000.0
SENDER = "5e" * 16
MENU = Conversation(last_reply="menu", last_at=NOW, repeats=1).heard("f1", now=NOW, answered=True)


@pytest.fixture
def state(valkey: ValkeyProcess, prefix: str) -> Iterator[RedisHotState]:
    made = RedisHotState(read_redis_url(valkey.url), prefix=prefix)
    yield made
    made.close()


@pytest.fixture
def admin(valkey: ValkeyProcess) -> Iterator[redis.Redis]:
    with valkey.admin() as client:
        yield client


def _questions(admin: redis.Redis) -> dict[str, int]:
    """Count the commands that came from outside; those inside a script are not our round trips."""
    stats = admin.info("commandstats")
    outside = ("evalsha", "eval", "get", "set", "ping", "hello", "auth", "select", "client|setinfo", "del")
    return {name: stats[f"cmdstat_{name}"]["calls"] for name in outside if f"cmdstat_{name}" in stats}


def test_a_message_costs_two_questions_and_a_repeat_one(state: RedisHotState, admin: redis.Redis) -> None:
    state.claim("SM0", SENDER, NOW)  # connects, and brings the scripts
    state.settle("SM0", SENDER, b"0", MENU, NOW)
    admin.config_resetstat()
    for number in range(1, 11):
        state.claim(f"SM{number}", SENDER, NOW)
        state.settle(f"SM{number}", SENDER, b"answer", MENU, NOW)
    assert _questions(admin) == {"evalsha": 20, "set": 20}, "and both SETs of a message are the settling script's"
    admin.config_resetstat()
    for number in range(1, 11):
        assert state.claim(f"SM{number}", SENDER, NOW).answer == b"answer"
    assert _questions(admin) == {"evalsha": 10}


def test_scripts_that_the_server_has_forgotten_are_brought_again(state: RedisHotState, admin: redis.Redis) -> None:
    state.settle("SM1", SENDER, b"1", MENU, NOW)
    admin.script_flush()
    assert state.claim("SM1", SENDER, NOW).answer == b"1"
    admin.script_flush()
    assert state.settle("SM2", SENDER, b"2", MENU, NOW) == b"2"
    claim = state.claim("SM3", SENDER, NOW)
    assert (claim.conversation, claim.degraded) == (MENU, False)


def test_all_keys_of_a_sender_lie_in_one_slot_expire_within_two_days_and_are_small(
    state: RedisHotState, admin: redis.Redis, prefix: str
) -> None:
    stopped = Conversation(last_reply="stop", last_at=NOW, opted_out=True)
    for number in range(20):
        state.claim(f"SM{number}", SENDER, NOW)
        state.settle(f"SM{number}", SENDER, b"x" * 1000, stopped, NOW)
    keys = list(admin.scan_iter(f"{prefix}:*"))
    assert len(keys) == 22
    assert len({key_slot(key) for key in keys}) == 1
    for key in keys:
        assert 0 < admin.ttl(key) <= 48 * 3600
        assert (admin.memory_usage(key) or 0) < 4096


def test_no_key_stays_for_ever_after_a_claim_alone(state: RedisHotState, admin: redis.Redis, prefix: str) -> None:
    state.claim("SM1", SENDER, NOW)
    keys = list(admin.scan_iter(f"{prefix}:*"))
    assert keys
    assert all(0 < admin.ttl(key) <= 60 for key in keys)


_GARBAGE = {
    "a list": lambda admin, key: admin.rpush(key, "x"),
    "a hash": lambda admin, key: admin.hset(key, "x", "y"),
    "a set": lambda admin, key: admin.sadd(key, "x"),
    "a sorted set": lambda admin, key: admin.zadd(key, {"x": 1}),
    "a stream": lambda admin, key: admin.xadd(key, {"x": "y"}),
    "a number": lambda admin, key: admin.set(key, 1),
    "nothing": lambda admin, key: admin.set(key, ""),
    "another program's": lambda admin, key: admin.set(key, "hello"),
    "our mark alone": lambda admin, key: admin.set(key, "sms1:"),
    "no JSON": lambda admin, key: admin.set(key, "sms1:{{{"),
    "deep JSON": lambda admin, key: admin.set(key, "sms1:" + "[" * 5000),
    "JSON of another shape": lambda admin, key: admin.set(key, 'sms1:{"recent": 1}'),
    "a time that is no number": lambda admin, key: admin.set(
        key, 'sms1:{"recent":[],"last_reply":null,"language":null,"last_at":NaN,"repeats":0,"opted_out":false}'
    ),
    "an infinite count": lambda admin, key: admin.set(
        key, 'sms1:{"recent":[],"last_reply":null,"language":null,"last_at":1,"repeats":Infinity,"opted_out":false}'
    ),
    "bytes": lambda admin, key: admin.set(key, b"sms1:\xff\xfe\x00"),
    "ten megabytes": lambda admin, key: admin.set(key, "sms1:" + "x" * 10_000_000),
}


@pytest.mark.parametrize("garbage", _GARBAGE)
def test_a_conversation_that_is_garbage_is_as_good_as_none(
    state: RedisHotState, admin: redis.Redis, prefix: str, garbage: str
) -> None:
    _GARBAGE[garbage](admin, f"{prefix}:{{{SENDER}}}:talk")
    claim = state.claim("SM1", SENDER, NOW)
    assert (claim.conversation, claim.degraded) == (Conversation(), False)
    state.settle("SM1", SENDER, b"1", MENU, NOW)
    assert state.claim("SM2", SENDER, NOW).conversation == MENU


@pytest.mark.parametrize("garbage", _GARBAGE.keys() - {"our mark alone", "no JSON", "deep JSON", "bytes"})
def test_an_answer_or_a_count_that_is_garbage_is_replaced(
    state: RedisHotState, admin: redis.Redis, prefix: str, garbage: str
) -> None:
    if "JSON" not in garbage and "time" not in garbage and "count" not in garbage:
        _GARBAGE[garbage](admin, f"{prefix}:{{{SENDER}}}:seen:SM1")
    _GARBAGE[garbage](admin, f"{prefix}:{{{SENDER}}}:arrivals")
    claim = state.claim("SM1", SENDER, NOW)
    assert (claim.answer, claim.messages_in_30_seconds, claim.degraded) == (None, 1, False)
    assert state.settle("SM1", SENDER, b"ours", MENU, NOW) == b"ours"
    assert state.claim("SM1", SENDER, NOW).answer == b"ours"
    assert state.claim("SM2", SENDER, NOW).messages_in_30_seconds == 2


def test_a_forked_child_uses_connections_of_its_own(state: RedisHotState, admin: redis.Redis) -> None:
    state.settle("SM1", SENDER, b"parent", MENU, NOW)
    before = {client["addr"] for client in admin.client_list()}
    reader, writer = os.pipe()
    seen, tell_seen = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            heard = state.claim("SM1", SENDER, NOW).answer or b"nothing"
            state.settle("SM2", SENDER, b"child", MENU, NOW)
            os.write(writer, heard)
            os.read(seen, 1)  # still connected, for the parent to see
        finally:
            os._exit(0)
    assert os.read(reader, 100) == b"parent"
    assert len({client["addr"] for client in admin.client_list()} - before) == 1
    os.write(tell_seen, b".")
    assert state.claim("SM2", SENDER, NOW).answer == b"child"
    os.waitpid(child, 0)
    assert state.claim("SM1", SENDER, NOW).answer == b"parent"
    assert not state.claim("SM3", SENDER, NOW).degraded
    for end in (reader, writer, seen, tell_seen):
        os.close(end)


def test_a_socket_file_a_password_and_a_database_are_understood(tmp_path: Path) -> None:
    server = ValkeyProcess(tmp_path / "v", "--requirepass", "geheim /?#@:").start()
    password = "geheim%20%2F%3F%23%40%3A"
    try:
        for url in (
            f"unix://:{password}@{tmp_path}/v/s?db=3",
            f"redis://:{password}@127.0.0.1:{server.port}/3",
            f"redis://default:{password}@localhost:{server.port}?db=3",
        ):
            state = RedisHotState(read_redis_url(url))
            assert not state.claim("SM1", SENDER, NOW).degraded
            assert state.settle("SM1", SENDER, b"first", MENU, NOW) == b"first"
            assert state.check() is None
            state.close()
        with server.admin(password="geheim /?#@:", db=3) as admin:
            assert admin.exists(f"line:{{{SENDER}}}:seen:SM1")
    finally:
        server.kill()


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate for localhost that only this test trusts, and its key."""
    key, made = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
    )
    try:
        subprocess.run([*command.split(), "-keyout", key, "-out", made], check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("openssl is not installed, and the wheel's Valkey speaks no TLS itself")
    return made, key


def test_tls_works_and_an_unknown_certificate_is_refused(
    valkey: ValkeyProcess, prefix: str, certificate: tuple[Path, Path]
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    with TcpProxy(valkey.port, tls=context) as proxy:
        trusting = RedisHotState(
            read_redis_url(f"rediss://localhost:{proxy.port}?ssl_ca_certs={certificate[0]}"), prefix=prefix
        )
        _wait_until_healthy(trusting)
        for number in range(5):
            assert not trusting.claim(f"SM{number}", SENDER, NOW).degraded
            assert trusting.settle(f"SM{number}", SENDER, b"1", MENU, NOW) == b"1"
        assert proxy.accepted <= 2, "a connection is used again, although TLS 1.3 sends tickets unasked"
        trusting.close()
        unchecked = RedisHotState(read_redis_url(f"rediss://localhost:{proxy.port}?ssl_cert_reqs=none"), prefix=prefix)
        _wait_until_healthy(unchecked)
        unchecked.close()
        impatient = lambda: time.monotonic() * 100  # noqa: E731
        strict = RedisHotState(read_redis_url(f"rediss://localhost:{proxy.port}"), prefix=prefix, clock=impatient)
        assert strict.claim("SM1", SENDER, NOW).degraded
        _wait_for(lambda: "cannot be reached" in (strict.check() or ""), 10)
        strict.close()


def _wait_until_healthy(state: RedisHotState, seconds: float = 10.0) -> None:
    give_up_at = time.monotonic() + seconds
    while state.claim("SM-probe", "probe", NOW).degraded:
        assert time.monotonic() < give_up_at, state.check()
        time.sleep(0.05)


def test_sentinels_lead_to_the_master_and_a_wrong_name_is_told(valkey: ValkeyProcess, tmp_path: Path) -> None:
    configuration = tmp_path / "sentinel.conf"
    configuration.write_text(f"sentinel monitor line 127.0.0.1 {valkey.port} 1\n")
    watcher = ValkeyProcess.sentinel(configuration, tmp_path / "c")
    hosts = f"redis+sentinel://127.0.0.1:{free_port()},127.0.0.1:{watcher.port}"  # the first is not there
    right, wrong = RedisHotState(read_redis_url(f"{hosts}/line")), RedisHotState(read_redis_url(f"{hosts}/lines"))
    try:
        _wait_until_healthy(right)
        assert right.check() is None
        assert wrong.claim("SM1", SENDER, NOW).degraded
        assert "No Sentinel knows" in (wrong.check() or "")
    finally:
        right.close()
        watcher.kill()


@pytest.mark.slow
def test_sentinels_lead_to_the_master_and_after_a_failover_to_the_new_one(tmp_path: Path) -> None:
    master = ValkeyProcess(tmp_path / "a").start()
    replica = ValkeyProcess(tmp_path / "b", "--replicaof", "127.0.0.1", str(master.port)).start()
    configuration = tmp_path / "sentinel.conf"
    configuration.write_text(
        f"sentinel monitor line 127.0.0.1 {master.port} 1\n"
        "sentinel down-after-milliseconds line 60000\nsentinel failover-timeout line 5000\n"
        f"sentinel known-replica line 127.0.0.1 {replica.port}\n"
    )
    watcher = ValkeyProcess.sentinel(configuration, tmp_path / "c")
    state = RedisHotState(read_redis_url(f"redis+sentinel://127.0.0.1:{free_port()},127.0.0.1:{watcher.port}/line"))
    try:
        _wait_until_healthy(state)
        assert state.settle("SM1", SENDER, b"before", MENU, NOW) == b"before"
        with master.admin() as admin, watcher.admin() as sentinel:
            assert admin.wait(1, 9000) == 1
            _wait_for(lambda: _starts_failover(sentinel), 30)
        with replica.admin() as admin:
            _wait_for(lambda: admin.info("replication")["role"] == "master", 20)
        with master.admin() as admin:
            _wait_for(lambda: admin.info("replication")["role"] == "slave", 30)
        started = time.monotonic()
        assert state.claim("SM1", SENDER, NOW).answer == b"before"
        assert state.settle("SM2", SENDER, b"meanwhile", MENU, NOW) == b"meanwhile"
        _wait_until_healthy(state)
        assert time.monotonic() - started < 5
        assert state.claim("SM1", SENDER, NOW).answer == b"before"
        assert state.claim("SM2", SENDER, NOW).answer == b"meanwhile"
    finally:
        state.close()
        for server in (watcher, replica, master):
            server.kill()


def _starts_failover(sentinel: redis.Redis) -> bool:
    try:
        return bool(sentinel.sentinel_failover("line"))
    except redis.ResponseError:  # no replica that it would trust, yet
        return False


def _wait_for(condition, seconds: float) -> None:
    give_up_at = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up_at, "it did not come to pass"
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--appendonly", "no"), "keeps nothing on disk"),
        (("--maxmemory", "50mb", "--maxmemory-policy", "allkeys-lru"), "throws keys away"),
        (("--maxmemory", "0", "--maxmemory-policy", "allkeys-lru"), None),
        (("--appendonly", "no", "--save", "60 1"), None),
    ],
)
def test_the_check_tells_what_a_restart_or_a_full_memory_would_lose(
    tmp_path: Path, options: tuple[str, ...], words: str | None
) -> None:
    server = ValkeyProcess(tmp_path / "v", *options).start()
    state = RedisHotState(read_redis_url(server.url))
    try:
        said = state.check()
        assert said is None if words is None else words in (said or "")
    finally:
        state.close()
        server.kill()


def test_a_cluster_runs_both_scripts_and_the_erasure(tmp_path: Path) -> None:
    """A real server in cluster mode refuses (CROSSSLOT) any script whose keys lie apart. One node holds all slots."""
    server = ValkeyProcess(tmp_path / "v", "--cluster-enabled", "yes", "--cluster-port", str(free_port())).start()
    state = RedisHotState(read_redis_url(server.url))
    try:
        with server.admin() as admin:
            admin.execute_command("CLUSTER ADDSLOTSRANGE", 0, 16383)
            _wait_for(lambda: admin.execute_command("CLUSTER INFO")["cluster_state"] == "ok", 10)
            with pytest.raises(redis.ResponseError, match="same slot"):
                admin.mset({"line:{a}:talk": "x", "line:{b}:talk": "x"})
        for number in range(50):
            sender, message_id = f"{number:032x}", f"SM{number:032x}"
            assert not state.claim(message_id, sender, NOW).degraded
            assert state.settle(message_id, sender, b"first", MENU, NOW) == b"first"
            assert state.claim(message_id, sender, NOW).answer == b"first"
            assert state.claim("SM-next", sender, NOW).conversation == MENU
            state.forget(sender)
            assert state.claim("SM-after", sender, NOW).conversation == Conversation()
        assert state.check() is None
    finally:
        state.close()
        server.kill()
