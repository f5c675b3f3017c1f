"""Grids on the shampoo series, and the words of their messages that several tests share."""

from __future__ import annotations

import pytest

from scheduler.grid.grid import Grid
from store.errors import GridError

VARY = (
    "series, test, panel, series_input, series_embedding, prepare, model, training or protocol, or a field of one of "
    "them, such as model.units"
)
NAMED = "letters, digits, dots, dashes and underscores, at most 100, the first a letter or digit"
TEXT = "text, with no control characters but newlines and tabs"
AXIS = "a list of at least one value, such as [1, 2]"


def grid(text: str) -> Grid:
    """Parse a grid on the shampoo series."""
    return Grid.parse(f"series: shampoo\n{text}", file="g.yaml")


def refused(text: str, *mistakes: str) -> None:
    """Check that a grid on the shampoo series has exactly these mistakes, each given as `line: text`."""
    with pytest.raises(GridError) as raised:
        grid(text)
    assert list(raised.value.mistakes) == [f"g.yaml:{mistake}" for mistake in mistakes]
