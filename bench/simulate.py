"""A national campaign on paper: a million texts in an hour, and what gives way first.

``python -m bench simulate`` plays it second by second with the figures that are given: what the hosts answer (measured
by ``bench peers``), what the provider sends for one number, how long it waits for us, what Redis and SQL take. It knows
no machine and no network, so it needs no load; what it says is only as good as its figures, which it prints.

The provider's side (docs: messaging/guides, "Rate limits and message queues"; "Webhook retries"): a request that is not
answered in 15 seconds goes to the fallback address once and is not tried again; replies wait in the provider's queue
for the number, up to ten hours' worth, and leave at the number's rate.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_WEBHOOK_SECONDS: Final = 15
_QUEUE_HOURS: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """What happens, and what there is to meet it.

    Attributes:
        texts: Incoming texts in all.
        minutes: In which they come; the flow rises to its peak in the first tenth and falls off slowly, as after a
            television broadcast.
        hosts: Machines that serve.
        cores_per_host: Processor cores of each.
        texts_per_core: Texts a second that one core answers when full.
        segments_per_reply: What a reply counts at the provider.
        numbers: Sender numbers that replies leave from.
        segments_per_number: Segments a second that one number sends: 1 for a plain long number, 10 to 100 for others.
        redis_operations: Scripts a second that one Redis answers; two for each text.
        sql_rows: Rows a second that the drains move into SQL.
        outbox_rows: Rows that one host's outbox holds before it says no.
    """

    texts: int = 1_000_000
    minutes: int = 60
    hosts: int = 1
    cores_per_host: int = 2
    texts_per_core: float = 300.0
    segments_per_reply: float = 2.0
    numbers: int = 1
    segments_per_number: float = 100.0
    redis_operations: float = 20_000.0
    sql_rows: float = 5_000.0
    outbox_rows: int = 200_000


@dataclass(slots=True)
class Result:
    """How it went. Waiting is in seconds; ``first_to_saturate`` names what limited it most."""

    peak_per_second: float = 0.0
    answered: int = 0
    to_fallback: int = 0
    longest_webhook_wait: float = 0.0
    longest_outbox: int = 0
    rows_only_in_log: int = 0
    replies_refused_by_provider: int = 0
    hours_until_last_reply: float = 0.0
    median_reply_wait_minutes: float = 0.0
    first_to_saturate: str = "nothing"


def arrivals(texts: int, minutes: int) -> Iterator[int]:
    """Give the texts of each second; they add up to all of them."""
    seconds = minutes * 60
    rise = max(1, seconds // 10)
    shape = [(second + 1) / rise if second < rise else math.exp(-3 * (second - rise) / seconds) for second in
             range(seconds)]  # fmt: skip
    total, given, due = sum(shape), 0, 0.0
    for weight in shape:
        due += texts * weight / total
        yield round(due) - given
        given = round(due)


def simulate(campaign: Campaign) -> Result:
    """Play it second by second until the last reply has left."""
    line = min(
        campaign.hosts * campaign.cores_per_host * campaign.texts_per_core,
        campaign.redis_operations / 2 if campaign.hosts > 1 else math.inf,
    )
    sends = campaign.numbers * campaign.segments_per_number / campaign.segments_per_reply
    result, webhooks, outbox, queue = Result(), deque[tuple[int, int]](), 0, deque[tuple[int, int]]()
    waits: list[tuple[float, int]] = []
    could_answer = could_send = 0.0
    second = 0
    flow = arrivals(campaign.texts, campaign.minutes)
    while (coming := next(flow, None)) is not None or webhooks or queue:
        if coming:
            result.peak_per_second = max(result.peak_per_second, coming)
            webhooks.append((second, coming))
        # A request that the provider has given up is answered all the same, for nobody; nothing here sorts them out.
        could_answer = min(could_answer + line, line + 1)
        taken, could_answer, waited = _take(webhooks, could_answer, second)
        in_time = sum(count for wait, count in waited if wait <= _WEBHOOK_SECONDS)
        result.to_fallback += taken - in_time
        result.answered += in_time
        result.longest_webhook_wait = max([result.longest_webhook_wait, *(wait for wait, _ in waited)])
        outbox += taken
        room = campaign.hosts * campaign.outbox_rows
        result.rows_only_in_log += max(0, outbox - room)
        outbox = max(0, min(outbox, room) - round(campaign.sql_rows))
        result.longest_outbox = max(result.longest_outbox, outbox)
        if in_time:
            refused = max(0, round(sum(count for _, count in queue) + in_time - sends * 3600 * _QUEUE_HOURS))
            result.replies_refused_by_provider += min(refused, in_time)
            queue.append((second, in_time - min(refused, in_time)))
        could_send = min(could_send + sends, sends + 1)
        _, could_send, left = _take(queue, could_send, second)
        waits.extend(left)
        second += 1
    result.hours_until_last_reply = second / 3600
    result.median_reply_wait_minutes = _median(waits) / 60
    result.first_to_saturate = _tightest(campaign, result.peak_per_second, line, sends)
    return result


def _take(queue: deque[tuple[int, int]], could: float, now: int) -> tuple[int, float, list[tuple[float, int]]]:
    """Take from the front what there is room for; give how many, the room that is left, and how long each waited."""
    taken, waited = 0, []
    while queue and could >= 1:
        since, count = queue.popleft()
        now_taken = min(count, int(could))
        if now_taken < count:
            queue.appendleft((since, count - now_taken))
        taken, could = taken + now_taken, could - now_taken
        waited.append((float(now - since), now_taken))
    return taken, could, waited


def _median(waits: list[tuple[float, int]]) -> float:
    half, seen = sum(count for _, count in waits) / 2, 0
    for wait, count in sorted(waits):
        seen += count
        if seen >= half:
            return wait
    return 0.0


def _tightest(campaign: Campaign, peak: float, line: float, sends: float) -> str:
    limits = {
        "the provider's send rate": sends,
        "processor cores": campaign.hosts * campaign.cores_per_host * campaign.texts_per_core,
        "SQL (the outbox keeps what waits)": campaign.sql_rows,
    }
    if campaign.hosts > 1:
        limits["Redis"] = campaign.redis_operations / 2
    name = min(limits, key=lambda one: limits[one])
    return name if limits[name] < peak or line < peak else "nothing"
