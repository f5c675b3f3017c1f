"""What is understood of a file, and the line that uses it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from scheduler.grid.grid import Grid
from scheduler.series.inspection import inspect_file, sparkline
from store.errors import SeriesError
from tests.series.files import GAPS, STRUCTURE, Wild
from tests.series.times import TIMES
from tests.series.wide import WIDE

ALL = (*STRUCTURE, *TIMES, *GAPS, *WIDE)


def inspected(folder: Path, content: str | bytes) -> str:
    """Return the text on a file."""
    (folder / "data.csv").write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(inspect_file(folder / "data.csv"))


@pytest.mark.parametrize("wild", ALL[::2], ids=[wild.name for wild in ALL[::2]])
def test_the_line_that_it_proposes_is_read(tmp_path: Path, wild: Wild) -> None:
    """Whatever the file is like."""
    text = inspected(tmp_path, wild.content)
    line = text[text.index("series: {") :].split("\n")[0]
    grid = Grid.parse(f"{line}\ntest: 2\nprepare: {{pad: true}}\nmodel: {{stateful: false}}", file=str(tmp_path / "g"))
    assert len(grid.series_data()[0].values) == wild.rows


def test_columns_rows_and_frequency(tmp_path: Path) -> None:
    """A file with a gap, missing values, text and epochs."""
    rows = [f"{1600000000 + 3600 * hour},{hour % 24},{'ab'[hour % 2]}" for hour in range(60) if hour != 7]
    text = inspected(tmp_path, "stamp,load,kind\n" + "\n".join(rows).replace(",3,", ",NA,"))
    assert "60, 2020-09-13T12:26:40+00:00 to 2020-09-15T23:26:40+00:00" in text
    assert "frequency   hourly" in text
    assert "season      24 and 168 rows" in text
    assert "load   number, 0 to 23, 3 missing" in text
    assert "kind   text, 2 values: a, b" in text
    assert "series: {path: data.csv, time: stamp, missing: previous, value: load}" in text


def test_times_in_parts_are_found(tmp_path: Path) -> None:
    """Year, month and day."""
    rows = "\n".join(f"{n},2021,3,{n},{n * n}" for n in range(1, 21))
    text = inspected(tmp_path, f"no,year,month,day,dust\n{rows}\n")
    assert "series: {path: data.csv, time: [year, month, day], value: dust}" in text


def test_a_file_that_is_none(tmp_path: Path) -> None:
    """It is refused as a grid refuses it."""
    with pytest.raises(SeriesError, match="is empty"):
        inspected(tmp_path, "")


def test_a_picture_of_one_line() -> None:
    """From the lowest to the highest."""
    assert sparkline(np.arange(8.0)) == "▁▂▃▄▅▆▇█"
    assert sparkline(np.ones(3)) == "▁▁▁"


def test_the_clock_is_put_back(tmp_path: Path) -> None:
    """An hour that is there twice leaves the series hourly."""
    clock = [f"2022-10-{29 + n // 24} {n % 24:02}:00" for n in range(14, 48)]
    clock.insert(clock.index("2022-10-30 03:00"), "2022-10-30 02:00")
    text = inspected(tmp_path, "hour,kw\n" + "\n".join(f"{time},{n * n % 31}" for n, time in enumerate(clock)))
    assert "frequency   hourly" in text
    assert "season      24 and 168 rows" in text


def test_other_ways_are_shown(tmp_path: Path) -> None:
    """A comma that may part thousands, and series that may be columns."""
    text = inspected(tmp_path, "day;y\n" + "\n".join(f"2022-06-{day:02d};1,{day:03d}" for day in range(1, 29)))
    assert "write       series: {path: data.csv, time: day, decimal: ',', value: y}" in text
    assert "  or          if the comma parts thousands: series: {path: data.csv, time: day, thousands: ','" in text


def test_times_that_are_not_even_are_described(tmp_path: Path) -> None:
    """By the shortest and the longest step, unless one is usual."""
    seconds = np.cumsum([40 + 7 * (n * n % 5) for n in range(60)])
    text = inspected(tmp_path, "at,y\n" + "\n".join(f"2022-06-01 00:{s // 60:02d}:{s % 60:02d},{s}" for s in seconds))
    assert "frequency   uneven, 40 to 68 seconds apart" in text


def test_whole_numbers_of_few_values_may_be_codes(tmp_path: Path) -> None:
    """It is said of types of shops, not of 0 and 1, of amounts, or of parts of times."""
    rows = (f"2024-01-{1 + row % 28:02d},{row % 3 + 1},{row % 2},{row},{row % 3}\n" for row in range(40))
    (tmp_path / "s.csv").write_text("day,type,open,boxes,month\n" + "".join(rows))
    lines = str(inspect_file(tmp_path / "s.csv")).splitlines()
    (line,) = [line for line in lines if "series.categories" in line]
    assert line.split()[0] == "type"
