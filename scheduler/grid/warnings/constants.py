"""Inputs that are constant or nearly so, and test parts that are one constant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from scheduler.grid.warnings.case import Case, by_rows, distinct
from store.schema.spelling import listed

if TYPE_CHECKING:
    from store.records import Float64s

#: columns that are named
SHOWN = 4
#: share of the values that may differ from the most frequent one in a column that is nearly constant
FEW_OTHERS = 0.02
#: of the values' size; a smaller spread is rounding noise
NOISE = 1e-12


def constant_inputs(cases: Sequence[Case]) -> Iterator[str]:
    """Report inputs that tell the model nothing, as it sees them in training."""
    for case in distinct(cases, by_rows):
        yield from _constant_made(case)
        for column in case.configuration.series.inputs:
            if column in case.configuration.series.made:
                continue
            lags = case.configuration.prepare.differences_of(column)
            if what := _constant(case.training(column, changed=False)):
                yield f"{case.series.name}: the input {column} {what}: {_other_input(case, column)}"
            elif lags and (what := _constant(case.training(column))):
                yield (
                    f"{case.series.name}: the input {column}, differenced by {listed(lags, 'and')}, {what}: "
                    f"set prepare.difference to 0 for it, or {_other_input(case, column)}"
                )


def _constant_made(case: Case) -> Iterator[str]:
    """Report what of the calendar and of categories is the same in all training rows."""
    series, calendar = case.configuration.series, case.configuration.prepare.calendar
    parts: dict[str, list[str]] = {}
    for column in series.made:
        parts.setdefault(series.origin(column), []).append(column)
    for origin, columns in parts.items():
        same = [one for one in columns if not np.ptp(case.training(one, changed=False))]
        of_calendar = origin in {entry.removesuffix(":onehot") for entry in calendar}
        if len(same) == len(columns):
            field = "prepare.calendar" if of_calendar else "series.inputs"
            yield (
                f"{case.series.name}: {origin} is the same in all rows before the test rows, so that it tells the "
                f"model nothing: leave it out of {field}"
            )
        elif same:
            yield (
                f"{case.series.name}: {listed(same[:SHOWN], 'and')}{', ...' if len(same) > SHOWN else ''} "
                f"{'is' if len(same) == 1 else 'are'} in no row before the test rows, so that the model cannot learn "
                f"from {'it' if len(same) == 1 else 'them'}: start the test part later, or leave {origin} out"
            )


def _constant(values: Float64s) -> str:
    """Describe a column that is constant or nearly so; empty for others."""
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
