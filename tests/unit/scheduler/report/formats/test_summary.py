"""What the formats of a report share."""

from scheduler.report.formats.summary import describe
from scheduler.statistics.summary import summarise
from tests.reports import small_report


def test_the_table_has_a_column_a_configuration_and_pandas_rows():
    """As `describe()` prints it."""
    frame = describe(small_report())
    assert list(frame.columns) == ["units=1", "units=2"]
    assert list(frame.index) == ["count", "mean", "std", "min", "25%", "50%", "75%", "max"]


def test_the_row_of_diverged_repeats_is_there_when_some_did():
    """And not otherwise."""
    data = small_report()
    assert "diverged" not in describe(data).index
    results = data.results.assign(diverged=[True] + [False] * 7)
    assert "diverged" in describe(small_report(results=results, summaries=summarise(results))).index
