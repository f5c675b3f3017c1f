"""Which rows a configuration cuts from a series: pure arithmetic, the same for the grid's checks and the worker.

A row at time t sees the inputs at t - lags + 1 ... t, unless columns have lags of their own or are known ahead (see
`store.schema.inputs`), and is asked for the targets at t + offset ... t + offset + horizon - 1, where offset is 1, 0 or
-1 for `target_at` next, last or previous. Rows are all t for which inputs and
targets exist, in order of t, but for those before the test rows that have an observation that was missing. The last
`test` rows are the test rows; before them lie, from the end, `gap` rows that are dropped, the validation rows with
their own gap, and the training rows, of which the first `trim` are dropped.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from store.schema.configuration import Configuration, Future, Window
from store.schema.differences import counted_from, reach, weights
from store.schema.inputs import OFFSET, layout, longest, oldest, sizes

#: of the size of a column's values; values or differences that spread no wider are constant but for rounding
ROUNDING = 2.0**-48


@dataclass(frozen=True, kw_only=True, slots=True)
class Frame:
    """The rows of a configuration, numbered from 0 in order of time; ranges are empty where nothing is left."""

    #: all rows that the series has
    rows: int
    #: index in the series of the last input step of row 0; row r has it at `first + r`
    first: int
    #: steps from the last input step to the first target
    offset: int
    horizon: int
    #: the largest lag of all columns
    lags: int
    #: shape of one row as the model sees it
    timesteps: int
    features: int
    #: rows before the trim that could be trained on
    available: int
    train: range
    validation: range
    test: range
    #: where observations were missing: for each row the number that it has without that; empty where none were
    kept: tuple[int, ...] = ()
    #: the times of what a row sees, from its own; empty for the last `lags`
    seen: tuple[int, ...] = ()

    @property
    def trim(self) -> int:
        """How many of the first training rows are dropped."""
        return self.available - len(self.train)

    def input_times(self, row: int) -> Sequence[int]:
        """Return the indices in the series that a row sees, of any column, in order."""
        last = self.first + self._number(row)
        return [last + time for time in self.seen] if self.seen else range(last - self.lags + 1, last + 1)

    def target_times(self, row: int) -> range:
        """Return the indices in the series that a row is asked for."""
        start = self.first + self._number(row) + self.offset
        return range(start, start + self.horizon)

    def _number(self, row: int) -> int:
        return self.kept[row] if self.kept else row


def known(configuration: Configuration, observations: int) -> range:
    """Return which of so many observations of its series a configuration knows of: those of its window."""
    window = configuration.window
    stop = max(0, observations - window.skip)
    if window.train is None:
        return range(stop)
    return range(min(stop, max(0, stop - held_out(configuration) - window.train)), stop)


def held_out(configuration: Configuration) -> int:
    """Return how many observations the test rows forecast: those from the first target on."""
    offset, horizon = OFFSET[configuration.prepare.target_at], configuration.prepare.horizon
    return configuration.test + max(0, offset + horizon - 1) - offset if configuration.test else 0


def without_window(configuration: Configuration, observations: int) -> Configuration:
    """Return the configuration that does the same with a series that has the observations of the window alone."""
    part = known(configuration, observations)
    left_out = [(max(start, part.start), min(stop, part.stop)) for start, stop in configuration.series.left_out]
    moved = tuple((start - part.start, stop - part.start) for start, stop in left_out if start < stop)
    series = configuration.series.model_copy(update={"left_out": moved}) if left_out else configuration.series
    return configuration.model_copy(update={"window": Window(), "series": series})


def frame(configuration: Configuration, observations: int) -> Frame:
    """Cut the rows of a series of so many observations; a mistake in the configuration leaves ranges empty."""
    if configuration.window.whole:
        return _frame(configuration, observations)
    part = known(configuration, observations)
    cut = _frame(without_window(configuration, observations), len(part))
    return replace(cut, first=cut.first + part.start)


def _frame(configuration: Configuration, observations: int) -> Frame:
    if configuration.future is not None:
        return _beyond(configuration, configuration.future, observations - configuration.future.given)
    prepare, series = configuration.prepare, configuration.series
    offset = OFFSET[prepare.target_at]
    first = _first(configuration, offset)
    rows = max(0, observations - max(0, offset + prepare.horizon - 1) - first)
    kept: tuple[int, ...] = ()
    if series.left_out and rows:
        kept = _kept(rows, configuration.test, series.left_out, _touched(configuration, first, offset))
        rows = len(kept)
    validation = configuration.protocol.validation
    gap = prepare.horizon - 1 if prepare.gap == "auto" else prepare.gap
    test_start = max(0, rows - configuration.test)
    validation_end = max(0, test_start - gap) if configuration.test else test_start
    validation_start = max(0, validation_end - validation)
    available = max(0, validation_start - gap) if validation else validation_start
    trim = _trim(configuration, available)
    return _framed(
        configuration,
        rows=rows,
        first=first,
        offset=offset,
        horizon=prepare.horizon,
        available=available,
        train=range(min(trim, available), available),
        validation=range(validation_start, validation_end),
        test=range(test_start, rows),
        kept=kept,
    )


def _framed(configuration: Configuration, *, rows: int, **parts: Any) -> Frame:
    """Fill in what does not depend on where the rows are cut."""
    timesteps, features = sizes(configuration) if rows else (0, 0)
    return Frame(
        rows=rows,
        lags=longest(configuration),
        timesteps=timesteps,
        features=features,
        seen=_seen(configuration) if configuration.series.seen and rows else (),
        **parts,
    )


def _beyond(configuration: Configuration, future: Future, observed: int) -> Frame:
    """Cut the rows of a series of which so many are observed: all are trained on, and the last one is forecast.

    The row that is forecast is asked for what follows the last observation. Rows before it that share a target with the
    future are neither trained on nor asked for. Where it is forecast from rows at the end of the observations, those
    are the last ones of which all steps that the model forecasts at once are observed.
    """
    prepare, series = configuration.prepare, configuration.series
    offset, at_once = OFFSET[prepare.target_at], prepare.steps_at_once
    first = _first(configuration, offset)
    asked, rows = 1, max(0, observed - offset - first + 1)
    if future.origins:
        asked, rows = future.origins, max(0, rows - at_once)
    kept: tuple[int, ...] = ()
    if series.left_out and rows:
        kept = _kept(rows, asked + at_once - 1, series.left_out, _touched(configuration, first, offset))
        rows = len(kept)
    held_out = configuration.protocol.validation
    validation_end = max(0, rows - asked - at_once + 1)
    validation_start = max(0, validation_end - held_out)
    available = max(0, validation_start - at_once + 1) if held_out else validation_start
    trim = 0 if prepare.trim == "auto" else min(prepare.trim, available)
    trim += 0 if prepare.pad else (available - trim) % configuration.training.batch_size
    return _framed(
        configuration,
        rows=rows,
        first=first,
        offset=offset,
        horizon=future.steps,
        available=available,
        train=range(trim, available),
        validation=range(validation_start, validation_end),
        test=range(max(0, rows - asked), rows),
        kept=kept,
    )


def _seen(configuration: Configuration) -> tuple[int, ...]:
    return tuple(sorted({feature.time for step in layout(configuration) for feature in step}))


def _touched(configuration: Configuration, first: int, offset: int) -> tuple[int, ...]:
    """Return the observations that row 0 is made of; those of row r are r later."""
    prepare, series = configuration.prepare, configuration.series
    asked = range(first + offset, first + offset + prepare.horizon)
    touched = {*asked}
    backs = [weights(prepare.differences_of(column)) for column in series.inputs]
    for time, column in (one for step in layout(configuration) for one in step):
        touched |= {first + time - back for back in backs[column]}
    for name in series.targets:
        lags = prepare.differences_of(name)
        touched |= {asked.start - back for back in counted_from(lags, prepare.horizon)}
        touched |= {time - back for back in weights(lags) for time in asked}
    return tuple(sorted(touched))


@lru_cache(maxsize=256)
def _kept(rows: int, test: int, left_out: tuple[tuple[int, int], ...], touched: tuple[int, ...]) -> tuple[int, ...]:
    """Return the rows that touch no observation that was missing, and all test rows."""
    dropped: set[int] = set()
    for start, stop in left_out:
        for time in touched:
            dropped.update(range(start - time, stop - time))
    return tuple(row for row in range(rows) if row >= rows - test or row not in dropped)


def same_rows(configuration: Configuration) -> Hashable:
    """Return what decides the rows and their values: configurations for which it is equal cut the same ones."""
    one = configuration
    parts: tuple[Hashable, ...] = (
        one.series.written,
        one.test,
        one.prepare.written,
        one.protocol.written,
        one.training.batch_size,
    )
    parts = parts if one.future is None else (*parts, one.future.written)
    return parts if one.window.whole else (*parts, one.window.written)


def _first(configuration: Configuration, offset: int) -> int:
    """Return the first time at which all lags of the inputs and the first target exist."""
    series = configuration.series
    seen = max((_reach(configuration, column) - oldest(configuration, column) for column in series.inputs), default=0)
    asked = max((_reach(configuration, column) for column in series.targets), default=0)
    return max(seen, asked - offset)


def _reach(configuration: Configuration, column: str) -> int:
    return reach(configuration.prepare.differences_of(column))


def _trim(configuration: Configuration, available: int) -> int:
    prepare = configuration.prepare
    if prepare.trim != "auto":
        return prepare.trim
    return 0 if prepare.pad else available % configuration.training.batch_size
