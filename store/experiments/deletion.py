"""Deleting an experiment with what it alone has: jobs that other experiments share stay, with their results."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, func, not_, select, update

from store.commands import command
from store.database.addresses import shown
from store.database.dialects import among
from store.database.ids import keep_used_ids
from store.database.parameter_rows import common_parameters, own_parameters
from store.database.quantile_table import quantile_arrays
from store.database.split_tables import point_summary_rows, split_rows
from store.database.tables import (
    baseline_rows,
    comparison_rows,
    configurations,
    ensemble_rows,
    ensemble_step_rows,
    experiment_jobs,
    experiments,
    forecast_arrays,
    jobs,
    scale_rows,
    scores,
    step_score_rows,
    summary_rows,
    target_score_rows,
    trajectories,
)
from store.database.weight_table import weight_arrays
from store.errors import StoreError
from store.experiments.finding import jobs_of, with_id
from store.experiments.future_rows import delete_rows, of_study
from store.experiments.writing import take_turns
from store.jobs.states import RUNNING
from store.records import Deleted, Experiment

#: what a job has, what a configuration has, and what an experiment has
OF_JOB = (scores, trajectories, forecast_arrays, quantile_arrays, step_score_rows, target_score_rows, weight_arrays)
OF_CONFIGURATION = (summary_rows, own_parameters, scale_rows, ensemble_rows, ensemble_step_rows)
OF_EXPERIMENT = (common_parameters, comparison_rows, baseline_rows, split_rows, point_summary_rows)


def delete_experiment(connection: Connection, experiment: Experiment, *, force: bool) -> Deleted:
    """Delete an experiment and return what is gone and what stays.

    Series stay, since another submission may be about to use them.

    Raises:
        StoreError: workers are training jobs that would be deleted, and `force` is False.
    """
    take_turns(connection)  # no submission shares a job from here on
    own = _only_of(experiment.id)
    _lock(connection, experiment, own)
    running = _count(connection, and_(own, jobs.c.state == RUNNING))
    if running and not force:
        raise StoreError(_refusal(experiment.name, running, shown(connection.engine.url)))
    for forecast in connection.execute(of_study(experiment.id)).scalars().all():
        delete_experiment(connection, with_id(connection, forecast, shown(connection.engine.url)), force=force)
    counts = _counts(connection, experiment.id, own)
    keep_used_ids(connection, jobs)
    keep_used_ids(connection, experiments)
    _hand_over(connection, experiment.id)
    _delete_jobs(connection, experiment.id, own)
    delete_rows(connection, experiment.id)
    _delete_rest(connection, experiment.id)
    return counts


def _refusal(name: str, running: int, url: str) -> str:
    theirs = "one of its jobs is" if running == 1 else f"{running} of its jobs are"
    return (
        f"Experiment {name!r} was not deleted: {theirs} being trained. Wait until it is done, stop it with "
        f"{command('cancel', name, store=url)}, or delete it anyway with --force."
    )


def _only_of(experiment_id: int) -> ColumnElement[bool]:
    """Return the condition for jobs of this experiment that no other has."""
    other = experiment_jobs.alias("other")
    shared = exists().where(other.c.job_id == jobs.c.id, other.c.experiment_id != experiment_id)
    return and_(jobs.c.id.in_(jobs_of(experiment_id)), not_(shared.correlate(jobs)))


def _lock(connection: Connection, experiment: Experiment, own: ColumnElement[bool]) -> None:
    """Keep workers from claiming and saving these jobs, and others from writing summaries."""
    connection.execute(select(experiments.c.id).where(experiments.c.id == experiment.id).with_for_update())
    connection.execute(select(jobs.c.id).where(own).order_by(jobs.c.id).with_for_update()).all()


def _count(connection: Connection, which: ColumnElement[bool]) -> int:
    return int(connection.execute(select(func.count()).select_from(jobs).where(which)).scalar_one())


def _counts(connection: Connection, experiment_id: int, own: ColumnElement[bool]) -> Deleted:
    all_ = _count(connection, jobs.c.id.in_(jobs_of(experiment_id)))
    mine = _count(connection, own)
    with_result = exists().where(scores.c.job_id == jobs.c.id).correlate(jobs)
    of_experiment = configurations.c.experiment_id == experiment_id
    count = select(func.count()).select_from(configurations).where(of_experiment)
    return Deleted(
        configurations=int(connection.execute(count).scalar_one()),
        jobs=mine,
        results=_count(connection, and_(own, with_result)),
        shared=all_ - mine,
    )


def _hand_over(connection: Connection, experiment_id: int) -> None:
    """Point shared jobs to the equal configuration of another experiment."""
    other = experiment_jobs.alias("other")
    theirs = select(func.min(other.c.configuration_id))
    theirs = theirs.where(other.c.job_id == jobs.c.id, other.c.experiment_id != experiment_id).correlate(jobs)
    mine = select(configurations.c.id).where(configurations.c.experiment_id == experiment_id)
    shared = and_(jobs.c.configuration_id.in_(mine), not_(_only_of(experiment_id)))
    connection.execute(update(jobs).where(shared).values(configuration_id=theirs.scalar_subquery()))


def _delete_jobs(connection: Connection, experiment_id: int, own: ColumnElement[bool]) -> None:
    ids = list(connection.execute(select(jobs.c.id).where(own)).scalars())
    connection.execute(delete(experiment_jobs).where(experiment_jobs.c.experiment_id == experiment_id))
    for table in OF_JOB:
        connection.execute(delete(table).where(among(table.c.job_id, ids)))
    connection.execute(delete(jobs).where(among(jobs.c.id, ids)))


def _delete_rest(connection: Connection, experiment_id: int) -> None:
    mine = select(configurations.c.id).where(configurations.c.experiment_id == experiment_id)
    for table in OF_CONFIGURATION:
        connection.execute(delete(table).where(table.c.configuration_id.in_(mine)))
    for table in OF_EXPERIMENT:
        connection.execute(delete(table).where(table.c.experiment_id == experiment_id))
    connection.execute(delete(configurations).where(configurations.c.experiment_id == experiment_id))
    connection.execute(delete(experiments).where(experiments.c.id == experiment_id))
