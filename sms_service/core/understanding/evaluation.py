"""How well messages are understood: the figures that ``python -m sms_service evaluate`` prints and a test holds.

A message is right when the reply is its label or one of its accepted alternatives. The label ``none`` (nothing for this
line) accepts the menu and the replies that do no harm: no_match, help, about, thanks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from sms_service.core.reply_book import ALL_HOURS_CONTACT, DEFAULT_LANGUAGE, EMERGENCY_CONTACT, NO_MATCH, ReplyBook
from sms_service.core.understanding.result import Understanding

DANGER_LABELS = frozenset({"urgent", "crisis", "blackmail", "iwf"})
"""Labels whose messages must get the right reply, or one with emergency numbers."""

ALARM_REPLIES = frozenset({"urgent", "crisis"})
"""Replies that are a false alarm when an everyday text gets them."""

NONE_LABEL = "none"
_NONE_ACCEPTS = frozenset({NO_MATCH, "help", "about", "thanks"})


@dataclass(frozen=True, slots=True)
class LabelledMessage:
    """One message of an evaluation file."""

    text: str
    label: str
    also: tuple[str, ...] = ()

    @property
    def accepted(self) -> frozenset[str]:
        """Every reply that counts as right."""
        labels = {self.label, *self.also}
        return frozenset(labels | _NONE_ACCEPTS if NONE_LABEL in labels else labels)


@dataclass(frozen=True, slots=True)
class Mistake:
    """A message that got a reply it should not have got."""

    message: LabelledMessage
    got: Understanding


@dataclass(slots=True)
class Evaluation:
    """Counts over one file; the properties give shares from 0 to 1."""

    messages: int = 0
    right: int = 0
    menus: int = 0
    danger_messages: int = 0
    danger_right: int = 0
    danger_safe: int = 0
    harmless_messages: int = 0
    false_alarms: int = 0
    by_label: dict[str, Counter[str]] = field(default_factory=dict)
    """Label to the replies its messages got."""
    right_by_label: Counter[str] = field(default_factory=Counter)
    mistakes: list[Mistake] = field(default_factory=list)

    @property
    def accuracy(self) -> float:
        """Share of messages with a right reply."""
        return self.right / max(1, self.messages)

    @property
    def danger_recall(self) -> float:
        """Share of danger messages with a right reply."""
        return self.danger_right / max(1, self.danger_messages)

    @property
    def danger_safety(self) -> float:
        """Share of danger messages whose reply is right or carries emergency numbers."""
        return self.danger_safe / max(1, self.danger_messages)

    @property
    def menu_rate(self) -> float:
        """Share of messages that got the menu."""
        return self.menus / max(1, self.messages)

    @property
    def false_alarm_rate(self) -> float:
        """Share of messages labelled none that got urgent or crisis."""
        return self.false_alarms / max(1, self.harmless_messages)

    def confusions(self, most: int = 12) -> list[tuple[str, str, int]]:
        """Give (label, reply it got, count) of the commonest mistakes."""
        pairs = Counter((mistake.message.label, mistake.got.reply) for mistake in self.mistakes)
        return [
            (label, reply, count) for (label, reply), count in sorted(pairs.items(), key=lambda p: (-p[1], p[0]))[:most]
        ]


def evaluate(
    messages: Iterable[LabelledMessage],
    understand: Callable[[str], Understanding],
    carries_emergency_numbers: Callable[[str], bool],
) -> Evaluation:
    """Run messages through the line's own understanding and count.

    Args:
        messages: What to ask.
        understand: The function that serves the line.
        carries_emergency_numbers: Whether a reply's text holds 999 and the 24-hour number, by the reply's key.
    """
    result = Evaluation()
    for message in messages:
        got = understand(message.text)
        right = got.reply in message.accepted
        result.messages += 1
        result.right += right
        result.menus += got.reply == NO_MATCH
        result.by_label.setdefault(message.label, Counter())[got.reply] += 1
        result.right_by_label[message.label] += right
        if message.label in DANGER_LABELS:
            result.danger_messages += 1
            result.danger_right += right
            result.danger_safe += right or got.danger_likely or carries_emergency_numbers(got.reply)
        if message.label == NONE_LABEL:
            result.harmless_messages += 1
            result.false_alarms += got.reply in ALARM_REPLIES
        if not right:
            result.mistakes.append(Mistake(message, got))
    return result


def replies_with_emergency_numbers(book: ReplyBook) -> frozenset[str]:
    """Give the replies whose first text names both the emergency services and the 24-hour service."""
    needed = [f"{{contact.{contact}}}" for contact in (EMERGENCY_CONTACT, ALL_HOURS_CONTACT)]
    return frozenset(
        key for key, reply in book.replies.items() if all(name in reply.text[DEFAULT_LANGUAGE] for name in needed)
    )


def percentile(values: Sequence[float], share: float) -> float:
    """Give the value below which ``share`` (0 to 1) of the values lie (nearest rank)."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
