"""The results of a store: saved once, by the owner of the claim, and read as frames and arrays."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, ColumnElement, Select, Text, cast, func, select, type_coerce

from store.database.ids import ids_by_label
from store.database.scale_rows import insert_scales
from store.database.tables import (
    baseline_rows,
    comparison_rows,
    configurations,
    experiment_jobs,
    experiments,
    forecast_arrays,
    jobs,
    scale_rows,
    scores,
    step_score_rows,
    trajectories,
)
from store.forecast_scores import SCALED, SCORES, STEP_COLUMNS, Scale
from store.jobs import transitions
from store.records import ForecastSet, Provenance, Result, TrajectorySet
from store.results import derived
from store.results.array_sets import forecast_set, read_arrays, trajectory_set
from store.results.baselines_kept import baselines_of, baselines_over
from store.results.ensembles import ensemble_steps, ensembles, write_ensembles
from store.results.kept_quantiles import quantile_columns
from store.results.kept_weights import Weights, read_weights
from store.results.rows import extend_numbers, insert_results
from store.results.scaled import over_naive, scaled_score, scales
from store.results.version import ResultsVersion, numerics_of, results_version

if TYPE_CHECKING:
    import pandas as pd

    from store.database.database import Database


class Results:
    """The results of a store."""

    def __init__(self, database: Database) -> None:
        self._database = database
        #: how far SQLite's views can count, as far as we know
        self._counted = 0

    def save(self, results: Sequence[Result], *, owner: str, provenance: Provenance) -> set[int]:
        """Save the results of repeats in one transaction, and return the jobs that are now done.

        Only jobs that still belong to `owner` are saved. Other results are dropped: whoever took
        those jobs over saves the same.
        """
        with self._database.write() as connection:
            saved = set(transitions.FINISH(connection, ids=[result.job_id for result in results], holder=owner))
            longest = insert_results(connection, [one for one in results if one.job_id in saved], provenance)
            if connection.dialect.name == "sqlite" and longest > self._counted:
                extend_numbers(connection, longest)
        self._counted = max(self._counted, longest)
        return saved

    def frame(self, experiment_id: int, names: Sequence[str] | None = None) -> pd.DataFrame:
        """Return the repeats of each cell, by its label, in the order of the grid: the columns of the view `results`.

        `diverged` is missing and the scores are NaN where a repeat has no result.

        Args:
            experiment_id: whose.
            names: columns to read [default: all]; of 100,000 repeats few are read twice as fast.
        """
        columns = (
            experiments.c.name.label("experiment"),
            configurations.c.label.label("configuration"),
            experiment_jobs.c.repeat,
            *jobs.c["seed", "state"],
            *scores.c["diverged", "train_rmse", "test_rmse", "seconds"],
            func.coalesce(scores.c.worker, jobs.c.worker).label("worker"),
            *jobs.c["attempts", "error"],
            self._moment(jobs.c.finished_at).label("finished_at"),
            jobs.c.id.label("job"),
            scores.c.test_mae,
            configurations.c.split,
            *scores.c["test_mape", "test_smape"],
            *(scaled_score(name) for name in SCALED),
        )
        chosen = [column for column in columns if names is None or column.name in names]
        rows = _repeats(experiment_id, *chosen).join(experiments, experiments.c.id == experiment_jobs.c.experiment_id)
        with self._database.read() as connection:
            return _typed(derived.to_frame(connection, rows.outerjoin(scores, scores.c.job_id == jobs.c.id)))

    def _moment(self, column: Column[Any]) -> ColumnElement[Any]:
        """Select a time as the database has it: where that is text, reading all at once is faster than one by one."""
        return type_coerce(column, Text) if self._database.is_sqlite else column

    def scores(self, experiment_id: int) -> pd.DataFrame:
        """Return the further scores of the repeats that are done: configuration, repeat, and a column a score."""
        import pandas as pd

        columns = (configurations.c.label, experiment_jobs.c.repeat, cast(scores.c.scores, Text))
        rows = _repeats(experiment_id, *columns).join(scores, scores.c.job_id == jobs.c.id)
        with self._database.read() as connection:
            found = connection.execute(rows).all()
        index = pd.DataFrame({"configuration": [row[0] for row in found], "repeat": [row[1] for row in found]})
        return index.join(pd.DataFrame([json.loads(row[2]) for row in found], index=index.index, dtype="float64"))

    def step_scores(self, experiment_id: int) -> pd.DataFrame:
        """Return all scores by target and step of the horizon, both from 1, in the order of the grid."""
        over = {name: over_naive(step_score_rows.c[of], of) for name, of in SCALED.items()}
        columns = (configurations.c.label.label("configuration"), experiment_jobs.c.repeat)
        further = (column.label(name) for name, column in over.items())
        of_target = (scale_rows.c.configuration_id == configurations.c.id) & (
            scale_rows.c.target == step_score_rows.c.target
        )
        rows = _repeats(experiment_id, *columns, *step_score_rows.c[STEP_COLUMNS], *further)
        rows = rows.join(step_score_rows, step_score_rows.c.job_id == jobs.c.id).outerjoin(scale_rows, of_target)
        with self._database.read() as connection:
            frame = derived.to_frame(connection, rows.order_by(step_score_rows.c.target, step_score_rows.c.step))
        return frame.astype(dict.fromkeys(SCORES, "float64"))

    def scales(self, experiment_id: int) -> dict[str, tuple[Scale, ...]]:
        """Return what MASE and RMSSE of each configuration divide by, one for each target."""
        with self._database.read() as connection:
            return scales(connection, experiment_id)

    def write_scales(self, experiment_id: int, found: Mapping[str, Sequence[Scale]]) -> None:
        """Write the scales of configurations that have none, given by their labels."""
        with self._database.write() as connection:
            derived.lock(connection, experiment_id)
            there, ids = scales(connection, experiment_id), ids_by_label(connection, experiment_id)
            insert_scales(connection, {ids[label]: own for label, own in found.items() if label not in there})

    def ensembles(self, experiment_id: int) -> pd.DataFrame:
        """Return the stored scores of the ensembles; no row before."""
        with self._database.read() as connection:
            return ensembles(connection, experiment_id)

    def ensemble_steps(self, experiment_id: int) -> pd.DataFrame:
        """Return the stored scores of the median forecasts by target and step, where there are several."""
        with self._database.read() as connection:
            return ensemble_steps(connection, experiment_id)

    def trajectories(self, experiment_id: int, labels: Collection[str] | None = None) -> dict[str, TrajectorySet]:
        """Return the trajectories of all configurations, or of some, in the order of the grid."""
        return dict(self.each_trajectory(experiment_id, labels))

    def each_trajectory(
        self, experiment_id: int, labels: Collection[str] | None = None
    ) -> Iterator[tuple[str, TrajectorySet]]:
        """Yield the label and the trajectories of each configuration that has any; few are in memory at a time."""
        curves = [column for column in trajectories.c if column is not trajectories.c.job_id]
        for name, parts in read_arrays(self._database, curves, experiment_id, labels):
            yield name, trajectory_set(parts, self._database.engine.name)

    def forecasts(self, experiment_id: int, labels: Collection[str] | None = None) -> dict[str, ForecastSet]:
        """Return the forecasts of all configurations that have any, or of some, in the order of the grid."""
        return dict(self.each_forecast(experiment_id, labels))

    def each_forecast(
        self, experiment_id: int, labels: Collection[str] | None = None
    ) -> Iterator[tuple[str, ForecastSet]]:
        """Yield the label and the forecasts of each configuration that has any; few are in memory at a time."""
        blocks = [*(one for one in forecast_arrays.c if not one.primary_key), *quantile_columns(self._database)]
        for name, parts in read_arrays(self._database, blocks, experiment_id, labels):
            yield name, forecast_set(parts, self._database.engine.name)

    def weights(self, experiment_id: int, label: str, repeat: int) -> Weights | None:
        """Return what a repeat's model has learnt, by Keras' paths and in its order; None if it was not kept."""
        with self._database.read() as connection:
            return read_weights(connection, experiment_id, label, repeat)

    def provenance(self, experiment_id: int) -> dict[str, str]:
        """Return where and with which versions the results were computed; several values are separated by commas."""
        columns = (
            *scores.c["numerics", "python", "tensorflow", "keras", "numpy", "git_commit", "host"],
            configurations.c.series_hash,
        )
        made = select(*columns).distinct().select_from(scores)
        made = made.join(experiment_jobs, experiment_jobs.c.job_id == scores.c.job_id)
        made = made.join(configurations, configurations.c.id == experiment_jobs.c.configuration_id)
        with self._database.read() as connection:
            rows = connection.execute(made.where(configurations.c.experiment_id == experiment_id)).all()
        values = {column.name: {str(row[place]) for row in rows if row[place]} for place, column in enumerate(columns)}
        return {name: ", ".join(sorted(found)) for name, found in values.items() if found}

    def numerics(self, experiment_id: int) -> tuple[int, ...]:
        """Return the versions of the numerics that computed an experiment's results: one, unless they are mixed."""
        with self._database.read() as connection:
            return numerics_of(connection, experiment_id)

    def version(self, experiment_id: int) -> ResultsVersion:
        """Return which results an experiment has; read it before the results from which conclusions are drawn."""
        with self._database.read() as connection:
            return results_version(connection, experiment_id)

    def write_conclusions(
        self,
        experiment_id: int,
        *,
        of: ResultsVersion,
        summaries: pd.DataFrame,
        comparisons: pd.DataFrame,
        baselines: pd.DataFrame,
        ensembles: pd.DataFrame | None = None,
        ensemble_steps: pd.DataFrame | None = None,
    ) -> bool:
        """Replace what is computed from an experiment's results, in one transaction; one that is done is summarised.

        Args:
            experiment_id: whose.
            of: the version of the results, read before them.
            summaries: a row a configuration with the columns configuration (its label), count, mean, std, min, p25,
                p50, p75, max and diverged.
            comparisons: a row a pair with the columns a, b (labels) and verdict, and whichever of difference, low,
                high, p, p_adjusted, effect, probability, test and outcome there are; further columns of plain values
                are kept.
            baselines: as for `write_baselines`.
            ensembles: a row an ensemble with the columns configuration, combination, repeats, the scores, low and high.
            ensemble_steps: a row a target and step with the columns configuration, target, step and the scores.

        Returns:
            False if the experiment has other results by now: nothing is written.

        Raises:
            NotFound: the experiment was deleted, or has no configuration with one of the labels.
            StoreError: a row lacks what it must have.
        """
        with self._database.write() as connection:
            derived.lock(connection, experiment_id)
            if results_version(connection, experiment_id) != of:
                return False
            derived.replace(connection, baseline_rows, experiment_id, derived.with_names(baselines))
            derived.replace(connection, comparison_rows, experiment_id, derived.with_over(comparisons))
            derived.write_summaries(connection, experiment_id, summaries)
            write_ensembles(connection, experiment_id, ensembles, ensemble_steps)
        return True

    def summaries(self, experiment_id: int) -> pd.DataFrame:
        """Return the stored summaries of an experiment, in the order of the grid; no row before."""
        with self._database.read() as connection:
            return derived.summaries(connection, experiment_id)

    def comparisons(self, experiment_id: int) -> pd.DataFrame:
        """Return the stored comparisons of an experiment; no row before."""
        with self._database.read() as connection:
            return derived.read(connection, comparison_rows, experiment_id)

    def write_baselines(self, experiment_id: int, frame: pd.DataFrame) -> None:
        """Replace the baselines of an experiment.

        Args:
            experiment_id: whose.
            frame: a row a baseline with the columns split (which series and test rows it is of), baseline (its name),
                target (empty if left out), and scores; split_name, the split in words; other plain values are kept.
        """
        with self._database.write() as connection:
            derived.lock(connection, experiment_id)
            derived.replace(connection, baseline_rows, experiment_id, derived.with_names(frame))

    def baselines(self, experiment_id: int) -> pd.DataFrame:
        """Return the stored baselines of an experiment; no row before."""
        with self._database.read() as connection:
            return derived.read(connection, baseline_rows, experiment_id)

    def baselines_of(self, splits: Collection[str]) -> dict[str, pd.DataFrame]:
        """Return the baselines of those splits that any experiment has computed them for."""
        with self._database.read() as connection:
            return baselines_of(connection, splits)

    def baselines_over(self, splits: Collection[str]) -> dict[str, set[str]]:
        """Return over which naive forecasts' errors stored baselines are, by split."""
        with self._database.read() as connection:
            return baselines_over(connection, splits)


def _repeats(experiment_id: int, *columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(experiment_jobs)
        .join(configurations, configurations.c.id == experiment_jobs.c.configuration_id)
        .join(jobs, jobs.c.id == experiment_jobs.c.job_id)
        .where(configurations.c.experiment_id == experiment_id)
        .order_by(configurations.c.position, experiment_jobs.c.repeat)
    )


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    """Set the types of the columns of repeats, also if they are empty."""
    import pandas as pd

    if "finished_at" in frame:
        finished = pd.to_datetime(frame["finished_at"], utc=True, format="ISO8601").dt.as_unit("us")
        frame = frame.assign(finished_at=finished)
    numbers = ("train_rmse", "seconds", *(f"test_{name}" for name in SCORES))
    kinds = {"diverged": "boolean", **dict.fromkeys(numbers, "float64")}
    return frame.astype({name: kind for name, kind in kinds.items() if name in frame})
