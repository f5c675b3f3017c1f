"""CSV files of tests: written, and read as a grid reads them."""

from __future__ import annotations

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
    return load(source, folder).series


def refused(folder: Path, content: str | bytes, *lines: str, **fields: object) -> None:
    """Check that reading fails with exactly these lines, each after the file's name."""
    message = "\n".join(f"{folder / 's.csv'}{line}" for line in lines)
    with pytest.raises(SeriesError, match=f"^{re.escape(message)}$"):
        read(folder, content, **fields)
