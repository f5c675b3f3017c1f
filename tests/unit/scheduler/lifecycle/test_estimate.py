"""The estimates that a plan shows."""

from __future__ import annotations

from scheduler.lifecycle.estimate import baseline_seconds


def test_baselines_take_seconds_for_a_thousand_rows() -> None:
    """The more rows and targets, the longer; nothing where there are none."""
    assert baseline_seconds([]) == 0
    assert 3 < baseline_seconds([(1, 1000)]) < 10
    assert baseline_seconds([(1, 12)]) < baseline_seconds([(2, 12)]) < baseline_seconds([(1, 12), (1, 24), (1, 36)])
