"""Which of many points are drawn."""

from __future__ import annotations

import numpy as np
import pytest

from scheduler.report.thinning import early_and_late, evenly


@pytest.mark.parametrize("rule", [evenly, early_and_late])
@pytest.mark.parametrize(("count", "most"), [(1, 5), (5, 5), (1000, 200), (12345, 20)])
def test_both_ends_are_kept_and_not_more_than_asked(rule: object, count: int, most: int) -> None:
    """In their order, each once."""
    found = rule(count, most)  # type: ignore[operator]
    assert (found[0], found[-1]) == (0, count - 1)
    assert len(found) <= most
    assert (np.diff(found) > 0).all()


def test_few_points_are_all_drawn() -> None:
    """Nothing is left out."""
    assert list(evenly(4, 9)) == list(early_and_late(4, 9)) == [0, 1, 2, 3]


def test_early_epochs_are_closer() -> None:
    """A trajectory falls steeply there."""
    assert (early_and_late(1000, 100) < 100).sum() > 25
