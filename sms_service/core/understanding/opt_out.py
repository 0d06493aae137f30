"""STOP and START, as whole messages only: 'Stop him please' is a call for help, not an opt-out.

The words are Twilio's default ones (docs: advanced-opt-out; as of March 2026), which the provider acts on itself, plus
the few polite forms that a person uses and no other message can mean.
"""

from __future__ import annotations

OPT_OUT_WORDS = frozenset(
    {"stop", "stopall", "stop all", "unsubscribe", "cancel", "end", "quit", "revoke", "optout", "opt out"}
)
OPT_IN_WORDS = frozenset({"start", "unstop"})

_POLITE = frozenset({"please", "pls", "plz", "thanks", "thank", "you", "ty", "x", "xx"})


def is_opt_out(words: tuple[str, ...]) -> bool:
    """Whether the whole message asks for no more texts."""
    return _without_courtesy(words) in OPT_OUT_WORDS


def is_opt_in(words: tuple[str, ...]) -> bool:
    """Whether the whole message asks for texts again."""
    return _without_courtesy(words) in OPT_IN_WORDS


def _without_courtesy(words: tuple[str, ...]) -> str:
    kept = [word for word in words if word not in _POLITE]
    # 'stop stop' is still one wish; 'stop' repeated is as common as once.
    return " ".join(dict.fromkeys(kept)) if len(set(kept)) == 1 else " ".join(kept)
