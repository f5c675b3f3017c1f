"""A target in disguise among what is known ahead."""

from __future__ import annotations

import numpy as np
import pandas as pd

from scheduler.grid.grid import Grid

DRAWN = np.random.default_rng(5).normal(size=40).cumsum()
TABLE = pd.DataFrame({"y": DRAWN, "copy": 1e9 - 3 * DRAWN, "noise": DRAWN + 0.1 * np.arange(40) % 3, "flat": 1.0})


def warnings(column: str, *, known: bool = True) -> list[str]:
    """Return the warnings of a grid that sees a column."""
    fields = {
        "test": 4,
        "model": {"stateful": False},
        "prepare": {"pad": True},
        "series": {"targets": ["y"], "inputs": {"y": {}, column: {"known": known}}},
    }
    return [one for one in Grid.of(fields, series=TABLE).warnings if "known" in one]


def test_a_copy_in_another_unit_is_named() -> None:
    """With what to do."""
    assert warnings("copy") == [
        "series: copy is known: true and follows the target y exactly, so that the model sees what it forecasts: leave "
        "copy out of series.inputs, or known out of it"
    ]


def test_others_are_not() -> None:
    """A column that is close to the target, one that is constant, and a copy whose past alone is seen."""
    assert warnings("noise") == warnings("flat") == warnings("copy", known=False) == []
