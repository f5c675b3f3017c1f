"""The first rows of a configuration as the model sees them: what it is shown, what it is asked for, scaled and not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from scheduler.grid.checks.inputs import described as described_input
from scheduler.grid.warnings.case import Case
from scheduler.text import many, short
from store.preparation.columns import Column
from store.preparation.scaling import Scaler
from store.preparation.transforms import NONE
from store.schema.inputs import layout

if TYPE_CHECKING:
    from collections.abc import Sequence

    from store.records import Float64s

Times = NDArray[np.int64]
#: rows that are shown, and numbers of a row
SHOWN, NUMBERS = 3, 6


@dataclass(frozen=True, slots=True, eq=False)
class FirstRows:
    """Rows of the training part."""

    #: (rows, timesteps, features): transformed and differenced, and the same scaled
    inputs: Float64s
    scaled_inputs: Float64s
    #: (rows, horizon, targets)
    targets: Float64s
    scaled_targets: Float64s


def first_rows(case: Case, count: int = SHOWN) -> FirstRows:
    """Cut the first training rows of a configuration."""
    cut, names, steps = case.frame, case.configuration.series, case.configuration.prepare.steps_at_once
    fitted = cut.first + np.array(cut.kept or range(cut.rows))[: cut.available]
    own = fitted[cut.train.start : min(cut.train.start + count, cut.train.stop)]
    seen = [[(feature.time, names.inputs[feature.column]) for feature in step] for step in layout(case.configuration)]
    asked = [[(cut.offset + ahead, name) for name in names.targets] for ahead in range(steps)]
    return FirstRows(*_cut(case, seen, own, fitted), *_cut(case, asked, own, fitted))


def _cut(
    case: Case, wanted: Sequence[Sequence[tuple[int, str]]], own: Times, fitted: Times
) -> tuple[Float64s, Float64s]:
    """Cut values, each given by its time from a row's own and its column, and scale them by all training rows."""
    columns = {name: case.column(name) for name in {name for step in wanted for _, name in step}}
    plain = [[columns[name].changes[own + time] for time, name in step] for step in wanted]
    scaled = [
        [_scaled(case, name, columns[name], values, fitted + time) for (time, name), values in zip(*each, strict=True)]
        for each in zip(wanted, plain, strict=True)
    ]
    return np.moveaxis(np.array(plain), -1, 0), np.moveaxis(np.array(scaled), -1, 0)


def _scaled(case: Case, name: str, column: Column, values: Float64s, fitted: Times) -> Float64s:
    """Scale values as training does: each place of a row by the training rows' values there."""
    scale, training = case.configuration.prepare.scale_of(name), column.changes[fitted][:, None]
    return Scaler.fit(training, [scale], np.array([column.size])).apply(values[:, None])[:, 0]


def described(case: Case) -> Iterator[str]:
    """Write how a configuration cuts its series, and its first rows."""
    cut, choice = case.frame, case.configuration.series
    steps = case.configuration.prepare.steps_at_once
    steps_of = "steps of the horizon" if steps == cut.horizon else f"the first of {cut.horizon} steps"
    held = f", {len(cut.validation)} to validate" if cut.validation else ""
    yield f"rows        {cut.rows:,}: {len(cut.train):,} to train on{held}, {len(cut.test):,} to test"
    yield f"X           ({len(cut.train):,}, {cut.timesteps}, {cut.features}): rows, time steps, features"
    yield f"y           ({len(cut.train):,}, {steps}, {len(choice.targets)}): rows, {steps_of}, targets"
    if choice.seen:
        yield f"sees        {'; '.join(_seen(case))}"
    if transformed := [text for name in choice.columns if (text := _transformed(case, name))]:
        yield f"transform   {'; '.join(transformed)}"
    found = first_rows(case)
    times = case.series.times
    for place in range(len(found.inputs)):
        row = cut.train.start + place
        asked = cut.target_times(row)
        own = asked.start - cut.offset
        named = f" ({times[own]} -> {times[asked[0]]})" if times else f" (row {own + 1} -> {asked[0] + 1})"
        yield f"row {place + 1}{named}"
        yield f"  values    {_numbers(found.inputs[place])} -> {_numbers(found.targets[place])}"
        yield f"  scaled    {_numbers(found.scaled_inputs[place])} -> {_numbers(found.scaled_targets[place])}"


def _seen(case: Case) -> Iterator[str]:
    """Describe what a row sees of each column; those that were made of one, or of a part of the times, as one."""
    choice, configuration = case.configuration.series, case.configuration
    of: dict[str, list[str]] = {}
    for name in choice.inputs:
        of.setdefault(choice.origin(name), []).append(name)
    for origin, (first, *others) in of.items():
        made = f"{origin} as {many(len(others) + 1, 'column')}" if first != origin else first
        yield described_input(configuration, first).replace(first, made, 1)


def _transformed(case: Case, name: str) -> str:
    """Describe the transform of a column, with what is fitted to its training observations; empty for none."""
    word = case.configuration.prepare.transform_of(name)
    if word == NONE:
        return ""
    return (
        f"{name} ({word}, power {short(case.column(name).transform.power)})"
        if word == "box_cox"
        else f"{name} ({word})"
    )


def _numbers(values: Float64s) -> str:
    flat: Sequence[float] = values.ravel().tolist()
    shown = ", ".join(short(value) for value in flat[:NUMBERS])
    return f"[{shown}{', ...' if len(flat) > NUMBERS else ''}]"
