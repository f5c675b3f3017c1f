"""From a series to the rows that a model sees, and from what it says back to the units of the series: pure arrays."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from store.preparation.columns import Column, column
from store.preparation.differencing import counted_from, sums
from store.preparation.scaling import Scaler
from store.preparation.transforms import NONE, Transform
from store.preparation.windows import windowed
from store.records import Series
from store.schema.configuration import Configuration
from store.schema.framing import Frame, frame, same_rows
from store.schema.inputs import layout
from worker.engine.arrays import Float32s, Float64s, Indices
from worker.engine.feeding import Feeding, fed_from
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
    #: (rows, horizon, targets): the transformed value that a differenced target is counted from; 0 without differencing
    base: Float64s
    #: (rows, 3, horizon, targets): what errors of transformed targets are made of (see `Transform.terms`), in the unit
    #: of trajectories; (rows, 0, ...) where no target is transformed
    terms: Float32s
    #: (rows, horizon - 1, numbers), scaled: what rows of later steps see that this row has not, where the model is fed
    #: its own forecasts; (rows, 0, 0) otherwise
    later: Float32s
    #: (rows,): which stretch of rows a row is of, counted from 0; between two stretches rows are left out
    stretch: Indices

    def __len__(self) -> int:
        return len(self.inputs)

    def __getitem__(self, part: slice | Indices) -> Rows:
        return Rows(
            inputs=self.inputs[part],
            targets=self.targets[part],
            observed=self.observed[part],
            base=self.base[part],
            terms=self.terms[part],
            later=self.later[part],
            stretch=self.stretch[part],
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Prepared:
    """The rows of a configuration, each part scaled by the training rows alone, and the way back."""

    rows: Rows
    cut: Frame
    scaler: Scaler
    #: the scale of what the model sees, for each number of a row
    seen: Scaler
    #: (horizon, horizon, targets): which differenced steps (second axis) a forecast step (first axis) adds up
    sums: Float64s
    #: names of the columns that are forecast
    targets: tuple[str, ...]
    #: one for each of them
    transforms: tuple[Transform, ...]
    #: the power of two, in the units of the series, that trajectories are counted in
    unit: float
    #: how the model is fed its own forecasts; None where it forecasts all steps at once
    feeding: Feeding | None = None

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
        """Give the rows that may be trained on before test row `step` is forecast: those whose targets are all past.

        Validation rows, and those that share a target with them, are not among them.
        """
        ahead, train, held_out = self.cut.horizon - 1, self.cut.train, self.cut.validation
        past = self.cut.test.start + step - ahead
        if held_out:
            return self.rows[np.array([*train, *range(held_out.stop + ahead, past)])]
        return self.rows[train.start : max(train.stop, past)]

    @property
    def interrupted(self) -> bool:
        """Whether rows are left out between others."""
        return bool(self.rows.stretch[-1:].any())

    @property
    def spread(self) -> Float32s:
        """How scaled errors add up to those of a target, in `unit` or transformed: (horizon, horizon, targets)."""
        units = np.array([self.unit if one.word == NONE else 1.0 for one in self.transforms])
        spread: Float64s = self.sums / self.scaler.factor[None] / units
        return spread.astype(np.float32)

    def missed(self, rows: Rows) -> float:
        """The error, in `unit`, of targets that were constant where the scale was fitted: scaled errors show none."""
        if not self.scaler.constant.any():
            return 0.0
        return rmse(rows.observed / self.unit, self.invert(rows.targets, rows) / self.unit)

    def invert(self, scaled: Float32s | Float64s, rows: Rows) -> Float64s:
        """Turn scaled forecasts (..., rows, horizon, targets) into the units of the series.

        A differenced target is added to the last observed value; later steps of a horizon, to the forecast before.
        Transforms are undone last.
        """
        steps = self.scaler.undo(scaled.astype(np.float64))
        changes: Float64s = np.einsum("...ik,jik->...jk", steps, self.sums)
        found: Float64s = changes + rows.base
        if all(one.word == NONE for one in self.transforms):
            return found
        return np.stack([one.undo(found[..., place]) for place, one in enumerate(self.transforms)], axis=-1)


def prepare(configuration: Configuration, series: Series) -> Prepared:
    """Cut, transform, difference and scale the rows of a series: of its window, where it has one."""
    configuration, series = windowed(configuration, series)
    cut, names, how = frame(configuration, len(series.values)), configuration.series, configuration.prepare
    columns = {name: column(configuration, series, name, cut) for name in names.columns}
    forecast = [columns[name] for name in names.targets]
    inputs, of_inputs = _inputs(configuration, columns, cut)
    changes, observed, base = _targets(forecast, cut)
    fitted = slice(0, cut.available)
    seen = _scaler(configuration, inputs[fitted], columns, of_inputs)
    first = _scaler(configuration, changes[fitted, : how.steps_at_once], columns, names.targets)
    asked = first.of_shape(changes.shape[1:]) if how.steps_at_once == 1 else first.repeated(cut.horizon)
    with np.errstate(over="ignore"):  # a test value beyond all proportion is infinite: the repeat diverges, and says so
        scaled_inputs = seen.apply(inputs).astype(np.float32).reshape(cut.rows, cut.timesteps, cut.features)
        targets = asked.apply(changes).astype(np.float32)
    unit = _unit(asked, forecast, observed[fitted, : how.steps_at_once])
    feeding, later = None, np.zeros((cut.rows, 0, 0), np.float32)
    if how.steps_at_once < cut.horizon:
        feeding, places = fed_from(configuration, seen, asked)
        later = _later(configuration, columns, cut, seen, places)
    return Prepared(
        rows=Rows(
            inputs=scaled_inputs,
            targets=targets,
            observed=observed,
            base=base,
            terms=_terms(forecast, observed, unit),
            later=later,
            stretch=_stretches(cut),
        ),
        cut=cut,
        scaler=asked,
        seen=seen,
        sums=np.stack([sums(one.lags, cut.horizon) for one in forecast], axis=-1),
        targets=names.targets,
        transforms=tuple(one.transform for one in forecast),
        unit=unit,
        feeding=feeding,
    )


def prepare_each(configurations: Sequence[Configuration], series: Sequence[Series]) -> list[Prepared]:
    """Prepare the rows of each configuration on its series; those that cut the same ones share them."""
    found: dict[Hashable, Prepared] = {}
    made = []
    for one, own in zip(configurations, series, strict=True):
        key = (own.content_hash, same_rows(one))
        if key not in found:
            found[key] = prepare(one, own)
        made.append(found[key])
    return made


def _scaler(configuration: Configuration, rows: Float64s, columns: dict[str, Column], names: tuple[str, ...]) -> Scaler:
    """Fit the scale of rows whose last axis has these columns."""
    scales = [configuration.prepare.scale_of(name) for name in names]
    return Scaler.fit(rows, scales, np.array([columns[name].size for name in names]))


def _later(
    configuration: Configuration, columns: dict[str, Column], cut: Frame, seen: Scaler, places: tuple[int, ...]
) -> Float32s:
    """Cut some numbers of the rows 1 to horizon - 1 steps after each, scaled, (rows, horizon - 1, places)."""
    numbers = _numbers(cut)
    if configuration.future is not None and not configuration.future.origins:
        numbers = numbers[-1:]  # no other row is asked for
    names, times = configuration.series.inputs, cut.first + numbers[:, None] + np.arange(1, cut.horizon)
    features = [feature for step in layout(configuration) for feature in step]
    found = np.zeros((*times.shape, len(places)), np.float32)
    for number, place in enumerate(places):
        changes = columns[names[features[place].column]].changes
        values = changes[np.minimum(times + features[place].time, len(changes) - 1)]
        found[..., number] = seen.part(place).apply(values)
    return np.broadcast_to(found, (cut.rows, *found.shape[1:]))


def _unit(scaler: Scaler, targets: list[Column], observed: Float64s) -> float:
    """Choose the unit of trajectories: 1 unless squares of ordinary errors would leave what 32-bit numbers hold."""
    sizes = [
        np.abs(1 / scaler.factor[:, place]).max() if one.transform.word == NONE else np.ptp(observed[..., place])
        for place, one in enumerate(targets)
    ]
    exponent = int(np.frexp(max(sizes))[1])
    return 1.0 if abs(exponent) <= ORDINARY else float(np.ldexp(1.0, exponent))


def _terms(targets: list[Column], observed: Float64s, unit: float) -> Float32s:
    """Work out what the program needs to know of transformed targets, see `Rows.terms`."""
    if all(one.transform.word == NONE for one in targets):
        return np.zeros((len(observed), 0, *observed.shape[1:]), np.float32)
    terms = [one.transform.terms(observed[..., place], unit) for place, one in enumerate(targets)]
    return np.stack(terms, axis=-1).swapaxes(0, 1).astype(np.float32)


def _slice(part: range) -> slice:
    return slice(part.start, part.stop)


def _times(cut: Frame, first: int, count: int) -> Indices:
    """Give (rows, count) indices in the series; row r starts at `first + r`."""
    return first + _numbers(cut)[:, None] + np.arange(count)[None]


def _stretches(cut: Frame) -> Indices:
    """Number the stretches of rows that follow each other without one left out, (rows,)."""
    numbers = _numbers(cut)
    return np.cumsum(np.diff(numbers, prepend=numbers[:1]) > 1)


def _numbers(cut: Frame) -> Indices:
    """Give (rows,) the number that each row has where no observation is missing."""
    return np.array(cut.kept) if cut.kept else np.arange(cut.rows)


def _inputs(configuration: Configuration, columns: dict[str, Column], cut: Frame) -> tuple[Float64s, tuple[str, ...]]:
    """Cut what the model sees, (rows, timesteps x features), and the columns of all features in order."""
    names, times = configuration.series.inputs, cut.first + _numbers(cut)
    features = [feature for step in layout(configuration) for feature in step]
    seen = np.empty((cut.rows, len(features)))
    for place, feature in enumerate(features):
        seen[:, place] = columns[names[feature.column]].changes[times + feature.time]
    return seen, tuple(names[feature.column] for feature in features)


def _targets(columns: list[Column], cut: Frame) -> tuple[Float64s, Float64s, Float64s]:
    """Cut what the model is asked for, (rows, horizon, targets): changes, as observed, and what it counts from."""
    asked = _times(cut, cut.first + cut.offset, cut.horizon)
    parts = [(one.changes[asked], one.values[asked], counted_from(one.transformed, one.lags, asked)) for one in columns]
    changes, observed, base = (np.stack(part, axis=-1) for part in zip(*parts, strict=True))
    return changes, observed, base
