"""The tables of `scheduler compare`."""

from __future__ import annotations

import numpy as np

from scheduler.report.formats import verdicts
from scheduler.statistics.comparison import compare
from tests.reports import made_report
from tests.scores import experiment


def shown(configurations: int) -> str:
    """Return the comparison of configurations that hardly differ, as Markdown."""
    scores = {f"c{place}": np.random.default_rng(place).normal(size=8) for place in range(configurations)}
    found = compare(experiment(scores))
    return verdicts.as_markdown(made_report(list(scores), comparisons=found.pairs, ranking=found.ranking))


def test_the_intervals_of_several_pairs_have_names() -> None:
    """Of one pair, and of all at once: an undecided pair may have one of its own that excludes 0."""
    assert "| 95% (this pair) | 95% (all pairs) |" in shown(3)
    assert "95% (all pairs): those of all pairs hold at once." in shown(3)


def test_one_pair_has_one_interval() -> None:
    """Both are the same."""
    assert "| 95% interval | p (Holm) |" in shown(2)
    assert "all pairs" not in shown(2)
