"""Times in a format that the grid names."""

from pathlib import Path

from tests.series.csv_files import read, refused


def test_times_of_a_given_format(tmp_path: Path) -> None:
    """A strptime format reads what ISO does not."""
    content = "Month,Sales\n31.01.2024,1\n29.02.2024,2\n"
    assert len(read(tmp_path, content, format="%d.%m.%Y").values) == 2
    assert read(tmp_path, content).times == ("2024-01-31", "2024-02-29")
    refused(
        tmp_path,
        content,
        ":2: the time '31.01.2024' is not of the form '%d/%m/%Y' (2 of 2 rows), and can be read without series.format",
        ": write series: {path: s.csv, time: Month, value: Sales}",
        format="%d/%m/%Y",
    )
