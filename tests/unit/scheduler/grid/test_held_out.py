"""`test` as a share or a time: the rows that it becomes, and what is said of wrong ones."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from scheduler.grid.grid import Grid
from store.errors import GridError

BASE = "series: {name: us_economy, targets: [gdp]}\nmodel: {stateful: false}\n"


def grid(test: str, more: str = "", base: str = BASE, horizon: int = 1) -> Grid:
    """Parse a grid of the 203 quarters from 1959-01-01 to 2009-07-01."""
    return Grid.parse(f"{base}test: {test}\nprepare: {{pad: true, horizon: {horizon}}}\n{more}")


@pytest.mark.parametrize(
    ("test", "horizon", "rows"),
    [
        ("0.2", 1, 41),
        ("0.2", 3, 39),
        ("{from: 2000-01-01}", 1, 39),
        ("{from: 2000-01-02}", 1, 38),
        ("{from: 2000}", 3, 37),
        ("{from: 2009-07}", 1, 1),
    ],
)
def test_they_become_the_rows_whose_targets_are_in_that_part(test: str, horizon: int, rows: int) -> None:
    """And the configuration is the same as one with that number."""
    found = grid(test, horizon=horizon)
    plain = grid(str(rows), horizon=horizon)
    assert found.points[0].configuration.test == rows
    assert found.points[0].configuration.identity == plain.points[0].configuration.identity


def test_it_is_said() -> None:
    """As a note, which `plan` shows."""
    assert grid("0.2").notes == ("us_economy: test 0.2 is the last 41 rows of 203 observations, from 1999-07-01 on",)


@pytest.mark.parametrize(
    ("test", "horizon", "expected"),
    [
        (
            "0.001",
            1,
            "0.001, which is no row of the 203 observations of us_economy; allowed: a share from 0.003",
        ),
        ("0.01", 5, "with prepare.horizon 5; allowed: a share from 0.023, or a number of rows"),
        ("1.0", 1, "test is 1.0; allowed: a whole number from 0, a share between 0 and 1, or {from: a time}"),
        ("0.999", 1, "test is 0.999 (203 rows), and us_economy has 203 observations, which make 201 rows; allowed: a"),
        ("20%", 1, "or {from: a time}; write 0.2"),
        ("2000-01-01", 1, "or {from: a time}; write {from: 2000-01-01}"),
        ("{until: 2000}", 1, "test is {until: 2000}; allowed: a whole number from 0, a share"),
        ("{share: 0.2}", 1, "a share between 0 and 1, or {from: a time}; write 0.2"),
        ("{from: 2000-01-01, to: 2001-01-01}", 1, "the test part ends with the series: write {from: 2000-01-01}"),
        ("{from: [1]}", 1, "test.from is [1]; allowed: a time of the series"),
        ("{from: foo}", 1, "test.from is 'foo', which is no time; write it as 2009-07-01 is written, or as ISO 8601"),
        ("{from: 2010}", 1, "test.from is 2010, and the times of us_economy are 1959-01-01 to 2009-07-01; allowed: a"),
        ("{from: 1959-01-01}", 1, "allowed: a time after the first of them, up to the last"),
        ("{from: 2009-04}", 5, "leaves no test row with prepare.horizon 5; allowed: a time up to 2008-07-01"),
        ("{from: 2000-01-01T00:00Z}", 1, "the times of us_economy have no zone; write it without one"),
    ],
)
def test_mistakes_say_what_is_allowed(test: str, horizon: int, expected: str) -> None:
    """With the times of the series."""
    with pytest.raises(GridError) as raised:
        grid(test, horizon=horizon)
    assert expected in str(raised.value)


def test_a_series_without_times_has_shares_alone() -> None:
    """The message says so."""
    table = pd.DataFrame({"y": [float(row % 7) for row in range(40)]})
    fields = {"test": {"from": "2012"}, "model": {"stateful": False}, "prepare": {"pad": True}}
    with pytest.raises(GridError, match=r"has no times: name series.time \(of a DataFrame: make them the index\), or"):
        Grid.of(fields, series=table)
    assert Grid.of(fields | {"test": 0.25}, series=table).points[0].configuration.test == 10
    months = table.set_index(pd.period_range("2010-01", periods=40, freq="M"))
    assert Grid.of(fields, series=months).points[0].configuration.test == 16


def test_axes() -> None:
    """Shares and times may vary, with what the number of rows depends on; a label of the file's own is a time, too."""
    found = grid("12", "grid: {test: [12, 0.2, {from: 2000-01-01}]}")
    assert [point.label for point in found.points] == ["test=12", "test=0.2", "from=2000-01-01"]
    assert [point.configuration.test for point in found.points] == [12, 41, 39]
    found = grid("0.2", "grid: {prepare.horizon: [1, 2], series: [shampoo, tens_to_110]}", horizon=1)
    assert [point.configuration.test for point in found.points] == [7, 2, 6, 1]
    found = grid("12", "grid: {test.from: [3-01, 3-02]}", base="series: shampoo\nmodel: {stateful: false}\n")
    assert [point.configuration.test for point in found.points] == [12, 11]
    with pytest.raises(GridError, match=r"test: 0.2 is the same configuration as test: 41"):
        grid("12", "grid: {test: [41, 0.2]}")


def test_filling_knows_the_test_part(tmp_path: Path) -> None:
    """Which values are filled from later ones depends on it."""
    rows = [f"2021-01-{day:02d},{'' if day in (5, 28) else day % 6}" for day in range(1, 32)]
    (tmp_path / "x.csv").write_text("\n".join(["day,y", *rows]))
    base = "series: {path: x.csv, time: day, missing: linear}\nprepare: {pad: true}\nmodel: {stateful: false}\n"
    early, late = (
        Grid.parse(f"{base}test: {test}", file=str(tmp_path / "g.yaml")) for test in ("{from: 2021-01-20}", "2")
    )
    assert early.points[0].configuration.series.left_out == ((4, 5),)
    assert late.points[0].configuration.series.left_out == ((4, 5), (27, 28))


def test_a_time_of_python() -> None:
    """Of pandas, too."""
    table = pd.DataFrame({"y": [float(day % 5) for day in range(40)]}, index=pd.date_range("2022-01-01", periods=40))
    for start in (pd.Timestamp("2022-02-01"), pd.Timestamp("2022-02-01").date()):
        found = Grid.of({"test": {"from": start}, "prepare": {"pad": True}}, series=table)
        assert found.points[0].configuration.test == 9
