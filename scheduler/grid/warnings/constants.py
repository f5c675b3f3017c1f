"""Inputs that are constant or nearly so, and test parts that are one constant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from scheduler.grid.warnings.case import Case, by_rows, distinct
from store.schema.spelling import listed

if TYPE_CHECKING:
    from store.records import Float64s

#: share of the values that may differ from the most frequent one in a column that is nearly constant
FEW_OTHERS = 0.02
#: of the values' size; a smaller spread is rounding noise
NOISE = 1e-12


def constant_inputs(cases: Sequence[Case]) -> Iterator[str]:
    """Report inputs that tell the model nothing, as it sees them in training."""
    for case in distinct(cases, by_rows):
        for column in case.configuration.series.inputs:
            lags = case.configuration.prepare.differences_of(column)
            if what := _constant(case.training(column, changed=False)):
                yield f"{case.series.name}: the input {column} {what}: {_other_input(case, column)}"
            elif lags and (what := _constant(case.training(column))):
                yield (
                    f"{case.series.name}: the input {column}, differenced by {listed(lags, 'and')}, {what}: "
                    f"set prepare.difference to 0 for it, or {_other_input(case, column)}"
                )


def _constant(values: Float64s) -> str:
    """Describe a column that is constant or nearly so; empty for others."""
    import numpy as np

    if len(values) < 2:
        return ""
    if np.ptp(values) <= NOISE * np.abs(values).max():
        return f"is constant ({values[0]:.6g}) before the test rows, so that it tells the model nothing"
    found, counts = np.unique(values, return_counts=True)
    others = len(values) - int(counts.max())
    if others > max(1, int(FEW_OTHERS * len(values))) or len(values) < 10:
        return ""
    usual = found[counts.argmax()]
    return f"is nearly constant before the test rows ({usual:.6g} in {counts.max():,} of {len(values):,} values)"


def _other_input(case: Case, column: str) -> str:
    if len(case.configuration.series.inputs) > 1:
        return f"leave {column} out of series.inputs"
    return "use another column, or a longer part of the series"


def constant_tests(cases: Sequence[Case]) -> Iterator[str]:
    """Report test rows that all ask for the same value."""
    for case in distinct(cases, by_rows):
        cut = case.frame
        if not cut.test:
            continue
        asked = slice(cut.target_times(cut.test[0]).start, cut.target_times(cut.test[-1]).stop)
        for column in case.configuration.series.targets:
            values = case.values(column)[asked]
            if len(values) > 1 and (values == values[0]).all():
                yield (
                    f"{case.series.name}: the test part of {column} is one constant ({values[0]:.6g} in "
                    f"{len(values)} values), which says little about a forecast: use a larger test, or end the "
                    "series earlier"
                )
