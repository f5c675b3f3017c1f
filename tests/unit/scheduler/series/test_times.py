"""Times in a format that the grid names."""

import re
from pathlib import Path

import pytest

from store.errors import SeriesError
from tests.series_files import GOOD, read, refused


def test_times_of_a_given_format(tmp_path: Path) -> None:
    """A strptime format reads what ISO does not."""
    content = "Month,Sales\n31.01.2024,1\n29.02.2024,2\n"
    assert len(read(tmp_path, content, format="%d.%m.%Y").values) == 2
    refused(
        tmp_path,
        content,
        ":2: the time '31.01.2024' is not an ISO time such as 2024-05-31; correct it, or set `format`",
        ":3: the time '29.02.2024' is not an ISO time such as 2024-05-31; correct it, or set `format`",
    )


@pytest.mark.parametrize("mistake", ["%Q", "%", "(", "%d%d"])
def test_a_format_that_is_none(tmp_path: Path, mistake: str) -> None:
    """A wrong format is a mistake of each row, not a crash."""
    with pytest.raises(SeriesError, match=re.escape(f"is not a time of the form {mistake!r}")):
        read(tmp_path, GOOD, format=mistake)
