"""From a series to the rows that a model sees, and from what it says back to the units of the series: pure arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from store.records import Series
from store.schema.configuration import Configuration
from store.schema.framing import ROUNDING, Frame, frame
from store.schema.inputs import layout
from worker.engine.arrays import Bools, Float32s, Float64s, Indices
from worker.engine.score import rmse

#: Largest exponent of two, up or down, of a series' scale whose errors may be squared in 32 bits.
ORDINARY = 30


@dataclass(frozen=True, kw_only=True, slots=True)
class Rows:
    """Consecutive rows: what the model sees and is asked for, scaled, and the same in the units of the series."""

    #: (rows, timesteps, features), scaled
    inputs: Float32s
    #: (rows, horizon, targets), scaled
    targets: Float32s
    #: (rows, horizon, targets), in the units of the series
    observed: Float64s
    #: (rows, horizon, targets): the observed value that a differenced target is counted from; 0 without differencing
    base: Float64s

    def __len__(self) -> int:
        return len(self.inputs)

    def __getitem__(self, part: slice | Indices) -> Rows:
        return Rows(
            inputs=self.inputs[part], targets=self.targets[part], observed=self.observed[part], base=self.base[part]
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Scaler:
    """A linear map of columns, fitted to the smallest and largest value of each.

    A column that is constant where it is fitted has no spread to measure by: all its values are scaled to `bottom`, and
    all scaled values are turned back into the constant, whatever the unit of the series.
    """

    #: scaled = (value - low) * factor + bottom, each with the shape of one row
    low: Float64s
    #: infinite for a constant column
    factor: Float64s
    bottom: Float64s

    @classmethod
    def fit(cls, rows: Float64s, bottom: Float64s, top: Float64s, sizes: Float64s) -> Scaler:
        """Fit to the columns of `rows`, made of values of these sizes; one whose `bottom` is NaN stays as it is."""
        low, high = rows.min(axis=0), rows.max(axis=0)
        constant = high - low <= ROUNDING * sizes
        free = np.isnan(bottom)
        factor = np.where(constant, np.inf, (top - bottom) / np.where(constant, 1.0, high - low))
        return cls(
            low=np.where(free, 0.0, low),
            factor=np.where(free, 1.0, factor),
            bottom=np.where(free, 0.0, bottom),
        )

    @property
    def constant(self) -> Bools:
        """Which columns are constant where the map is fitted."""
        return np.isinf(self.factor)

    def apply(self, values: Float64s) -> Float64s:
        """Scale values."""
        return (values - self.low) * np.where(self.constant, 0.0, self.factor) + self.bottom

    def undo(self, scaled: Float64s) -> Float64s:
        """Turn scaled values back."""
        return (scaled - self.bottom) / self.factor + self.low


@dataclass(frozen=True, kw_only=True, slots=True)
class Prepared:
    """The rows of a configuration, each part scaled by the training rows alone, and the way back."""

    rows: Rows
    cut: Frame
    scaler: Scaler
    #: (horizon, horizon, targets): which differenced steps (second axis) a forecast step (first axis) adds up
    sums: Float64s
    #: names of the columns that are forecast
    targets: tuple[str, ...]

    @property
    def train(self) -> Rows:
        return self.rows[_slice(self.cut.train)]

    @property
    def validation(self) -> Rows:
        return self.rows[_slice(self.cut.validation)]

    @property
    def test(self) -> Rows:
        return self.rows[_slice(self.cut.test)]

    def known(self, step: int) -> Rows:
        """Give the rows that may be trained on before test row `step` is forecast: those whose targets are all past."""
        past = self.cut.test.start + step - (self.cut.horizon - 1)
        return self.rows[self.cut.train.start : max(self.cut.train.stop, past)]

    @property
    def unit(self) -> float:
        """The power of two, in the units of the series, that trajectories are counted in.

        It is 1 unless squares of ordinary errors would leave what 32-bit numbers hold.
        """
        exponent = int(np.frexp(np.abs(1 / self.scaler.factor).max())[1])
        return 1.0 if abs(exponent) <= ORDINARY else float(np.ldexp(1.0, exponent))

    @property
    def spread(self) -> Float32s:
        """How scaled errors become errors in `unit`: (horizon, horizon, targets), summed over axis 1."""
        return (self.sums / self.scaler.factor[None] / self.unit).astype(np.float32)

    def missed(self, rows: Rows) -> float:
        """The error, in `unit`, of targets that were constant where the scale was fitted: scaled errors show none."""
        if not self.scaler.constant.any():
            return 0.0
        return rmse(rows.observed / self.unit, self.invert(rows.targets, rows) / self.unit)

    def invert(self, scaled: Float32s, rows: Rows) -> Float64s:
        """Turn scaled forecasts (..., rows, horizon, targets) into the units of the series.

        A differenced target is added to the last observed value; later steps of a horizon, to the forecast before.
        """
        steps = self.scaler.undo(scaled.astype(np.float64))
        changes: Float64s = np.einsum("...ik,jik->...jk", steps, self.sums)
        return changes + rows.base


def prepare(configuration: Configuration, series: Series) -> Prepared:
    """Cut, difference and scale the rows of a series."""
    cut = frame(configuration, len(series.values))
    inputs, columns = _inputs(configuration, series, cut)
    differenced, observed, base = _targets(configuration, series, cut)
    fitted = slice(0, cut.available)
    names, shapes = configuration.series, (inputs.shape[1:], differenced.shape[1:])
    known = cut.target_times(max(0, cut.available - 1)).stop
    seen = Scaler.fit(
        inputs[fitted], *_ends(configuration, columns, shapes[0]), _sizes(series, columns, known).reshape(shapes[0])
    )
    asked = Scaler.fit(
        differenced[fitted], *_ends(configuration, names.targets, shapes[1]), _sizes(series, names.targets, known)
    )
    with np.errstate(over="ignore"):  # a test value beyond all proportion is infinite: the repeat diverges, and says so
        scaled_inputs = seen.apply(inputs).astype(np.float32)
        targets = asked.apply(differenced).astype(np.float32)
    rows = Rows(inputs=scaled_inputs, targets=targets, observed=observed, base=base)
    return Prepared(
        rows=rows,
        cut=cut,
        scaler=asked,
        sums=_sums(configuration, cut.horizon),
        targets=configuration.series.targets,
    )


def _sizes(series: Series, names: tuple[str, ...], known: int) -> Float64s:
    """Give the largest absolute value of columns among the first `known` observations."""
    sizes = {name: np.abs(_column(series, name)[:known]).max() for name in set(names)}
    return np.array([sizes[name] for name in names])


def _slice(part: range) -> slice:
    return slice(part.start, part.stop)


def _times(cut: Frame, first: int, count: int) -> Indices:
    """Give (rows, count) indices in the series; row r starts at `first + r`."""
    return first + _numbers(cut)[:, None] + np.arange(count)[None]


def _numbers(cut: Frame) -> Indices:
    """Give (rows,) the number that each row has where no observation is missing."""
    return np.array(cut.kept) if cut.kept else np.arange(cut.rows)


def _inputs(configuration: Configuration, series: Series, cut: Frame) -> tuple[Float64s, tuple[str, ...]]:
    """Cut what the model sees, (rows, timesteps, features), differenced, and the columns of all features in order."""
    names, times = configuration.series.inputs, cut.first + _numbers(cut)
    changes = [_differences(configuration, series, name) for name in names]
    seen = np.empty((cut.rows, cut.timesteps, cut.features))
    features = layout(configuration)
    for step, row in enumerate(features):
        for place, feature in enumerate(row):
            seen[:, step, place] = changes[feature.column][times + feature.time]
    return seen, tuple(names[feature.column] for row in features for feature in row)


def _differences(configuration: Configuration, series: Series, column: str) -> Float64s:
    """Difference a column; the first values, which have nothing before them, are NaN and in no row."""
    values = _column(series, column)
    step = configuration.prepare.difference_of(column)
    if not step:
        return values
    changes = np.full(len(values), np.nan)
    changes[step:] = values[step:] - values[:-step]
    return changes


def _column(series: Series, name: str) -> Float64s:
    column: Float64s = series.values[:, series.columns.index(name)]
    return column


def _targets(configuration: Configuration, series: Series, cut: Frame) -> tuple[Float64s, Float64s, Float64s]:
    """Cut what the model is asked for, (rows, horizon, targets): differenced, as observed, and what it counts from."""
    asked = _times(cut, cut.first + cut.offset, cut.horizon)
    names = configuration.series.targets
    differenced = [_differences(configuration, series, name)[asked] for name in names]
    observed = [_column(series, name)[asked] for name in names]
    base = [_base(configuration, series, name, asked) for name in names]
    return np.stack(differenced, axis=-1), np.stack(observed, axis=-1), np.stack(base, axis=-1)


def _base(configuration: Configuration, series: Series, name: str, asked: Indices) -> Float64s:
    step = configuration.prepare.difference_of(name)
    if not step:
        return np.zeros(asked.shape)
    ahead = np.arange(asked.shape[1])
    base: Float64s = _column(series, name)[asked - (ahead // step + 1) * step]
    return base


def _sums(configuration: Configuration, horizon: int) -> Float64s:
    steps = [configuration.prepare.difference_of(name) or horizon for name in configuration.series.targets]
    apart = np.arange(horizon)[:, None] - np.arange(horizon)[None]
    return np.stack([((apart >= 0) & (apart % step == 0)).astype(np.float64) for step in steps], axis=-1)


def _ends(configuration: Configuration, names: tuple[str, ...], shape: tuple[int, ...]) -> tuple[Float64s, Float64s]:
    """Give the lower and upper ends that columns are scaled to, of the shape of one row; NaN where not scaled."""
    ends = np.array([configuration.prepare.scale_of(name) or (np.nan, np.nan) for name in names])
    ends = ends.reshape(-1, shape[-1], 2)
    return np.broadcast_to(ends[..., 0], shape), np.broadcast_to(ends[..., 1], shape)
