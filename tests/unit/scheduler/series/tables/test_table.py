"""Where the rows of a table begin."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.errors import SeriesError
from tests.series.csv_files import GOOD, read


def test_a_header_that_is_there_again_ends_no_table(tmp_path: Path) -> None:
    """No row before it is lost."""
    lines = GOOD.splitlines()
    assert len(read(tmp_path, "\n".join([*lines, lines[0], "2024-04,1", "2024-05,2"])).values) == 5


def test_words_in_a_row_near_the_top_are_a_mistake(tmp_path: Path) -> None:
    """They are no second line of a header: observations are above them."""
    with pytest.raises(SeriesError, match="the time 'closed' is not ISO 8601") as raised:
        read(tmp_path, f"{GOOD}closed,closed\n2024-04,1\n")
    assert "Sales is 'closed' on line 5" in raised.value.mistakes[1]


@pytest.mark.parametrize("at", [0, 5])
def test_values_that_could_be_years_are_no_header(tmp_path: Path, at: int) -> None:
    """A row of 1999 and 2000 below others, or below names, is an observation; no row above it is lost."""
    rows = [f"A,2024-{row + 1:02d},{1999 if row == at else row},{2000 if row == at else row}" for row in range(12)]
    assert len(read(tmp_path, "\n".join(["shop,Month,pears,Sales", *rows]) + "\n").values) == 12
