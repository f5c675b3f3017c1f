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
