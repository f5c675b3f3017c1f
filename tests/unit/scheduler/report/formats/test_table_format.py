"""The report for people."""

import io
import json

import pandas as pd
import pytest
from rich.console import Console
from rich.table import Table

from scheduler.report.formats.json_format import as_json
from scheduler.report.formats.markdown_format import as_markdown
from scheduler.report.formats.summary import headline
from scheduler.report.formats.table_format import show
from scheduler.report.formats.terminal import aligned
from scheduler.statistics.summary import summarise
from tests.reports import small_report


def shown(data):
    """Print a report as a log would have it."""
    stream = io.StringIO()
    show(data, Console(file=stream, width=1000))
    return stream.getvalue()


def test_many_configurations_are_rows():
    """Eight columns fit a terminal, forty do not."""
    lines = shown(small_report(configurations=40)).splitlines()
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


def test_a_partial_report_says_so():
    """In the table, in Markdown and in JSON."""
    data = small_report(missing=3)
    assert "Partial" in shown(data)
    assert "5 of 8 repeats done" in headline(data)
    assert "3 queued" in headline(data)
    assert "Partial" in as_markdown(data)
    assert json.loads(as_json(data))["partial"] is True


@pytest.mark.parametrize("label", ["[red]a[/red]", "a|b", "tab\tnew\nline", "\x1b[31mred"])
def test_labels_are_shown_as_they_are(label):
    """They are the user's words: no markup, no escape sequence, no new column."""
    results = small_report(configurations=1).results.assign(configuration=label)
    data = small_report(results=results, summaries=summarise(results))
    assert "\x1b" not in shown(data)
    assert "\x1b" not in as_markdown(data)
    if label.startswith("["):
        assert label in shown(data)


def test_baselines_are_named_best_first_and_persistence_always():
    """What the scores must be held against."""
    baselines = pd.DataFrame({"baseline": ["persistence", "drift"], "rmse": [136.761, 120.0]})
    text = shown(small_report(baselines=baselines))
    assert "persistence (forecast = last observation): 136.761" in text
    assert "drift 120.000, persistence 136.761" in text
