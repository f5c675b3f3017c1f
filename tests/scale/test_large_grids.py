"""Grids at the size limit take seconds."""

from __future__ import annotations

from time import perf_counter

from scheduler.grid.grid import Grid


def test_a_hundred_thousand_configurations() -> None:
    """Each part is checked once, so that points are cheap."""
    text = (
        f"series: shampoo\nrepeats: 1\ngrid:\n  training.epochs: {list(range(1, 101))}\n  model.dropout: "
        f"{[i / 100 for i in range(100)]}\n  model.units: {list(range(1, 11))}"
    )
    started = perf_counter()
    assert len(Grid.parse(text, file="g.yaml")) == 100_000
    assert perf_counter() - started < 60
