"""Values that 32-bit training cannot hold are mistakes of the grid; large units are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.grid.grid import Grid
from store.errors import GridError

ORDINARY = [1.0, 3.0, 2.0, 5.0, 4.0, 6.0] * 4


def mistakes(folder: Path, values: list[float], more: str = "") -> list[str]:
    """Read a grid of these values."""
    (folder / "data.csv").write_text("y\n" + "".join(f"{value!r}\n" for value in values))
    text = f"series: {{path: data.csv, value: y}}\ntest: 6\nprepare: {{pad: true, {more}}}\nmodel: {{stateful: false}}"
    (folder / "grid.yaml").write_text(text)
    try:
        Grid.load(folder / "grid.yaml")
    except GridError as problem:
        return list(problem.mistakes)
    return []


@pytest.mark.parametrize("factor", [1e-140, 1e20, 1e149])
def test_large_and_small_units_are_scaled(tmp_path: Path, factor: float) -> None:
    """What is checked is what a model sees."""
    assert mistakes(tmp_path, [factor * value for value in ORDINARY]) == []


def test_unscaled_values_that_do_not_fit(tmp_path: Path) -> None:
    """The way out is to scale, and it is one."""
    (mistake,) = mistakes(tmp_path, [1e20 * value for value in ORDINARY], "scale: null, difference: 0")
    assert "grid.yaml:3: prepare.scale is null for y, whose values reach 6e+20" in mistake
    assert "prepare.scale: [-1, 1]" in mistake
    assert mistakes(tmp_path, [1e20 * value for value in ORDINARY], "scale: [-1, 1], difference: 0") == []


def test_a_test_value_beyond_all_proportion(tmp_path: Path) -> None:
    """It is named with how large it is for the model."""
    (mistake,) = mistakes(tmp_path, [*ORDINARY, 1e40], "difference: 0")
    assert "the values of y reach 4e+39 when scaled by the training rows" in mistake
