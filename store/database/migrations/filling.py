"""Filling new tables from what a store already holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Text, cast, select, text

from store.database.dialects import insert_rows
from store.database.parameter_rows import insert_parameters
from store.database.tables import configurations, forecast_arrays, step_score_rows, target_score_rows
from store.forecast_scores import TARGET_COLUMNS, by_step, by_target, plain_scores

#: forecasts that are read together: all of them may be more than the memory holds
_AT_ONCE = 1000


def fill_parameters(connection: Connection) -> None:
    """Insert the parameters of all experiments."""
    columns = (configurations.c.experiment_id, configurations.c.id, cast(configurations.c.params, Text).label("params"))
    by_experiment: dict[int, dict[int, str]] = defaultdict(dict)
    for row in connection.execute(select(*columns).order_by(configurations.c.id)):
        by_experiment[row.experiment_id][row.id] = row.params
    for experiment_id, params in by_experiment.items():
        insert_parameters(connection, experiment_id, params)


def fill_splits(connection: Connection) -> None:
    """Set the split of every configuration, and delete conclusions across splits."""
    from store.schema.splits import Split, split_names  # which loads pydantic

    columns = (configurations.c.experiment_id, configurations.c.id, cast(configurations.c.params, Text).label("params"))
    by_experiment: dict[int, dict[str, Split]] = defaultdict(dict)
    for row in connection.execute(select(*columns).order_by(configurations.c.id)):
        by_experiment[row.experiment_id][str(row.id)] = Split.stored(row.params)
    for experiment_id, splits in by_experiment.items():
        named = [{"id": int(id_), "split": name} for id_, name in split_names(splits).items()]
        connection.execute(text("UPDATE configurations SET split = :split WHERE id = :id"), named)
        if len(set(splits.values())) > 1:
            for statement in _FORGET:
                connection.execute(text(statement), {"of": experiment_id})
        else:
            name = {"of": experiment_id, "name": named[0]["split"]}
            connection.execute(text("UPDATE baseline_rows SET split_name = :name WHERE experiment_id = :of"), name)


_FORGET = (
    "DELETE FROM comparison_rows WHERE experiment_id = :of",
    "DELETE FROM baseline_rows WHERE experiment_id = :of",
    "UPDATE experiments SET summarised_at = NULL WHERE state = 'done' AND id = :of",
)


def fill_split_rows(connection: Connection) -> None:
    """Insert the splits of all experiments."""
    from store.database.split_rows import Placed, insert_splits
    from store.schema.splits import Split  # which loads pydantic

    columns = configurations.c["experiment_id", "series_hash", "split"]
    params = cast(configurations.c.params, Text).label("params")
    by_experiment: dict[int, list[Placed]] = defaultdict(list)
    for row in connection.execute(select(*columns, params).order_by(configurations.c.id)):
        split = Split.stored(row.params)
        placed = Placed(split=split, name=row.split, series_hash=row.series_hash, train=None)
        by_experiment[row.experiment_id].append(placed)
    for experiment_id, placed_there in by_experiment.items():
        insert_splits(connection, experiment_id, placed_there)


def fill_scores(connection: Connection) -> None:
    """Insert the scores of all forecasts by step, and their mean absolute errors."""
    last = 0
    while last := _fill_some(connection, last):
        pass


def _fill_some(connection: Connection, after: int) -> int:
    """Return the last job that was filled; 0 where none was left."""
    steps, errors, last = [], [], 0
    for last, observed, forecast in _forecasts(connection, after):
        steps += [(last, *values[:4]) for values in by_step(observed, forecast)]
        errors.append({"job": last, "error": plain_scores(observed, forecast)["mae"]})
    insert_rows(connection, step_score_rows, ("job_id", "target", "step", "rmse", "mae"), steps)
    if errors:
        connection.execute(text("UPDATE scores SET test_mae = :error WHERE job_id = :job"), errors)
    return last


def _forecasts(connection: Connection, after: int) -> Iterator[tuple[int, Any, Any]]:
    """Yield some jobs with what was observed and forecast, in order."""
    columns = forecast_arrays.c["job_id", "steps", "horizon", "targets", "observed", "forecast"]
    some = select(*columns).where(forecast_arrays.c.job_id > after).order_by(forecast_arrays.c.job_id)
    for row in connection.execute(some.limit(_AT_ONCE)):
        shape = (row.steps, row.horizon, row.targets)
        yield int(row.job_id), row.observed.reshape(shape), row.forecast.reshape(shape)


def fill_further_scores(connection: Connection) -> None:
    """Set the percentage errors of all forecasts, also by step, and insert the scores by target."""
    last = 0
    while last := _fill_more(connection, last):
        pass


def _fill_more(connection: Connection, after: int) -> int:
    """Return the last job that was filled; 0 where none was left."""
    whole, steps, targets, last = [], [], [], 0
    for last, observed, forecast in _forecasts(connection, after):
        found = plain_scores(observed, forecast)
        whole.append({"job": last, "mape": found["mape"], "smape": found["smape"]})
        for target, step, _, _, mape, smape in by_step(observed, forecast):
            steps.append({"job": last, "target": target, "step": step, "mape": mape, "smape": smape})
        targets += [(last, *values) for values in by_target(observed, forecast)]
    if whole:
        connection.execute(text("UPDATE scores SET test_mape = :mape, test_smape = :smape WHERE job_id = :job"), whole)
        own = "job_id = :job AND target = :target AND step = :step"
        connection.execute(text(f"UPDATE step_score_rows SET mape = :mape, smape = :smape WHERE {own}"), steps)
    insert_rows(connection, target_score_rows, ("job_id", *TARGET_COLUMNS), targets)
    return last
