"""Numbers of a file: decimal commas, and the largest values."""

from pathlib import Path

from tests.series_files import GOOD, read, refused


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
        ":5: Sales is '1.000,5', which has thousands separators; remove them",
        decimal=",",
    )
