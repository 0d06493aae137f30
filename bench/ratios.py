"""Ratios of interleaved pairs: the only figures worth keeping from a machine that others use too."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ratio:
    """Median of the ratios of pairs, and the quarters they lie between."""

    median: float
    low: float
    high: float
    pairs: int

    def __str__(self) -> str:
        """Show it as a table cell."""
        return f"{self.median:.2f} ({self.low:.2f}-{self.high:.2f})"


def ratio_of(pairs: Sequence[tuple[float, float]]) -> Ratio:
    """Give the ratio of first to second, pair by pair; the quarters say how much noise there was."""
    ratios = sorted(first / second for first, second in pairs)
    quarters = statistics.quantiles(ratios, n=4, method="inclusive") if len(ratios) > 1 else [ratios[0]] * 3
    return Ratio(statistics.median(ratios), quarters[0], quarters[2], len(ratios))


def interleaved(
    base: Callable[[], float], others: Mapping[str, Callable[[], float]], rounds: int
) -> dict[str, list[tuple[float, float]]]:
    """Measure each right after the base, in turn, and back to front every second time; give (own, base) pairs."""
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in others}
    for number in range(rounds):
        for name in list(others) if number % 2 == 0 else reversed(list(others)):
            against = base()
            found[name].append((others[name](), against))
    return found
