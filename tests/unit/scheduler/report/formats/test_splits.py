"""Reports over many splits in every format: both verdicts, the distribution, the parts of the variance, each split."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pandas as pd
import pytest

from scheduler.report.formats import comparisons, json_format, latex_format, markdown_format, table_format
from scheduler.report.formats.splits import diverged_lines
from scheduler.report.formats.terminal import as_text
from scheduler.report.splits.gather import with_every_split
from tests.statistics.split_reports import over_splits

REPORT = over_splits()


def shown(report=REPORT) -> str:
    return str(table_format.FORMAT.write(report))


def test_the_answer_is_first_and_says_both():
    head, answer, *_ = shown().splitlines()
    assert head.startswith("tune-units: 2 configurations")
    assert answer.startswith("On these 40 series units=8 is best: its mean is ")
    assert "; over series like these it is better, too (p < 0.001 after Holm's correction)." in answer


def test_a_long_report_stays_short():
    """3,000 series need no more lines than 40: every split is shown on demand only."""
    assert len(shown(over_splits(3000)).splitlines()) == len(shown().splitlines())
    assert "40 splits: `scheduler report tune-units --splits` shows each" in shown()
    every = shown(with_every_split(REPORT))
    assert sum(line.startswith("shop ") for line in every.splitlines()) == 40


@pytest.mark.parametrize("write", [shown, markdown_format.as_markdown])
def test_distribution_variance_and_extremes(write):
    text = write(REPORT)
    for words in ("over 40 series", "Theta (baseline)", "worst splits of units=8: shop ", "variance of the scores: "):
        assert words in text
    assert "configuration x split" in text
    assert "Beyond these series more series tell more" in text


def test_windows_are_called_windows():
    text = shown(over_splits(6, windows=True))
    assert "On these 6 windows units=8 is best" in text
    assert "over 6 windows" in text
    assert "`scheduler top-up tune-units --windows 12` adds earlier windows." in " ".join(text.split())


def test_compare_shows_the_pairs_of_both():
    table = as_text(lambda console: comparisons.TABLE.show(REPORT, console, None))
    assert "Beyond these 40 series: on other series like them" in table
    assert "tested with the paired t: series are independent; windows are averaged within each." in table
    frame = pd.read_csv(io.StringIO(comparisons.CSV.write(REPORT, None)))
    assert list(frame["over"]) == ["these splits", "beyond"]
    assert "Beyond these 40 series" in comparisons.MARKDOWN.write(REPORT, None)
    assert [pair["over"] for pair in json.loads(comparisons.JSON.write(REPORT, None))["pairs"]] == list(frame["over"])


def test_a_narrow_terminal_says_what_more_means():
    from rich.console import Console

    console = Console(width=60, file=io.StringIO(), force_terminal=True)
    comparisons.TABLE.show(over_splits(40, gap=0.0), console, None)


def test_json_has_all_of_it():
    found = json.loads(json_format.as_json(with_every_split(REPORT)))["over_splits"]
    assert (found["units"], found["sample"], found["fewest_for_a_verdict"]) == (40, "series", 6)
    assert {row["part"] for row in found["variance"]} >= {"split", "residual"}
    assert len(found["table"]) == 40
    assert found["beyond"][0]["winner"] == "units=8"


def test_latex_has_a_second_table():
    assert latex_format.as_latex(REPORT).count("\\begin{tabular}") == 2


def test_splits_on_which_repeats_diverged_are_named():
    """The most first; there is no line where none did."""
    assert diverged_lines(REPORT) == []
    each = pd.DataFrame(
        {"configuration": ["a", "a", "b", "b"], "split": ["x", "y", "x", "y"], "diverged": [1, 0, 5, 2]}
    )
    (line,) = diverged_lines(replace(REPORT, split_summaries=each))
    assert line.startswith("diverged on x (b: 5), y (b: 2), x (a: 1): a repeat that did on one split has no score over")


def together_on_each(report=REPORT):
    """Return a report that knows what all repeats together are worth on each split."""
    splits = report.splits.table["split"]
    ensembles = pd.DataFrame({"configuration": "units=8", "split": splits, "combination": "median", report.score: 9.5})
    intervals = pd.DataFrame({"configuration": "units=8", "split": splits[:39], "level": 80.0, "coverage": 0.75})
    means = pd.DataFrame({"configuration": "units=8", "split": splits, "mean": 10.25, "diverged": 0})
    return replace(
        report,
        split_summaries=means,
        splits=replace(report.splits, ensembles=ensembles, intervals=intervals),
    )


def test_all_repeats_together_on_each_split_are_shown_where_each_split_is():
    report = with_every_split(together_on_each())
    text = shown(report)
    assert "units=8 on   one training   all together   in 80% intervals" in text
    (row,) = (line.split() for line in text.splitlines() if line.startswith("shop 1 ") and line.endswith("%"))
    assert [row[0], float(row[2]), float(row[3]), row[4]] == ["shop", 10.25, 9.5, "75%"]
    assert text.rstrip().splitlines() != shown(together_on_each()).rstrip().splitlines()
    found = json.loads(json_format.as_json(report))["over_splits"]
    assert (len(found["ensembles"]), len(found["intervals"])) == (40, 39)
    assert "all together" not in shown(together_on_each())
