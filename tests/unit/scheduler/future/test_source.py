"""What a grid says of the files of its series."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.future.source import refuse_source
from store import UsageError


def test_the_file_of_a_series_is_not_written_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A forecast may be written to any other file, and to none."""
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "sales.csv"
    file.write_text("month,sales\n2025-01,1\n")
    for grid in ("series: {path: sales.csv}", f"series: [{{path: other.csv}}, {{path: {file}}}]"):
        with pytest.raises(UsageError, match="is the file of the series itself; name another one"):
            refuse_source(grid, file)
        refuse_source(grid, tmp_path / "forecast.csv")
        refuse_source(grid, None)
    refuse_source("series: shampoo", file)
