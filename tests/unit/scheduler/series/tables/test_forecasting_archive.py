"""Files of the Monash forecasting archive: their times, and what is wrong with them."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from scheduler.series.tables.forecasting_archive import is_archive, read_archive
from scheduler.series.tables.sheet import read_sheet
from store.errors import SeriesError

HEAD = "# a comment\n\n@relation x\n@attribute series_name string\n@attribute start_timestamp date\n"


def _cells(frequency: str, start: str, count: int = 3) -> list[str]:
    text = f"{HEAD}@frequency {frequency}\n@data\nT1:{start}:{','.join(map(str, range(count)))}\n"
    assert is_archive(text)
    return [row[1] for row in read_archive(text, "x.tsf").cells]


@pytest.mark.parametrize(
    ("frequency", "start", "times"),
    [
        ("yearly", "1979-01-01 00-00-00", ["1979-01-01", "1980-01-01", "1981-01-01"]),
        ("quarterly", "1979-01-01", ["1979-01-01", "1979-04-01", "1979-07-01"]),
        ("monthly", "2020-01-31 00-00-00", ["2020-01-31", "2020-02-29", "2020-03-31"]),
        ("weekly", "2020-01-06 00-00-00", ["2020-01-06", "2020-01-13", "2020-01-20"]),
        ("half_hourly", "2020-01-06 23-30-00", ["2020-01-06T23:30:00", "2020-01-07T00:00:00", "2020-01-07T00:30:00"]),
        ("10_minutes", "2020-01-06 23:50:00", ["2020-01-06T23:50:00", "2020-01-07T00:00:00", "2020-01-07T00:10:00"]),
        ("4_seconds", "2020-01-06 00-00-01", ["2020-01-06T00:00:01", "2020-01-06T00:00:05", "2020-01-06T00:00:09"]),
    ],
)
def test_times_follow_from_the_start(frequency: str, start: str, times: list[str]) -> None:
    """By months where the frequency has them."""
    assert _cells(frequency, start) == times


def test_series_without_a_start_have_no_times() -> None:
    """And attributes of other names are columns."""
    text = (
        "@relation x\n@attribute item string\n@attribute value numeric\n@frequency daily\n@data\na:5:1,?,3\nb:6:4,5\n"
    )
    found = read_archive(text, "x.tsf")
    assert found.names == ("item", "value_of_series", "value")
    assert found.cells == [["a", "5", "1"], ["a", "5", "?"], ["a", "5", "3"], ["b", "6", "4"], ["b", "6", "5"]]
    assert "rows have no times" in found.notes[-1]


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("above", ["", "# a comment", " \t", "\f"])
def test_lines_above_end_in_any_way(tmp_path: Path, ends: str, above: str) -> None:
    """However many they are, also behind the mark of UTF-8 and above an ordinary table."""
    many = (above + ends) * 10_000
    head = ends.join([*HEAD.splitlines(), "@frequency daily", "@data", "T1:2024-01-01 00-00-00:1,2", ""])
    assert is_archive((above + ends) * 100 + head)
    assert not is_archive(f"{many}day,y{ends}2024-01-01,1{ends}")
    assert not is_archive(many)
    (tmp_path / "x.tsf").write_bytes(codecs.BOM_UTF8 + head.encode())
    assert read_sheet(tmp_path / "x.tsf", "x.tsf").names == ("series_name", "time", "value")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (HEAD, "no line @data"),
        ("@relation x\n@data\n1\n", "x.tsf:2: no @attribute is above @data"),
        ("@relation x\n@attribute kind {a,b}\n@data\na\n", "x.tsf:2: .* is not the attribute of a series"),
        ("@relation x\n@attribute a numeric\n@data\n1\n", "x.tsf:4: has 1 part between colons; .* in a file of ARFF"),
        (f"{HEAD}@frequency often\n@data\n", "@frequency is 'often'; allowed: monthly"),
        (f"{HEAD}@frequency daily\n@data\nT1:1,2\n", "x.tsf:8: has 2 parts between colons"),
        (f"{HEAD}@frequency daily\n@data\nT1:yesterday:1,2\n", "x.tsf:8: the start 'yesterday' is no time"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text: str, says: str) -> None:
    """In one line."""
    with pytest.raises(SeriesError, match=says) as raised:
        read_archive(text, "x.tsf")
    assert len(raised.value.mistakes) == 1
