"""Inputs that are said to be known ahead and are what is forecast."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from scheduler.grid.warnings.case import Case, by_series, distinct

#: of a correlation that differs from 1 by rounding alone
EXACT = 1e-9


def targets_among_the_known(cases: Sequence[Case]) -> Iterator[str]:
    """Report a column that is known ahead and follows a target exactly, as a copy or another unit of it does."""
    for case in distinct(cases, by_series):
        series = case.configuration.series
        known = [name for name, seen in series.seen.items() if seen.known and name not in series.made]
        for name in known:
            same = [target for target in series.targets if _follows(case, name, target)]
            if same:
                yield (
                    f"{case.series.name}: {name} is known: true and follows the target {same[0]} exactly, so that the "
                    f"model sees what it forecasts: leave {name} out of series.inputs, or known out of it"
                )


def _follows(case: Case, name: str, target: str) -> bool:
    one, other = case.training(name, changed=False), case.training(target, changed=False)
    if len(one) < 3 or not np.ptp(one) or not np.ptp(other):
        return False
    with np.errstate(over="ignore", invalid="ignore"):
        return bool(abs(np.corrcoef(one / np.abs(one).max(), other / np.abs(other).max())[0, 1]) > 1 - EXACT)
