"""A worker that dies at a named point on the way of an answer: started by row 22's test, never by hand.

For each point a child of this process is texted and kills itself there, as the system's memory killer would. Then this
process, as another worker, gets the provider's retry of the same message, and tells what it answered.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sms_service.core.rendering import Renderer
from sms_service.service import messaging
from sms_service.storage import event_stores
from sms_service.storage.hot_state_sqlite import SqliteHotState
from sms_service.storage.outbox import Outbox
from sms_service.webhooks import sms
from sms_service.webhooks.signed_request import new_message_id
from sms_service.webhooks.sms import SmsWebhook
from tests.conftest import make_line_in_memory, production, release_without_free_text
from tests.faults.house import PHRASE, House, build_house, phone

POINTS: dict[str, tuple[Any, str, bool]] = {
    "signature checked": (sms, "parse_message", False),
    "before the claim": (SqliteHotState, "claim", False),
    "claimed": (SqliteHotState, "claim", True),
    "planned": (messaging, "plan", True),
    "rendered": (Renderer, "render", True),
    "before the row": (Outbox, "record", False),
    "row kept": (Outbox, "record", True),
    "before settling": (SqliteHotState, "settle", False),
    "settled": (SqliteHotState, "settle", True),
    "answered, not sent": (SmsWebhook, "handle", True),
}
"""Where it dies: in what, at which function, before or after it."""

TEXTS = ("urgent", "help", "FORGET ME")


def deadly(real: Callable[..., Any], *, after: bool) -> Callable[..., Any]:
    def dying(*arguments: Any, **named: Any) -> Any:
        if after:
            real(*arguments, **named)
        os.kill(os.getpid(), signal.SIGKILL)

    return dying


def die_at(point: str, house: House, text: str, sender: str, message_id: str) -> int:
    """Let a child be texted and die; give the signal that it died of."""
    child = os.fork()
    if child == 0:
        where, name, after = POINTS[point]
        setattr(where, name, deadly(getattr(where, name), after=after))
        house.answers_again(text, sender, message_id)
        os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main(var_dir: Path) -> None:
    event_stores.set_up(var_dir, None)
    release, environ = release_without_free_text(var_dir), production(var_dir)
    house = build_house(lambda **more: make_line_in_memory(release, {**environ, **more}), var_dir, None)
    house.stores.drain.stop()  # a thread would not survive the fork
    told: dict[str, Any] = {}
    for number, (point, text) in enumerate((point, text) for point in POINTS for text in TEXTS):
        sender, message_id = phone(number), new_message_id()
        died = die_at(point, house, f"{text} {PHRASE}" if text == "urgent" else text, sender, message_id)
        reply = house.say(text, sender, message_id)
        again = house.say(text, sender, message_id)
        told[f"{point}: {text}"] = {"died": -died, "reply": reply, "again": again == reply}
    other = build_house(lambda **more: make_line_in_memory(release, {**environ, **more}), var_dir, None)
    other.sent = house.sent
    other.all_arrive()
    sys.stdout.write(json.dumps({"points": told, "rows": other.rows(), "leaks": other.leaks()}) + "\n")
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sms_service.storage.drain_thread.PAUSE_SECONDS", 0.05)
        main(Path(sys.argv[1]))
