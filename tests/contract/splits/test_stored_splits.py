"""Experiments with several series and windows, from their grid to summaries and views, on both databases."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from scheduler import load_grid
from scheduler.lifecycle.aggregate import aggregate
from scheduler.lifecycle.chosen import choose
from scheduler.lifecycle.plan import plan_grid
from scheduler.lifecycle.submission import record
from scheduler.lifecycle.top_up import add
from scheduler.lifecycle.verifying.verify import verify
from scheduler.report.formats import table_format
from scheduler.report.gather import gather
from scheduler.report.gather_both import gather_both
from scheduler.report.page import render
from scheduler.statistics.conclusions import compare_experiment, compare_experiments
from scheduler.statistics.over_splits.reading import read_both
from scheduler.statistics.side_by_side import Side
from scheduler.statistics.splits.record import OverSplits
from store import Experiment, Store, UsageError
from store.jobs.owners import new_owner
from tests import linear_standin
from tests.contract.saved_results import query
from tests.examples import PROVENANCE
from worker.delivery.pack import series_of
from worker.lane import Lane

MONTHS = np.arange(48)
TABLE = pd.DataFrame(
    {"north": 100 + MONTHS + 9 * (MONTHS % 5), "south": 5000 + 30 * MONTHS + 400.0 * (MONTHS % 7)},
    index=pd.date_range("2020-01-01", periods=48, freq="MS"),
)
FIELDS = {
    "name": "shops",
    "test": 4,
    "repeats": 3,
    "model": {"stateful": False},
    "prepare": {"pad": True},
    "training": {"epochs": 4},
    "grid": {"model.units": [1, 2]},
}
#: the latest first
WINDOWS = {"count": 2, "step": 6}


def trained(store: Store, **fields: object) -> Experiment:
    """Return an experiment that is trained by the stand-in, and closed."""
    made = record(store, load_grid(FIELDS | fields, series=TABLE)).experiment
    train(store)
    return made


def train(store: Store) -> None:
    """Train all that waits."""
    owner = new_owner("worker")
    while jobs := store.jobs.claim_next(owner=owner, lease=60.0, workers=1):
        lanes = [Lane.of(job) for job in jobs]
        results = linear_standin.train(lanes, series_of(store, jobs, lanes), progress=lambda done, total: None)
        store.results.save(results, owner=owner, provenance=PROVENANCE)
    store.experiments.close_if_done()


@pytest.fixture
def shops(store: Store) -> Experiment:
    """Two series and two windows of each."""
    made = trained(store, series={"value": ["north", "south"]}, windows=WINDOWS)
    assert aggregate(store, made.id, baselines=False)
    return made


def test_columns_that_are_series_share_a_program(store: Store, store_url: str, shops: Experiment) -> None:
    """Whatever they are called: a program for each number of units and length of the training part."""
    lengths = query(store_url, "SELECT DISTINCT train_to FROM split_rows")
    programs = query(store_url, "SELECT DISTINCT program FROM jobs")
    assert len(programs) <= 2 * len(lengths)


def test_what_is_stored_is_verified(store: Store, shops: Experiment) -> None:
    """The summaries over all splits as well as those of each."""
    found = verify(store, store.experiments.with_id(shops.id), sample=0, say=lambda _: None)
    assert found.faults == []
    assert "summaries: 10 rows, as computed again" in found.held


def test_views_name_configurations_and_splits(store: Store, store_url: str, shops: Experiment) -> None:
    """A configuration has the label of the grid on each split, which stands beside it and has a row in `splits`."""
    rows = query(store_url, "SELECT split, window_number, train_from, train_to, test_from, test_to FROM splits")
    assert sorted(rows) == [
        *(("north, window 1 of 2", 1, 1, 38, 39, 42), ("north, window 2 of 2", 2, 1, 44, 45, 48)),
        *(("south, window 1 of 2", 1, 1, 38, 39, 42), ("south, window 2 of 2", 2, 1, 44, 45, 48)),
    ]
    assert query(store_url, "SELECT DISTINCT test_from_time FROM splits WHERE window_number = 2") == [("2023-09-01",)]
    counted = "SELECT configuration, count(*), count(DISTINCT split) FROM {} GROUP BY configuration ORDER BY 1"
    for view, rows_each in (("results", 12), ("forecasts", 48), ("trajectory_points", 48), ("split_summaries", 4)):
        assert query(store_url, counted.format(view)) == [("units=1", rows_each, 4), ("units=2", rows_each, 4)]
    parameters = "SELECT configuration, value FROM parameters WHERE parameter = 'model.units' ORDER BY 1"
    assert query(store_url, parameters) == [("units=1", "1"), ("units=2", "2")]
    assert query(store_url, "SELECT count(*) FROM parameters WHERE parameter LIKE 'window%'") == [(0,)]


def test_a_score_over_splits_is_that_of_the_rows(store: Store, store_url: str, shops: Experiment) -> None:
    """By hand: the MASE of each window, their mean in each series, and the mean over series; described over repeats."""
    columns = "configuration, repeat, split, observed, forecast"
    forecasts = pd.DataFrame(query(store_url, f"SELECT {columns} FROM forecasts"), columns=columns.split(", "))
    values = {name: TABLE[name].to_numpy() for name in TABLE}
    naive = {
        f"{name}, window {window} of 2": np.abs(values[name][12:end] - values[name][: end - 12]).mean()
        for name in TABLE
        for window, end in ((1, 38), (2, 44))
    }
    errors = (forecasts["forecast"] - forecasts["observed"]).abs() / forecasts["split"].map(naive)
    by_hand = (
        forecasts.assign(error=errors, series=forecasts["split"].str.split(",").str[0])
        .groupby(["configuration", "repeat", "series"])["error"]
        .mean()
        .groupby(["configuration", "repeat"])
        .mean()
        .groupby("configuration")
        .describe()
    )
    rows = query(store_url, "SELECT configuration, count, mean, std, split, score FROM summaries ORDER BY 1")
    assert [row[0] for row in rows] == list(by_hand.index)
    assert [row[1:4] for row in rows] == [pytest.approx(tuple(one)) for one in by_hand[["count", "mean", "std"]].values]
    assert {row[4:] for row in rows} == {("north and south, 2 windows of 4 rows", "mase")}
    assert query(store_url, "SELECT a, b, split, over FROM comparisons ORDER BY over DESC") == [
        ("units=1", "units=2", "north and south, 2 windows of 4 rows", over) for over in ("these splits", "beyond")
    ]


def test_windows_of_one_series_are_pooled_over_their_rows(store: Store, store_url: str) -> None:
    """The RMSE is that of the rows of all windows together, in the units of the series."""
    made = trained(store, series={"value": "north"}, windows=WINDOWS)
    assert made.score == "rmse"
    assert aggregate(store, made.id, baselines=False)
    rows = query(store_url, "SELECT configuration, repeat, forecast - observed FROM forecasts")
    errors = pd.DataFrame(rows, columns=["configuration", "repeat", "error"])
    pooled = (errors["error"] ** 2).groupby([errors["configuration"], errors["repeat"]]).mean() ** 0.5
    stored = dict(query(store_url, "SELECT configuration, mean FROM summaries"))
    assert stored == pytest.approx(dict(pooled.groupby("configuration").mean()))


def test_a_report_has_the_scores_over_all_splits(store: Store, shops: Experiment) -> None:
    """Its table has a column for each configuration, and it can be topped up on all splits."""
    report = gather(store, shops)
    assert report.summaries["configuration"].tolist() == ["units=1", "units=2"]
    assert report.split_summaries is not None
    assert len(report.split_summaries) == 8
    assert "north and south, 2 windows of 4 rows" in table_format.FORMAT.write(report)
    status = store.experiments.status(shops.id)
    assert [(one.label, sum(one.counts.values())) for one in status.configurations] == [
        ("units=1", 12),
        ("units=2", 12),
    ]
    more = add(store, shops, {"units=1": 5, "units=2": 3})
    assert (more.new, more.reused) == (8, 0)


def test_a_report_has_the_forecast_of_one_of_its_splits(
    store: Store, shops: Experiment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page shows what lies beyond the end, and says where trajectories and forecasts by split are."""
    label = next(iter(store.experiments.cells(shops.id)))
    future = SimpleNamespace(configuration=label, rows=())
    monkeypatch.setattr("scheduler.report.gather.newest_future", lambda *_: future)
    report = gather(store, shops)
    assert report.future is future
    assert gather(store, shops, curves=False).future is None
    said = render(report)
    assert (
        "all splits: trajectories and forecasts; for those of each split query trajectory_points and forecasts." in said
    )


def test_a_forecast_belongs_to_the_configurations_with_its_splits(store: Store) -> None:
    """Where these differ, each set of splits has a report of its own."""
    made = trained(store, series={"value": ["north", "south"]}, grid={"test": [4, 5]})
    cells = store.experiments.cells(made.id)
    future = SimpleNamespace(configuration=next(iter(cells.values())).point)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("scheduler.report.gather.newest_future", lambda *_: future)
        parts = gather(store, made, conclusions=False).parts
    assert [part.future for part in parts] == [future, None]


def test_deleting_takes_everything_along(store: Store, store_url: str, shops: Experiment) -> None:
    """No row of it is left."""
    store.experiments.delete(shops.id)
    for table in ("split_rows", "point_summary_rows", "summary_rows", "configurations", "jobs"):
        assert query(store_url, f"SELECT count(*) FROM {table}") == [(0,)]


def test_two_experiments_are_compared_over_all_splits(store: Store, shops: Experiment) -> None:
    """Those of the same splits are; of other ones they are not."""
    other = trained(store, series={"value": ["north", "south"]}, windows=WINDOWS, grid={"model.units": [3]}, name="b")
    found = compare_experiments(Side.of(store, shops), Side.of(store, other))
    assert set(found.pairs["split"]) == {"north and south, 2 windows of 4 rows"}
    assert len(found.pairs) == 3
    (beyond,) = found.over.values()
    assert set(beyond.pairs[["a", "b"]].to_numpy().ravel()) == {"units=1", "units=2", "units=3"}
    assert "beyond them" in found.answer
    assert "units=3" in set(gather_both(store, shops, other).summaries["configuration"])
    fewer = trained(store, series={"value": ["north", "south"]}, windows={"count": 1}, name="c")
    with pytest.raises(UsageError, match="shops and c differ in series"):
        compare_experiments(Side.of(store, shops), Side.of(store, fewer))


def test_two_experiments_are_judged_beyond_the_splits_as_one_of_all_would_be(store: Store) -> None:
    """Whatever the order is that either has the series in."""
    many = {f"s{number}": TABLE["north"] + number * TABLE["south"] for number in range(7)}
    table = pd.DataFrame(many, index=TABLE.index)
    grid = FIELDS | {"series": {"value": list(many)}}
    made = {}
    for name, units, series in (
        ("all", [1, 2, 3], list(many)),
        ("one", [1], list(many)),
        ("two", [2, 3], list(many)[::-1]),
    ):
        fields = grid | {"name": name, "grid": {"model.units": units}, "series": {"value": series}}
        made[name] = record(store, load_grid(fields, series=table)).experiment
        train(store)
    repeats, splits = read_both(store, made["all"])
    whole = compare_experiment(made["all"], repeats, numerics=[1], splits=splits).over
    both = compare_experiments(Side.of(store, made["one"]), Side.of(store, made["two"])).over
    asked = ["difference", "low", "high", "p", "verdict"]
    (one,), (other,) = (list(found.values()) for found in (whole, both))
    pd.testing.assert_frame_equal(_pairs(one)[asked], _pairs(other)[asked])
    assert "over series like these" in (gather_both(store, made["one"], made["two"]).answer or "")


def _pairs(found: OverSplits) -> pd.DataFrame:
    return found.pairs.set_index(["a", "b"]).sort_index()


def test_a_model_is_of_one_split(store: Store, shops: Experiment) -> None:
    """Exports and forecasts say what to do."""
    with pytest.raises(UsageError, match="shops has 4 splits, and each has a model of its own: name"):
        choose(store, shops, None)


def test_a_plan_counts_splits() -> None:
    """Configurations, splits and repeats make the jobs; the size of the store is said."""
    grid = load_grid(FIELDS | {"series": {"value": ["north", "south"]}, "windows": WINDOWS}, series=TABLE)
    plan = plan_grid(grid, "sqlite:///nothing-there.db", workers=2)
    assert "  splits          4: 2 configurations x 4 splits x 3 repeats = 24 jobs" in str(plan)
    assert 24 * 900 < plan.stored < 24 * 1100
    assert plan.as_record()["splits"] == 4


def test_series_of_the_same_values_count_each(store: Store, tmp_path: Path) -> None:
    """Two series with equal values are two series, judged by MASE, whose jobs are shared."""
    parts = [TABLE[name].rename("y").to_frame().assign(shop=shop) for shop, name in SHOPS]
    pd.concat(parts).rename_axis("month").to_csv(tmp_path / "shops.csv")
    source = {"path": str(tmp_path / "shops.csv"), "time": "month", "value": "y", "id": "shop"}
    made = record(store, load_grid(FIELDS | {"series": source}))
    assert (made.experiment.score, made.new) == ("mase", 12)
    train(store)
    assert aggregate(store, made.experiment.id, baselines=False)
    each = store.results.frame(made.experiment.id)
    mean = each[each["configuration"].str.startswith("units=1 @")].groupby("repeat")["test_mase"].mean().mean()
    assert gather(store, made.experiment).summaries["mean"].iloc[0] == pytest.approx(mean)


SHOPS = (("one", "north"), ("twin", "north"), ("other", "south"))
