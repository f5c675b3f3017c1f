"""Comments at the start of a file, and tables that begin with the marks of comments."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.series.tables.comments import with_usual_marks
from scheduler.series.tables.sheet import read_sheet


@pytest.mark.parametrize(
    "text",
    [
        "*2020-01,1\n*2020-02,2\n2020-03,3\n2020-04,4\n",
        "!a,b\n!1,2\n!3,4\n5,6\n",
        "% change, y\n% points, kW\n1,2\n3,4\n",
        "*1 2\n*3 4\n5 6\n",
        "% change,day\n1,2\n",
    ],
)
def test_marks_before_rows_are_kept(text: str) -> None:
    """No row is lost as a comment, and no name loses its mark."""
    assert with_usual_marks(text) == text


@pytest.mark.parametrize("mark", "%!*")
def test_comments_stand_above_the_rows(mark: str) -> None:
    """A row with the mark among the others is none, and is reported by the reader of times."""
    text = f"{mark} made by x\n{mark * 2} t, y\n1 2\n{mark}3 4\n"
    assert with_usual_marks(text) == f"# made by x\n# t, y\n1 2\n{mark}3 4\n"


def test_comments_above_a_header_without_a_mark() -> None:
    """Have as many commas by chance."""
    text = "% made by a, b\n% in kW, MW\nday,y\n2020-01,1\n"
    assert with_usual_marks(text) == text.replace("%", "#")


@pytest.mark.parametrize(
    ("comments", "names"),
    [("# t v\n# station A, north", ["t", "v"]), ("# made by\n# t, v", ["t", "v"]), ("# x, y\n# t v", ["t", "v"])],
)
def test_names_in_comments(tmp_path: Path, comments: str, names: list[str]) -> None:
    """A sentence below the names has as many commas, one above them as many spaces."""
    (tmp_path / "s.txt").write_text(f"{comments}\n1 2.0\n2 3.5\n3 4.5\n")
    assert read_sheet(tmp_path / "s.txt", "s.txt").cells[0] == names
