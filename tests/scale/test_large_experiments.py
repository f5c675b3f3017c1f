"""Experiments with up to 100,000 results are compared and reported in seconds, on a page that stays small."""

from __future__ import annotations

import json
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks.report import fill
from scheduler.report import page
from scheduler.report.formats.registry import report_format
from scheduler.report.formats.verdict_files import as_json
from scheduler.report.gather import gather
from scheduler.statistics.comparison import compare
from store import open_store
from tests.page_reader import Reader
from tests.reports import made_report


def test_all_pairs_of_five_hundred_configurations_are_quick() -> None:
    """All 124,750 pairs of 500 configurations and 100,000 results take seconds."""
    values = np.random.default_rng(0).normal(size=(200, 500)) + np.linspace(0, 3, 500)
    frame = pd.DataFrame(
        {
            "configuration": np.repeat([f"c{column}" for column in range(500)], 200),
            "repeat": np.tile(np.arange(200), 500),
            "seed": np.tile(np.arange(200), 500),
            "state": "done",
            "diverged": False,
            "test_rmse": values.T.ravel(),
        }
    )
    start = time.process_time()
    found = compare(frame)
    assert time.process_time() - start < 20
    assert len(found.pairs) == 124_750
    assert found.ranking["group"].str.len().max() < 200


@pytest.mark.parametrize(
    ("labels", "repeats", "points"),
    [(1, 1, 5), (1, 3000, 1000), (500, 20, 120)],
    ids=["least", "repeats", "grid"],
)
def test_pages_stay_small(labels: int, repeats: int, points: int) -> None:
    """Under 3 MB whatever the experiment, and the page says what it leaves out."""
    report = made_report(
        [f"model.units={place}, rate=0.001" for place in range(labels)], repeats=repeats, points=points
    )
    text = page.render(report)
    assert len(text.encode()) < 3_000_000
    assert ("at most" in text.split("<script", 1)[0]) == (labels * repeats > 1)


def test_a_page_of_a_hundred_thousand_results_is_quick(tmp_path: Path) -> None:
    """500 configurations with 200 repeats each: a file under 3 MB in under 5 s."""
    report = made_report([f"units={place}" for place in range(500)], repeats=200, points=50)
    started = time.process_time()
    path = page.write(report, tmp_path / "new" / "report.html")
    assert time.process_time() - started < 5
    assert path.stat().st_size < 3_000_000


def test_more_configurations_than_are_compared_or_shown(sqlite_url: str) -> None:
    """Every configuration is in the tables, the best is compared with each other one, and the page shows the best."""
    with open_store(sqlite_url, create=True) as store:
        experiment = fill(store, configurations=600, repeats=3, epochs=4, baselines=False)
        report = gather(store, experiment)
    means = report.results.groupby("configuration")["test_rmse"].mean().sort_values()
    table = str(report_format("csv").write(report)).splitlines()
    assert len(table) == 601
    found = json.loads(as_json(report))
    assert [row["configuration"] for row in found["ranking"]] == list(means.index)
    assert {(pair["a"], pair["b"]) for pair in found["pairs"]} == {
        tuple(sorted((means.index[0], label), key=lambda one: int(one.split("=")[1]))) for label in means.index[1:]
    }
    assert report.audit is not None
    assert len(report.audit) == 600
    assert set(means.index[:500]) <= set(report.trajectories) == set(report.forecasts)
    text = page.render(report)
    assert len(text.encode()) < 3_000_000
    drawn = Reader(text).payload
    assert [drawn["labels"][place] for place in drawn["best"]] == list(means.index[:500])
