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


@pytest.mark.parametrize(("frequency", "start"), [("daily", "2200-12-30"), ("monthly", "2200-11-30")])
def test_times_go_to_2200(frequency: str, start: str) -> None:
    """And no further."""
    assert _cells(frequency, start, 2)[-1].startswith("2200-12-3")
    with pytest.raises(SeriesError, match="beyond the year 2200"):
        _cells(frequency, start, 3)


def test_comments_among_series_are_told() -> None:
    """With their lines, as in other files."""
    found = read_archive(f"{HEAD}@frequency daily\n@data\n#T0:2020-01-01:1\nT1:2020-01-01:1\n # more\n", "x.tsf")
    assert found.cells == [["T1", "2020-01-01", "1"]]
    assert found.notes[-1] == "x.tsf: lines 8 and 10 are comments and left out"


def test_no_two_columns_have_one_name() -> None:
    """And the note names all attributes where the first alone does not tell the series apart."""
    names = ["time_of_series", "time", "value"]
    head = "".join(f"@attribute {name} string\n" for name in names)
    found = read_archive(f"@relation x\n{head}@data\na:b:c:1\na:b:d:2\n", "x.tsf")
    assert found.names == ("time_of_series", "time_of_series_of_series", "value_of_series", "value")
    assert "2 series, told apart by time_of_series, time_of_series_of_series and value_of_series" in found.notes[0]


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
        (
            f"{HEAD}@frequency daily\n@data\nT1:2020-01-01:1\n\nT1:2021-01-01:2\n",
            "x.tsf:10: is of series_name 'T1', as line 8",
        ),
        (
            "@relation x\n@attribute start date\n@frequency daily\n@data\n2020-01-01:1\n2020-01-01:2\n",
            "x.tsf:6: is a second series, and no attribute tells it from that of line 5",
        ),
        (
            "@attribute a string\n@attribute b string\n@attribute a string\n@data\n",
            "x.tsf:3: the attribute 'a' is there twice",
        ),
        (
            f"{HEAD}@frequency 99999999999_years\n@data\nT1:2020-01-01:1,2\n",
            "@frequency is '99999999999_years'; allowed",
        ),
        (f"{HEAD}@frequency 999999999_years\n@data\nT1:2020-01-01:1,2\n", "x.tsf:8: times go beyond the year 2200"),
        (f"{HEAD}@frequency 999999999_days\n@data\nT1:2020-01-01:1,2\n", "x.tsf:8: times go beyond the year 2200"),
        (
            f"{HEAD}@frequency daily\n@data\nT1:2200-12-31:1,2\n",
            "x.tsf:8: times go beyond the year 2200: 2 values from",
        ),
        (f"{HEAD}@frequency monthly\n@data\nT1:9999-12-31:1\n", "x.tsf:8: times go beyond the year 2200: 1 value from"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text: str, says: str) -> None:
    """In one line."""
    with pytest.raises(SeriesError, match=says) as raised:
        read_archive(text, "x.tsf")
    assert len(raised.value.mistakes) == 1
