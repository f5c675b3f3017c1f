"""The page's section about intervals."""

from __future__ import annotations

from scheduler.report import page
from scheduler.report.page.intervals import intervals
from tests.page_reader import read
from tests.reports import HOSTILE, made_report, with_intervals


def test_the_section_has_the_table_and_what_is_assumed() -> None:
    """Coverage, width and scores, a row for each configuration and level."""
    said = read(with_intervals(made_report(points=0))).text
    assert "configuration level coverage from to walk-forward of values width Winkler score pinball CRPS" in said
    assert "Intervals hold if errors to come are like those of the test rows." in said


def test_without_intervals_there_is_no_section() -> None:
    """As where nothing was forecast."""
    assert intervals(made_report(points=0)) == []
    assert "Winkler" not in read(made_report(points=0)).text


def test_labels_stay_text() -> None:
    assert HOSTILE not in page.render(with_intervals(made_report((HOSTILE, "units=2"), points=0)))
