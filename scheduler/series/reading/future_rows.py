"""Rows of the future: what is known ahead reaches further than the targets, as plans and weather forecasts do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from scheduler.series.diagnosis import Diagnosis
from scheduler.series.reading.observations import Observations
from scheduler.text import many
from store.schema.spelling import listed

if TYPE_CHECKING:
    from scheduler.series.fields import SeriesSource


def past_alone(rows: Observations, source: SeriesSource, diagnosis: Diagnosis) -> Observations:
    """Leave out rows after the last one with a target, where the grid has columns that are known ahead.

    They are no missing values: nothing was observed yet that a forecast could be compared with.

    Args:
        rows: in order of time.
        source: the fields of the grid, with the columns as the rows have them.
        diagnosis: what is said of them goes to it.
    """
    inputs, targets = source.inputs, source.forecast or rows.columns
    places = [place for place, name in enumerate(rows.columns) if name in targets]
    observed = np.flatnonzero(~np.isnan(rows.values[:, places]).all(axis=1))
    count = len(rows) - 1 - int(observed[-1]) if len(observed) else 0
    if not count:
        return rows
    if not isinstance(inputs, dict) or not any(column.known for column in inputs.values()):
        _say_filled(rows, count, targets, source, diagnosis)
        return rows
    diagnosis.note(
        f"the last {many(count, 'row')}, from {rows.label(len(rows) - count)} on, {'has' if count == 1 else 'have'} no "
        f"{listed(targets)} yet and {'is' if count == 1 else 'are'} left out: there is nothing to compare a forecast "
        "with"
    )
    return rows.taken(np.arange(len(rows) - count))


def _say_filled(
    rows: Observations, count: int, targets: Sequence[str], source: SeriesSource, diagnosis: Diagnosis
) -> None:
    """Say that forecasts of the last rows are compared with nothing that was observed."""
    if source.missing in (None, "refuse", "mask"):
        return
    diagnosis.note(
        f"the last {many(count, 'row')}, from {rows.label(len(rows) - count)} on, {'has' if count == 1 else 'have'} no "
        f"{listed(targets)}: forecasts of {'it' if count == 1 else 'them'} are scored against the value that fills "
        f"{'it' if count == 1 else 'them'}, which nobody observed"
    )
