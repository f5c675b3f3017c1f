"""What the formats of a report share."""

from dataclasses import replace

import pandas as pd
import pytest

from scheduler.report.formats.summary import baseline_format, describe, mase_errors, table_cells
from scheduler.statistics.summary import summarise
from tests.reports import small_report


def test_the_table_has_a_column_a_configuration_and_pandas_rows() -> None:
    """As `describe()` prints it."""
    frame = describe(small_report())
    assert list(frame.columns) == ["units=1", "units=2"]
    assert list(frame.index) == ["count", "mean", "std", "min", "25%", "50%", "75%", "max"]


def test_the_row_of_diverged_repeats_is_there_when_some_did() -> None:
    """And not otherwise."""
    data = small_report()
    assert "diverged" not in describe(data).index
    results = data.results.assign(diverged=[True] + [False] * 7)
    assert "diverged" in describe(small_report(results=results, summaries=summarise(results))).index


@pytest.mark.parametrize("unit", [1e-21, 1e-9, 1e20])
def test_scores_of_any_unit_are_shown(unit: float) -> None:
    """Six decimals would show nothing of small scores, and digits that mean nothing of large ones."""
    report = small_report()
    columns = ["mean", "std", "min", "p25", "p50", "p75", "max"]
    report = replace(
        report, summaries=report.summaries.assign(**{name: report.summaries[name] * unit for name in columns})
    )
    _, rows = table_cells(report)
    shown = next(row for row in rows if row[0] == "mean")[1:]
    expected = report.summaries["mean"].tolist()
    assert [float(text) for text in shown] == pytest.approx(expected, rel=1e-6)
    assert all(len(text) <= 13 for text in shown)


def test_baselines_of_any_unit_are_shown() -> None:
    """Three decimals where they show each error, four digits elsewhere."""
    assert baseline_format({"persistence": 136.761, "drift": 0.2, "none": 0.0}) == ".3f"
    assert baseline_format({"persistence": 136.761, "drift": 0.01}) == baseline_format({"drift": 1e20}) == ".4g"


def test_the_least_mase_is_first() -> None:
    """As the baselines above it are in order, whatever they were stored by."""
    rows = [("split", "all", name, 1.0, mase, "persistence") for name, mase in (("a", 2.0), ("b", 0.5), ("c", None))]
    frame = pd.DataFrame(rows, columns=["split", "target", "baseline", "rmse", "mase", "mase_of"])
    assert mase_errors(replace(small_report(), baselines=frame)) == ({"b": 0.5, "a": 2.0}, "persistence")
