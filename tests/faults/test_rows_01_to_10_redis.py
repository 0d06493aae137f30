"""Faults rows 1-10: the whole line, with a Redis that is absent, killed, frozen, slow, full, demoted or lying.

What the hot state itself does in these faults is looked at more closely in ``test_hot_state_redis_faults.py``.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
import redis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sms_service.webhooks.signed_request import new_message_id
from tests.faults.hot_state_line import OPEN_SECONDS
from tests.faults.house import NUMBER, PHRASE, TEN_THOUSAND, House, phone
from tests.faults.provider import Crowd
from tests.ports import free_port
from tests.storage.patience import be_patient
from tests.storage.tcp_proxy import TcpProxy
from tests.storage.valkey_process import ValkeyProcess
from tests.waiting import eventually

OpenHouse = Callable[..., House]
LONGEST_JUMP_SECONDS = 0.3
BACK_WITHIN_SECONDS = 30.0


def back(house: House) -> None:
    """Wait for full quality: people who have never texted, until one is answered with all that belongs to it."""
    others = reversed(TEN_THOUSAND)

    def is_back() -> bool:
        house.say("help", next(others))
        return not degraded(house)

    eventually(is_back, BACK_WITHIN_SECONDS)
    eventually(lambda: told(house) == "ok")


def degraded(house: House) -> bool:
    return "hot_state" in house.log.events[-1].degraded


def dumped(server: ValkeyProcess, password: str | None = None) -> tuple[str, bytes]:
    """Give every key and value, and what the server has written to disk."""
    with server.admin(password=password) as admin:
        kept = [key + (admin.dump(key) or b"") for key in admin.scan_iter(count=1000)]
    kept += [path.read_bytes() for path in server.folder.rglob("*") if path.is_file()]
    return "redis", b"\n".join(kept)


def texting(house: House, seconds: float, threads: int = 4) -> Crowd:
    """Text in the background, each thread for people of its own."""
    end = time.monotonic() + seconds

    def work(thread: int) -> None:
        for sender in TEN_THOUSAND[thread::threads]:
            if time.monotonic() > end:
                return
            house.text_from([sender])
            time.sleep(0.005)

    return Crowd().start(work, range(threads))


def test_row_01_redis_absent_at_start(open_house: OpenHouse, tmp_path: Path) -> None:
    server = ValkeyProcess(tmp_path / "valkey", port=free_port())
    house = open_house(redis_url=server.url)
    house.text(500)
    eventually(partial(says, house, "cannot be reached"))
    assert degraded(house)
    house.check_answers()
    try:
        server.start()
        house.clock.skip(OPEN_SECONDS)
        back(house)
        house.all_arrive()
        assert house.leaks(dumped(server)) == []
    finally:
        server.kill()


def test_row_02_redis_dies_under_load(open_house: OpenHouse, valkey: ValkeyProcess) -> None:
    house = open_house(redis_url=valkey.url)
    crowd = texting(house, 1.5)
    time.sleep(0.5)
    before = house.provider.percentile(0.5)
    valkey.kill()
    so_far = len(house.provider.seconds)
    crowd.wait()
    jumps = [seconds - before for seconds in house.provider.seconds[so_far:]]
    assert jumps
    late = sum(jump > LONGEST_JUMP_SECONDS for jump in jumps)
    assert late <= max(2, len(jumps) // 10), "a few on a busy machine; none may be late altogether, see below"
    assert degraded(house)
    house.check_answers()
    house.all_arrive()


def test_row_03_redis_frozen_costs_one_time_out(open_house: OpenHouse, valkey: ValkeyProcess) -> None:
    house = open_house(redis_url=valkey.url)
    house.text(5)
    with valkey.admin() as admin:
        admin.config_resetstat()
        with house.clock.stopped():  # so that a slow machine does not see the end of the circuit's two seconds
            valkey.freeze()
            house.text(100)
        valkey.thaw()
        calls = admin.info("commandstats").get("cmdstat_evalsha", {"calls": 0})["calls"]
    assert calls <= 1, "of a hundred messages one has asked; what it asked is done when Redis wakes up"
    usual = house.provider.percentile(0.5)
    assert sum(seconds > usual + 0.15 for seconds in house.provider.seconds) <= 10, "one, and what a busy machine adds"
    house.check_answers()
    house.clock.skip(OPEN_SECONDS)
    back(house)
    house.all_arrive()


@pytest.mark.parametrize("delay_seconds", [0.05, 0.15, 0.5])
def test_row_04_redis_slow(
    delay_seconds: float,
    open_house: OpenHouse,
    valkey: ValkeyProcess,
) -> None:
    with TcpProxy(valkey.port) as proxy:
        house = open_house(redis_url=f"redis://127.0.0.1:{proxy.port}")
        proxy.delay_seconds = delay_seconds
        house.text(20)
        house.check_answers()
        proxy.delay_seconds = 0
        house.clock.skip(OPEN_SECONDS)
        back(house)


def test_row_05_half_open_connections(open_house: OpenHouse, valkey: ValkeyProcess) -> None:
    """As behind a firewall that drops packets: connections stay, nothing arrives."""
    with TcpProxy(valkey.port) as proxy:
        house = open_house(redis_url=f"redis://127.0.0.1:{proxy.port}")
        house.text(10)
        proxy.swallows = True
        house.text(50)
        assert degraded(house)
        eventually(partial(says, house, "in time"))
        house.check_answers()
        proxy.swallows = False
        house.clock.skip(OPEN_SECONDS)
        back(house)


def test_row_06_redis_full(open_house: OpenHouse, valkey: ValkeyProcess) -> None:
    house = open_house(redis_url=valkey.url)
    house.text(5)
    with valkey.admin() as admin:
        admin.config_set("maxmemory-policy", "noeviction")
        admin.config_set("maxmemory", 100_000)
        house.text(50)
        eventually(partial(says, house, "full"))
        assert degraded(house)
        house.check_answers()
        admin.config_set("maxmemory", 0)
    back(house)


def test_row_07_redis_a_read_only_replica(open_house: OpenHouse, valkey: ValkeyProcess, tmp_path: Path) -> None:
    """Demoted in the middle, then led by another master: the same id gets the same text before and after."""
    house = open_house(redis_url=valkey.url)
    house.text(5)
    first = [house.answers_again("urgent", NUMBER, message_id) for message_id in house.sent]
    master = ValkeyProcess(tmp_path / "master").start()
    try:
        with valkey.admin() as admin:
            admin.replicaof("127.0.0.1", str(master.port))
            house.text(20)
            eventually(partial(says, house, "read-only replica"))
            assert degraded(house)
            again = [house.answers_again("urgent", NUMBER, message_id) for message_id in house.sent[:5]]
            assert again == first
            admin.replicaof("NO", "ONE")
        back(house)
        assert [house.answers_again("urgent", NUMBER, message_id) for message_id in house.sent[:5]] == first
        house.check_answers()
        house.all_arrive()
    finally:
        master.kill()


@pytest.mark.slow
def test_row_07_redis_fails_over_to_its_replica(open_house: OpenHouse, tmp_path: Path) -> None:
    """The master is killed under load; a Sentinel makes the replica the new one, and the line follows by itself."""
    master = ValkeyProcess(tmp_path / "a").start()
    replica = ValkeyProcess(tmp_path / "b", "--replicaof", "127.0.0.1", str(master.port)).start()
    configuration = tmp_path / "sentinel.conf"
    configuration.write_text(
        f"sentinel monitor line 127.0.0.1 {master.port} 1\n"
        "sentinel down-after-milliseconds line 1000\nsentinel failover-timeout line 5000\n"
        f"sentinel known-replica line 127.0.0.1 {replica.port}\n"
    )
    watcher = ValkeyProcess.sentinel(configuration, tmp_path / "c")
    house = open_house(redis_url=f"redis+sentinel://127.0.0.1:{watcher.port}/line")
    house.clock.may_skip = False
    try:
        with replica.admin() as admin:
            eventually(lambda: admin.info("replication").get("master_link_status") == "up")
        with watcher.admin() as sentinel:
            eventually(lambda: sentinel.sentinel_master("line")["num-slaves"] == 1)
        back(house)
        first = {message_id: house.answers_again("x", NUMBER, message_id) for message_id in house.sent}
        with master.admin() as admin:
            admin.wait(1, 5000)
        crowd = texting(house, 3, threads=2)
        time.sleep(0.5)
        master.kill()
        crowd.wait()
        killed = time.monotonic()
        back(house)
        assert time.monotonic() - killed < BACK_WITHIN_SECONDS
        assert {message_id: house.answers_again("x", NUMBER, message_id) for message_id in first} == first
        house.check_answers()
        house.all_arrive()
        assert house.leaks(dumped(replica)) == []
    finally:
        for server in (watcher, replica, master):
            server.kill()


def says(house: House, words: str) -> bool:
    return words in told(house)


def told(house: House) -> str:
    """Give what an operator reads about the hot state, asked for anew."""
    house.clock.skip(OPEN_SECONDS)
    return house.readiness()["hot_state"]


def test_row_08_redis_configured_wrongly(open_house: OpenHouse, tmp_path: Path) -> None:
    server = ValkeyProcess(tmp_path / "valkey", "--requirepass", "r1ght-pass").start()
    wrong = {
        f"redis://:wr0ng-pass@127.0.0.1:{server.port}": "refuses our name or password",
        f"redis://127.0.0.1:{server.port}": "refuses our name or password",
        f"rediss://:wr0ng-pass@127.0.0.1:{server.port}": "Redis",
        "redis://:wr0ng-pass@no-such-name.invalid": "Redis",
    }
    try:
        for number, (url, words) in enumerate(wrong.items()):
            house = open_house(redis_url=url, var_dir=tmp_path / f"var{number}")
            house.text(20)
            # A machine too busy to connect in 0.2 s says so first.
            eventually(partial(says, house, words))
            said = told(house)
            for secret in ("wr0ng-pass", "r1ght-pass", "no-such-name", "127.0.0.1"):
                assert secret not in said
                assert secret not in house.log.stream.getvalue()
            house.check_answers()
    finally:
        server.kill()


GARBAGE: tuple[Callable[[redis.Redis, bytes], object], ...] = (
    lambda admin, key: admin.rpush(key, "x"),
    lambda admin, key: admin.hset(key, "x", "y"),
    lambda admin, key: admin.zadd(key, {"x": 1}),
    lambda admin, key: admin.set(key, "hello"),
    lambda admin, key: admin.set(key, "sms1:{{{"),
    lambda admin, key: admin.set(key, "sms1:" + "[" * 5000),
    lambda admin, key: admin.set(key, "sms1:" + "x" * 10_000_000),
)


def test_row_09_redis_full_of_garbage(
    open_house: OpenHouse, valkey: ValkeyProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every key that is not an answer of ours, replaced by everything we could think of and by chance."""
    be_patient(monkeypatch)
    house = open_house(redis_url=valkey.url)
    house.text(3)
    with valkey.admin() as admin:
        strangers = [key for key in admin.scan_iter() if key.split(b":")[-2] != b"seen"]
        assert len(strangers) == 6

        def spoil(put: Callable[[redis.Redis, bytes], object]) -> None:
            for key in strangers:
                admin.delete(key)
                put(admin, key)
            house.say("help", phone(0))
            house.say(f"urgent {PHRASE}", phone(1))
            assert not degraded(house)
            admin.flushall()  # limits, which are right, would silence us here

        for put in GARBAGE:
            spoil(put)

        @settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
        @given(value=st.binary(max_size=200) | st.text(max_size=50).map(lambda text: b"sms1:" + text.encode()))
        def by_chance(value: bytes) -> None:
            spoil(lambda admin, key: admin.set(key, value))

        by_chance()
    house.check_answers()
    assert house.readiness()["hot_state"] == "ok"


def test_row_10_redis_flushed_under_load(open_house: OpenHouse, valkey: ValkeyProcess) -> None:
    """Repeats still get the same bytes from the process that answered; nobody is answered twice differently."""
    house = open_house(redis_url=valkey.url)
    stop = threading.Event()

    def flush() -> None:
        with valkey.admin() as admin:
            while not stop.wait(0.05):
                admin.flushall()

    def text_twice(thread: int) -> None:
        for sender in TEN_THOUSAND[thread:400:4]:
            message_id = new_message_id()
            house.say(f"urgent {PHRASE}", sender, message_id)
            answers = {house.answers_again(f"urgent {PHRASE}", sender, message_id) for _ in range(2)}
            assert len(answers) == 1

    flushing = threading.Thread(target=flush)
    flushing.start()
    try:
        Crowd().start(text_twice, range(4)).wait()
    finally:
        stop.set()
        flushing.join()
    house.check_answers()
    house.all_arrive()
    assert len(house.log.events) == 400, "one line each"


def test_degraded_repeats_get_the_same_bytes_from_every_process(open_house: OpenHouse, tmp_path: Path) -> None:
    """Two processes that share nothing but a dead Redis: what needs no memory is the same in both."""
    house = open_house(redis_url=f"redis://127.0.0.1:{free_port()}")
    other = open_house(redis_url=f"redis://127.0.0.1:{free_port()}", var_dir=tmp_path / "other")
    texts = ["urgent", "help", "stop", "MORE", "1", "FORGET ME", "hello", "", "qwertyuiop", f"he said {PHRASE}"]
    shuffled = random.Random(4)
    for number, text in enumerate(texts):
        sender, message_id = phone(number), new_message_id()
        houses = [house, other, other, house]
        shuffled.shuffle(houses)
        assert len({one.answers_again(text, sender, message_id) for one in houses}) == 1, text
    for one in (house, other):
        assert len(one.log.events) == len(texts), "and one line for each in each process"
