"""Rows cut into batches, as a program takes them: shapes are fixed, which batches are used is not.

Lanes that train on the same rows share them, as one lane. Where each lane has its own, all have as many batches as the
program has room for, and rows beyond a lane's own count for nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, NamedTuple

import numpy as np

from worker.engine.arrays import Array, Bools, Indices
from worker.engine.feeding import Feeding
from worker.engine.prepare import Rows

Tensor = Any

#: the stretch of rows that only fill a batch
_FILLING = -1


class Batches(NamedTuple):
    """Rows in batches: those from `first` to before `last` are used; the rest is there to keep the shape."""

    inputs: Tensor  #: (batches, lanes, batch, timesteps, features)
    targets: Tensor  #: (batches, lanes, batch, horizon, targets)
    counts: Tensor  #: (batches, lanes, batch), 1, or 0 for rows that only fill a batch
    fresh: Tensor  #: (batches, lanes, batch), whether the state is reset before a row
    first: Tensor
    last: Tensor


class ByPart(NamedTuple):
    """Which of the rows that are forecast each part has, where these are parts of several series."""

    #: (parts, rows), places among the rows of all batches
    places: Tensor
    #: (parts, rows), 1, or 0 where a part has fewer rows
    counts: Tensor
    #: how scaled errors become errors in the unit of the part's series, (parts, horizon, horizon, targets)
    spread: Tensor
    #: (parts, rows, 1, 3, horizon, targets), see `Rows.terms`; none where no target is transformed
    terms: list[Tensor]


class Asked(NamedTuple):
    """Rows to forecast, in one or more parts, one behind the other."""

    rows: Batches
    #: (parts, batches, lanes, batch): 1 for the rows of a part, by which it is scored
    parts: Tensor
    #: (batches, lanes, batch, 3, horizon, targets), see `Rows.terms`; none where no target is transformed
    terms: list[Tensor]
    #: `Rows.later`, (batches, lanes, batch, horizon - 1, numbers), and the parts of `Feeding`, (horizon - 1, lanes,
    #: timesteps, features); none where nothing is fed
    fed: list[Tensor]
    #: the parts of several series, in the place of `parts`; none where all rows are of one
    by_part: Sequence[ByPart] = ()


def count(rows: int, batch: int) -> int:
    """Count the batches that hold so many rows."""
    return -(-rows // batch)


def batches(rows: Rows, batch: int, number: int) -> Batches:
    """Cut rows into `number` batches, filled up with rows that count for nothing; all that hold rows are used.

    The state is reset before a row if rows are left out since the row that had its place in the batch before.
    """
    return _cut(rows, np.arange(len(rows)), batch, number)


def asked(
    parts: Sequence[Rows],
    batch: int,
    *,
    number: int | None = None,
    warm_up: bool = False,
    joined: bool = False,
    feeding: Feeding | None = None,
) -> Asked:
    """Cut parts into batches; the state is reset at the start of each part but the first if not `warm_up`.

    Args:
        parts: The rows of each part.
        batch: How many rows are forecast at once.
        number: How many batches there is room for; by default as many as are needed.
        warm_up: Whether the state runs on from part to part.
        joined: Whether a batch may hold rows of two parts, which is for models without a state.
        feeding: How the model is fed its own forecasts.
    """
    sizes = [len(rows) if joined else batch * count(len(rows), batch) for rows in parts]
    starts = np.cumsum([0, *sizes])
    places = [start + np.arange(len(rows)) for start, rows in zip(starts[:-1], parts, strict=True)]
    number = count(starts[-1], batch) if number is None else number
    whole, taken = together(parts), np.concatenate(places)
    rows = _cut(whole, taken, batch, number)
    if not joined:
        rows.fresh[starts[: 1 if warm_up else -1] // batch] = True
    scored = np.zeros((len(parts), number * batch), np.float32)
    for part, mine in enumerate(places):
        scored[part, mine] = 1.0
    terms = [_placed(whole.terms, taken, batch, number)] if whole.terms.size else []
    fed = [_placed(whole.later, taken, batch, number), *(one[:, None] for one in feeding)] if feeding else []
    return Asked(rows, scored.reshape(len(parts), number, 1, batch), terms, fed)


def of_part(forecasts: Array, asked: Asked, part: int, lane: int) -> Array:
    """Take the forecasts (rows, ...) of one part and lane from all, (batches, lanes, batch, ...)."""
    own = lane if asked.parts.shape[2] > 1 else 0
    mine: Array = forecasts[:, lane][asked.parts[part, :, own] > 0]
    return mine


def together(parts: Sequence[Rows]) -> Rows:
    """Put parts one behind the other."""
    names = [each.name for each in fields(Rows)]
    return Rows(**{name: np.concatenate([getattr(rows, name) for rows in parts]) for name in names})


def _placed(values: Array, places: Indices, batch: int, number: int, filling: int = 0) -> Array:
    """Put values of rows at their places among those of `number` batches, of one lane."""
    flat = np.full((number * batch, *values.shape[1:]), filling, values.dtype)
    flat[places] = values
    return flat.reshape(number, 1, batch, *values.shape[1:])


def _cut(rows: Rows, places: Indices, batch: int, number: int) -> Batches:
    """Put rows at their places among those of `number` batches, of one lane."""
    stretches = _placed(rows.stretch, places, batch, number, _FILLING)
    inputs, targets = (_placed(values, places, batch, number) for values in (rows.inputs, rows.targets))
    counts = (stretches != _FILLING).astype(np.float32)
    used = np.int32(count(int(places[-1]) + 1, batch) if len(places) else 0)
    return Batches(inputs, targets, counts, _fresh(stretches), np.int32(0), used)


def _fresh(stretches: Indices) -> Bools:
    """Find the rows (batches, ...) that are of another stretch than the one before them in the same place."""
    before = np.maximum.accumulate(stretches, 0)[:-1]
    after = stretches[1:]
    found = np.zeros(stretches.shape, np.bool_)
    found[1:] = (after != _FILLING) & (before != _FILLING) & (after != before)
    return found
