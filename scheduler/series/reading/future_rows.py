"""Rows of the future: what is known ahead reaches further than the targets, as plans and weather forecasts do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scheduler.series.diagnosis import Diagnosis
from scheduler.series.reading.observations import Observations
from scheduler.text import many
from store.schema.spelling import listed

if TYPE_CHECKING:
    from scheduler.series.fields import SeriesSource


def past_alone(rows: Observations, source: SeriesSource, diagnosis: Diagnosis) -> Observations:
    """Leave out rows after the last one with a target, unless missing values are refused as they stand.

    What fills missing values fills none of them: nothing was observed yet that a forecast could be compared with. Where
    the grid has columns that are known ahead, such rows are expected.

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
    known = isinstance(inputs, dict) and any(column.known for column in inputs.values())
    if not known and source.missing in (None, "refuse"):
        return rows  # which are reported
    diagnosis.note(
        f"the last {many(count, 'row')}, from {rows.label(len(rows) - count)} on, {'has' if count == 1 else 'have'} no "
        f"{listed(targets)} yet and {'is' if count == 1 else 'are'} left out: there is nothing to compare a forecast "
        "with"
    )
    return rows.taken(np.arange(len(rows) - count))
