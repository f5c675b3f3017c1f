"""Rows of several series for one model: what says which series they are of."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from scheduler.future.recipe import on_all_rows
from store.preparation.panels import Together, read_members
from tests.unit.scheduler.grid.splits.test_cells import panel
from worker.engine.protocols.joined import prepared_each

LENGTHS = {"a": 40, "b": 36, "c": 33}


@pytest.mark.parametrize(
    ("kind", "marks"),
    [("one_hot", [[1, 0], [0, 0], [0, 1]]), ("embedding", [[0], [2], [1]])],
)
def test_later_rows_stay_rows_of_their_series(tmp_path: Path, kind: str, marks: list[list[float]]) -> None:
    """Where forecasts are fed back; a series that is not trained on has no number of its own."""
    fields = {"panel": "together", "series_input": kind, "test_series": ["b"]}
    grid = panel(tmp_path, LENGTHS, prepare={"lags": 2, "lags_as": "timesteps"}, **fields)
    (cell,) = (one.configuration for one in grid.cells())
    assert cell.panel
    members = read_members(grid.panels[cell.panel.content])
    known = {one.content_hash: one for one in grid.series_data()}
    together = Together(members=members, series=tuple(known[one.series.content_hash] for one in members))
    for one, mark in zip(prepared_each(on_all_rows(cell, steps=3, apart=True), together), marks, strict=True):
        inputs, feeding = one.rows.inputs, one.feeding
        assert feeding
        assert (inputs[..., 1:] == mark).all()
        own = feeding.sources[..., 1:]
        assert (inputs[0].ravel()[own] == mark).all()
        assert np.array_equal(feeding.gains[..., 1:], np.ones(own.shape))
        assert not feeding.shifts[..., 1:].any()
