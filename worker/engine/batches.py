"""Rows cut into batches, as a program takes them: shapes are fixed, which batches are used is not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from worker.engine.arrays import Array, Float32s
from worker.engine.feeding import Feeding
from worker.engine.prepare import Rows

Tensor = Any


class Batches(NamedTuple):
    """Rows to train on: the batches from `first` to before `last`; the rest is there to keep the shape."""

    inputs: Tensor  #: (batches, batch, timesteps, features)
    targets: Tensor  #: (batches, batch, horizon, targets)
    counts: Tensor  #: (batches, batch), 1, or 0 for rows that only fill the last batch
    first: Tensor
    last: Tensor


class Asked(NamedTuple):
    """Rows to forecast, in one or more parts, one behind the other."""

    rows: Batches
    #: (batches,): whether the state runs on from the batch before
    runs_on: Tensor
    #: (parts, batches, batch): 1 for the rows of a part, by which it is scored
    parts: Tensor
    #: (batches, batch, 3, horizon, targets), see `Rows.terms`; none where no target is transformed
    terms: list[Tensor]
    #: `Rows.later`, (batches, batch, horizon - 1, numbers), and the parts of `Feeding`; none where nothing is fed
    fed: list[Tensor]


def count(rows: int, batch: int) -> int:
    """Count the batches that hold so many rows."""
    return -(-rows // batch)


def batches(rows: Rows, batch: int, number: int) -> Batches:
    """Cut rows into `number` batches, filled up with rows that count for nothing; all that hold rows are used."""
    counts = _cut(np.ones(len(rows), np.float32), batch, number)
    inputs, targets = (_cut(values, batch, number) for values in (rows.inputs, rows.targets))
    return Batches(inputs, targets, counts, np.int32(0), np.int32(count(len(rows), batch)))


def _cut(values: Float32s, batch: int, number: int) -> Float32s:
    """Cut values of rows into batches, filled up with 0."""
    missing = number * batch - len(values)
    filled = np.concatenate([values, np.zeros((missing, *values.shape[1:]), np.float32)])
    return filled.reshape(number, batch, *values.shape[1:])


def asked(parts: Sequence[Rows], batch: int, *, warm_up: bool = False, feeding: Feeding | None = None) -> Asked:
    """Cut parts into batches.

    Args:
        parts: The rows.
        batch: The size of a batch.
        warm_up: Whether the state runs on from part to part; otherwise it is reset at the start of each.
        feeding: How the model is fed its own forecasts.
    """
    each = [batches(rows, batch, count(len(rows), batch)) for rows in parts]
    lengths = [len(part.inputs) for part in each]
    starts = np.cumsum([0, *lengths])
    runs_on = np.ones(starts[-1], np.bool_)
    runs_on[starts[:-1]] = warm_up
    counts = np.zeros((len(each), starts[-1], batch), np.float32)
    for number, part in enumerate(each):
        counts[number, starts[number] : starts[number + 1]] = part.counts
    inputs, targets, filled = (np.concatenate([part[field] for part in each]) for field in range(3))
    rows = Batches(inputs, targets, filled, np.int32(0), np.int32(starts[-1]))
    terms, later = (
        np.concatenate([_cut(one, batch, length) for one, length in zip(values, lengths, strict=True)])
        for values in ([part.terms for part in parts], [part.later for part in parts])
    )
    return Asked(rows, runs_on, counts, [terms] if terms.size else [], [later, *feeding] if feeding else [])


def of_part(forecasts: Array, asked: Asked, part: int) -> Array:
    """Take the forecasts (rows, ...) of one part from those of all batches (batches, batch, ...)."""
    mine: Array = forecasts[asked.parts[part] > 0]
    return mine
