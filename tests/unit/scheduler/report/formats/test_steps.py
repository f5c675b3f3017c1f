"""The errors by step and by target in the formats of a report."""

from __future__ import annotations

import json

import pytest

from scheduler.report.formats import steps
from scheduler.report.formats.json_format import as_json
from scheduler.report.formats.markdown_format import as_markdown
from scheduler.report.formats.steps import step_cells, step_records
from scheduler.report.formats.table_format import FORMAT
from tests.reports import made_report, small_report


def test_each_step_and_each_target_has_a_column() -> None:
    """Targets have their names."""
    (by_step, by_target) = step_cells(made_report(points=0, horizon=2, targets=2))
    assert by_step[0] == ["test RMSE by step", "step 1", "step 2"]
    assert by_target[0] == ["test RMSE by target", "target 1", "target 2"]
    assert [row[0] for row in by_step[1]] == ["units=1", "units=2", "units=3"]


def test_of_many_configurations_the_rest_is_counted() -> None:
    """A terminal does not scroll for ever."""
    ((_, rows),) = step_cells(made_report([f"c{place}" for place in range(40)], points=0, horizon=2))
    assert len(rows) == steps.MOST_ROWS + 1
    assert rows[-1] == ["and 10 more", "", ""]


def test_the_table_and_markdown_show_them() -> None:
    """Below the summary."""
    report = made_report(points=0, horizon=2)
    assert "test RMSE by step   step 1   step 2" in FORMAT.write(report)
    assert "| test RMSE by step | step 1 | step 2 |\n| --- | ---: | ---: |\n| units=1 |" in as_markdown(report)


def test_json_has_a_record_for_each_configuration_target_and_step() -> None:
    """With both errors; nothing where there is one step and one target."""
    found = json.loads(as_json(made_report(points=0, horizon=2)))["steps"]
    assert [list(record) for record in found] == [["configuration", "target", "step", "rmse", "mae"]] * 6
    assert found[0]["rmse"] > found[0]["mae"] > 0
    assert step_records(small_report()) == []


def test_many_steps_are_in_several_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each has some steps of all configurations."""
    monkeypatch.setattr(steps, "MOST_STEPS", 2)
    tables = list(step_cells(made_report(points=0, horizon=3)))
    assert [heads[1:] for heads, _ in tables] == [["step 1", "step 2"], ["step 3"]]
    assert len({tuple(row[0] for row in rows) for _, rows in tables}) == 1
