"""How a contact stands, in the words of the editing pages."""

from __future__ import annotations

from typing import Final

from sms_service.core.contact_upkeep import Upkeep

UPKEEP_WORDS: Final = {
    Upkeep.OVERDUE: ("Overdue", "red"),
    Upkeep.NEVER_CHECKED: ("Never checked", "red"),
    Upkeep.SOON: ("Check soon", "yellow"),
    Upkeep.NO_DATE: ("No next date", "yellow"),
    Upkeep.FINE: ("Checked", "green"),
}
"""For each state of a contact its words and the colour of its tag."""
