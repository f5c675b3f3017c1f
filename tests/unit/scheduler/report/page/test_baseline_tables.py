"""What every format says of baselines: over what MASE is, and whether a verdict holds beyond the test rows."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest

from scheduler.report import page
from scheduler.report.formats.json_format import as_json
from scheduler.report.formats.latex_format import as_latex
from scheduler.statistics.accuracy import with_beyond_rows
from scheduler.statistics.against_baselines import compare_with_baselines
from scheduler.statistics.answers import beyond_rows
from scheduler.statistics.outcomes import BeyondRows
from tests.reports import MadeForecasts, made_report
from tests.scores import experiment

OBSERVED = np.sin(np.arange(40.0)).reshape(40, 1, 1)
WORSE = 0.5 * np.where(np.arange(40) % 3, 1.0, -0.8).reshape(40, 1, 1)


def baselines(rows: int = 40) -> pd.DataFrame:
    """Return two baselines of a split, the better one first."""
    forecasts = (OBSERVED + factor * WORSE for factor in (1.0, 1.2))
    return pd.DataFrame(
        {
            "split": "k",
            "target": "x",
            "baseline": ["ETS", "persistence"],
            "rmse": [0.45, 0.54],
            "mase": [0.8, 1.0],
            "mase_of": "seasonal naive (12)",
            "forecasts": [one[:rows, :, 0].tolist() for one in forecasts],
        }
    )


def found(rows: int = 40) -> pd.DataFrame:
    """Hold two configurations against them, of which one forecasts better and one as the first baseline does."""
    against = compare_with_baselines(experiment({"a": np.full(12, 0.1), "b": np.full(12, 0.4)}), baselines(rows))
    errors = {"a": 0.1 * WORSE, "b": WORSE * (1 + 1e-9)}

    def read(label: str) -> Any:
        values = (OBSERVED + errors[label])[:rows]
        return MadeForecasts(np.arange(3), OBSERVED[:rows], np.repeat(values[None], 3, axis=0))

    return with_beyond_rows(against, baselines(rows), read, rounding={"a": 1e-6, "b": 1e-6})


def test_both_tests_stand_side_by_side() -> None:
    """A configuration whose forecasts differ from a baseline's by rounding is not shown to be more accurate."""
    table = found().set_index(["configuration", "baseline"])
    assert table["outcome"].eq("beats").all()
    assert table["beyond"].to_dict() == {
        ("a", "ETS"): BeyondRows.MORE_ACCURATE,
        ("b", "ETS"): BeyondRows.NOT_SHOWN,
        ("a", "persistence"): BeyondRows.MORE_ACCURATE,
        ("b", "persistence"): BeyondRows.MORE_ACCURATE,
    }
    assert table["beyond_p_adjusted"].to_numpy() == pytest.approx(np.minimum(2 * table["beyond_p"], 1))
    assert beyond_rows(found()).startswith("Beyond these rows a is more accurate than ETS (median forecast, Diebold-")


def test_few_rows_say_nothing() -> None:
    """Below the minimum of the test there is no p."""
    table = found(8)
    assert table["beyond"].eq(BeyondRows.TOO_FEW_ROWS).all()
    assert table["beyond_p"].isna().all()
    assert beyond_rows(table) == "8 rows are too few to say whether this holds beyond them."


def test_the_page_says_both() -> None:
    """Each check mark is about these rows, and what holds beyond them stands beside it."""
    report = made_report(["a", "b"], points=0, horizon=0, baselines=baselines(), against=found())
    text = page.render(report)
    assert "beat each baseline on these 40 test rows" in text
    assert text.count('<span class="tag">beyond, too</span>') == 3
    assert text.count('<span class="tag">not shown beyond</span>') == 1
    assert "MASE (over seasonal naive (12))" in text


def test_json_and_latex_name_the_denominator() -> None:
    """Nobody can read a MASE without it."""
    report = made_report(["a", "b"], points=0, horizon=0, baselines=baselines(), against=found())
    (split,) = json.loads(as_json(report))["splits"]
    assert [row["mase_of"] for row in split["baseline_table"]] == ["seasonal naive (12)"] * 2
    assert [row["beyond"] for row in split["against_baselines"]][:2] == ["more_accurate", "not_shown"]
    latex = as_latex(report)
    assert "baseline: ETS 0.450}" in latex
    assert "MASE (over that of seasonal naive (12)): ETS 0.800}" in latex
