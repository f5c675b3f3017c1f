"""What a plan counts before anything is trained."""

from __future__ import annotations

from pathlib import Path

from scheduler.grid.grid import Grid
from scheduler.lifecycle.plan import plan_grid

GRID = "series: shampoo\nrepeats: 3\ngrid: {model.units: [1, 20]}\n"


def test_the_size_of_weights_that_are_kept(tmp_path: Path) -> None:
    """4 bytes for each weight of each repeat; nothing is said of it where none are kept."""
    url = f"sqlite:///{tmp_path / 'r.db'}"
    kept = plan_grid(Grid.parse(f"{GRID}keep: weights\n"), url, workers=2)
    units = {1: 4 * (1 + 1 + 1) + 2, 20: 4 * 20 * (20 + 1 + 1) + 21}
    assert (kept.weights, kept.largest_weights) == (3 * 4 * (units[1] + units[20]), 4 * units[20])
    assert "  weights         22 kB in the store, at most 7.1 kB a repeat" in str(kept).splitlines()
    assert kept.as_record()["weight_bytes"] == kept.weights
    assert "weights  " not in str(plan_grid(Grid.parse(GRID), url, workers=2))
