"""Losses outside their domain are named with columns and range; the scale that is advised is within it."""

from __future__ import annotations

import numpy as np
import pytest

from tests.unit.scheduler.grid.warnings.reading import NOISE, warnings_of

SALES = np.round(100 + 10 * NOISE, 1)


@pytest.mark.parametrize(("loss", "scale"), [("msle", [0, 1]), ("poisson", [0, 1]), ("mape", [1, 2])])
def test_scaled_values_and_the_way_out(loss: str, scale: list[int]) -> None:
    """The default scale reaches below 0."""
    (line,) = warnings_of(SALES, training={"loss": loss})
    assert line.startswith(f"training.loss {loss} is made for values ")
    assert "the model is trained on y from -1 to 1 (differenced and scaled)" in line
    assert f"use prepare.scale: {scale}, or another loss, such as mse" in line
    assert warnings_of(SALES, training={"loss": loss}, prepare={"scale": scale}) == ()
    assert warnings_of(SALES, training={"loss": loss}, prepare={"scale": None, "difference": 0}) == ()


def test_only_differenced_values() -> None:
    """The range is that of the changes."""
    (line,) = warnings_of(SALES, training={"loss": "mape"}, prepare={"scale": None})
    assert "(differenced):" in line


@pytest.mark.parametrize("loss", ["mse", "mae", "huber", "log_cosh"])
def test_losses_for_all_numbers(loss: str) -> None:
    """They have no domain to leave."""
    assert warnings_of(SALES, training={"loss": loss}) == ()


def test_several_columns_are_named_together() -> None:
    """One line."""
    (line,) = warnings_of({"a": SALES, "b": SALES + NOISE[::-1]}, training={"loss": "msle"})
    assert "a from -1 to 1 and b from -1 to 1" in line
