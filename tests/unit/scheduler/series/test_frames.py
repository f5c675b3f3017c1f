"""Series from Python: frames and arrays become series with their times; what is wrong is one clear line."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from scheduler import load_grid
from scheduler.lifecycle.submission import record
from scheduler.series.source import bundled
from store import open_store
from store.errors import GridError, SeriesError

MONTHS = pd.date_range("2020-01-01", periods=40, freq="MS")
VALUES = np.arange(40.0) ** 1.5
FRAME = pd.DataFrame({"sales": VALUES, "price": VALUES[::-1], "shop": "a"}, index=MONTHS)


def loaded(data: Any, **fields: Any) -> Any:
    """Load a small grid on some values."""
    return load_grid({"repeats": 2, "training": {"epochs": 3}, **fields}, series=data)


def refused(data: Any, **fields: Any) -> str:
    """Return the mistakes of a grid on some values."""
    with pytest.raises((SeriesError, GridError)) as raised:
        loaded(data, **fields)
    return " | ".join(raised.value.mistakes)


def followed(data: Any) -> Any:
    """Load a grid as the message on a table without fields proposes."""
    (line,) = [one for one in refused(data).split(" | ") if one.startswith("series: write series: {")]
    return loaded(data, **yaml.safe_load(line.removeprefix("series: write ")))


class TestWhatIsASeries:
    """Anything with columns of numbers."""

    def test_a_series_with_dates(self) -> None:
        """Its name is the column's; its times are kept."""
        grid = loaded(pd.Series(VALUES, MONTHS, name="sales"))
        (series,) = grid.series_data()
        assert (series.name, series.columns, series.times[:2]) == ("series", ("sales",), ("2020-01-01", "2020-02-01"))
        np.testing.assert_array_equal(series.values[:, 0], VALUES)
        assert grid.points[0].configuration.series.targets == ("sales",)

    def test_all_columns_of_a_frame(self) -> None:
        """Without names all columns are forecast, and seen."""
        choice = loaded(FRAME[["sales", "price"]]).points[0].configuration.series
        assert (choice.targets, choice.inputs) == (("sales", "price"), ("sales", "price"))

    def test_the_columns_that_the_grid_names(self) -> None:
        """Columns that it does not name may hold text."""
        grid = loaded(FRAME, series={"name": "shop", "targets": ["sales"], "inputs": ["sales", "price"]})
        (series,) = grid.series_data()
        assert (series.name, series.columns) == ("shop", ("sales", "price"))
        assert loaded(FRAME, series={"value": "price"}).series_data()[0].columns == ("price",)

    def test_columns_may_be_an_axis(self) -> None:
        """As with a file."""
        grid = loaded(FRAME, grid={"series.value": ["sales", "price"]})
        assert [point.label for point in grid.points] == ["value=sales", "value=price"]
        assert len(grid.series_data()) == 2

    @pytest.mark.parametrize(
        ("data", "columns"),
        [
            (VALUES, ("value",)),
            (list(VALUES), ("value",)),
            (np.column_stack([VALUES, VALUES]), ("value_0", "value_1")),
            (pd.Series(VALUES), ("value",)),
            (pd.DataFrame({"a": VALUES}, index=range(5, 45)), ("a",)),
            (pd.DataFrame({"a": VALUES}, index=np.arange(40) * 5 + 1600), ("a",)),
            (pd.DataFrame({"a": VALUES}, index=np.arange(40)[::-1] * 2 + 20_000), ("a",)),
            (pd.DataFrame({"a": VALUES}, index=np.arange(40) / 4), ("a",)),
            (pd.Series(VALUES.astype("float32"), name="f"), ("f",)),
            (pd.Series(range(40), dtype="Int64", name="n"), ("n",)),
        ],
    )
    def test_without_times(self, data: Any, columns: tuple[str, ...]) -> None:
        """Arrays, lists, and frames with any other index."""
        (series,) = loaded(data).series_data()
        assert (series.columns, series.times) == (columns, ())

    @pytest.mark.parametrize(
        ("index", "first"),
        [
            (MONTHS.strftime("%Y-%m"), "2020-01-01"),
            (pd.period_range("2020-01", periods=40, freq="M"), "2020-01-01"),
            (pd.date_range("2020-01-01", periods=40, freq="h"), "2020-01-01T00:00:00"),
            (pd.date_range("2020-01-01", periods=40, tz="UTC"), "2020-01-01T00:00:00+00:00"),
            ([f"{2010 + row // 4}Q{row % 4 + 1}" for row in range(40)], "2010-01-01"),
            (MONTHS.strftime("%YM%m"), "2020-01-01"),
            (MONTHS.strftime("%d.%m.%Y"), "2020-01-01"),
            (MONTHS.date, "2020-01-01"),
            ([f"{row // 12 + 1}-{row % 12 + 1:02d}" for row in range(40)], "1-01"),
            (np.arange(40) / 12 + 1958, "1958-01-01"),
            (np.arange(40) * 3600 + 1_704_067_200, "2024-01-01T00:00:00+00:00"),
        ],
    )
    def test_indexes_that_hold_times(self, index: Any, first: str) -> None:
        """Periods, hours, time zones, decimal years, epochs, and text in the forms in which files have times."""
        assert loaded(pd.Series(VALUES, index)).series_data()[0].times[0] == first

    def test_text_that_is_no_time(self) -> None:
        """Labels of another kind are no times, nor are digits that are not even as times."""
        assert loaded(pd.Series(VALUES, [str(40_000 + 7 * n * n) for n in range(40)])).series_data()[0].times == ()
        assert loaded(pd.Series(VALUES, [f"row {n}" for n in range(40)])).series_data()[0].times == ()

    def test_the_same_content_is_the_same_series(self) -> None:
        """Whether it came from a file or from Python: results are shared."""
        file = bundled("shampoo")
        (series,) = loaded(pd.Series(file.values[:, 0], name=file.columns[0])).series_data()
        assert series.content_hash == file.content_hash


def test_it_is_stored_by_content_with_its_times(tmp_path: Path) -> None:
    """Workers read it from the store as any other series."""
    grid = loaded(pd.Series(VALUES, MONTHS, name="sales"))
    with open_store(f"sqlite:///{tmp_path / 'results.db'}", create=True) as store:
        record(store, grid)
        (series,) = grid.series_data()
        kept = store.series.get(series.content_hash)
    np.testing.assert_array_equal(kept.values[:, 0], VALUES)
    assert kept.times == series.times


class TestMistakes:
    """What is wrong, where, and what to do."""

    @pytest.mark.parametrize(
        ("data", "mistake"),
        [
            (FRAME, "series: the column 'shop' holds .* values.*'a'; convert it to numbers, or leave it out"),
            (
                FRAME[["sales"]].mask(FRAME["sales"] > 200),
                r"series: 5 of 40 values of sales are missing \('NaN'\), in rows 36 to 40; series.missing says what "
                r"becomes of them \| series: write series: \{name: series, missing: previous\}",
            ),
            (np.where(VALUES, VALUES, np.nan), r"series: 1 of 40 values of value is missing .*, in row 1; .*"),
            (VALUES * 1e300, r"series: the column 'value' has values that are too large \(39 of 40 rows, .*"),
            (
                pd.concat([FRAME[["sales"]][:1] + 7, FRAME[["sales"]]]),
                r"series: 1 time is there more than once with different rows, such as 2020-01-01 in rows 1 to 2 "
                r"\(sales: 7, 0\), .* \| series: write series: \{name: series, duplicates: mean\}",
            ),
            (
                FRAME[["sales"]].drop(MONTHS[7]),
                "series: the times are monthly, and 1 row is missing: 2020-08; series.missing .* missing: previous}",
            ),
            (
                FRAME[["sales", "sales"]],
                "series: the column 'sales' appears twice; give each column a unique name",
            ),
            (FRAME[["sales"]][:1], "series: there is 1 observation; a series needs at least 2"),
            (np.zeros((2, 2, 2)), "series: .*; pass a DataFrame, a Series or an array of one or two dimensions"),
            ("sales.csv", "series: a str is not a series; pass a DataFrame, a Series or an array of numbers"),
            (VALUES > 3, "series: the column 'value' holds bool values, .*; convert it to numbers, or leave it out"),
            (VALUES * 1j, "series: the column 'value' holds complex128 values, .*"),
        ],
    )
    def test_values(self, data: Any, mistake: str) -> None:
        """One line for each column or for the times."""
        assert re.fullmatch(mistake, refused(data))

    @pytest.mark.parametrize(
        ("series", "mistake"),
        [
            (
                {"value": "sale"},
                "series: there is no column 'sale'; the columns are sales, price and shop; did you mean sales?",
            ),
            (
                {"path": "s.csv", "value": "sales"},
                "series.path is for a CSV file, and the values come from `series=`; remove one of them",
            ),
            (
                {"time": "month", "value": "sales"},
                "series.time is for a CSV file, and the values come from `series=`; make that column the index, "
                "set_index(...), and remove it",
            ),
            (
                {"max_gap": 2, "value": "sales"},
                "series.max_gap limits what series.missing fills; add series.missing, or remove it",
            ),
            (
                {"timezone": "Mars", "value": "sales"},
                "series: series.timezone is 'Mars'; allowed: a zone such as Europe/Berlin or UTC",
            ),
            ({"inputs": ["price"]}, "series.inputs needs series.targets, the columns that are forecast; add them"),
        ],
    )
    def test_names(self, series: dict[str, Any], mistake: str) -> None:
        """Columns that are not there, and fields that are for files."""
        assert refused(FRAME, series=series) == mistake

    def test_the_advice_for_a_gap_works(self) -> None:
        """Without times the rows are taken as they come."""
        assert loaded(FRAME[["sales"]].drop(MONTHS[7]).reset_index(drop=True)).series_data()[0].times == ()


class TestRows:
    """What becomes of rows that are missing, there twice or out of order, as with files."""

    def test_missing_rows_and_values(self) -> None:
        """They are filled as the message proposes, but for the last ones, and notes say how many."""
        data = FRAME[["sales"]].mask(FRAME["sales"] > 200).drop(MONTHS[7])
        grid = followed(data)
        (series,) = grid.series_data()
        last = int(data["sales"].notna().to_numpy().nonzero()[0][-1])
        assert len(series.values) == last + 2
        assert series.values[7, 0] == VALUES[6]
        left_out, note = grid.notes
        assert re.match(r"series: \d of \d\d rows filled by the previous value, of which 1 row put in", note)
        assert "have no sales yet and are left out: there is nothing to compare a forecast with" in left_out

    def test_rows_that_are_left_out(self) -> None:
        """No training row has them."""
        data = FRAME[["sales"]].drop(MONTHS[7])
        grid = loaded(data, series={"missing": "mask"}, model={"stateful": False}, prepare={"pad": True})
        assert grid.points[0].configuration.series.left_out == ((7, 8),)

    def test_rows_of_the_same_time(self) -> None:
        """Their mean, as proposed; copies are left out without being asked."""
        data = FRAME[["sales"]]
        assert followed(pd.concat([data[:1] + 7, data])).series_data()[0].values[0, 0] == 3.5
        grid = loaded(pd.concat([data[:1], data]))
        assert len(grid.series_data()[0].values) == 40
        assert grid.notes == ("series: 1 row (row 2) is a copy of another row, and left out",)

    def test_falling_rows_are_turned_round(self) -> None:
        """And it is said."""
        grid = loaded(FRAME[["sales"]][::-1])
        np.testing.assert_array_equal(grid.series_data()[0].values[:, 0], VALUES)
        assert grid.notes == ("series: the rows are in falling order of time, and were turned round",)

    def test_the_clock_of_a_zone(self) -> None:
        """An hour that is there twice is one of another offset."""
        hours = pd.date_range("2022-10-29", periods=60, freq="h", tz="Europe/Berlin").tz_localize(None)
        times = loaded(pd.Series(range(60), hours), series={"timezone": "Europe/Berlin"}).series_data()[0].times
        assert (times[0], len(times)) == ("2022-10-29T00:00:00+02:00", 60)

    def test_numbers_and_texts_that_stand_for_missing_ones(self) -> None:
        """Numbers, and words among numbers."""
        numbers = pd.Series([1.0, -999.0, *range(38)], MONTHS)
        words = pd.Series([1.0, "closed", *range(38)], MONTHS)
        for data, na in ((numbers, [-999]), (words, ["closed"])):
            grid = loaded(data, series={"na": na, "missing": "previous"})
            assert list(grid.series_data()[0].values[:3, 0]) == [1.0, 1.0, 0.0]

    def test_times_that_the_index_does_not_hold(self) -> None:
        """A zone is of no use for them."""
        assert "the index holds none; remove it" in refused(pd.Series(VALUES), series={"timezone": "UTC"})
