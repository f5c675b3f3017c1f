"""The queries of the README give the same rows everywhere: SQLite, Postgres, and DuckDB with SQLite's file attached."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import psycopg
import pytest
from sqlalchemy import make_url

from scheduler.statistics.ensembles.reading import read_ensembles
from store import Forecasts, NewExperiment, Result, Trajectory, open_store
from store.forecast_scores import Scale
from tests.duckdb_file import attached
from tests.examples import PROVENANCE, conclude, experiment, submit

README = Path(__file__).parents[2] / "README.md"
QUERIES = [
    query.strip()
    for block in re.findall(r"```sql\n(.*?)```", README.read_text(), re.DOTALL)
    for query in block.split(";\n")
    if query.strip() and not query.strip().startswith("ATTACH")
]
VIEWS = {
    "results": ("experiment", "configuration", "repeat"),
    "summaries": ("experiment", "configuration"),
    "comparisons": ("experiment", "a", "b"),
    "baselines": ("experiment", "split", "target", "baseline"),
    "parameters": ("experiment", "configuration", "parameter"),
    "trajectory_points": ("experiment", "configuration", "repeat", "epoch"),
    "forecasts": ("experiment", "configuration", "repeat", "step", "horizon", "target"),
    "step_scores": ("experiment", "configuration", "repeat", "target", "step"),
    "target_scores": ("experiment", "configuration", "repeat", "target"),
    "ensembles": ("experiment", "configuration", "combination"),
    "ensemble_step_scores": ("experiment", "configuration", "target", "step"),
    "future": ("experiment", "configuration", "series", "target", "step", "level"),
}
EPOCHS = 1000
Rows = list[tuple[Any, ...]]


def study() -> NewExperiment:
    """Return the quickstart with the parameters of two configurations; a label that is no ASCII, too."""
    made = experiment("quickstart", ["units=1", "é"], repeats=3)
    params = ['{"series":{"name":"shampoo"}}', '{"model":{"units":2},"series":{"name":"shampoo"}}']
    both = zip(made.configurations, params, strict=True)
    scales = (Scale(of="persistence", mae=2.0, rmse=3.0), Scale(of="persistence", mae=4.0, rmse=5.0))
    return replace(made, configurations=tuple(replace(one, params=p, scales=scales) for one, p in both))


def outcome(job_id: int, repeat: int) -> Result:
    """Return a result of whose repeats some do worse at the end than in the middle, and one diverges."""
    rng = np.random.default_rng(job_id)
    curves = rng.normal(100, 5, (2, EPOCHS)).astype(np.float32)
    if repeat == 2:
        curves[:, 700:] = np.nan
    observed = rng.normal(300, 50, (4, 2, 2))
    return Result(
        job_id=job_id,
        train_rmse=float(curves[0, -1]),
        test_rmse=float(curves[1, -1]),
        diverged=repeat == 2,
        seconds=0.1,
        trajectory=Trajectory(epochs=EPOCHS, every=1, train_rmse=curves[0], test_rmse=curves[1]),
        forecasts=Forecasts(observed=observed, forecast=observed + rng.normal(0, 1e-3, observed.shape)),
    )


def fill(url: str) -> None:
    """Fill a store with a finished study."""
    with open_store(url) as store:
        made = submit(store, study()).experiment
        submit(store, experiment("other", ["a"], repeats=1))
        while jobs := store.jobs.claim_next(owner="o", lease=60, workers=1, experiments=[made.id]):
            results = [outcome(job.id, job.repeat) for job in jobs]
            store.results.save(results, owner="o", provenance=PROVENANCE)
        store.experiments.close_if_done()
        scores = store.results.frame(made.id).groupby("configuration")["test_rmse"].describe()
        summary = scores.rename(columns={"25%": "p25", "50%": "p50", "75%": "p75"}).reset_index().assign(diverged=1)
        conclude(store, made.id, summaries=summary)
        pair = {"a": "units=1", "b": "é", "difference": -0.5, "verdict": "better", "winner": "é", "more": 0}
        found = read_ensembles(store, made, store.results.frame(made.id)).ensembles
        pairs = pd.DataFrame([pair, pair | {"b": "x", "winner": None}])
        conclude(store, made.id, comparisons=pairs, ensembles=found.scores, ensemble_steps=found.steps)
        baseline = {"split": "shampoo/12", "target": "", "baseline": "persistence", "rmse": 136.761, "mae": 110.0}
        store.results.write_baselines(made.id, pd.DataFrame([baseline]))
        forecast = store.futures.create(experiment("quickstart.forecast", ["units=1"], repeats=1), study_id=made.id)
        step = {"configuration": "units=1", "target": "sales", "step": 1, "time": "2001-04"}
        interval = {"level": 80.0, "low": 3.0, "high": 4.5, "basis": "conformal"}
        store.futures.write(
            forecast.experiment.id, pd.DataFrame([step | {"median": 3.75}]), pd.DataFrame([step | interval])
        )
        store.futures.observe(forecast.experiment.id, {"units=1": {("sales", 1): 4.0}})


@pytest.fixture
def file(sqlite_url: str) -> str:
    """Return the path of a filled store on SQLite."""
    fill(sqlite_url)
    return str(make_url(sqlite_url).database)


def in_sqlite(path: str, query: str) -> Rows:
    """Query SQLite."""
    connection = sqlite3.connect(path)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def same(some: Rows, others: Rows) -> bool:
    """Return whether rows are the same; means may differ in their last bits, since they are summed in another order."""
    return len(some) == len(others) and all(_same(one, other) for one, other in zip(some, others, strict=True))


def _same(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    return all(
        type(a) is type(b) and a == pytest.approx(b, rel=1e-12) if isinstance(a, float) else a == b
        for a, b in zip(one, other, strict=True)
    )


def test_there_are_queries() -> None:
    """None is lost when they are cut from the README."""
    assert len(QUERIES) >= 7
    assert all("SELECT" in query for query in QUERIES)


def test_queries_on_duckdb(file: str) -> None:
    """Each query finds something, and DuckDB finds the same, numbers as numbers."""
    with attached(file) as duck:
        for query in QUERIES:
            rows = in_sqlite(file, query)
            assert rows, query
            assert same(duck.execute(query).fetchall(), rows), query


def test_queries_on_postgres(file: str, postgres_url: str) -> None:
    """Postgres finds what SQLite finds."""
    fill(postgres_url)
    with psycopg.connect(postgres_url) as connection:
        for query in QUERIES:
            assert same(connection.execute(query).fetchall(), in_sqlite(file, query)), query


@pytest.mark.parametrize("view", VIEWS)
def test_views_on_duckdb(file: str, view: str) -> None:
    """Every row of every view is the same, to the last bit."""
    query = f"SELECT * FROM {view} ORDER BY {', '.join(VIEWS[view])}"
    with attached(file) as duck:
        assert duck.execute(query).fetchall() == in_sqlite(file, query)


@pytest.mark.parametrize("view", VIEWS)
def test_views_on_postgres(file: str, postgres_url: str, view: str) -> None:
    """Every row of every view is the same on Postgres; of `results` all but the times."""
    fill(postgres_url)
    order = ", ".join(VIEWS[view])
    names = "experiment, configuration, repeat, seed, test_rmse, test_mae, test_mase, job" if view == "results" else "*"
    with psycopg.connect(postgres_url) as connection:
        collated = order.replace("experiment,", 'experiment COLLATE "C",', 1)
        rows = connection.execute(f"SELECT {names} FROM {view} ORDER BY {collated}").fetchall()
    assert rows == in_sqlite(file, f"SELECT {names} FROM {view} ORDER BY {order}")
