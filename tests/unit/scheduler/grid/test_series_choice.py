"""Mistakes in the choice of a series."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.grid.grid import Grid
from store.errors import GridError


class TestMistakes:
    """One mistake, one line."""

    @pytest.mark.parametrize(
        ("text", "mistake"),
        [
            (
                "repeats: 3",
                "1: series is missing; allowed: a bundled name, {name: ..., targets: [...], inputs: [...]} or "
                "{path: ..., time: ..., value: ...}, such as series: shampoo",
            ),
            (
                "series: shampo",
                "1: series is shampo, which is not bundled; bundled are fractions, shampoo, tens, tens_and_fives, "
                "tens_to_110 and us_economy; for a file of your own, write {path: ..., time: ..., value: ...}; "
                "did you mean shampoo?",
            ),
            (
                "series: {name: tens_and_fives, targets: [summ]}",
                "the bundled series tens_and_fives:1: there is no column 'summ'; the columns are step, tens, fives and "
                "sum; did you mean sum?",
            ),
            (
                "series: {name: shampoo, path: a.csv}",
                "1: series has both a name and a path, or neither; allowed: one of them",
            ),
            ("series: {time: a}", "1: series has both a name and a path, or neither; allowed: one of them"),
            (
                "series: {path: a.csv, format: '%Y'}",
                "1: series.format describes the times; add series.time, or remove it",
            ),
            (
                "series: {path: a.csv, inputs: [a]}",
                "1: series.inputs needs series.targets, the columns that are forecast; add them",
            ),
            (
                "series: {path: a.csv, targets: [a, a]}",
                "1: series.targets is empty or names a column twice; allowed: columns, each once",
            ),
            (
                "series: {path: a.csv, target: [a]}",
                "1: series.target is not a field; did you mean series.targets?",
            ),
            (
                "series: [a]",
                "1: series is [a]; allowed: a bundled name, {name: ..., targets: [...], inputs: [...]} or "
                "{path: ..., time: ..., value: ...} of name, path, time, format, decimal, value, targets, inputs and "
                "season",
            ),
            (
                'series: {path: "a\\0.csv"}',
                "1: series.path is 'a\\x00.csv'; allowed: a path without control characters",
            ),
            (
                "series: {path: a.csv, targets: [2020]}",
                "1: series.targets is [2020]; allowed: a list of columns of the file; put it in quotes to make it text",
            ),
            ("series: {path: no.csv}", "no.csv: no such file; a path is relative to the grid file"),
        ],
    )
    def test_of_a_series(self, text: str, mistake: str) -> None:
        """A series is named, or read from a file, not both."""
        with pytest.raises(GridError) as raised:
            Grid.parse(text, file="g.yaml")
        lines = [line.removeprefix("g.yaml:") for line in raised.value.mistakes]
        assert mistake in lines

    def test_a_missing_series_is_said_once(self) -> None:
        """And does not hide what else is wrong."""
        with pytest.raises(GridError, match=r"^g:1: series is missing; [^\n]*\ng:1: test is a; [^\n]*$"):
            Grid.parse("test: a", file="g")

    def test_a_series_too_short_to_test(self, tmp_path: Path) -> None:
        """No number of test rows is allowed where one row cannot be cut in two."""
        (tmp_path / "s.csv").write_text("v\n1\n2\n3\n")
        with pytest.raises(GridError, match="test is 1, and s has 3 observations, which make 1 row; use a longer"):
            Grid.parse("series: {path: s.csv}\ntest: 1", file=str(tmp_path / "g"))
