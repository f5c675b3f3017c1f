"""The page's section about all repeats together."""

from __future__ import annotations

from scheduler.report import page
from scheduler.report.page.ensembles import ensembles
from tests.page_reader import read
from tests.reports import HOSTILE, made_report, with_ensembles


def test_the_section_has_the_sentence_the_table_and_a_picture() -> None:
    """The table is beside one training, and the caption tells how many repeats are enough."""
    report = with_ensembles(made_report(points=0))
    said = read(report).text
    assert "All repeats together One training of units=" in said
    assert "configuration repeats one training std together from to mean trimmed mean" in said
    assert "Expected test RMSE of so many repeats together" in said
    assert "as good as 12 to within 1%." in said
    assert '"ensembles":[{"index":' in page.render(report)


def test_without_ensembles_there_is_no_section() -> None:
    """As of a single repeat."""
    assert ensembles(made_report(points=0), ["units=1"]) is None
    assert "All repeats together" not in read(made_report(points=0)).text


def test_labels_stay_text() -> None:
    report = with_ensembles(made_report((HOSTILE, "units=2"), points=0))
    assert HOSTILE not in page.render(report)
