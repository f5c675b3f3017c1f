"""Recursion over one step is no recursion."""

from __future__ import annotations

from scheduler.grid.grid import Grid

BOTH = "grid: {prepare.strategy: [direct, recursive], prepare.horizon: [1, 2]}\n"
HEAD = "series: shampoo\ntest: 4\nmodel: {stateful: false}\ntraining: {batch_size: 1}\n"


def test_it_is_counted_and_the_exclusion_is_taken() -> None:
    (line,) = Grid.parse(HEAD + BOTH).warnings
    assert line.startswith("1 of 4 configurations: with prepare.horizon 1, prepare.strategy: recursive trains and")
    assert "exclude: [{prepare.horizon: 1, prepare.strategy: recursive}]" in line
    excluded = Grid.parse(f"{HEAD}{BOTH}exclude: [{{prepare.horizon: 1, prepare.strategy: recursive}}]\n")
    assert (len(excluded), excluded.warnings) == (3, ())
