"""Mistakes in the choice of a series."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from scheduler.grid.grid import Grid
from scheduler.series.source import load_each
from store.errors import GridError


class TestMistakes:
    """One mistake, one line."""

    @pytest.mark.parametrize(
        ("text", "mistake"),
        [
            (
                "repeats: 3",
                "1: series is missing; allowed: a bundled name, {name: ..., targets: [...], inputs: [...]}, "
                "{path: ..., time: ..., value: ...} or a list of these, such as series: shampoo",
            ),
            (
                "series: shampo",
                "1: series is shampo, which is not bundled; bundled are fractions, shampoo, tens, tens_and_fives, "
                "tens_to_110 and us_economy; for a file of your own, write {path: ..., time: ..., value: ...}; "
                "did you mean shampoo?",
            ),
            (
                "series: {name: tens_and_fives, targets: [summ]}",
                "the bundled series tens_and_fives: there is no column 'summ'; the columns are tens, fives and sum; "
                "did you mean sum?",
            ),
            (
                "series: {name: shampoo, path: a.csv}",
                "1: series has both a name and a path, or neither; allowed: one of them",
            ),
            ("series: {time: a}", "1: series has both a name and a path, or neither; allowed: one of them"),
            (
                "series: {path: a.csv, format: '%Y'}",
                "1: series.format is about the times; add series.time, or remove it",
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
                "series: [shampoo, shampoo]",
                "1: series has shampoo twice; keep one of them; to vary it, write it under grid, as series: "
                "[shampoo, shampoo]",
            ),
            (
                "series: [3]",
                "1: series is 3; allowed: a bundled name, {name: ..., targets: [...], inputs: [...]}, "
                "{path: ..., time: ..., value: ...} or a list of these of name, path, encoding, delimiter, header, "
                "time, format, frequency, timezone, decimal, thousands, na, flags, categories, missing, max_gap, "
                "duplicates, id, keep, as, value, targets, inputs and season",
            ),
            (
                'series: {path: "a\\0.csv"}',
                "1: series.path is 'a\\x00.csv'; allowed: a path without control characters",
            ),
            (
                "series: {path: a.csv, targets: [2020]}",
                "1: series.targets is [2020]; allowed: a list of columns of the file; put it in quotes to make it text",
            ),
            (
                "series: {path: a.csv, time: a, format: '%s'}",
                "1: series.format is %s, which has %s, which strptime lacks; times such as 1600000000 (epoch "
                "seconds) are found without a format: leave series.format out",
            ),
            (
                "series: {path: a.csv, time: a, format: '%'}",
                "1: series.format is %, which has %, which strptime lacks; write a directive of strptime",
            ),
            (
                "series: {path: a.csv, time: a, format: DD.MM.YYYY}",
                "1: series.format is DD.MM.YYYY, which has no directive of strptime; write '%d.%m.%Y'",
            ),
            (
                "series: {path: a.csv, time: a, format: '%d%d'}",
                "1: series.format is %d%d, which has %d twice; write each directive once",
            ),
            (
                "series: {path: a.csv, keep: A}",
                "1: series.keep is about several series in a file; add series.id, the column that tells them apart",
            ),
            (
                "series: {path: a.csv, id: a, keep: A, as: columns}",
                "1: series.keep is A; with series.as it is a list: [A]",
            ),
            (
                "series: {path: a.csv, max_gap: 2}",
                "1: series.max_gap limits what series.missing fills; add series.missing, or remove it",
            ),
            (
                "series: {path: a.csv, thousands: '.'}",
                "1: series.thousands is the decimal mark, too; change one of them (series.decimal)",
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


def test_a_file_is_read_once_for_all_lags(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that is read depends on them; each configuration has its own."""
    rows = [f"2022-01-{day:02},{day % 5 + day / 9},{'ab'[day % 2]}" for day in range(1, 32)]
    (tmp_path / "x.csv").write_text("day,y,kind\n" + "\n".join(rows))
    reads: list[Any] = []

    def counted(*args: Any, **kwargs: Any) -> Any:
        reads.append(args)
        return load_each(*args, **kwargs)

    monkeypatch.setattr("scheduler.grid.series_choice.load_each", counted)
    inputs = "{y: {lags: 2}, kind: {lags: 0, known: true}}"
    text = f"series: {{path: x.csv, time: day, targets: [y], inputs: {inputs}}}\ntest: 4\nprepare: {{pad: true}}\n"
    axes = "grid: {series.inputs.y.lags: [1, [1, 3]], series.inputs.kind.lags: [0, 2]}\n"
    found = Grid.parse(f"{text}model: {{stateful: false}}\n{axes}", file=str(tmp_path / "g.yaml"))
    assert len(reads) == 1
    seen = [point.configuration.series.seen for point in found.points]
    assert [(one["y"].lags, one["kind=a"].lags, one["kind=b"].known) for one in seen] == [
        *((1, 0, True), (1, 2, True), ((1, 3), 0, True), ((1, 3), 2, True))
    ]
    (tmp_path / "x.csv").write_text("day,y,kind\n" + "\n".join([*rows[:4], "2022-01-04,9,a", *rows[4:]]))
    with pytest.raises(GridError, match=r"write series: .*\{y: \{lags: 2\}, kind: \{lags: 0, known: true\}\}"):
        Grid.parse(text, file=str(tmp_path / "g.yaml"))
