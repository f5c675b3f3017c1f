"""The first rows of a configuration as the model sees them: what it is shown, what it is asked for, scaled and not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from scheduler.grid.warnings.case import Case
from scheduler.text import short

if TYPE_CHECKING:
    from collections.abc import Sequence

    from store.records import Float64s

#: rows that are shown, and numbers of a row
SHOWN, NUMBERS = 3, 6


@dataclass(frozen=True, slots=True, eq=False)
class FirstRows:
    """Rows of the training part."""

    #: (rows, lags, inputs): differenced, and the same scaled
    inputs: Float64s
    scaled_inputs: Float64s
    #: (rows, horizon, targets)
    targets: Float64s
    scaled_targets: Float64s


def first_rows(case: Case, count: int = SHOWN) -> FirstRows:
    """Cut the first training rows of a configuration."""
    cut, choice = case.frame, case.configuration.series
    rows = range(cut.train.start, min(cut.train.start + count, cut.train.stop))
    seen = np.array([cut.input_times(row) for row in rows])
    asked = np.array([cut.target_times(row) for row in rows])
    inputs = [_differenced(case, column)[seen] for column in choice.inputs]
    targets = [_differenced(case, column)[asked] for column in choice.targets]
    every = range(cut.available)
    all_seen = np.array([cut.input_times(row) for row in every])
    all_asked = np.array([cut.target_times(row) for row in every])
    return FirstRows(
        np.stack(inputs, axis=-1),
        np.stack([_scaled(case, one, inputs[n], all_seen) for n, one in enumerate(choice.inputs)], axis=-1),
        np.stack(targets, axis=-1),
        np.stack([_scaled(case, one, targets[n], all_asked) for n, one in enumerate(choice.targets)], axis=-1),
    )


def _differenced(case: Case, column: str) -> Float64s:
    values, step = case.values(column), case.configuration.prepare.difference_of(column)
    if not step:
        return values
    return np.concatenate([np.full(step, np.nan), values[step:] - values[:-step]])


def _scaled(case: Case, column: str, rows: Float64s, fitted: NDArray[np.int64]) -> Float64s:
    """Scale values as the worker does: each step of a row by the span of that step in the training rows."""
    ends = case.configuration.prepare.scale_of(column)
    if ends is None:
        return rows
    training = _differenced(case, column)[fitted]
    low, high = training.min(axis=0), training.max(axis=0)
    span = np.where(high > low, high - low, 1.0)
    scaled: Float64s = (rows - low) * ((ends[1] - ends[0]) / span) + ends[0]
    return scaled


def described(case: Case) -> Iterator[str]:
    """Write how a configuration cuts its series, and its first rows."""
    cut, choice = case.frame, case.configuration.series
    held = f", {len(cut.validation)} to validate" if cut.validation else ""
    yield f"rows        {cut.rows:,}: {len(cut.train):,} to train on{held}, {len(cut.test):,} to test"
    yield f"X           ({len(cut.train):,}, {cut.timesteps}, {cut.features}): rows, time steps, features"
    yield f"y           ({len(cut.train):,}, {cut.horizon}, {len(choice.targets)}): rows, steps of the horizon, targets"
    found = first_rows(case)
    times = case.series.times
    for place in range(len(found.inputs)):
        row = cut.train.start + place
        seen, asked = cut.input_times(row), cut.target_times(row)
        named = f" ({times[seen[-1]]} -> {times[asked[0]]})" if times else f" (row {seen[-1] + 1} -> {asked[0] + 1})"
        yield f"row {place + 1}{named}"
        yield f"  values    {_numbers(found.inputs[place])} -> {_numbers(found.targets[place])}"
        yield f"  scaled    {_numbers(found.scaled_inputs[place])} -> {_numbers(found.scaled_targets[place])}"


def _numbers(values: Float64s) -> str:
    flat: Sequence[float] = values.ravel().tolist()
    shown = ", ".join(short(value) for value in flat[:NUMBERS])
    return f"[{shown}{', ...' if len(flat) > NUMBERS else ''}]"
