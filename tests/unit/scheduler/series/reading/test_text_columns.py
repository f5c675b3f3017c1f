"""Inputs of text in files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from scheduler import load_grid
from scheduler.grid.grid import Grid
from store.errors import GridError
from tests.series.files import ISO, VALUES

WORDS = [["base", "peak", "none"][day % 3] for day in range(48)]
REST = "test: 4\nprepare: {pad: true}\nmodel: {stateful: false}\n"


def grid(folder: Path, words: list[str], fields: str = "", *, inputs: str = "[y, tariff]", times: Any = ISO) -> Grid:
    """Read a file with a column of text."""
    rows = [f"{time},{value},{word}" for time, value, word in zip(times, VALUES, words, strict=False)]
    (folder / "x.csv").write_text("\n".join(["day,y,tariff", *rows]) + "\n")
    text = f"series: {{path: x.csv, time: day, targets: [y], inputs: {inputs}{fields}}}\n{REST}"
    return Grid.parse(text, file=str(folder / "g.yaml"))


def test_they_become_columns_of_their_categories(tmp_path: Path) -> None:
    """Equal to pandas' dummies; `none` is a category, and what became of the column is a note."""
    found = grid(tmp_path, WORDS)
    (series,) = found.series_data()
    assert series.columns == ("y", "tariff=base", "tariff=none", "tariff=peak")
    np.testing.assert_array_equal(series.values[:, 1:], pd.get_dummies(pd.Series(WORDS), dtype=float).to_numpy())
    note = "tariff is text, and became 3 columns of 0 and 1: tariff=base, tariff=none and tariff=peak"
    assert [one.split(": ", 1)[1] for one in found.notes] == [note]
    configuration = found.points[0].configuration
    assert configuration.series.inputs == series.columns
    assert configuration.prepare.as_is == series.columns[1:]


@pytest.mark.parametrize("missing", ["previous", "linear"])
def test_a_missing_category_is_one_message_and_filled_by_the_one_before(tmp_path: Path, missing: str) -> None:
    """By following the message, or with numbers filled otherwise."""
    words = [*WORDS[:5], "", *WORDS[6:]]
    with pytest.raises(GridError) as raised:
        grid(tmp_path, words)
    first, second = raised.value.mistakes
    assert "1 of 48 values of tariff is missing (empty), on line 7" in first
    assert "missing: previous" in second
    (series,) = grid(tmp_path, words, f", missing: {missing}").series_data()
    np.testing.assert_array_equal(series.values[5, 1:], series.values[4, 1:])


def test_free_text_is_refused_in_one_line(tmp_path: Path) -> None:
    """And not taken for numbers."""
    with pytest.raises(
        GridError, match="tariff is text with 51 different values, such as 'a0', 'a1', 'a10'; at most 50"
    ) as raised:
        grid(
            tmp_path,
            [f"a{row}" for row in range(51)],
            times=pd.date_range("2022-01-01", periods=51).strftime("%Y-%m-%d"),
        )
    assert len(raised.value.mistakes) == 1


def test_a_target_of_text_is_refused_as_before(tmp_path: Path) -> None:
    """Categories cannot be forecast."""
    (tmp_path / "x.csv").write_text(
        "\n".join(["day,y", *(f"{time},{word}" for time, word in zip(ISO, WORDS, strict=True))])
    )
    with pytest.raises(GridError, match=r"name a column of numbers: text is no target, but may be an input"):
        Grid.parse(f"series: {{path: x.csv, time: day, value: y}}\n{REST}", file=str(tmp_path / "g.yaml"))


def test_rows_of_the_same_time_have_no_mean_of_text(tmp_path: Path) -> None:
    """The message proposes the last of them, which is then read."""
    times, words = [ISO[0], *ISO[:47]], ["peak", *WORDS[:47]]
    with pytest.raises(GridError, match=r"tariff is text and differs in rows of the same time.* cannot be mean"):
        grid(tmp_path, words, ", duplicates: mean", times=times)
    (series,) = grid(tmp_path, words, ", duplicates: last", times=times).series_data()
    assert len(series.values) == 47
    (series,) = grid(tmp_path, ["base", *WORDS[:47]], ", duplicates: mean", times=times).series_data()
    assert series.values[0, 1:].tolist() == [1.0, 0.0, 0.0]


def test_several_series_as_columns(tmp_path: Path) -> None:
    """Each has categories of its own column."""
    rows = [
        f"{shop},{time},{value},{WORDS[len(shop) + place]}"
        for shop in ("A", "BB")
        for place, (time, value) in enumerate(zip(ISO[:20], VALUES, strict=False))
    ]
    (tmp_path / "x.csv").write_text("\n".join(["shop,day,y,tariff", *rows]))
    fields = "time: day, targets: [y], inputs: {y: {lags: 2}, tariff: {lags: 0, known: true}}"
    fields += ", id: shop, keep: [A, BB], as: columns"
    found = Grid.parse(f"series: {{path: x.csv, {fields}}}\n{REST}", file=str(tmp_path / "g.yaml"))
    chosen = found.points[0].configuration.series
    assert chosen.targets == ("y A", "y BB")
    assert chosen.inputs[2:5] == ("tariff A=base", "tariff A=none", "tariff A=peak")
    assert chosen.seen["tariff BB=peak"].known


@pytest.mark.parametrize(("shops", "notes"), [("AB", 2), ("ABCDE", 1)])
def test_several_series_have_notes_of_their_own_columns(tmp_path: Path, shops: str, notes: int) -> None:
    """As they are called in the table; of many, one note for all."""
    rows = [f"{time},{shop},{day},{WORDS[day]}" for day, time in enumerate(ISO) for shop in shops]
    (tmp_path / "x.csv").write_text("\n".join(["day,shop,y,tariff", *rows]) + "\n")
    keep = f"id: shop, keep: [{', '.join(shops)}], as: columns"
    text = f"series: {{path: x.csv, time: day, targets: [y], inputs: [y, tariff], {keep}}}\n{REST}"
    found = Grid.parse(text, file=str(tmp_path / "g.yaml")).notes
    assert len(found) == notes
    assert "tariff A is text, and became 3 columns of 0 and 1: tariff A=base, tariff A=none and" in found[0]
    assert ("so did 4 more columns, to tariff E" in found[0]) == (notes == 1)


CODES = [["1", "2.0", "010"][day % 3] for day in range(48)]


def test_numbers_that_are_codes_become_columns(tmp_path: Path) -> None:
    """By their number, however they are written; without the field they are numbers."""
    found = grid(tmp_path, CODES, ", categories: [tariff]")
    (series,) = found.series_data()
    assert series.columns == ("y", "tariff=1", "tariff=2", "tariff=10")
    np.testing.assert_array_equal(series.values[:3, 1:], np.eye(3))
    assert "tariff is a column of codes, and became 3 columns of 0 and 1" in found.notes[0]
    (plain,) = grid(tmp_path, CODES).series_data()
    assert plain.values[:3, 1].tolist() == [1, 2, 10]


def test_codes_of_a_data_frame(tmp_path: Path) -> None:
    """A column of integers, or of floats as pandas makes them of integers with gaps."""
    frame = pd.DataFrame({"y": range(48), "tariff": [1.0, 2, 10] * 16}, index=pd.to_datetime(ISO))
    fields = {"targets": ["y"], "inputs": ["y", "tariff"], "categories": ["tariff"]}
    rest = {"test": 4, "prepare": {"pad": True}, "model": {"stateful": False}}
    (series,) = load_grid({"series": fields, **rest}, series=frame).series_data()
    assert series.columns == ("y", "tariff=1", "tariff=2", "tariff=10")


def test_codes_that_are_no_inputs_are_answered_with_what_to_write(tmp_path: Path) -> None:
    """Followed as it is written."""
    (tmp_path / "x.csv").write_text("day,y,tariff\n" + "".join(f"{d},1{n},{n % 3}\n" for n, d in enumerate(ISO)))
    start = "series: {path: x.csv, time: day, categories: [tariff]"
    with pytest.raises(GridError, match=r"none of series.inputs: write (.*) in the place of value: y") as raised:
        Grid.parse(f"{start}, value: y}}\n{REST}", file=str(tmp_path / "g.yaml"))
    told = str(raised.value).partition(": write ")[2].partition(" in the place")[0]
    (series,) = Grid.parse(f"{start}, {told}}}\n{REST}", file=str(tmp_path / "g.yaml")).series_data()
    assert len(series.columns) == 4
    with pytest.raises(GridError, match=r"leave it out of series\.categories"):
        Grid.parse(f"{start}, targets: [tariff]}}\n{REST}", file=str(tmp_path / "g.yaml"))
