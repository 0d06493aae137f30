from __future__ import annotations

import threading

import pytest

from sms_service.storage.circuit_breaker import CircuitBreaker, CircuitOpen


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_closed_admits_everyone() -> None:
    breaker = CircuitBreaker()
    for _ in range(3):
        breaker.admit()
        breaker.succeeded()


def test_a_failure_keeps_everyone_out_for_two_seconds_and_says_why() -> None:
    clock = Clock()
    breaker = CircuitBreaker(clock=clock)
    breaker.failed("It is gone.")
    for clock.now in (1000.0, 1001.9):
        with pytest.raises(CircuitOpen) as refused:
            breaker.admit()
        assert refused.value.sentence == "It is gone."


def test_then_one_of_many_threads_tries_and_its_success_lets_all_in() -> None:
    clock = Clock()
    breaker = CircuitBreaker(clock=clock)
    breaker.failed("It is gone.")
    clock.now += 2
    admitted = []

    def knock() -> None:
        try:
            breaker.admit()
        except CircuitOpen:
            return
        admitted.append(1)

    threads = [threading.Thread(target=knock) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(admitted) == 1
    breaker.succeeded()
    breaker.admit()
    breaker.admit()


def test_its_failure_or_its_silence_keeps_them_out_again() -> None:
    clock = Clock()
    breaker = CircuitBreaker(clock=clock)
    breaker.failed("It is gone.")
    for _ in range(3):
        clock.now += 2
        breaker.admit()  # says nothing afterwards
        with pytest.raises(CircuitOpen):
            breaker.admit()
    clock.now += 2
    breaker.admit()
    clock.now += 1.5
    breaker.failed("It is still gone.")
    clock.now += 1.9
    with pytest.raises(CircuitOpen, match="still"):
        breaker.admit()
