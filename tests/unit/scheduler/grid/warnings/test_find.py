"""Warnings are few: one line each, ten at most; the shipped grids have only those that are true of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from scheduler.grid.grid import Grid
from scheduler.grid.warnings import MOST_WARNINGS
from tests.unit.scheduler.grid.warnings.reading import NOISE, warnings_of

FOLDER = Path(__file__).parents[5] / "grids"
FILES = [str(path.relative_to(FOLDER)) for path in sorted(FOLDER.rglob("*.yaml"))]
#: the model suite learns contrived series of nine values with 50 units and more
WIDE = {name for name in FILES if name.startswith("suite_")} | {
    "extensions/older_keras_suite_vector_output.yaml",
    "extensions/shampoo_models.yaml",
}


@pytest.mark.parametrize("name", FILES)
def test_shipped_grids_warn_of_nothing_but_their_size(name: str) -> None:
    """No false alarm on the bundled series."""
    found = Grid.load(FOLDER / name).warnings
    assert ["more than 100 weights a training row" in line for line in found] == [True] * (name in WIDE)


def test_never_more_than_ten_lines() -> None:
    """The last one counts the others."""
    columns = {f"x{number}": np.full(48, float(number)) for number in range(20)}
    found = warnings_of({"y": NOISE} | columns, series={"targets": ["y"], "inputs": ["y", *columns]})
    assert len(found) == MOST_WARNINGS == 10
    assert found[-1] == "and 11 more warnings: correct these to see the others"


def test_an_ordinary_grid_has_none() -> None:
    """Nothing looks wrong."""
    assert warnings_of(NOISE) == ()
