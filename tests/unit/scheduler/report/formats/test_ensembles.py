"""All repeats together in the formats of a report: one training, the median of all, and the best baseline."""

from __future__ import annotations

import io
import json

import pandas as pd
import pytest
from rich.console import Console

from scheduler.report.formats import csv_format, ensembles, json_format, latex_format, markdown_format, table_format
from scheduler.report.formats.terminal import fitting
from tests.reports import made_report, with_ensembles

REPORT = with_ensembles(made_report(points=0))
MEDIANS = REPORT.ensembles[REPORT.ensembles["combination"] == "median"].set_index("configuration")  # type: ignore[index]


def test_every_format_has_them() -> None:
    """The table in text and Markdown, columns in CSV, lines in LaTeX, records in JSON."""
    table, markdown = table_format.FORMAT.write(REPORT), markdown_format.as_markdown(REPORT)
    for text in (table, markdown):
        assert "all repeats together" in text
        assert "; all 12 together: " in text
        assert " best baseline, ETS (70.4" in text
    assert latex_format.as_latex(REPORT).count(" repeats of units=") == 3
    csv = pd.read_csv(io.StringIO(csv_format.as_csv(REPORT)))
    assert csv["ensemble"].tolist() == pytest.approx(MEDIANS["rmse"].tolist())
    found = json.loads(json_format.as_json(REPORT))
    assert [one["combination"] for one in found["ensembles"][:3]] == ["median", "mean", "trimmed mean"]
    assert found["ensembles"][0]["rmse"] == pytest.approx(MEDIANS["rmse"].iloc[0])
    assert found["ensembles"][0]["mase"] is None
    assert found["splits"][0]["ensemble"].startswith("one training of units=")


def test_without_ensembles_nothing_is_said() -> None:
    """A single repeat is none."""
    alone = made_report(points=0)
    assert ensembles.ensemble_rows(alone).rows == []
    assert "together" not in str(table_format.FORMAT.write(alone))
    assert "ensemble" not in csv_format.as_csv(alone)
    assert json.loads(json_format.as_json(alone))["ensembles"] == []


@pytest.mark.parametrize("width", [120, 80, 50])
def test_a_narrow_terminal_omits_columns_and_says_which(width: int) -> None:
    """Never the score of all repeats together."""
    form, _ = fitting(ensembles.ensemble_forms(REPORT), Console(width=width))
    assert {"repeats", "one training", "together"} <= set(form.heads)
    assert (len(form.heads) == 7) == (form.below == [])


def test_many_configurations_are_cut() -> None:
    """The table has the first thirty, and counts the others."""
    many = with_ensembles(made_report([f"units={units}" for units in range(40)], points=0, repeats=3))
    rows = ensembles.ensemble_rows(many)
    assert (len(rows.rows), rows.below) == (30, ["and 10 more"])
    assert "95% interval" not in rows.heads
    assert "all 3 repeats of units=0 together" in latex_format.as_latex(many)
