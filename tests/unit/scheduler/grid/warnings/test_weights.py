"""Models of more than 100 weights a training row are counted in one line."""

from __future__ import annotations

from tests.unit.scheduler.grid.warnings.reading import NOISE, warnings_of


def test_a_wide_model_and_the_way_out() -> None:
    """Fewer units."""
    (line,) = warnings_of(NOISE, model={"units": 40})
    assert "the model has more than 100 weights a training row: 6,761 weights for 40 rows (169 each)" in line
    assert "use fewer model.units, or a longer series" in line
    assert warnings_of(NOISE, model={"units": 20}) == ()


def test_many_configurations_are_one_line() -> None:
    """The widest is named."""
    (line,) = warnings_of(NOISE, grid={"model.units": [2, 40, 50]})
    assert "2 of 3 configurations have more than 100 weights a training row; most has units=50: 10,451" in line
