"""The page's section about the forecast beyond the end."""

from __future__ import annotations

from scheduler.report.page.data.future import future_data
from scheduler.report.page.future import beyond_the_end
from tests.unit.scheduler.future.made import made_future


def test_it_has_a_picture_a_table_and_notes() -> None:
    """Names of configurations are written as they are."""
    found = beyond_the_end(made_future())
    assert found is not None
    assert found.caption.endswith("the line is the median of all repeats, the bands are its 80% intervals.")
    assert [column.head for column in found.table.columns] == ["time", "median", "80%, from", "80%, to"]
    assert found.notes[:2] == ["units=2 is best.", "Trained on all 26 rows."]


def test_without_a_forecast_there_is_none() -> None:
    """As in most reports."""
    assert beyond_the_end(None) is None
    assert future_data(None) is None


def test_lines_go_on_where_the_series_ends() -> None:
    """The times of both are named."""
    found = future_data(made_future(levels=(80.0, 95.0)))
    assert found is not None
    (data,) = found["each"]
    assert (data["start"], data["end"], len(data["times"])) == (0, 30, 33)
    (target,) = data["targets"]
    assert target["median"] == [101.0, 102.0, 103.0]
    assert [band["level"] for band in target["bands"]] == ["80%", "95%"]
