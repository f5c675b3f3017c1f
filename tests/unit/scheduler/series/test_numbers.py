"""Numbers of a file: decimal commas, and the largest values."""

import re
from pathlib import Path

import pytest

from scheduler.series.fields import SeriesSource
from scheduler.series.source import load
from store.errors import SeriesError
from store.records import Series

GOOD = "Month,Sales\n2024-01,1\n2024-02,2.5\n2024-03,-3e1\n"


def read(folder: Path, content: str | bytes, **fields: object) -> Series:
    """Read a file with a time column and a value column, unless said otherwise."""
    data = content if isinstance(content, bytes) else content.encode()
    (folder / "s.csv").write_bytes(data)
    source = SeriesSource.model_validate({"path": "s.csv", "time": "Month", "value": "Sales"} | fields)
    return load(source, folder)[0]


def refused(folder: Path, content: str | bytes, *lines: str, **fields: object) -> None:
    """Check that reading fails with exactly these lines, each after the file's name."""
    message = "\n".join(f"{folder / 's.csv'}{line}" for line in lines)
    with pytest.raises(SeriesError, match=f"^{re.escape(message)}$"):
        read(folder, content, **fields)


def test_the_largest_values(tmp_path: Path) -> None:
    """The ends themselves are allowed."""
    assert read(tmp_path, GOOD.replace("2.5", "-1e150").replace("-3e1", "1e150")).values.max() == 1e150


def test_decimal_commas(tmp_path: Path) -> None:
    """With `decimal: ","` a comma is the mark and a point is not."""
    content = "Month;Sales\n2024-01;1\n2024-02;2,5\n2024-03;-3e1\n"
    assert read(tmp_path, content, decimal=",").content_hash == read(tmp_path, GOOD).content_hash
    refused(
        tmp_path,
        content.replace("2,5", "2.5") + "2024-04;1.000,5\n",
        ":3: Sales is '2.5', which has a decimal point; correct it",
        ":5: Sales is '1.000,5', which has thousands separators; they are not read: take them out",
        decimal=",",
    )
