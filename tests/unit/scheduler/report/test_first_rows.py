"""The rows that `inspect` shows are those that the worker trains on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from scheduler.grid.grid import Grid
from scheduler.grid.warnings.case import Case
from scheduler.report.first_rows import described, first_rows
from worker.engine.prepare import prepare

BASE = "test: 2\nmodel: {stateful: false}\nprepare: {pad: true, "


@pytest.mark.parametrize(
    "text",
    [
        f"series: shampoo\n{BASE}lags: 3}}",
        f"series: shampoo\n{BASE}difference: 2, scale: [0, 1], horizon: 2}}",
        f"series: shampoo\n{BASE}difference: 0, scale: null}}",
        f"series: {{name: tens_and_fives, targets: [sum], inputs: [tens, fives]}}\n{BASE}lags: 2}}",
        "series: {name: us_economy, targets: [gdp], inputs: {gdp: {lags: [1, 4]}, investment: {known: true}}}\n"
        f"{BASE}lags: 2, horizon: 2}}",
        f"series: shampoo\n{BASE}transform: box_cox, difference: [1, 2], scale: robust, lags: 2, horizon: 3}}",
        f"series: shampoo\n{BASE}strategy: recursive, transform: log, scale: standard, horizon: 3}}",
    ],
)
def test_they_equal_the_workers(text: str) -> None:
    """Transformed, differenced, scaled, in order."""
    grid = Grid.parse(text)
    (point,), (series,) = grid.points, grid.series_data()
    found = first_rows(Case(point.label, point.configuration, series), 4)
    rows = prepare(point.configuration, series).train
    shape = rows.inputs[:4].shape
    np.testing.assert_allclose(found.scaled_inputs.reshape(shape), rows.inputs[:4], rtol=1e-6, atol=1e-6)
    steps = point.configuration.prepare.steps_at_once
    np.testing.assert_allclose(found.scaled_targets, rows.targets[:4, :steps], rtol=1e-6, atol=1e-6)


def test_a_column_that_is_constant_but_for_rounding() -> None:
    """The changes of a straight line are scaled to one value, as the worker does."""
    grid = Grid.of({"test": 2, "prepare": {"pad": True}, "model": {"stateful": False}}, series=np.arange(20) * 0.1)
    (point,), (series,) = grid.points, grid.series_data()
    assert np.unique(first_rows(Case(point.label, point.configuration, series)).scaled_inputs).tolist() == [-1.0]


def test_the_text_names_transforms() -> None:
    """With the power that is fitted."""
    grid = Grid.parse(f"series: shampoo\n{BASE}transform: box_cox, strategy: recursive, horizon: 3}}")
    (point,), (series,) = grid.points, grid.series_data()
    lines = [*described(Case(point.label, point.configuration, series))]
    assert "transform   Sales (box_cox, power 0.02884)" in lines
    assert "y           (28, 1, 1): rows, the first of 3 steps, targets" in lines


def test_the_text_names_the_shapes(tmp_path: Path) -> None:
    """And the picture is saved."""
    from scheduler.report.inspection import inspect_any

    (tmp_path / "g.yaml").write_text("series: shampoo\n" + BASE + "lags: 3}")
    found = inspect_any(tmp_path / "g.yaml")
    assert "rows        32: 30 to train on, 2 to test" in str(found)
    assert "X           (30, 1, 3)" in str(found)
    saved = found.save(tmp_path)
    assert saved is not None
    assert saved.read_bytes().startswith(b"\x89PNG")
