"""From a series to the rows that a model sees, and from what it says back to the units of the series: pure arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from store.records import Series
from store.schema.configuration import Configuration
from store.schema.framing import Frame, frame
from worker.engine.arrays import Float32s, Float64s, Indices

#: Largest exponent of two, up or down, of a series' scale whose errors may be squared in 32 bits.
ORDINARY = 30
#: Columns that span less than this are constant: the inverse of a smaller span is infinite.
LEAST_SPAN = 1e-300


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
    """A linear map of columns, fitted to the smallest and largest value of each."""

    #: scaled = (value - low) * factor + bottom, each with the shape of one row
    low: Float64s
    factor: Float64s
    bottom: Float64s

    @classmethod
    def fit(cls, rows: Float64s, bottom: Float64s, top: Float64s) -> Scaler:
        """Fit to the columns of `rows`; those whose `bottom` is NaN stay as they are, constant ones go to `bottom`."""
        low, high = rows.min(axis=0), rows.max(axis=0)
        span = np.where(high - low > LEAST_SPAN, high - low, 1.0)
        free = np.isnan(bottom)
        return cls(
            low=np.where(free, 0.0, low),
            factor=np.where(free, 1.0, (top - bottom) / span),
            bottom=np.where(free, 0.0, bottom),
        )

    def apply(self, values: Float64s) -> Float64s:
        """Scale values."""
        return (values - self.low) * self.factor + self.bottom

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
    inputs = _inputs(configuration, series, cut)
    differenced, observed, base = _targets(configuration, series, cut)
    fitted = slice(0, cut.available)
    seen = Scaler.fit(inputs[fitted], *_ends(configuration, configuration.series.inputs, inputs.shape[1:]))
    asked = Scaler.fit(differenced[fitted], *_ends(configuration, configuration.series.targets, differenced.shape[1:]))
    with np.errstate(over="ignore"):  # a test value beyond all proportion is infinite: the repeat diverges, and says so
        scaled_inputs = seen.apply(inputs).astype(np.float32).reshape(cut.rows, cut.timesteps, cut.features)
        targets = asked.apply(differenced).astype(np.float32)
    rows = Rows(inputs=scaled_inputs, targets=targets, observed=observed, base=base)
    return Prepared(
        rows=rows,
        cut=cut,
        scaler=asked,
        sums=_sums(configuration, cut.horizon),
        targets=configuration.series.targets,
    )


def _slice(part: range) -> slice:
    return slice(part.start, part.stop)


def _times(cut: Frame, first: int, count: int) -> Indices:
    """Give (rows, count) indices in the series; row r starts at `first + r`."""
    return first + np.arange(cut.rows)[:, None] + np.arange(count)[None]


def _inputs(configuration: Configuration, series: Series, cut: Frame) -> Float64s:
    """Cut what the model sees, (rows, lags, inputs), differenced."""
    seen = _times(cut, cut.first - cut.lags + 1, cut.lags)
    return np.stack([_differences(configuration, series, name)[seen] for name in configuration.series.inputs], axis=-1)


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
    return np.broadcast_to(ends[:, 0], shape), np.broadcast_to(ends[:, 1], shape)
