"""Windows, whatever the grid: nothing is trained on that a window does not know, and each is the series cut there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.grid.grid import Grid
from store.records import Series
from worker.engine.prepare import Prepared, Rows, prepare

LENGTH = 60
VALUES = 50 + np.arange(LENGTH) + 9.0 * (np.arange(LENGTH) % 7) + (np.arange(LENGTH) % 11) ** 2


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    """A grid with windows over one series, in which rows, differences, transforms and protocols vary."""
    prepare_ = {
        "lags": draw(st.integers(1, 4)),
        "horizon": draw(st.integers(1, 3)),
        "difference": draw(st.sampled_from([0, 1, [1, 4]])),
        "transform": draw(st.sampled_from(["none", "box_cox"])),
        "scale": draw(st.sampled_from([[-1, 1], "standard"])),
        "pad": True,
    }
    windows = {"count": draw(st.integers(1, 4)), "step": draw(st.integers(1, 5))}
    if draw(st.booleans()):
        windows["train"] = {"sliding": draw(st.integers(20, 25))}
    fields = {
        "test": draw(st.integers(1, 6)),
        "prepare": prepare_,
        "windows": windows,
        "model": {"stateful": False},
        "protocol": draw(st.sampled_from([{}, {"validation": 3}, {"kind": "refit"}])),
    }
    return Grid.of(fields, series=VALUES)


def same(one: Rows, other: Rows) -> bool:
    """Whether rows are equal to the bit."""
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in ("inputs", "targets", "observed"))


def trained(prepared: Prepared) -> list[Rows]:
    """Return all that a model may be fit to, or stopped by, before the first test row is forecast."""
    return [prepared.train, prepared.validation, prepared.known(0)]


@settings(max_examples=10, deadline=None)
@given(grids())
def test_nothing_at_or_after_the_test_part_is_trained_on(grid: Grid) -> None:
    """Other values from the first forecast one on change no training row and no scale; those after a window nothing."""
    (series,) = grid.series_data()
    for cell in grid.cells():
        before = prepare(cell.configuration, series)
        stop = LENGTH - cell.configuration.window.skip
        first = stop - cell.configuration.test - cell.configuration.prepare.horizon + 1
        changed = prepare(cell.configuration, with_others(series, first))
        assert all(same(*pair) for pair in zip(trained(before), trained(changed), strict=True))
        assert np.array_equal(before.scaler.factor, changed.scaler.factor)
        assert same(before.rows, prepare(cell.configuration, with_others(series, stop)).rows)


def with_others(series: Series, start: int) -> Series:
    """Return the series with other values from some place on."""
    values = series.values.copy()
    values[start:] = values[start:] * 3 + 7
    return replace(series, values=values)


@settings(max_examples=10, deadline=None)
@given(grids())
def test_a_window_is_the_series_cut_there(grid: Grid) -> None:
    """By a plain loop: the rows of a window are those of a grid without windows on the values of the window alone."""
    (series,) = grid.series_data()
    cells = list(grid.cells())
    for place, cell in enumerate(cells):
        window, one = cell.configuration.window, cell.configuration
        step = (cells[0].configuration.window.skip // (len(cells) - 1)) if len(cells) > 1 else 0
        stop = LENGTH - (len(cells) - 1 - place) * step
        test = one.test + one.prepare.horizon - 1
        start = 0 if window.train is None else stop - test - window.train
        cut = replace(series, values=series.values[start:stop])
        plain = one.model_copy(update={"window": type(window)()})
        assert same(prepare(one, series).rows, prepare(plain, cut).rows)
