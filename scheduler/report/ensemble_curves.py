"""How the score of all repeats together falls with the number of repeats, for pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from scheduler.statistics.ensembles.resampling import by_size, enough
from scheduler.statistics.ensembles.table import Members
from store.forecast_scores import scale_arrays

if TYPE_CHECKING:
    from scheduler.report.report_data import ReportData

#: configurations whose curve is drawn: the best
MOST_CURVES = 6
#: fewest repeats of a curve
LEAST = 3


@dataclass(frozen=True, slots=True)
class Falling:
    """The expected score of the median forecast of 1, 2, ... repeats of a configuration."""

    label: str
    sizes: NDArray[np.int64]
    scores: NDArray[np.float64]

    @property
    def enough(self) -> int | None:
        """The fewest repeats that are expected to be as good as all of them, to within 1%."""
        return enough(self.sizes, self.scores)


def ensemble_curves(report: ReportData, order: Sequence[str]) -> list[Falling]:
    """Return the curves of the best configurations that have forecasts of several repeats.

    Args:
        report: of one split.
        order: its configurations, best first.
    """
    kept = report.repeats()
    found = []
    for label in [label for label in order if len(kept.get(label, ())) >= LEAST and label in report.forecasts]:
        scales = report.scales.get(label)
        numbers = [int(repeat) for repeat in kept[label]]
        members = Members.of(label, report.forecasts[label], numbers, scale_arrays(scales) if scales else None)
        if len(members.forecast) >= LEAST:
            found.append(Falling(label, *by_size(members.forecast, partial(members.score, report.score))))
        if len(found) == MOST_CURVES:
            break
    return found
