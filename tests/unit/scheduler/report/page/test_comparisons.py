"""The comparisons on the page."""

from __future__ import annotations

import numpy as np
import pandas as pd

from scheduler.report import page
from tests.page_reader import read
from tests.reports import made_comparisons, made_report


class TestComparisons:
    def test_every_cell_says_the_pair_both_ways(self) -> None:
        """Row against column: the sign, the number and the words turn with the direction."""
        text = page.render(made_report(comparisons=made_comparisons()))
        assert "units=2 is better than units=1 by 9.500 in the mean (95% interval 5.000 to 14.00)." in text
        assert "units=1 is worse than units=2 by 9.500 in the mean (95% interval 5.000 to 14.00)." in text
        assert "A repeat of units=1 beats one of units=2 with probability 25%" not in text
        assert "a repeat of units=1 beats one of units=2 with probability 25%" in text
        assert "p = 0.0004 by Welch&#39;s t (repeats do not share seeds)" in text
        assert "units=3 against units=1: undecided: about 40 more repeats would settle it." in text

    def test_the_winner_counts_where_there_is_no_mean(self) -> None:
        """A configuration whose repeats all diverged has no mean, and is worse all the same."""
        row = {"a": "units=1", "b": "units=2", "difference": np.nan, "low": np.nan, "high": np.nan}
        frame = pd.DataFrame([{**row, "outcome": "better_a", "verdict": "better", "winner": "units=1"}])
        assert "units=1 is better than units=2." in page.render(made_report(comparisons=frame))

    def test_of_many_configurations_the_best_are_compared_and_it_says_so(self) -> None:
        """A matrix of 60 x 60 would not be read."""
        labels = [f"c{place}" for place in range(60)]
        said = read(made_report(labels, points=0, horizon=0, comparisons=made_comparisons(labels))).text
        assert "the 15 best means of 60" in said
        assert "The 300 of 1,770 with the smallest p" in said

    def test_both_intervals_have_names(self) -> None:
        """One that excludes 0 may stand beside an undecided pair, since it allows for no other pairs."""
        frame = made_comparisons().assign(low_all=-30.0, high_all=11.0)
        report = made_report(comparisons=frame)
        text = page.render(report)
        assert "95% interval 5.000 to 14.00 for this pair alone, -11.00 to 30.00 for all pairs at once" in text.replace(
            "\N{MINUS SIGN}", "-"
        )
        assert "all: from" in read(report).text
