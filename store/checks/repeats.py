"""Repeats that have a result: all that decides their numbers, and what is stored of these."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from importlib.metadata import version
from typing import Any

from sqlalchemy import Connection, Text, cast, select

from store.database.dialects import among
from store.database.tables import configurations, experiment_jobs, forecast_arrays, jobs, scores, trajectories
from store.jobs.numerics_version import numerics
from store.records import Forecasts, Job, Result, Trajectory
from store.results.kept_quantiles import quantiles_of
from store.results.kept_weights import read_weights

#: what the numbers of a repeat depend on, beside the numerics
_PACKAGES = ("tensorflow", "keras", "numpy")


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredRepeat:
    """A repeat that is done."""

    label: str
    job: Job
    #: most jobs that its pack may have
    max_pack: int
    #: of the numerics and packages that made it, in words
    version: str
    #: without its seconds and further scores, which are not compared
    result: Result


def version_of(made: Any = None) -> str:
    """Return the versions that made a result, or those of this installation, in words."""
    found = {name: getattr(made, name) if made is not None else version(name) for name in _PACKAGES}
    packages = ", ".join(f"{_NAMES[name]} {found[name]}" for name in _PACKAGES)
    return f"numerics {numerics() if made is None else made.numerics}, {packages}"


_NAMES = {"tensorflow": "TensorFlow", "keras": "Keras", "numpy": "NumPy"}
_FROM_CONFIGURATION = {"params": cast(configurations.c.params, Text), "series_hash": configurations.c.series_hash}


def read_repeats(connection: Connection, experiment_id: int, ids: Sequence[int]) -> list[StoredRepeat]:
    """Read repeats of an experiment by their jobs, in the order of the grid."""
    names = [field.name for field in fields(Job) if field.name != "repeat"]
    columns = [_FROM_CONFIGURATION[name].label(name) if name in _FROM_CONFIGURATION else jobs.c[name] for name in names]
    rows = (
        select(configurations.c.label, experiment_jobs.c.repeat, jobs.c.max_pack, *columns)
        .add_columns(*scores.c["train_rmse", "test_rmse", "diverged", "numerics", *_PACKAGES])
        .join(experiment_jobs, experiment_jobs.c.job_id == jobs.c.id)
        .join(configurations, configurations.c.id == experiment_jobs.c.configuration_id)
        .join(scores, scores.c.job_id == jobs.c.id)
        .where(configurations.c.experiment_id == experiment_id, among(jobs.c.id, ids))
        .order_by(configurations.c.position, experiment_jobs.c.repeat)
    )
    return list(_read(connection, experiment_id, connection.execute(rows).all(), [*names, "repeat"]))


def _read(connection: Connection, experiment_id: int, rows: Sequence[Any], names: list[str]) -> Iterator[StoredRepeat]:
    for row in rows:
        kept = read_weights(connection, experiment_id, row.label, row.repeat) if row.keeps_weights else None
        result = Result(
            job_id=row.id,
            train_rmse=float("nan") if row.train_rmse is None else row.train_rmse,
            test_rmse=float("nan") if row.test_rmse is None else row.test_rmse,
            diverged=bool(row.diverged),
            seconds=0.0,
            trajectory=_trajectory(connection, row.id),
            forecasts=_forecasts(connection, row.id),
            weights=kept,
        )
        job = Job(**{name: getattr(row, name) for name in names})
        yield StoredRepeat(label=row.label, job=job, max_pack=row.max_pack, version=version_of(row), result=result)


def _trajectory(connection: Connection, job_id: int) -> Trajectory | None:
    names = [field.name for field in fields(Trajectory)]
    row = connection.execute(select(*trajectories.c[tuple(names)]).where(trajectories.c.job_id == job_id)).first()
    return None if row is None else Trajectory(**dict(zip(names, row, strict=True)))


def _forecasts(connection: Connection, job_id: int) -> Forecasts | None:
    row = connection.execute(select(forecast_arrays).where(forecast_arrays.c.job_id == job_id)).first()
    if row is None:
        return None
    shape = (row.steps, row.horizon, row.targets)
    quantiles = quantiles_of(connection, job_id, shape)
    return Forecasts(observed=row.observed.reshape(shape), forecast=row.forecast.reshape(shape), quantiles=quantiles)
