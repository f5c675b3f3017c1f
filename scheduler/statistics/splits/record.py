"""What many splits say beside the comparison on them, as a record."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from scheduler.statistics.splits.components import PARTS, Components

#: what is known of each part of the variance
NUMBERS = ("variance", "low", "high", "share", "share_low", "share_high")


@dataclass(frozen=True, kw_only=True, slots=True)
class OverSplits:
    """What many splits say beside the comparison on these splits."""

    #: the columns of the pairs on these splits, for the same pairs beyond them; no row with one configuration
    pairs: pd.DataFrame
    #: how the variance of the scores splits; None where there are too few
    components: Components | None
    #: series, or windows of the only one
    units: int
    windows: bool
    #: the fewest of them for a verdict
    least: int
    #: the configuration with the lowest mean over them, and how many there are
    leader: str
    configurations: int
    #: whether more repeats or more splits make the study surer; empty where that is unknown
    advice: str = ""
    #: trainings that diverged, and on how many splits
    diverged: int = 0
    diverged_splits: int = 0

    @property
    def variances(self) -> pd.DataFrame:
        """A row for each part of the variance: part, variance, low, high, share, share_low, share_high."""
        found = self.components
        if found is None:
            return pd.DataFrame(columns=["part", *NUMBERS])
        return pd.DataFrame({"part": PARTS} | {name: getattr(found, name) for name in NUMBERS})
