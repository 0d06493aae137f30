"""How many texts calls may send to one number: who rings can show a number that is not theirs.

Kept in the hot state, under a keyed fingerprint that is no sender's pseudonym. FORGET ME does not reset it: whoever
rings with somebody else's number could else go on for ever. It is gone four hours after the last text.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Final

from sms_service.service.ports import HotState
from sms_service.service.pseudonyms import Pseudonyms

MOST_TEXTS: Final = 3
"""To one number, however many calls; from four hours after the last one on, three again."""

_COUNTED: Final = b"counted"
_A_TEXT: Final = "text"


@dataclass(frozen=True, slots=True)
class TextLimit:
    """Counts texts to callers. As open as the hot state: without it a process counts for itself, for minutes.

    Attributes:
        hot_state: Where the count is kept.
        pseudonyms: Make the fingerprint.
    """

    hot_state: HotState
    pseudonyms: Pseudonyms

    def takes(self, number: str, call_id: str, now: dt.datetime) -> bool:
        """Count a text that is about to be sent; give whether it may be. May raise where the hot state does.

        It counts before it is sent, so that calls at the same moment cannot send one each, and once for a call, so
        that the provider's retry of a step does not count again.

        Args:
            number: Whose phone.
            call_id: Of the call that asks.
            now: Aware.
        """
        key, moment = self.pseudonyms.fingerprint(f"text to {number}"), now.timestamp()
        step = f"{call_id}:text"
        claim = self.hot_state.claim(step, key, moment)
        if claim.answer is not None:
            return True
        known = claim.conversation.as_of(moment)
        if known.repeats >= MOST_TEXTS:
            return False
        self.hot_state.settle(step, key, _COUNTED, replace(known.sent(_A_TEXT), last_at=moment), moment)
        return True
