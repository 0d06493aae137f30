"""What keeps a draft from going live: another release meanwhile, the checker, and texts about danger."""

from __future__ import annotations

from sms_service.core.publishing.errors import Blocked, DraftIsBehind, NotReady
from sms_service.core.publishing.records import Draft
from sms_service.service.publishing.drafts import Drafts
from sms_service.service.publishing.trials import Trials


def why_blocked(trials: Trials, draft: Draft, *, golden: bool = True) -> tuple[str, ...]:
    """Give the reasons in words, none when checker and golden texts let it go; ``golden`` says whether to ask those."""
    reasons = [
        f"{one.file}, line {one.line}: {one.what} {one.mend}" if one.line else f"{one.file}: {one.what} {one.mend}"
        for one in trials.complaints(draft.tree)
        if one.is_error
    ]
    trial = trials.result(draft) if golden else None
    if golden and trial is None:
        reasons.append("The golden texts are still being tried with this draft.")
    if trial is not None:
        reasons += [trial.failure] if trial.failure else []
        reasons += [
            f"'{lost.text}' is about danger and would now get {lost.after} instead of {lost.wanted}."
            for lost in trial.lost_danger
        ]
    return tuple(reasons)


def must_be_good(drafts: Drafts, trials: Trials, draft: Draft, *, golden: bool = True) -> None:
    """Refuse a draft that may not go live.

    Raises:
        DraftIsBehind: When another release went live meanwhile.
        NotReady: While the golden texts are being tried.
        Blocked: By the checker, or by a lost danger text.
    """
    if drafts.is_behind(draft):
        raise DraftIsBehind("Another release went live since this draft began. Take it in, then have it approved.")
    if golden and trials.result(draft) is None:
        raise NotReady("The golden texts are being tried with this draft. Try again in a few seconds.")
    reasons = why_blocked(trials, draft, golden=golden)
    if reasons:
        raise Blocked("\n".join(reasons))
