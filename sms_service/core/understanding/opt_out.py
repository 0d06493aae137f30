"""STOP and START, as whole messages only: 'Stop him please' is a call for help, not an opt-out.

In own words, somebody asks us to stop only when the message speaks of our texts and of nothing and nobody else: see
:func:`may_ask_to_stop`, without which statistics take 'make it stop' and 'end it all' for an opt-out.

The words are Twilio's default ones (docs: advanced-opt-out; as of March 2026), which the provider acts on itself, plus
the few polite forms that a person uses and no other message can mean.
"""

from __future__ import annotations

from collections.abc import Collection

OPT_OUT_WORDS = frozenset(
    {"stop", "stopall", "stop all", "unsubscribe", "cancel", "end", "quit", "revoke", "optout", "opt out"}
)
OPT_IN_WORDS = frozenset({"start", "unstop"})

_IN_EVERY_WISH = frozenset(word for wish in OPT_OUT_WORDS | OPT_IN_WORDS for word in wish.split())

_POLITE = frozenset({"please", "pls", "plz", "thanks", "thank", "you", "ty", "x", "xx"})

_OUR_TEXTS = frozenset(
    "text texts texting texted txt txts txting message messages messaging messaged msg msgs msging sms contact "
    "contacting service list number numbers reply replies replying send sending these this subscribe "
    "subscribed subscription sign signed notification notifications alert alerts spam phone mobile".split()
)
_STOPPING = frozenset(
    "stop stopping no not dont didnt never quit end cancel remove unsubscribe unsub off out leave delete take "
    "opt enough turn switch block blocked deleted removed removing away".split()
)
_UNMISTAKABLE = frozenset("unsubscribe unsubscribed unsub optout".split())
_SOMETHING_ELSE = frozenset(
    "he him his hes hed she her shes they them their theyre it someone somebody person people man men guy guys boy "
    "boys girl girls stranger friend bloke pic pics picture pictures photo photos keep keeps kept tell".split()
)


def may_ask_to_stop(words: Collection[str]) -> bool:
    """Whether a message in own words can mean that our texts should stop: the words for it, nobody and nothing else."""
    found = frozenset(words)
    if found & _SOMETHING_ELSE:
        return False
    return bool(found & _UNMISTAKABLE or {"opt", "out"} <= found or (found & _OUR_TEXTS and found & _STOPPING))


def speaks_of_neither(words: Collection[str]) -> bool:
    """Whether a message has no word of STOP or START, as nearly all have not: a look that costs next to nothing."""
    return _IN_EVERY_WISH.isdisjoint(words)


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
