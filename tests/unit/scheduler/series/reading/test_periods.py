"""Years, quarters and months of the same time in one column."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.errors import SeriesError
from tests.series.csv_files import read

YEARS = [f"{year}" for year in range(2000, 2012)]
MONTHS = [f"{row % 12 + 1}/{2000 + row // 12}" for row in range(144)]


@pytest.mark.parametrize(
    ("periods", "proposed", "other"),
    [
        (YEARS + MONTHS, "monthly", "yearly"),
        (YEARS[:2] + MONTHS[:24], "monthly", "yearly"),
        ([*YEARS[:9], "Jan 2000", "Feb 2000", "Jan 2001", "Jan 2002", "Jan 2003", "Jan 2004"], "yearly", "monthly"),
    ],
)
def test_the_frequency_of_most_rows_is_proposed(tmp_path: Path, periods: list[str], proposed: str, other: str) -> None:
    """And the others are named, also where months have no zero before them."""
    rows = [f"{period},{row * row % 17}" for row, period in enumerate(periods)]
    with pytest.raises(SeriesError, match=f"(?s)frequency: {proposed}.*for the {other} rows"):
        read(tmp_path, "\n".join(["Month,Sales", *rows]) + "\n")
