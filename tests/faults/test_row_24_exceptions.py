"""Faults row 24: whichever function on the way of an answer raises, an answer leaves, and nothing of it leaks.

Every function and method of the rooms that a message passes is replaced by one that raises, one at a time, its words
full of canaries. Which rooms those are is written here; which functions are called there is found by watching.
"""

from __future__ import annotations

import functools
import importlib
import inspect
import pkgutil
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from types import CodeType
from typing import Any, TypeVar
from urllib.parse import parse_qsl

import pytest

import sms_service.core
import sms_service.service
import sms_service.webhooks
from sms_service.factory import calls
from sms_service.webhooks.signed_request import SignedRequest, call_fields, new_call_id
from sms_service.webhooks.simulated_call import SimulatedCall
from tests.conftest import ACCOUNT_SID, PUBLIC_URL, TOKEN, KeptTexts
from tests.faults.house import NUMBER, PHRASE, TEN_THOUSAND, House
from tests.faults.provider import CONTENT_TYPE, HttpAnswer
from tests.twiml_rules import checked

OpenHouse = Callable[..., House]
T = TypeVar("T")

ROOMS = (sms_service.webhooks, sms_service.service, sms_service.core)
TEXTS = (f"urgent {PHRASE}", "MORE", "FORGET ME", "he asked me for a picture")
ASIDE = {
    "signed_request",
    "simulated_phone",
    "simulated_call",
    "evaluation",
    "checks",
    "schemas",
    "reply_book",
    "data_register",
}
"""The provider's own side of the wire, what only commands use, and the data itself."""


@dataclass(frozen=True)
class Place:
    """A function: the module or class that holds it, and its name there."""

    holder: Any
    name: str

    @property
    def label(self) -> str:
        module = getattr(self.holder, "__module__", None)
        where = f"{module}.{self.holder.__name__}" if module else self.holder.__name__
        return f"{where.removeprefix('sms_service.')}.{self.name}"


def modules() -> Iterator[Any]:
    for room in ROOMS:
        for found in pkgutil.walk_packages(room.__path__, room.__name__ + "."):
            if not ASIDE & set(found.name.split(".")):
                yield importlib.import_module(found.name)


@functools.cache
def places() -> list[Place]:
    found = []
    for module in modules():
        for name, value in vars(module).items():
            if getattr(value, "__module__", None) != module.__name__:
                continue
            if inspect.isfunction(value):
                found.append(Place(module, name))
            elif inspect.isclass(value) and not getattr(value, "_is_protocol", False):
                found += [Place(value, inner) for inner, part in vars(value).items() if is_own(inner, part)]
    return found


def places_on_the_way_of(action: Callable[[], object]) -> list[Place]:
    """Give the functions of those rooms that an action calls."""
    called: set[CodeType] = set()
    sys.setprofile(lambda frame, event, _: called.add(frame.f_code) if event == "call" else None)
    try:
        action()
    finally:
        sys.setprofile(None)
    return [place for place in places() if code_of(vars(place.holder)[place.name]) in called]


def places_and_who_meets_them(things: Iterable[T], do: Callable[[T], object]) -> dict[Place, list[T]]:
    """Give those functions, and for each the things that call it when done."""
    found: dict[Place, list[T]] = {}
    for thing in things:
        for place in places_on_the_way_of(functools.partial(do, thing)):
            found.setdefault(place, []).append(thing)
    return found


def code_of(part: Any) -> CodeType | None:
    function = getattr(part, "fget", None) or getattr(part, "__func__", None) or getattr(part, "func", None) or part
    found: CodeType | None = getattr(function, "__code__", None)
    return found


def is_own(name: str, part: Any) -> bool:
    kinds = (property, staticmethod, classmethod, functools.cached_property)
    return not name.startswith("__") and (inspect.isfunction(part) or isinstance(part, kinds))


def fail(*_: object, **__: object) -> Any:
    raise RuntimeError(f"{NUMBER} wrote {PHRASE}")


def break_one(place: Place, patch: pytest.MonkeyPatch) -> None:
    """Let a function raise, under every name by which a module of ours knows it."""
    real = vars(place.holder)[place.name]
    if isinstance(real, property | functools.cached_property):
        patch.setattr(place.holder, place.name, property(fail))
        return
    if isinstance(real, staticmethod | classmethod):
        patch.setattr(place.holder, place.name, staticmethod(fail))
        return
    patch.setattr(place.holder, place.name, fail)
    for name, module in list(sys.modules.items()):
        if name.startswith("sms_service"):
            for alias, value in list(vars(module).items()):
                if value is real:
                    patch.setattr(module, alias, fail)


@pytest.mark.parametrize(("lane", "texts"), [("on", TEXTS), ("off", TEXTS[:1])])
def test_row_24_any_function_raises(
    open_house: OpenHouse, monkeypatch: pytest.MonkeyPatch, lane: str, texts: tuple[str, ...]
) -> None:
    """By the fast lane, and by Flask alone: what lies behind the two is the same, so one text does there."""
    house = open_house(FAST_LANE=lane)
    house.text(1)  # whatever is loaded on first use is loaded
    senders = iter(TEN_THOUSAND)
    found = places_and_who_meets_them(texts, lambda text: house.say(text, next(senders)))
    labels = {place.label for place in found}
    assert len(found) > 80
    assert ("webhooks.fast_lane.FastLane._answer" in labels) is (lane == "on")
    known = {"webhooks.sms.SmsWebhook.handle", "service.messaging.MessagingService.answer", "core.decisions.decide"}
    assert known <= labels
    met = set()
    for place, by_whom in found.items():
        before = len(house.log.troubles)
        with monkeypatch.context() as patch:
            break_one(place, patch)
            for text in by_whom:
                assert "999" in house.say(text, next(senders)), place.label
        if len(house.log.troubles) > before:
            met.add(place.label)
    assert len(met) > len(found) / 2, "most were really met; some are called only on other days"
    house.provider.check_times()
    assert house.leaks() == []
    told = house.log.stream.getvalue()
    assert "RuntimeError" in told, "the kind of the exception is told, its words are not"


class Caller:
    """Somebody who rings the line through its web server's front, and what was asked on the way."""

    def __init__(self, house: House) -> None:
        self._house = house
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.call = SimulatedCall(
            self._send, public_url=PUBLIC_URL, token=TOKEN, account_sid=ACCOUNT_SID, caller=NUMBER
        )

    def _send(self, request: SignedRequest) -> bytes:
        path = request.url.removeprefix(PUBLIC_URL)
        fields = dict(parse_qsl(request.raw_body.decode(), keep_blank_values=True))
        self.asked.append((path, fields))
        return self._house.provider.send(fields, path).body

    def ring_and_do_everything(self) -> None:
        self.call.ring()
        for done in ("5", f"he is going to kill me {PHRASE}", "", "text me", "forget me"):
            self.call.do(done)
        self.call.hang_up()


def test_row_24_any_function_raises_in_a_call(open_house: OpenHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    """The caller hears the numbers, whichever step it is; only who has hung up hears nothing any more."""
    monkeypatch.setattr(calls, "_texts", lambda _: KeptTexts())
    house = open_house()
    house.text(1)  # same
    caller = Caller(house)
    caller.ring_and_do_everything()
    error = {**caller.asked[0][1], "ErrorCode": "11200", "ErrorUrl": PHRASE}
    steps = [*caller.asked, ("/voice/fallback", error)]

    def ask(step: tuple[str, dict[str, str]]) -> HttpAnswer:
        return house.provider.send({**step[1], "CallSid": new_call_id()}, step[0])

    found = places_and_who_meets_them(range(len(steps)), lambda number: ask(steps[number]))
    labels = {place.label for place in found}
    assert {"webhooks.voice.VoiceWebhook.handle", "service.calls.CallService.answer"} <= labels
    met = set()
    for place, numbers in found.items():
        before = len(house.log.troubles)
        with monkeypatch.context() as patch:
            break_one(place, patch)
            answers = {number: ask(steps[number]) for number in numbers}
        for number, answer in answers.items():
            assert (answer.status, answer.content_type) == (200, CONTENT_TYPE), (place.label, number)
            checked(answer.body)
            hung_up = steps[number][1]["CallStatus"] == "completed"
            assert hung_up or b"9 9 9" in answer.body, (place.label, number)
        if len(house.log.troubles) > before:
            met.add(place.label)
    assert len(met) > len(labels) / 2, "same"
    house.check_answers()


def test_row_24_any_function_raises_under_the_end_of_a_call(
    open_house: OpenHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = open_house()
    house.text(1)  # same
    fields = {**call_fields(NUMBER, ACCOUNT_SID, new_call_id()), "CallStatus": "completed"}
    found = places_on_the_way_of(lambda: house.provider.send(fields, "/voice/status"))
    assert len(found) > 15
    for place in found:
        with monkeypatch.context() as patch:
            break_one(place, patch)
            answer = house.provider.send(fields, "/voice/status")
        assert (answer.status, answer.body) == (204, b""), place.label
    house.check_answers()


def test_row_24_any_function_raises_under_a_delivery_report(
    open_house: OpenHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = open_house()
    house.text(1)  # same
    fields = {"MessageSid": "SM" + 32 * "b", "MessageStatus": "delivered", "To": NUMBER}
    found = places_on_the_way_of(lambda: house.provider.send(fields, "/sms/status"))
    assert len(found) > 15
    for place in found:
        with monkeypatch.context() as patch:
            break_one(place, patch)
            answer = house.provider.send(fields, "/sms/status")
        assert (answer.status, answer.body) == (204, b""), place.label
    house.check_answers()
