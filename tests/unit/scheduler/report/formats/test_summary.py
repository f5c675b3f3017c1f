"""The report as text: the describe() table, and what is missing said aloud."""

import io
import json
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest
from rich.console import Console
from rich.table import Table

from scheduler.report.formats.summary import as_csv, as_json, as_markdown, describe, headline, show
from scheduler.report.formats.terminal import aligned
from scheduler.report.report_data import ReportData
from scheduler.statistics.summary import summarise


def report(configurations=2, repeats=4, *, missing=0, **more):
    """Make up a report."""
    rows = [
        {
            "configuration": f"units={c}",
            "repeat": r,
            "seed": r,
            "state": "done",
            "diverged": False,
            "test_rmse": c + r / 7,
        }
        for c in range(1, configurations + 1)
        for r in range(repeats)
    ]
    for row in rows[:missing]:
        row.update(state="queued", test_rmse=np.nan)
    results = pd.DataFrame(rows)
    counts = results["state"].value_counts().to_dict()
    given = {
        "experiment": "tune",
        "grid_text": "",
        "description": "",
        "created": datetime(2026, 1, 1, tzinfo=UTC),
        "finished": None,
        "counts": counts,
        "series_name": "shampoo",
        "series_values": np.arange(5.0),
        "series_times": (),
        "results": results,
        "summaries": summarise(results),
        "partial": missing > 0,
    }
    return ReportData(**given | more)


def shown(data):
    """Print a report as a log would have it."""
    stream = io.StringIO()
    show(data, Console(file=stream, width=1000))
    return stream.getvalue()


def test_the_table_has_a_column_a_configuration_and_pandas_rows():
    """As `describe()` prints it."""
    frame = describe(report())
    assert list(frame.columns) == ["units=1", "units=2"]
    assert list(frame.index) == ["count", "mean", "std", "min", "25%", "50%", "75%", "max"]


def test_many_configurations_are_rows():
    """Eight columns fit a terminal, forty do not."""
    lines = shown(report(configurations=40)).splitlines()
    assert sum(line.startswith("units=") for line in lines) == 40


def test_a_file_has_the_table_that_a_terminal_shows():
    """What is aligned by hand is what Rich draws where there is room, wide characters and all."""
    heads, rows = ["configuration", "mean"], [["units=1", "1.250000"], ["\N{CJK UNIFIED IDEOGRAPH-4E00}=[2]", "-"]]
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    table.add_column(heads[0])
    table.add_column(heads[1], justify="right")
    for label, mean in rows:
        table.add_row(label.replace("[", "\\["), mean)
    stream = io.StringIO()
    Console(file=stream, width=1000).print(table)
    assert f"{aligned(heads, rows)}\n" == stream.getvalue()


def test_markdown_begins_with_the_answer_and_ends_with_the_baselines():
    """It is what people paste: the numbers alone would be read by their means."""
    found = pd.DataFrame({"baseline": ["drift", "persistence"], "rmse": [3.0, 2.0]})
    lines = as_markdown(replace(report(), answer="nobody is better", baselines=found)).splitlines()
    assert lines[0] == headline(report())
    assert lines[2] == "**nobody is better**"
    assert lines[4].startswith("| test RMSE |")
    assert lines[-3] == "persistence (forecast = last observation): 2.000"
    assert lines[-1] == "all baselines, same walk-forward: persistence 2.000, drift 3.000"


def test_a_partial_report_says_so():
    """In the table, in Markdown and in JSON."""
    data = report(missing=3)
    assert "Partial" in shown(data)
    assert "5 of 8 repeats done" in headline(data)
    assert "3 queued" in headline(data)
    assert "Partial" in as_markdown(data)
    assert json.loads(as_json(data))["partial"] is True


def test_what_has_no_number_is_null_in_json():
    """A configuration with one score has no standard deviation, and NaN is not JSON."""
    (row,) = json.loads(as_json(report(configurations=1, repeats=1)))["summaries"]
    assert row["std"] is None
    assert row["mean"] == 1.0


def test_csv_has_every_digit():
    """What is read back is what was stored."""
    data = report()
    back = pd.read_csv(io.StringIO(as_csv(data)))
    pd.testing.assert_frame_equal(back, data.summaries, check_dtype=False, rtol=1e-15)


def test_the_row_of_diverged_repeats_is_there_when_some_did():
    """And not otherwise."""
    data = report()
    assert "diverged" not in describe(data).index
    results = data.results.assign(diverged=[True] + [False] * 7)
    assert "diverged" in describe(report(results=results, summaries=summarise(results))).index


@pytest.mark.parametrize("label", ["[red]a[/red]", "a|b", "tab\tnew\nline", "\x1b[31mred"])
def test_labels_are_shown_as_they_are(label):
    """They are the user's words: no markup, no escape sequence, no new column."""
    results = report(configurations=1).results.assign(configuration=label)
    data = report(results=results, summaries=summarise(results))
    assert "\x1b" not in shown(data)
    assert "\x1b" not in as_markdown(data)
    if label.startswith("["):
        assert label in shown(data)


def test_baselines_are_named_best_first_and_persistence_always():
    """What the scores must be held against."""
    baselines = pd.DataFrame({"baseline": ["persistence", "drift"], "rmse": [136.761, 120.0]})
    text = shown(report(baselines=baselines))
    assert "persistence (forecast = last observation): 136.761" in text
    assert "drift 120.000, persistence 136.761" in text
