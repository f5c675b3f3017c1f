"""Times in a format that the grid names."""

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


def test_times_of_a_given_format(tmp_path: Path) -> None:
    """A strptime format reads what ISO does not."""
    content = "Month,Sales\n31.01.2024,1\n29.02.2024,2\n"
    assert len(read(tmp_path, content, format="%d.%m.%Y").values) == 2
    refused(
        tmp_path,
        content,
        ":2: the time '31.01.2024' is not an ISO time such as 2024-05-31; or give the `format` of yours",
        ":3: the time '29.02.2024' is not an ISO time such as 2024-05-31; or give the `format` of yours",
    )


@pytest.mark.parametrize("mistake", ["%Q", "%", "(", "%d%d"])
def test_a_format_that_is_none(tmp_path: Path, mistake: str) -> None:
    """A wrong format is a mistake of each row, not a crash."""
    with pytest.raises(SeriesError, match=re.escape(f"is not a time of the form {mistake!r}")):
        read(tmp_path, GOOD, format=mistake)
